"""A quantity is planned again when others were faster; named serials never are."""

from typing import Any

import pytest
from django.utils import timezone

from registry.ledger import Line, NotThere
from registry.models import Issuance
from registry.queries import Wanted, plan
from registry.services import selection
from registry.services.selection import Facts, with_lines
from registry.services.transfers import propose_transfer
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.services.acts import lines_of
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def steel(people: Cast) -> Issuance:
    return made.issue(people, tonnes=1_000, steel=True)


def propose(people: Cast, units: Any) -> Any:
    return propose_transfer(
        by=people.erik,
        now=NOW,
        key=key(),
        from_account=people.steel_account,
        to_account=people.broker_account,
        units=units,
        surrendered=True,
    )


class Stale:
    """A plan that others overtake the first few times."""

    def __init__(self, lines: list[Line], times: int) -> None:
        self.lines, self.times, self.calls = lines, times, 0

    def __call__(self, *args: Any, **kwargs: Any) -> list[Line]:
        self.calls += 1
        return self.lines if self.calls <= self.times else plan(*args, **kwargs)


def test_a_plan_that_others_overtook_is_made_again(
    people: Cast, steel: Issuance, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(people, [Line(steel.pk, 1, 1, 100)])
    stale = Stale([Line(steel.pk, 1, 1, 100)], times=2)
    monkeypatch.setattr(selection, "plan", stale)
    assert lines_of(propose(people, Wanted(100))) == [Line(steel.pk, 1, 101, 200)]
    assert stale.calls == 3


def test_units_lost_between_the_look_and_the_lock_are_planned_again(
    people: Cast, steel: Issuance
) -> None:
    attempts: list[list[Line]] = []

    def act(lines: list[Line], facts: Facts, requested: int) -> str:
        attempts.append(lines)
        if len(attempts) < 3:
            raise NotThere(wanted=requested, left=())
        return "done"

    account = people.steel_account.pk
    assert with_lines(Wanted(600), account, on=NOW.date(), act=act) == "done"
    assert len(attempts) == 3


def test_the_plans_are_bounded_and_the_last_refusal_says_what_is_left(
    people: Cast, steel: Issuance
) -> None:
    left = (Line(steel.pk, 1, 601, 1_000),)

    def act(lines: list[Line], facts: Facts, requested: int) -> None:
        raise NotThere(wanted=requested, left=left)

    with refused(NotThere) as refusal:
        with_lines(Wanted(600), people.steel_account.pk, on=NOW.date(), act=act)
    assert (refusal.value.wanted, refusal.value.quantity_left) == (600, 400)
    assert "600 units were wanted; 400 of these issuances are left" in str(refusal.value)


def test_named_serials_are_not_replaced_by_others(people: Cast, steel: Issuance) -> None:
    calls: list[list[Line]] = []

    def act(lines: list[Line], facts: Facts, requested: int) -> None:
        calls.append(lines)
        raise NotThere(wanted=requested, left=())

    named = [Line(steel.pk, 1, 1, 5)]
    with refused(NotThere):
        with_lines(named, people.steel_account.pk, on=NOW.date(), act=act)
    assert calls == [named]
