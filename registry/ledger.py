"""THE writer of holdings and entries. Everything else reads them.

One function, one round trip, one function of `sql/ledger/`. Postgres holds the state legal
(exclusion constraints, final rows, append-only entries); this module says what was wrong in
words. It owns no transaction: it refuses to run outside one, so that what a service writes
beside it stands or falls together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection

from accounts.prepared import Asked, together
from registry.ledger_words import CoClaimed, LedgerError, Line, NotThere, OrdersOpen, refusal

__all__ = ["CoClaimed", "LedgerError", "Line", "NotThere", "OrdersOpen"]

MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Seat:
    """One more claim on a co-claimed tonne: copy 2 or 3 at a layer of its own.

    account: who holds it; None reserves the seat until `name_seat`.
    """

    copy: int
    layer: int
    account: UUID | None


def issue(*, issuance: UUID, account: UUID, quantity: int, by: UUID, at: datetime) -> None:
    """Create serials 1…quantity, active in the account. The cost does not grow with quantity."""
    _call("ledger_issue(%s, %s, %s, %s, %s)", [issuance, account, quantity, by, at])


def reserve(
    *,
    transfer: UUID,
    account: UUID,
    lines: Iterable[Line],
    by: UUID,
    at: datetime,
    alone: bool = False,
    ahead: Asked | None = None,
    last: bool = False,
) -> bool:
    """Hold active units for a proposed transfer; whether any are co-claimed. Raises NotThere.

    alone: raises CoClaimed where any of them are. ahead: what runs before it in the same round
    trip. last: nothing follows in the transaction, so that COMMIT goes along as well.
    """
    return _take(
        "propose", transfer, account, "reserved", lines, by, at, alone=alone, ahead=ahead, last=last
    )


def retire(
    *, retirement: UUID, account: UUID, lines: Iterable[Line], by: UUID, at: datetime
) -> None:
    """Retire active units for good. Raises NotThere."""
    _take("retire", retirement, account, "retired", lines, by, at)


def begin_retirement(
    *, retirement: UUID, account: UUID, lines: Iterable[Line], by: UUID, at: datetime
) -> None:
    """Hold active units for a retirement that can still be withdrawn. Raises NotThere."""
    _take("begin_retirement", retirement, account, "retiring", lines, by, at)


def finish_retirement(*, retirement: UUID, by: UUID | None, at: datetime) -> int:
    """Retire for good what a retirement holds; the units moved. by: None for the sweep."""
    return _settle("finish_retirement", retirement, by, at, before="retiring", after="retired")


def withdraw_retirement(*, retirement: UUID, by: UUID | None, at: datetime) -> int:
    """Give back what a retirement holds; the units moved."""
    return _settle("withdraw_retirement", retirement, by, at, before="retiring")


def cancel(
    *,
    cancellation: UUID,
    account: UUID | None,
    lines: Iterable[Line],
    by: UUID,
    at: datetime,
) -> None:
    """Cancel active, suspended or expired units for good, of any copy. Raises NotThere.

    account: None for the suspended seats of a co-claim that nobody was named for. Cancelling one
    copy leaves the others as they are, and frees no transfer.
    """
    _take("cancel", cancellation, account, "cancelled", lines, by, at, before=_CANCELLABLE)


def suspend(
    *,
    suspension: UUID,
    by: UUID,
    at: datetime,
    account: UUID | None = None,
    issuance: UUID | None = None,
    lines: Iterable[Line] | None = None,
) -> list[Line]:
    """Suspend active and expired units and reserved seats within one scope; what was suspended.

    Name one of account, issuance (every copy of it) and lines (these copies, whoever holds them).
    Units of an open transfer or retirement raise OrdersOpen with the orders: release these and
    call again. Retired, cancelled and already suspended units stay as they are; so the list may
    be empty.
    """
    if sum(scope is not None for scope in (account, issuance, lines)) != 1:
        raise LedgerError("a suspension has one scope: account, issuance or lines")
    ranges = _columns(_checked(lines)) if lines is not None else [None] * 4
    found = _rows(
        "SELECT * FROM ledger_suspend"
        "(%s, %s, %s, %s::uuid[], %s::smallint[], %s::bigint[], %s::bigint[], %s, %s)",
        [suspension, account, issuance, *ranges, by, at],
    )
    return [Line(*row) for row in found]


def lift(*, suspension: UUID, by: UUID, at: datetime) -> int:
    """Give what this suspension still holds back to the state it had; the units moved.

    0 where nothing is left to give back, since all of it was cancelled or it held nothing.
    """
    return int(_call("ledger_lift(%s, %s, %s)", [suspension, by, at]) or 0)


def co_claim(
    *,
    co_claim: UUID,
    account: UUID,
    lines: Iterable[Line],
    layer: int,
    seats: Sequence[Seat],
    by: UUID,
    at: datetime,
) -> None:
    """Give the primary's active units its layer, and make copies of them for the seats (9.3).

    lines: of copy 1. Raises NotThere for units that are not active in the account or co-claimed
    already.
    """
    ordered = _checked(lines)
    if any(line.copy != 1 for line in ordered):
        raise LedgerError("a co-claim starts from copy 1")
    if [seat.copy for seat in seats] not in ([2], [2, 3]):
        raise LedgerError("a co-claim has a seat for copy 2, and then perhaps one for copy 3")
    if len({layer, *(seat.layer for seat in seats)}) != len(seats) + 1:
        raise LedgerError("every claim on a tonne has a layer of its own")
    issuances, _, firsts, lasts = _columns(ordered)
    _call(
        "ledger_co_claim(%s, %s, %s::smallint, %s, %s::bigint[], %s::bigint[],"
        " %s::smallint[], %s::smallint[], %s::uuid[], %s, %s)",
        [
            co_claim,
            account,
            layer,
            issuances,
            firsts,
            lasts,
            [seat.copy for seat in seats],
            [seat.layer for seat in seats],
            [seat.account for seat in seats],
            by,
            at,
        ],
        wanted=sum(line.quantity for line in ordered),
    )


def name_seat(*, co_claim: UUID, copy: int, account: UUID, by: UUID, at: datetime) -> int:
    """Put a co-claim's reserved seat into its holder's account; the units moved."""
    named = _call(
        "ledger_name_seat(%s, %s::smallint, %s, %s, %s)", [co_claim, copy, account, by, at]
    )
    if not named:
        raise LedgerError(f"copy {copy} of co-claim {co_claim} has no seat reserved")
    return int(named)


def accept(
    *,
    transfer: UUID,
    to_account: UUID,
    sender: UUID | None,
    by: UUID,
    at: datetime,
    ahead: Asked | None = None,
    last: bool = False,
) -> int:
    """Settle a transfer's reserved units into the recipient's account; the units moved.

    sender: the selling organisation, None for a move between its own accounts. Units that it
    did not issue itself count one onward transfer more (R091). Raises CoClaimed for co-claimed
    units and another organisation's account. ahead, last: as in `reserve`.
    """
    return _settle(
        "accept", transfer, by, at, to_account=to_account, sender=sender, ahead=ahead, last=last
    )


def release(*, transfer: UUID, kind: str, by: UUID | None, at: datetime) -> int:
    """Give a transfer's reserved units back to the sender; the units moved.

    kind: "decline", "withdraw" or "lapse". by: None for the registry's sweep.
    """
    if kind not in ("decline", "withdraw", "lapse"):
        raise LedgerError(f"a release is a decline, withdraw or lapse, not {kind!r}")
    return _settle(kind, transfer, by, at)


def expire(*, issuances: Sequence[UUID], at: datetime) -> int:
    """Expire what is still active of these issuances; the units expired. Safe to repeat."""
    return int(_call("ledger_expire(%s, %s)", [list(issuances), at]) or 0)


def hold_retired(ranges: Sequence[Sequence[object]]) -> None:
    """Lock what is retired of these, of every copy: issuances, first and last serials by range."""
    _call("ledger_hold_retired(%s, %s, %s)", list(ranges))


_ACTIVE = ("active",)
_CANCELLABLE = ("active", "suspended", "expired")


def _take(
    kind: str,
    order: UUID,
    account: UUID | None,
    to_state: str,
    lines: Iterable[Line],
    by: UUID,
    at: datetime,
    *,
    before: Sequence[str] = _ACTIVE,
    alone: bool = False,
    ahead: Asked | None = None,
    last: bool = False,
) -> bool:
    """Take units; whether any of them are co-claimed."""
    ordered = _checked(lines)
    shared = _call(
        "ledger_take(%s, %s, %s, %s, %s, NULL, %s, %s::smallint[], %s::bigint[], %s::bigint[],"
        " %s, %s, %s)",
        [kind, order, account, list(before), to_state, *_columns(ordered), by, at, alone],
        wanted=sum(line.quantity for line in ordered),
        ahead=ahead,
        last=last,
    )
    return bool(shared)


def _settle(
    kind: str,
    order: UUID,
    by: UUID | None,
    at: datetime,
    *,
    before: str = "reserved",
    after: str = "active",
    to_account: UUID | None = None,
    sender: UUID | None = None,
    ahead: Asked | None = None,
    last: bool = False,
) -> int:
    moved = _call(
        "ledger_settle(%s, %s, %s, %s, %s, %s, %s, %s)",
        [kind, order, before, after, to_account, sender, by, at],
        ahead=ahead,
        last=last,
    )
    return int(moved)


def _columns(lines: list[Line]) -> list[Any]:
    """The lines as four arrays, for unnest."""
    return [
        [line.issuance for line in lines],
        [line.copy for line in lines],
        [line.first for line in lines],
        [line.last for line in lines],
    ]


def _checked(lines: Iterable[Line]) -> list[Line]:
    """The lines in order. Raises LedgerError for an empty, reversed, huge or overlapping set."""
    ordered = sorted(lines)
    if not 1 <= len(ordered) <= MOST_LINES:
        raise LedgerError(f"one order takes 1 to {MOST_LINES} lines, found {len(ordered)}")
    for line in ordered:
        if line.first < 1 or line.last < line.first or line.copy not in (1, 2, 3):
            raise LedgerError(f"not a range of serials: {line}")
    for earlier, later in pairwise(ordered):
        same = (earlier.issuance, earlier.copy) == (later.issuance, later.copy)
        if same and later.first <= earlier.last:
            raise LedgerError(f"the same serials twice in one order: {earlier} and {later}")
    return ordered


def _call(function: str, arguments: list[Any], **how: Any) -> Any:
    return _rows(f"SELECT {function}", arguments, **how)[0][0]


def _rows(
    statement: str,
    arguments: list[Any],
    *,
    wanted: int = 0,
    ahead: Asked | None = None,
    last: bool = False,
) -> list[Any]:
    """Run one statement of the ledger; its refusals come out as what they mean."""
    if not connection.in_atomic_block:
        raise LedgerError("the ledger writes only inside a service's transaction")
    try:
        call = Asked(statement, arguments)
        together([ahead, call] if ahead is not None else [call], last=last)
        return call.rows()
    except DatabaseError as error:
        cause: Any = error.__cause__
        means = refusal(getattr(cause, "sqlstate", None), cause, wanted)
        if means is None:
            raise
        raise means from error
