"""Reserve, settle, release, retire, expire: what each does to ranges, and what each refuses."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from registry import ledger
from registry.ledger import LedgerError, Line, NotThere
from registry.models import Entry, Holding, Issuance
from tests.cast import Cast, cast, issue
from tests.registry.ledger.invariants import assert_sound, total

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def issuance(people: Cast) -> Issuance:
    return issue(people, tonnes=1_000, steel=True)


def line(issuance: Issuance, first: int, last: int) -> Line:
    return Line(issuance.pk, 1, first, last)


def reserve(people: Cast, account: UUID, *lines: Line) -> UUID:
    transfer = uuid4()
    ledger.reserve(
        transfer=transfer, account=account, lines=lines, by=people.erik.pk, at=timezone.now()
    )
    return transfer


def accept(people: Cast, transfer: UUID, to: UUID, sender: UUID | None = None) -> int:
    return ledger.accept(
        transfer=transfer, to_account=to, sender=sender, by=people.bob.pk, at=timezone.now()
    )


def ranges(account: UUID, state: str = "active") -> list[tuple[int, int]]:
    rows = Holding.objects.filter(account=account, state=state).order_by("serials")
    return [(row.first, row.last) for row in rows]


def test_issuing_makes_one_row_whatever_the_quantity(issuance: Issuance, people: Cast) -> None:
    assert ranges(people.steel_account.pk) == [(1, 1_000)]
    assert Entry.objects.get().kind == "issue"
    assert_sound()


def test_a_middle_range_leaves_both_ends(issuance: Issuance, people: Cast) -> None:
    account = people.steel_account.pk
    reserve(people, account, line(issuance, 401, 600))
    assert ranges(account) == [(1, 400), (601, 1_000)]
    assert ranges(account, "reserved") == [(401, 600)]
    assert_sound()


def test_two_ranges_of_one_holding_go_in_one_order(issuance: Issuance, people: Cast) -> None:
    account = people.steel_account.pk
    reserve(people, account, line(issuance, 1, 1), line(issuance, 500, 999))
    assert ranges(account) == [(2, 499), (1_000, 1_000)]
    assert_sound()


def test_a_line_may_span_fragments(issuance: Issuance, people: Cast) -> None:
    account = people.steel_account.pk
    for first in (1, 101, 201):
        reserve(people, account, line(issuance, first, first + 99))
    for transfer in Entry.objects.filter(kind="propose").values_list("order", flat=True):
        ledger.release(transfer=transfer, kind="withdraw", by=people.erik.pk, at=timezone.now())
    reserve(people, account, line(issuance, 50, 350))
    assert total(account) == 699
    assert_sound()


def test_released_units_join_their_neighbours_again(issuance: Issuance, people: Cast) -> None:
    account = people.steel_account.pk
    transfer = reserve(people, account, line(issuance, 401, 600))
    moved = ledger.release(transfer=transfer, kind="decline", by=people.bob.pk, at=timezone.now())
    assert moved == 200
    assert ranges(account) == [(1, 1_000)]
    assert_sound()


def test_accepted_neighbours_join_in_the_new_account(issuance: Issuance, people: Cast) -> None:
    source, target = people.steel_account.pk, people.broker_account.pk
    for first, last in ((1, 100), (201, 300), (101, 200)):
        accept(people, reserve(people, source, line(issuance, first, last)), target)
    assert ranges(target) == [(1, 300)]
    assert ranges(source) == [(301, 1_000)]
    assert_sound()


def test_units_with_different_pasts_do_not_join(issuance: Issuance, people: Cast) -> None:
    """Those sold on once count an onward transfer more than those straight from the issuer."""
    source, target = people.steel_account.pk, people.broker_account.pk
    accept(people, reserve(people, source, line(issuance, 1, 100)), target, people.elektra.pk)
    accept(people, reserve(people, source, line(issuance, 101, 200)), target, people.broker.pk)
    assert ranges(target) == [(1, 100), (101, 200)]
    transfers = Holding.objects.filter(account=target).order_by("serials")
    assert [row.transfers for row in transfers] == [0, 1]
    assert_sound()


def test_what_is_reserved_cannot_be_reserved_again(issuance: Issuance, people: Cast) -> None:
    account = people.steel_account.pk
    reserve(people, account, line(issuance, 1, 600))
    with pytest.raises(NotThere) as refusal:
        reserve(people, account, line(issuance, 600, 601))
    assert refusal.value.wanted == 2
    assert refusal.value.left == (line(issuance, 601, 1_000),)
    assert refusal.value.quantity_left == 400


@pytest.mark.parametrize(("first", "last"), [(1_000, 1_001), (1_001, 1_001), (1, 10**12)])
def test_serials_beyond_the_issuance_are_refused(
    issuance: Issuance, people: Cast, first: int, last: int
) -> None:
    with pytest.raises(NotThere):
        reserve(people, people.steel_account.pk, line(issuance, first, last))


def test_units_of_another_account_are_refused(issuance: Issuance, people: Cast) -> None:
    with pytest.raises(NotThere) as refusal:
        reserve(people, people.broker_account.pk, line(issuance, 1, 1))
    assert refusal.value.left == ()


def test_retired_units_are_final(issuance: Issuance, people: Cast) -> None:
    account = people.steel_account.pk
    ledger.retire(
        retirement=uuid4(),
        account=account,
        lines=[line(issuance, 1, 10)],
        by=people.erik.pk,
        at=timezone.now(),
    )
    with pytest.raises(NotThere), transaction.atomic():
        reserve(people, account, line(issuance, 10, 11))
    assert ranges(account, "retired") == [(1, 10)]
    assert_sound()


def test_expiry_takes_active_units_only_and_may_be_repeated(
    issuance: Issuance, people: Cast
) -> None:
    account = people.steel_account.pk
    reserve(people, account, line(issuance, 1, 300))
    assert ledger.expire(issuances=[issuance.pk], at=timezone.now()) == 700
    assert ledger.expire(issuances=[issuance.pk], at=timezone.now()) == 0
    assert ranges(account, "expired") == [(301, 1_000)]
    assert ranges(account, "reserved") == [(1, 300)]
    assert_sound()


def test_an_order_settles_once(issuance: Issuance, people: Cast) -> None:
    transfer = reserve(people, people.steel_account.pk, line(issuance, 1, 10))
    accept(people, transfer, people.broker_account.pk)
    with pytest.raises(LedgerError, match="nothing reserved"):
        accept(people, transfer, people.broker_account.pk)


def test_the_order_of_the_lines_given_does_not_matter(issuance: Issuance, people: Cast) -> None:
    other = issue(people, tonnes=10, steel=True)
    lines = [line(other, 1, 10), line(issuance, 700, 800), line(issuance, 1, 5)]
    reserve(people, people.steel_account.pk, *lines)
    assert total(people.steel_account.pk, "reserved") == 116
    assert_sound()


@pytest.mark.parametrize(
    "bad",
    [
        [],
        [(0, 5)],
        [(5, 4)],
        [(1, 5), (5, 9)],
        [(-3, 3)],
    ],
)
def test_a_call_that_names_no_ranges_is_a_programming_error(
    issuance: Issuance, people: Cast, bad: list[tuple[int, int]]
) -> None:
    with pytest.raises(LedgerError):
        reserve(people, people.steel_account.pk, *[line(issuance, *run) for run in bad])


def test_a_release_needs_a_known_kind(people: Cast) -> None:
    with pytest.raises(LedgerError, match="decline, withdraw or lapse"):
        ledger.release(transfer=uuid4(), kind="vanish", by=None, at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_the_ledger_refuses_to_write_outside_a_transaction() -> None:
    with pytest.raises(LedgerError, match="transaction"):
        ledger.issue(issuance=uuid4(), account=uuid4(), quantity=1, by=uuid4(), at=timezone.now())
