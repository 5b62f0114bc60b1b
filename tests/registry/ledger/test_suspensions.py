"""Suspension by each scope and its lifting: exactly what it holds, back to the state it had."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from registry import ledger
from registry.ledger import LedgerError, Line, NotThere, OrdersOpen, Seat
from registry.models import Holding
from tests.registry.ledger.acts import Acts
from tests.registry.ledger.invariants import assert_sound


def test_ranges_are_suspended_whoever_holds_them(acts: Acts) -> None:
    acts.move(acts.line(1, 100), to=acts.broker)
    suspension, held = acts.suspend(lines=[acts.line(50, 150)])
    assert held == [acts.line(50, 100), acts.line(101, 150)]
    assert {row.order for row in Holding.objects.filter(state="suspended")} == {suspension}
    assert acts.lift(suspension) == 101
    assert acts.ranges() == [(1, 100), (101, 1_000)]
    assert_sound()


def test_an_account_is_suspended_and_other_accounts_are_not(acts: Acts) -> None:
    acts.move(acts.line(1, 100), to=acts.broker)
    _, held = acts.suspend(account=acts.broker)
    assert held == [acts.line(1, 100)]
    assert acts.ranges() == [(101, 1_000)]
    assert_sound()


def test_an_issuance_is_suspended_in_every_copy_and_seat(acts: Acts) -> None:
    co_claim = acts.co_claim(acts.line(1, 100), seats=[Seat(2, 4, acts.auto), Seat(3, 5, None)])
    suspension, held = acts.suspend(issuance=acts.issuance.pk)
    assert held == [
        acts.line(1, 100),
        acts.line(101, 1_000),
        acts.line(1, 100, copy=2),
        acts.line(1, 100, copy=3),
    ]
    with pytest.raises(LedgerError, match="no seat"):
        acts.name(co_claim, 3, acts.auto)
    assert acts.lift(suspension) == 1_200
    assert acts.ranges("reserved", copy=3) == [(1, 100)]
    assert acts.name(co_claim, 3, acts.auto) == 100
    assert_sound()


def test_final_and_suspended_units_stay_and_nothing_is_an_answer(acts: Acts) -> None:
    acts.retire(acts.line(1, 100))
    acts.cancel(acts.line(101, 200))
    first, _ = acts.suspend(lines=[acts.line(201, 300)])
    _, held = acts.suspend(lines=[acts.line(1, 300)])
    assert held == []
    assert acts.lift(first) == 100
    assert_sound()


def test_expired_units_are_suspended_and_are_expired_again_when_lifted(acts: Acts) -> None:
    acts.reserve(acts.line(901, 1_000))
    acts.expire()
    suspension, held = acts.suspend(lines=[acts.line(1, 100)])
    assert held == [acts.line(1, 100)]
    acts.lift(suspension)
    assert sum(last - first + 1 for first, last in acts.ranges("expired")) == 900
    assert_sound()


def test_open_orders_are_named_and_nothing_is_suspended(acts: Acts) -> None:
    orders = {acts.reserve(acts.line(1, 10)), acts.begin(acts.line(11, 20))}
    acts.reserve(acts.line(500, 510))
    with pytest.raises(OrdersOpen) as refusal, transaction.atomic():
        acts.suspend(lines=[acts.line(1, 100)])
    assert set(refusal.value.orders) == orders
    assert acts.ranges("suspended") == []


def test_what_was_cancelled_of_a_suspension_is_not_lifted(acts: Acts) -> None:
    suspension, _ = acts.suspend(lines=[acts.line(1, 100)])
    acts.cancel(acts.line(31, 60))
    assert acts.lift(suspension) == 70
    assert acts.lift(suspension) == 0
    assert acts.ranges() == [(1, 30), (61, 1_000)]
    assert_sound()


def test_suspended_units_cannot_be_taken(acts: Acts) -> None:
    acts.suspend(lines=[acts.line(1, 10)])
    for act in (acts.reserve, acts.retire, acts.begin):
        with pytest.raises(NotThere), transaction.atomic():
            act(acts.line(10, 11))


def test_a_seat_never_named_may_be_cancelled_once_suspended(acts: Acts) -> None:
    acts.co_claim(acts.line(1, 10), seats=[Seat(2, 4, None)])
    acts.suspend(lines=[acts.line(1, 10, copy=2)])
    ledger.cancel(
        cancellation=uuid4(),
        account=None,
        lines=[acts.line(1, 10, copy=2)],
        by=acts.by,
        at=timezone.now(),
    )
    assert acts.ranges("cancelled", copy=2) == [(1, 10)]
    assert_sound()


@pytest.mark.parametrize(
    "scope",
    [{}, {"account": UUID(int=1), "issuance": UUID(int=2)}, {"lines": []}],
)
def test_a_suspension_has_one_scope(acts: Acts, scope: dict[str, object]) -> None:
    with pytest.raises(LedgerError):
        acts.suspend(**scope)


def test_many_ranges_of_one_suspension_come_back_in_one_call(acts: Acts) -> None:
    lines = [Line(acts.issuance.pk, 1, first, first) for first in range(1, 1_000, 2)]
    suspension, held = acts.suspend(lines=lines)
    assert held == lines
    assert acts.lift(suspension) == 500
    assert acts.ranges() == [(1, 1_000)]
