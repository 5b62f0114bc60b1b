"""Suspension: two operators hold units, whoever has them; the rest is traced and told."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from registry import tracing
from registry.errors import BadInput, NotNow, RulesBroken
from registry.ledger import Line
from registry.models import Holding, Issuance, Notice, Suspension
from registry.services.retirements import retire, set_cooling_off
from registry.services.suspensions import (
    Scope,
    approve_suspension,
    propose_end,
    propose_suspension,
    withdraw_suspension,
)
from registry.services.transfers import accept_transfer, propose_transfer
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.ledger.invariants import total
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def iron(people: Cast) -> Issuance:
    """1,000 units: Alice keeps 701–1000, Bob has 501–700, Carl 1–500 of which he retired 1–100."""
    issuance = made.issue(people, tonnes=1_000)
    for first, last, to, by in (
        (1, 500, people.auto_account, people.carl),
        (501, 700, people.broker_account, people.bob),
    ):
        transfer = offer(people, to, [Line(issuance.pk, 1, first, last)])
        accept_transfer(by=by, now=NOW, key=key(), transfer=transfer)
    retired(people, [Line(issuance.pk, 1, 1, 100)])
    return issuance


def offer(people: Cast, to: Any, units: Any) -> Any:
    return propose_transfer(
        by=people.alice,
        now=NOW,
        key=key(),
        from_account=people.iron_account,
        to_account=to,
        units=units,
        surrendered=True,
    )


def retired(people: Cast, units: Any) -> Any:
    return retire(by=people.carl, now=NOW, key=key(), account=people.auto_account, units=units)


def propose(people: Cast, scope: Scope, **more: Any) -> Suspension:
    given: dict[str, Any] = {"by": people.olga, "now": NOW, "key": key(), "reason": "Scrap share."}
    return propose_suspension(**{**given, **more}, scope=scope)


def suspend(people: Cast, scope: Scope) -> Suspension:
    return approve(people, propose(people, scope))


def approve(people: Cast, row: Suspension, by: User | None = None, **more: Any) -> Suspension:
    given = {"now": NOW, "key": key(), **more}
    return approve_suspension(by=by or people.oscar, suspension=row, **given)


def end(people: Cast, row: Suspension, action: str) -> Suspension:
    row = propose_end(
        by=people.olga, now=NOW, key=key(), suspension=row, action=action, reason="Looked into."
    )
    return approve(people, row)


def states(issuance: Issuance) -> list[tuple[int, int, str]]:
    rows = Holding.objects.filter(issuance=issuance).order_by("serials")
    return [(row.first, row.last, row.state) for row in rows]


def test_nothing_is_held_before_a_second_operator_approves(people: Cast, iron: Issuance) -> None:
    row = propose(people, Scope(issuance=iron))
    assert row.state == "proposed"
    assert total(people.broker_account.pk) == 200
    with refused(Refused, match="proposed this yourself"):
        approve(people, row, people.olga)
    with refused(Refused):
        approve(people, row, people.alice)


def test_an_issuance_is_held_wherever_it_is_and_what_is_retired_stays(
    people: Cast, iron: Issuance
) -> None:
    row = suspend(people, Scope(issuance=iron))
    assert (row.state, row.approved_by) == ("in_force", people.oscar)
    assert states(iron) == [
        (1, 100, "retired"),
        (101, 500, "suspended"),
        (501, 700, "suspended"),
        (701, 1_000, "suspended"),
    ]


def test_an_account_is_held_and_others_are_not(people: Cast, iron: Issuance) -> None:
    row = suspend(people, Scope(account=people.auto_account))
    assert total(people.auto_account.pk, "suspended") == 400
    assert total(people.broker_account.pk) == 200
    assert tracing.covered(row) == [tracing.Tonnes(iron.pk, 1, 500)]


def test_ranges_are_held_to_the_serial(people: Cast, iron: Issuance) -> None:
    suspend(people, Scope(ranges=(Line(iron.pk, 1, 499, 502), Line(iron.pk, 1, 90, 101))))
    assert [each for each in states(iron) if each[2] == "suspended"] == [
        (101, 101, "suspended"),
        (499, 500, "suspended"),
        (501, 502, "suspended"),
    ]


def test_open_offers_are_closed_and_both_sides_told(people: Cast, iron: Issuance) -> None:
    transfer = offer(people, people.auto_account, [Line(iron.pk, 1, 701, 800)])
    suspend(people, Scope(ranges=(Line(iron.pk, 1, 800, 801),)))
    transfer.refresh_from_db()
    assert (transfer.state, transfer.settled_by) == ("withdrawn", people.oscar)
    told = Notice.objects.filter(kind="transfer.closed").values_list("organisation", flat=True)
    assert set(told) == {people.nordmetall.pk, people.auto_werke.pk}
    assert (701, 799, "active") in states(iron)
    assert (800, 800, "suspended") in states(iron) or (800, 801, "suspended") in states(iron)


def cooling(people: Cast) -> None:
    set_cooling_off(by=people.olga, now=NOW, key=key(), account=people.auto_account, minutes=60)


def test_a_retirement_that_cools_off_is_closed(people: Cast, iron: Issuance) -> None:
    cooling(people)
    order = retired(people, [Line(iron.pk, 1, 101, 200)])
    suspend(people, Scope(issuance=iron))
    order.refresh_from_db()
    assert (order.state, order.ended_by) == ("withdrawn", people.oscar)
    assert total(people.auto_account.pk, "suspended") == 400


def test_a_retirement_past_its_due_moment_is_final_and_marked(people: Cast, iron: Issuance) -> None:
    cooling(people)
    order = retired(people, [Line(iron.pk, 1, 101, 200)])
    later = NOW + timedelta(hours=2)
    row = propose(people, Scope(issuance=iron))
    approve(people, row, now=later)
    order.refresh_from_db()
    assert order.state == "retired"
    assert total(people.auto_account.pk, "retired") == 200
    marked = tracing.marks_over([tracing.Tonnes(iron.pk, 101, 200)])
    assert [(mark.code, mark.first, mark.last) for mark in marked] == [(row.code, 101, 200)]


def test_every_descendant_is_traced(people: Cast, iron: Issuance) -> None:
    row = suspend(people, Scope(issuance=iron))
    trace = tracing.trace(tracing.covered(row))
    assert [(held.organisation_name, held.state, held.units) for held in trace.held] == [
        ("Auto Werke", "retired", 100),
        ("Auto Werke", "suspended", 400),
        ("Broker & Sons", "suspended", 200),
        ("Nordmetall Iron AB", "suspended", 300),
    ]
    assert [(each.organisation_name, each.units) for each in trace.retired] == [("Auto Werke", 100)]
    assert trace.units() == 1_000
    assert trace.units("suspended") == 900


def test_holders_retirers_and_issuer_are_told_once_each(people: Cast, iron: Issuance) -> None:
    row = suspend(people, Scope(issuance=iron))
    notices = Notice.objects.filter(kind="suspension.begun")
    assert {each.organisation for each in notices} == {
        people.nordmetall,
        people.broker,
        people.auto_werke,
    }
    assert notices.count() == 3
    assert all(row.code in each.text and "Scrap share." in each.text for each in notices)


def test_while_suspended_units_neither_move_nor_retire(people: Cast, iron: Issuance) -> None:
    suspend(people, Scope(issuance=iron))
    with refused(RulesBroken):
        retired(people, [Line(iron.pk, 1, 101, 101)])
    with refused(RulesBroken):
        offer(people, people.auto_account, [Line(iron.pk, 1, 701, 701)])


def test_lifting_gives_everything_back_as_it_was(people: Cast, iron: Issuance) -> None:
    before = states(iron)
    row = end(people, suspend(people, Scope(issuance=iron)), "lift")
    assert (row.state, states(iron)) == ("lifted", before)
    assert tracing.marks_over([tracing.Tonnes(iron.pk, 1, 1_000)]) == []
    assert Notice.objects.filter(kind="suspension.lifted").count() == 3


def test_cancelling_ends_what_is_held_and_marks_what_is_retired_for_good(
    people: Cast, iron: Issuance
) -> None:
    row = end(people, suspend(people, Scope(issuance=iron)), "cancel")
    assert row.state == "cancelled"
    assert {state for _, _, state in states(iron)} == {"retired", "cancelled"}
    (mark,) = tracing.marks_over([tracing.Tonnes(iron.pk, 1, 100)])
    assert mark.is_final


def test_a_second_suspension_takes_nothing_from_the_first(people: Cast, iron: Issuance) -> None:
    first = suspend(people, Scope(ranges=(Line(iron.pk, 1, 501, 600),)))
    second = suspend(people, Scope(issuance=iron))
    end(people, second, "lift")
    assert (501, 600, "suspended") in states(iron)
    end(people, first, "lift")
    assert total(people.broker_account.pk) == 200


def test_the_end_too_needs_two_people_and_can_be_taken_back(people: Cast, iron: Issuance) -> None:
    row = suspend(people, Scope(issuance=iron))
    given = {"now": NOW, "suspension": row}
    row = propose_end(by=people.olga, key=key(), action="cancel", reason="Wrong.", **given)
    with refused(Refused):
        approve(people, row, people.olga)
    row = withdraw_suspension(by=people.olga, key=key(), **given)
    assert (row.state, row.end_reason) == ("in_force", "")
    with refused(NotNow):
        approve(people, row)


def test_a_proposal_taken_back_is_over(people: Cast, iron: Issuance) -> None:
    row = propose(people, Scope(issuance=iron))
    withdraw_suspension(by=people.oscar, now=NOW, key=key(), suspension=row)
    with refused(NotNow):
        approve(people, row)


def test_an_approval_sent_twice_acts_once(people: Cast, iron: Issuance) -> None:
    row, once = propose(people, Scope(issuance=iron)), key()
    assert approve(people, row, key=once) == approve(people, row, key=once)
    assert Notice.objects.filter(kind="suspension.begun").count() == 3


def test_expired_units_are_held_and_given_back_expired(people: Cast, iron: Issuance) -> None:
    from registry.services.sweeps import expire_vintages

    expire_vintages(now=NOW + timedelta(days=3_000))
    row = suspend(people, Scope(issuance=iron))
    assert total(people.broker_account.pk, "suspended") == 200
    end(people, row, "lift")
    assert total(people.broker_account.pk, "expired") == 200


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_suspension_says_why(people: Cast, iron: Issuance, reason: str) -> None:
    with refused(BadInput) as refusal:
        propose(people, Scope(issuance=iron), reason=reason)
    assert list(refusal.value.errors) == ["reason"]


def test_a_scope_is_exactly_one_thing(people: Cast, iron: Issuance) -> None:
    for scope in (Scope(), Scope(account=people.auto_account, issuance=iron)):
        with refused(BadInput):
            propose(people, scope)


@pytest.mark.parametrize(
    ("copy", "first", "last"), [(1, 1, 1_001), (1, 0, 5), (1, 5, 4), (2, 1, 5)]
)
def test_serials_that_cannot_be_are_refused(
    people: Cast, iron: Issuance, copy: int, first: int, last: int
) -> None:
    with refused(BadInput):
        propose(people, Scope(ranges=(Line(iron.pk, copy, first, last),)))


def test_overlapping_ranges_are_refused(people: Cast, iron: Issuance) -> None:
    with refused(BadInput, match="overlap"):
        propose(people, Scope(ranges=(Line(iron.pk, 1, 1, 5), Line(iron.pk, 1, 5, 9))))


def test_only_the_operator_suspends(people: Cast, iron: Issuance) -> None:
    for by in (people.alice, people.vera, people.carl):
        with refused(Refused):
            propose(people, Scope(issuance=iron), by=by)


def test_an_unknown_end_is_refused(people: Cast, iron: Issuance) -> None:
    row = suspend(people, Scope(issuance=iron))
    with refused(BadInput):
        end(people, row, "delete")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM registry_suspension",
        "UPDATE registry_suspension SET reason = 'another'",
        "UPDATE registry_suspendedrange SET serials = '[1,2)'",
        "DELETE FROM registry_suspendedrange",
    ],
)
def test_what_a_suspension_says_and_covers_stays(
    people: Cast, iron: Issuance, statement: str
) -> None:
    suspend(people, Scope(issuance=iron))
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="pgtrigger"):
        cursor.execute(statement)


def test_a_suspension_that_ended_never_changes(people: Cast, iron: Issuance) -> None:
    end(people, suspend(people, Scope(issuance=iron)), "lift")
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="pgtrigger"):
        cursor.execute("UPDATE registry_suspension SET state = 'in_force'")
