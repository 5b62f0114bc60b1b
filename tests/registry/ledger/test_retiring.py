"""Retirement with a cooling-off, and cancellation: what each does to ranges."""

import pytest
from django.db import transaction

from registry.ledger import LedgerError, NotThere, Seat
from registry.models import Entry, Holding
from tests.registry.ledger.acts import Acts
from tests.registry.ledger.invariants import assert_sound


def test_units_retiring_are_held_and_then_final(acts: Acts) -> None:
    order = acts.begin(acts.line(1, 100), acts.line(500, 599))
    assert acts.ranges("retiring") == [(1, 100), (500, 599)]
    assert acts.finish(order) == 200
    assert acts.ranges("retired") == [(1, 100), (500, 599)]
    assert {str(row.order) for row in Holding.objects.filter(state="retired")} == {str(order)}
    assert_sound()


def test_a_withdrawn_retirement_gives_back_and_joins(acts: Acts) -> None:
    order = acts.begin(acts.line(401, 600))
    assert acts.withdraw(order) == 200
    assert acts.ranges() == [(1, 1_000)]
    assert_sound()


def test_a_retirement_is_finished_or_withdrawn_once(acts: Acts) -> None:
    order = acts.begin(acts.line(1, 10))
    acts.finish(order)
    for again in (acts.finish, acts.withdraw):
        with pytest.raises(LedgerError, match="nothing retiring"), transaction.atomic():
            again(order)


def test_units_retiring_cannot_be_taken_and_do_not_expire(acts: Acts) -> None:
    acts.begin(acts.line(1, 10))
    for act in (acts.reserve, acts.retire, acts.begin, acts.cancel):
        with pytest.raises(NotThere), transaction.atomic():
            act(acts.line(10, 11))
    assert acts.expire() == 990
    assert acts.ranges("retiring") == [(1, 10)]
    assert_sound()


def test_a_transfer_is_not_settled_by_a_retirement_nor_the_other_way(acts: Acts) -> None:
    transfer, retirement = acts.reserve(acts.line(1, 10)), acts.begin(acts.line(11, 20))
    for act in (lambda: acts.finish(transfer), lambda: acts.accept(retirement, acts.broker)):
        with pytest.raises(LedgerError), transaction.atomic():
            act()
    assert_sound()


def test_active_suspended_and_expired_units_are_cancelled(acts: Acts) -> None:
    acts.cancel(acts.line(1, 10))
    acts.suspend(lines=[acts.line(11, 30)])
    acts.cancel(acts.line(11, 20))
    acts.expire()
    acts.cancel(acts.line(991, 1_000))
    assert acts.ranges("cancelled") == [(1, 10), (11, 20), (991, 1_000)]
    assert acts.ranges("suspended") == [(21, 30)]
    assert_sound()


def test_one_cancellation_takes_units_of_every_such_state(acts: Acts) -> None:
    acts.suspend(lines=[acts.line(11, 20)])
    acts.cancel(acts.line(1, 30))
    kinds = Entry.objects.filter(kind="cancel").order_by("serials")
    assert [(row.from_state, row.serials.upper - row.serials.lower) for row in kinds] == [
        ("active", 10),
        ("suspended", 10),
        ("active", 10),
    ]
    assert_sound()


@pytest.mark.parametrize("end", ["retire", "cancel", "reserve"])
def test_what_is_final_or_on_offer_is_not_cancelled(acts: Acts, end: str) -> None:
    getattr(acts, end)(acts.line(1, 10))
    with pytest.raises(NotThere) as refusal:
        acts.cancel(acts.line(10, 11))
    assert refusal.value.quantity_left == 990


def test_a_refusal_tells_what_can_be_cancelled_in_every_state(acts: Acts) -> None:
    acts.suspend(lines=[acts.line(11, 20)])
    acts.retire(acts.line(901, 1_000))
    with pytest.raises(NotThere) as refusal:
        acts.cancel(acts.line(900, 901))
    assert refusal.value.quantity_left == 900


def test_cancelling_one_copy_leaves_the_others(acts: Acts) -> None:
    acts.co_claim(acts.line(1, 100), seats=[Seat(2, 4, acts.auto)])
    acts.cancel(acts.line(1, 100, copy=2), account=acts.auto)
    assert acts.ranges("cancelled", copy=2) == [(1, 100)]
    assert acts.ranges("active") == [(1, 100), (101, 1_000)]
    acts.retire(acts.line(1, 100))
    assert_sound()
