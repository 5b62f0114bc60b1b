"""Two at the same moment, with real commits on connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from registry.errors import NotNow, RulesBroken
from registry.ledger import Line, NotThere
from registry.models import Approval, Entry, Issuance, Retirement, Transfer, WriteRequest
from registry.queries import Wanted
from registry.services.issuing import approve_production
from registry.services.retirements import retire
from registry.services.transfers import (
    accept_transfer,
    propose_transfer,
    withdraw_transfer,
)
from tests.cast import Cast, cast, issue, key, production, submit, verify
from tests.registry.ledger.invariants import assert_sound, total

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")


@pytest.fixture
def people() -> Cast:
    return cast()


def at_once(*acts: Callable[[], T]) -> list[T | Exception]:
    """Run the acts together, each on its own connection; what each returned or raised."""
    together = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Exception:
        try:
            connection.ensure_connection()
            together.wait(timeout=30)
            return act()
        except (NotThere, NotNow, RulesBroken) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return list(threads.map(run, acts))


def offer(people: Cast, units: Wanted | list[Line]) -> Callable[[], Transfer]:
    return lambda: propose_transfer(
        by=people.erik,
        now=timezone.now(),
        key=key(),
        from_account=people.steel_account,
        to_account=people.broker_account,
        units=units,
        surrendered=True,
    )


def left_over(refusal: Exception) -> int:
    """What the refused one is told is left, whichever layer saw it first."""
    if isinstance(refusal, NotThere):
        return refusal.quantity_left
    assert isinstance(refusal, RulesBroken)
    assert "R090" in {finding.rule for finding in refusal.failures}
    return 400 if any("400" in f.found + f.allowed for f in refusal.failures) else -1


def test_of_forty_pairs_of_600_of_1000_one_of_each_succeeds(people: Cast) -> None:
    refusals: list[Exception] = []
    for _ in range(40):
        issuance = issue(people, tonnes=1_000, steel=True)
        wanted = Wanted(600, issuance=issuance.pk)
        outcomes = at_once(offer(people, wanted), offer(people, wanted))
        succeeded = [each for each in outcomes if isinstance(each, Transfer)]
        refused = [each for each in outcomes if isinstance(each, Exception)]
        assert len(succeeded) == 1, outcomes
        assert len(refused) == 1, outcomes
        refusals += refused
    assert [left_over(each) for each in refusals] == [400] * 40
    assert total(people.steel_account.pk, "reserved") == 40 * 600
    assert total(people.steel_account.pk) == 40 * 400
    assert_sound()


def test_of_forty_pairs_naming_the_same_serials_one_of_each_succeeds(people: Cast) -> None:
    issuance = issue(people, tonnes=40_000, steel=True)
    for pair in range(40):
        start = pair * 1_000
        lines = [Line(issuance.pk, 1, start + 1, start + 600)]
        others = [Line(issuance.pk, 1, start + 400, start + 1_000)]
        outcomes = at_once(offer(people, lines), offer(people, others))
        assert len([each for each in outcomes if isinstance(each, Transfer)]) == 1, outcomes
    assert_sound()


def test_neighbours_taken_at_once_both_succeed(people: Cast) -> None:
    """The second waits for the row that the first splits, and finds its own part of the rest."""
    issuance = issue(people, tonnes=1_000, steel=True)
    acts = [offer(people, [Line(issuance.pk, 1, n * 100 + 1, n * 100 + 100)]) for n in range(8)]
    outcomes = at_once(*acts)
    assert all(isinstance(each, Transfer) for each in outcomes), outcomes
    assert total(people.steel_account.pk) == 200
    assert_sound()


def test_one_key_used_at_once_writes_once(people: Cast) -> None:
    issue(people, tonnes=1_000, steel=True)
    same = key()

    def act() -> Transfer:
        return propose_transfer(
            by=people.erik,
            now=timezone.now(),
            key=same,
            from_account=people.steel_account,
            to_account=people.broker_account,
            units=Wanted(100),
            surrendered=True,
        )

    outcomes = at_once(*[act] * 8)
    assert len({each.pk for each in outcomes if isinstance(each, Transfer)}) == 1
    assert len(outcomes) == 8
    assert total(people.steel_account.pk, "reserved") == 100
    assert WriteRequest.objects.filter(key=same).count() == 1


def test_accepted_and_withdrawn_at_once_ends_as_one_of_them(people: Cast) -> None:
    for _ in range(10):
        issue(people, tonnes=100, steel=True)
        transfer = offer(people, Wanted(100))()
        outcomes = at_once(
            lambda t=transfer: accept_transfer(
                by=people.bob, now=timezone.now(), key=key(), transfer=t
            ),
            lambda t=transfer: withdraw_transfer(
                by=people.erik, now=timezone.now(), key=key(), transfer=t
            ),
        )
        assert len([each for each in outcomes if isinstance(each, NotNow)]) == 1, outcomes
        kinds = Entry.objects.filter(order=transfer.pk).values_list("kind", flat=True)
        assert len(set(kinds) & {"accept", "withdraw"}) == 1
    assert_sound()


def test_the_same_units_retired_twice_at_once_retire_once(people: Cast) -> None:
    issuance = issue(people, tonnes=1_000, steel=True)
    accept_transfer(
        by=people.bob,
        now=timezone.now(),
        key=key(),
        transfer=offer(people, Wanted(1_000))(),
    )

    def act() -> Retirement:
        return retire(
            by=people.bob,
            now=timezone.now(),
            key=key(),
            account=people.broker_account,
            units=[Line(issuance.pk, 1, 1, 700)],
        )

    outcomes = at_once(act, act, act)
    assert len([each for each in outcomes if isinstance(each, Retirement)]) == 1, outcomes
    assert Retirement.objects.count() == 1
    assert total(people.broker_account.pk, "retired") == 700
    assert_sound()


def test_four_approvals_at_once_issue_once(people: Cast) -> None:
    draft = production(people, tonnes=500)
    verify(people, submit(people, draft))

    def approve(by: User) -> Callable[[], object]:
        return lambda: approve_production(by=by, now=timezone.now(), key=key(), production=draft)

    at_once(*[approve(by) for by in (people.olga, people.oscar) * 2])
    assert Issuance.objects.filter(production=draft).count() == 1
    assert Approval.objects.count() == 2
    assert total(people.iron_account.pk) == 500
    assert_sound()


def test_two_productions_of_one_site_never_issue_more_than_was_delivered(people: Cast) -> None:
    """Both speak of the same 1,000 delivered tonnes; each alone would pass (R085)."""
    first = production(people, tonnes=600, delivered_tonnes=1_000)
    second = production(people, tonnes=600, delivered_tonnes=1_000, at=first.site)
    for each in (first, second):
        verify(people, submit(people, each))
        approve_production(by=people.olga, now=timezone.now(), key=key(), production=each)
    outcomes = at_once(
        *[
            lambda p=each: approve_production(
                by=people.oscar, now=timezone.now(), key=key(), production=p
            )
            for each in (first, second)
        ]
    )
    refused = [each for each in outcomes if isinstance(each, RulesBroken)]
    assert "R085" in {finding.rule for finding in refused[0].failures}
    assert total(people.iron_account.pk) == 600
