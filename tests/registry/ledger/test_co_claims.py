"""Co-claims: copies of the same serials, a layer each, and never another organisation's."""

import pytest
from django.db import IntegrityError, transaction

from registry.ledger import CoClaimed, LedgerError, NotThere, Seat
from registry.models import Entry, Holding
from tests.registry.ledger.acts import Acts
from tests.registry.ledger.invariants import assert_sound


def test_a_co_claim_makes_copies_and_gives_each_its_layer(acts: Acts) -> None:
    acts.co_claim(acts.line(101, 200), seats=[Seat(2, 4, acts.auto), Seat(3, 5, acts.broker)])
    rows = Holding.objects.order_by("copy", "serials")
    assert [(row.copy, row.first, row.last, row.layer, row.account_id) for row in rows] == [
        (1, 1, 100, None, acts.home),
        (1, 101, 200, 1, acts.home),
        (1, 201, 1_000, None, acts.home),
        (2, 101, 200, 4, acts.auto),
        (3, 101, 200, 5, acts.broker),
    ]
    assert_sound()


def test_neighbours_of_two_co_claims_at_one_layer_join(acts: Acts) -> None:
    for first, last in ((1, 100), (101, 200)):
        acts.co_claim(acts.line(first, last), seats=[Seat(2, 4, acts.auto)])
    assert acts.ranges() == [(1, 200), (201, 1_000)]
    assert acts.ranges(copy=2) == [(1, 200)]
    assert_sound()


def test_a_seat_is_reserved_and_named_later_once(acts: Acts) -> None:
    co_claim = acts.co_claim(acts.line(1, 10), acts.line(21, 30), seats=[Seat(2, 4, None)])
    assert acts.ranges("reserved", copy=2) == [(1, 10), (21, 30)]
    assert acts.name(co_claim, 2, acts.auto) == 20
    assert acts.ranges(copy=2) == [(1, 10), (21, 30)]
    with pytest.raises(LedgerError, match="no seat"):
        acts.name(co_claim, 2, acts.broker)
    assert_sound()


def test_a_reserved_seat_is_no_transfer_that_could_be_settled(acts: Acts) -> None:
    co_claim = acts.co_claim(acts.line(1, 10), seats=[Seat(2, 4, None)])
    with pytest.raises(LedgerError, match="nothing reserved"):
        acts.accept(co_claim, acts.broker)


def test_units_are_co_claimed_once(acts: Acts) -> None:
    acts.co_claim(acts.line(1, 100), seats=[Seat(2, 4, acts.auto)])
    with pytest.raises(NotThere):
        acts.co_claim(acts.line(100, 101), seats=[Seat(2, 5, acts.broker)], layer=2)


@pytest.mark.parametrize("copy", [1, 2])
def test_co_claimed_units_never_reach_another_organisation(acts: Acts, copy: int) -> None:
    acts.co_claim(acts.line(1, 100), seats=[Seat(2, 4, acts.auto)])
    account = acts.home if copy == 1 else acts.auto
    transfer = acts.reserve(acts.line(1, 10, copy=copy), account=account)
    with pytest.raises(CoClaimed), transaction.atomic():
        acts.accept(transfer, acts.broker)
    assert_sound()


def test_co_claimed_units_move_between_accounts_of_one_organisation(acts: Acts) -> None:
    acts.co_claim(acts.line(1, 100), seats=[Seat(2, 4, acts.broker)])
    acts.move(acts.line(1, 50, copy=2), to=acts.desk, account=acts.broker)
    assert [row.layer for row in Holding.objects.filter(account=acts.desk)] == [4]
    assert_sound()


def test_each_copy_retires_at_its_layer(acts: Acts) -> None:
    acts.co_claim(acts.line(1, 100), seats=[Seat(2, 4, acts.auto)])
    acts.retire(acts.line(1, 100, copy=2), account=acts.auto)
    acts.finish(acts.begin(acts.line(1, 100)))
    layers = Entry.objects.filter(to_state="retired").order_by("copy")
    assert [row.layer for row in layers] == [1, 4]
    assert_sound()


def test_copies_expire_with_their_units(acts: Acts) -> None:
    acts.co_claim(acts.line(1, 100), seats=[Seat(2, 4, acts.auto), Seat(3, 5, None)])
    assert acts.expire() == 1_100
    assert acts.ranges("reserved", copy=3) == [(1, 100)]
    assert_sound()


@pytest.mark.parametrize(
    ("copy", "layer", "seats"),
    [
        (2, 1, [(2, 4)]),
        (1, 1, []),
        (1, 1, [(3, 4)]),
        (1, 1, [(2, 1)]),
        (1, 1, [(2, 4), (3, 4)]),
        (1, 1, [(3, 4), (2, 5)]),
    ],
)
def test_a_co_claim_that_is_none_is_a_programming_error(
    acts: Acts, copy: int, layer: int, seats: list[tuple[int, int]]
) -> None:
    with pytest.raises(LedgerError):
        acts.co_claim(
            acts.line(1, 10, copy=copy),
            layer=layer,
            seats=[Seat(number, at, acts.auto) for number, at in seats],
        )


def test_a_copy_over_serials_that_have_one_is_refused_by_postgres(acts: Acts) -> None:
    acts.co_claim(acts.line(1, 10), seats=[Seat(2, 4, acts.auto)])
    acts.retire(acts.line(1, 10))
    row = Holding.objects.get(copy=2)
    row.pk, row._state.adding, row.copy = row.account_id, True, 3
    with pytest.raises(IntegrityError, match="layer"), transaction.atomic():
        row.save(force_insert=True)
