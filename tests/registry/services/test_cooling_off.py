"""Retirements that cool off: withdrawn in time, or final from their due moment."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from accounts.models import User
from registry.errors import BadInput, NotNow, RulesBroken
from registry.ledger import Line
from registry.models import CoolingOff, Holding, Issuance, Notice, Retirement, RetirementOrder
from registry.queries import Wanted
from registry.services.retirements import (
    lines_of,
    retire,
    set_cooling_off,
    settle_due,
    withdraw_retirement,
)
from registry.services.sweeps import expire_vintages
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.ledger.invariants import total
from tests.registry.services.acts import put, queries_of
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def steel(people: Cast) -> Issuance:
    """1,000 units in the car maker's account, whose retirements cool off for an hour."""
    issuance = made.issue(people, tonnes=1_000, steel=True)
    put(issuance, people.auto_account)
    cooled(people, 60)
    return issuance


def cooled(people: Cast, minutes: int, *, by: User | None = None, **more: Any) -> CoolingOff:
    given = {"now": NOW, "key": key(), "account": people.auto_account, **more}
    return set_cooling_off(by=by or people.olga, minutes=minutes, **given)


def take(people: Cast, quantity: int = 400, *, now: datetime = NOW, **more: Any) -> Any:
    given = {"key": key(), "account": people.auto_account, "units": Wanted(quantity), **more}
    return retire(by=people.carl, now=now, **given)


def withdraw(people: Cast, order: RetirementOrder, *, now: datetime, **more: Any) -> Any:
    return withdraw_retirement(**{"by": people.carl, "key": key(), **more}, now=now, order=order)


def test_units_are_held_and_nothing_is_retired_yet(people: Cast, steel: Issuance) -> None:
    order = take(people, purpose="Report", beneficiary="Fleet")
    assert isinstance(order, RetirementOrder)
    assert (order.state, order.due_at) == ("retiring", NOW + HOUR)
    assert total(people.auto_account.pk, "retiring") == 400
    assert Retirement.objects.count() == 0
    assert total(people.auto_account.pk) == 600


def test_an_order_withdrawn_gives_its_units_back_in_one_piece(
    people: Cast, steel: Issuance
) -> None:
    order = take(people)
    ended = withdraw(people, order, now=NOW + HOUR - timedelta(seconds=1))
    assert (ended.state, ended.ended_by) == ("withdrawn", people.carl)
    assert Holding.objects.get(issuance=steel).quantity == 1_000


def test_from_its_due_moment_it_is_final_though_no_sweep_has_run(
    people: Cast, steel: Issuance
) -> None:
    order = take(people)
    with pytest.raises(NotNow, match="never move again"):
        withdraw(people, order, now=NOW + HOUR)
    assert total(people.auto_account.pk, "retired") == 400


def test_whoever_makes_it_final_its_times_are_those_of_the_due_moment(
    people: Cast, steel: Issuance
) -> None:
    period = {"period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31)}
    order = take(people, beneficiary="Fleet", **period)
    assert settle_due(now=NOW + HOUR - timedelta(microseconds=1)) == 0
    assert settle_due(now=NOW + timedelta(days=3)) == 1
    final = Retirement.objects.get()
    assert (final.pk, final.code) == (order.pk, order.code)
    assert (final.retired_at, final.retired_on) == (order.due_at, order.due_at.date())
    assert (final.retired_by, final.beneficiary) == (people.carl, "Fleet")
    assert final.period_end == date(2025, 12, 31)
    assert lines_of(final) == lines_of(order)
    assert settle_due(now=NOW + timedelta(days=3)) == 0


def test_the_holder_is_told_when_a_retirement_becomes_final(people: Cast, steel: Issuance) -> None:
    order = take(people)
    settle_due(now=NOW + HOUR)
    notice = Notice.objects.get()
    assert notice.organisation == people.auto_werke
    assert order.code in notice.text


def test_units_that_cool_off_are_neither_retired_again_nor_expired(
    people: Cast, steel: Issuance
) -> None:
    take(people, 1_000)
    with refused(RulesBroken):
        take(people, 1)
    expire_vintages(now=NOW + timedelta(days=3_000))
    assert total(people.auto_account.pk, "retiring") == 1_000


def test_without_a_cooling_off_units_retire_at_once(people: Cast, steel: Issuance) -> None:
    cooled(people, 0)
    assert isinstance(take(people), Retirement)


def test_an_order_keeps_the_due_moment_it_was_given(people: Cast, steel: Issuance) -> None:
    order = take(people)
    cooled(people, 0)
    order.refresh_from_db()
    assert order.due_at == NOW + HOUR


def test_a_repeat_gets_the_order_again_and_later_the_retirement(
    people: Cast, steel: Issuance
) -> None:
    once = key()
    first = take(people, key=once)
    assert take(people, key=once) == first
    settle_due(now=NOW + HOUR)
    assert take(people, key=once) == Retirement.objects.get()


def test_a_withdrawal_sent_twice_withdraws_once(people: Cast, steel: Issuance) -> None:
    order, once = take(people), key()
    for _ in range(2):
        assert withdraw(people, order, now=NOW, key=once).state == "withdrawn"
    with refused(NotNow):
        withdraw(people, order, now=NOW)


def test_only_who_may_start_actions_withdraws(people: Cast, steel: Issuance) -> None:
    order = take(people)
    for by in (people.bob, people.olga):
        with refused(NotVisible):
            withdraw(people, order, now=NOW, by=by)


@pytest.mark.parametrize("minutes", [0, 1, 24 * 60])
def test_a_cooling_off_lasts_up_to_a_day(people: Cast, steel: Issuance, minutes: int) -> None:
    assert cooled(people, minutes).minutes == minutes


@pytest.mark.parametrize("minutes", [-1, 24 * 60 + 1])
def test_a_cooling_off_out_of_bounds_is_refused(
    people: Cast, steel: Issuance, minutes: int
) -> None:
    with refused(BadInput) as refusal:
        cooled(people, minutes)
    assert str(minutes) in str(refusal.value)


def test_who_may_approve_sets_the_cooling_off_and_who_starts_does_not(people: Cast) -> None:
    desk = people.broker_desk
    assert cooled(people, 5, by=people.bea, account=desk)
    with refused(NotVisible):
        cooled(people, 5, by=people.carl, account=desk)
    with refused(Refused):
        cooled(people, 5, by=people.carl)


@pytest.mark.parametrize(
    ("period", "field"),
    [
        ({"period_start": date(2025, 1, 1)}, "period_end"),
        ({"period_end": date(2025, 1, 1)}, "period_start"),
        ({"period_start": date(2025, 1, 2), "period_end": date(2025, 1, 1)}, "period_end"),
    ],
)
def test_half_a_period_is_refused_beside_its_field(
    people: Cast, steel: Issuance, period: dict[str, date], field: str
) -> None:
    with writes_nothing(), pytest.raises(BadInput) as refusal:
        take(people, **period)
    assert list(refusal.value.errors) == [field]


def test_a_period_of_one_day_is_a_period(people: Cast, steel: Issuance) -> None:
    day = date(2025, 1, 1)
    assert take(people, period_start=day, period_end=day).period_end == day


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_retirementorder SET quantity = 1",
        "UPDATE registry_retirementorder SET due_at = due_at - interval '1 minute'",
        "DELETE FROM registry_retirementorder",
        "DELETE FROM registry_retirementorderline",
        "UPDATE registry_retirementorderline SET copy = 2",
    ],
)
def test_an_order_is_changed_by_its_steps_alone(
    people: Cast, steel: Issuance, statement: str
) -> None:
    take(people)
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="pgtrigger"):
        cursor.execute(statement)


def test_an_order_that_ended_never_opens_again(people: Cast, steel: Issuance) -> None:
    withdraw(people, take(people), now=NOW)
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="pgtrigger"):
        cursor.execute("UPDATE registry_retirementorder SET state = 'retiring'")


def test_making_one_final_takes_as_many_queries_for_many_lines_as_for_one(
    people: Cast, steel: Issuance
) -> None:
    take(people, units=[Line(steel.pk, 1, 1, 1)])
    one = queries_of(lambda: settle_due(now=NOW + HOUR))
    take(people, units=[Line(steel.pk, 1, 2 * n, 2 * n) for n in range(2, 60)])
    assert queries_of(lambda: settle_due(now=NOW + HOUR)) == one
