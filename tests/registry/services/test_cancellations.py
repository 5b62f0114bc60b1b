"""Cancellation: by the holder with a second person where asked, by the operator where expired."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from registry.errors import BadInput, KeyReused, NotNow
from registry.ledger import Line, NotThere
from registry.models import Cancellation, Issuance, Notice
from registry.queries import Wanted
from registry.services.cancellations import (
    approve_cancellation,
    cancel_as_operator,
    cancel_units,
    lines_of,
    withdraw_cancellation,
)
from registry.services.sweeps import expire_vintages
from registry.services.transfers import propose_transfer
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.ledger.invariants import total
from tests.registry.services.acts import put
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def iron(people: Cast) -> Issuance:
    return made.issue(people, tonnes=1_000)


def cancel(people: Cast, **more: Any) -> Cancellation:
    given: dict[str, Any] = {
        "by": people.alice,
        "now": NOW,
        "key": key(),
        "account": people.iron_account,
        "units": Wanted(100),
        "reason": "Measured too high.",
    }
    return cancel_units(**{**given, **more})


def on_desk(people: Cast, iron: Issuance, **more: Any) -> Cancellation:
    """The broker's desk asks for a second person."""
    put(iron, people.broker_desk)
    return cancel(people, by=people.bob, account=people.broker_desk, **more)


def expired(people: Cast, iron: Issuance) -> datetime:
    later = datetime(iron.expires_on.year + 1, 1, 2, tzinfo=UTC)
    expire_vintages(now=later)
    assert total(people.iron_account.pk, "expired") == 1_000
    return later


def test_a_holder_cancels_for_good_with_its_reason(people: Cast, iron: Issuance) -> None:
    row = cancel(people)
    assert (row.state, row.cancelled_on, row.reason) == (
        "cancelled",
        NOW.date(),
        "Measured too high.",
    )
    assert total(people.iron_account.pk, "cancelled") == 100
    assert lines_of(row) == [Line(iron.pk, 1, 1, 100)]


def test_an_account_with_two_people_cancels_once_the_second_approves(
    people: Cast, iron: Issuance
) -> None:
    row = on_desk(people, iron)
    assert (row.state, total(people.broker_desk.pk, "cancelled")) == ("awaiting_approval", 0)
    with refused(Refused):
        approve_cancellation(by=people.bob, now=NOW, key=key(), cancellation=row)
    once = key()
    for _ in range(2):
        done = approve_cancellation(by=people.bea, now=NOW, key=once, cancellation=row)
    assert (done.state, done.decided_by) == ("cancelled", people.bea)
    assert total(people.broker_desk.pk, "cancelled") == 100


def test_what_waits_can_be_withdrawn_and_is_then_over(people: Cast, iron: Issuance) -> None:
    row = on_desk(people, iron)
    assert withdraw_cancellation(by=people.bob, now=NOW, key=key(), cancellation=row).state == (
        "withdrawn"
    )
    with refused(NotNow):
        approve_cancellation(by=people.bea, now=NOW, key=key(), cancellation=row)


def test_units_that_moved_meanwhile_are_not_cancelled(people: Cast, iron: Issuance) -> None:
    row = on_desk(people, iron)
    propose_transfer(
        by=people.bob,
        now=NOW,
        key=key(),
        from_account=people.broker_desk,
        to_account=people.auto_account,
        units=Wanted(50),
        surrendered=True,
    )
    with refused(NotThere) as refusal:
        approve_cancellation(by=people.bea, now=NOW, key=key(), cancellation=row)
    assert (refusal.value.wanted, refusal.value.quantity_left) == (100, 50)


def test_a_holder_cancels_expired_units_too(people: Cast, iron: Issuance) -> None:
    later = expired(people, iron)
    assert cancel(people, now=later, units=[Line(iron.pk, 1, 5, 9)]).quantity == 5


def test_two_operators_cancel_what_is_expired_and_the_holder_is_told(
    people: Cast, iron: Issuance
) -> None:
    later = expired(people, iron)
    row = cancel_as_operator(
        by=people.olga,
        now=later,
        key=key(),
        account=people.iron_account,
        units=[Line(iron.pk, 1, 1, 1_000)],
        reason="Cleaning up.",
    )
    for by in (people.olga, people.alice):
        with refused(Refused):
            approve_cancellation(by=by, now=later, key=key(), cancellation=row)
    approve_cancellation(by=people.oscar, now=later, key=key(), cancellation=row)
    assert total(people.iron_account.pk, "cancelled") == 1_000
    assert Notice.objects.get(kind="cancellation.made").organisation == people.nordmetall


def test_an_operator_cancels_no_units_that_are_alive(people: Cast, iron: Issuance) -> None:
    with refused(NotThere):
        cancel_as_operator(
            by=people.olga,
            now=NOW,
            key=key(),
            account=people.iron_account,
            units=[Line(iron.pk, 1, 1, 1)],
            reason="Because.",
        )


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"reason": " "}, BadInput),
        ({"reason": "x" * 501}, BadInput),
        ({"units": Wanted(0)}, BadInput),
        ({"units": Wanted(1_001)}, NotThere),
        ({"units": []}, BadInput),
        ({"key": ""}, BadInput),
    ],
)
def test_what_is_wrong_is_refused(
    people: Cast, iron: Issuance, changes: dict[str, Any], kind: type[Exception]
) -> None:
    with refused(kind):
        cancel(people, **changes)


def test_serials_that_were_never_issued_are_refused(people: Cast, iron: Issuance) -> None:
    with refused(NotThere):
        cancel(people, units=[Line(iron.pk, 1, 1_000, 1_001)])


def test_outsiders_and_members_without_the_right_are_refused(people: Cast, iron: Issuance) -> None:
    with refused(NotVisible):
        cancel(people, by=people.carl)
    with refused(Refused):
        cancel(people, by=people.anton)
    with refused(Refused):
        cancel_as_operator(
            by=people.alice,
            now=NOW,
            key=key(),
            account=people.iron_account,
            units=Wanted(1),
            reason="Mine.",
        )


def test_a_repeat_cancels_nothing_more_and_other_input_is_refused(
    people: Cast, iron: Issuance
) -> None:
    once = key()
    assert cancel(people, key=once) == cancel(people, key=once)
    assert total(people.iron_account.pk, "cancelled") == 100
    with refused(KeyReused):
        cancel(people, key=once, reason="Another.")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_cancellation SET reason = 'another'",
        "UPDATE registry_cancellation SET state = 'awaiting_approval', cancelled_on = NULL",
        "DELETE FROM registry_cancellation",
        "UPDATE registry_cancellationline SET copy = 2",
    ],
)
def test_a_cancellation_never_changes(people: Cast, iron: Issuance, statement: str) -> None:
    cancel(people)
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="pgtrigger"):
        cursor.execute(statement)


def test_an_open_cancellation_says_what_it_said(people: Cast, iron: Issuance) -> None:
    on_desk(people, iron)
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="pgtrigger"):
        cursor.execute("UPDATE registry_cancellation SET quantity = 1")


def test_expiry_and_cancellation_leave_an_hour_of_difference_alone(
    people: Cast, iron: Issuance
) -> None:
    """The last day is inclusive: until its end the holder's units are active."""
    last = datetime.combine(iron.expires_on, datetime.min.time(), tzinfo=UTC)
    assert expire_vintages(now=last + timedelta(hours=23)) == 0
    assert cancel(people, now=last + timedelta(hours=23)).state == "cancelled"
