"""Withdrawal against finality, suspension against acceptance and retirement: with real commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from registry.errors import NotNow, RulesBroken
from registry.ledger import Line, NotThere
from registry.models import Holding, Issuance, Retirement, RetirementOrder
from registry.services.retirements import (
    retire,
    set_cooling_off,
    settle_due,
    withdraw_retirement,
)
from registry.services.suspensions import Scope, approve_suspension, propose_suspension
from registry.services.transfers import accept_transfer, propose_transfer
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.services.acts import put

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timezone.now()
PAIRS = 3


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts together, each on its own connection; what each returned or raised."""
    together = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            together.wait(timeout=30)
            return act()
        except (NotNow, NotThere, RulesBroken) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return list(threads.map(run, acts))


def won(outcomes: list[Any]) -> int:
    return sum(not isinstance(each, Exception) for each in outcomes)


def test_one_wins_and_nothing_is_lost() -> None:
    people = cast()
    steel = made.issue(people, tonnes=1_000, steel=True)
    put(steel, people.auto_account)
    set_cooling_off(by=people.olga, now=NOW, key=key(), account=people.auto_account, minutes=60)
    for n in range(PAIRS):
        _withdraw_against_finality(people, steel, n * 100 + 1)
    set_cooling_off(by=people.olga, now=NOW, key=key(), account=people.auto_account, minutes=0)
    for n in range(PAIRS):
        _suspend_against_retirement(people, steel, 501 + n * 50)
    for _ in range(PAIRS):
        _suspend_against_acceptance(people, made.issue(people, tonnes=100))
    held = Holding.objects.filter(issuance=steel)
    assert sum(each.quantity for each in held) == 1_000


def _order(people: Cast, steel: Issuance, first: int, last: int) -> Any:
    return retire(
        by=people.carl,
        now=NOW,
        key=key(),
        account=people.auto_account,
        units=[Line(steel.pk, 1, first, last)],
    )


def _withdraw_against_finality(people: Cast, steel: Issuance, first: int) -> None:
    order = _order(people, steel, first, first + 9)
    outcomes = at_once(
        lambda: withdraw_retirement(
            by=people.carl, now=NOW + timedelta(minutes=59), key=key(), order=order
        ),
        lambda: settle_due(now=NOW + timedelta(minutes=60)),
        lambda: settle_due(now=NOW + timedelta(minutes=60)),
    )
    order = RetirementOrder.objects.get(pk=order.pk)
    is_final = Retirement.objects.filter(pk=order.pk).exists()
    assert order.state == ("retired" if is_final else "withdrawn"), outcomes
    assert isinstance(outcomes[0], NotNow) == is_final
    state = Holding.objects.get(issuance=steel, serials__contains=first).state
    assert state == ("retired" if is_final else "active")


def _suspended(people: Cast, scope: Scope) -> Callable[[], Any]:
    row = propose_suspension(by=people.olga, now=NOW, key=key(), scope=scope, reason="Doubt.")
    return lambda: approve_suspension(by=people.oscar, now=NOW, key=key(), suspension=row)


def _suspend_against_retirement(people: Cast, steel: Issuance, first: int) -> None:
    line = Line(steel.pk, 1, first, first + 9)
    outcomes = at_once(
        _suspended(people, Scope(ranges=(line,))),
        lambda: _order(people, steel, first, first + 9),
    )
    assert not isinstance(outcomes[0], Exception), outcomes
    state = Holding.objects.get(issuance=steel, serials__contains=first).state
    assert state == ("suspended" if isinstance(outcomes[1], Exception) else "retired")


def _suspend_against_acceptance(people: Cast, iron: Issuance) -> None:
    transfer = propose_transfer(
        by=people.alice,
        now=NOW,
        key=key(),
        from_account=people.iron_account,
        to_account=people.broker_account,
        units=[Line(iron.pk, 1, 1, 100)],
        surrendered=True,
    )
    outcomes = at_once(
        _suspended(people, Scope(issuance=iron)),
        lambda: accept_transfer(by=people.bob, now=NOW, key=key(), transfer=transfer),
    )
    assert not isinstance(outcomes[0], Exception), outcomes
    transfer.refresh_from_db()
    held = Holding.objects.get(issuance=iron)
    accepted = not isinstance(outcomes[1], Exception)
    assert transfer.state == ("accepted" if accepted else "withdrawn")
    assert (held.state, held.account_id) == (
        "suspended",
        people.broker_account.pk if accepted else people.iron_account.pk,
    )
