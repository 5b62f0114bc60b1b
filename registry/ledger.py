"""THE writer of holdings and entries. Everything else reads them.

One function, one round trip, one statement of `sql/ledger.sql`. Postgres holds the state legal
(exclusion constraints, final rows, append-only entries); this module says what was wrong in
words. It owns no transaction: it refuses to run outside one, so that what a service writes
beside it stands or falls together.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection

# SQLSTATE of the ledger's own refusals, see sql/ledger.sql.
NOT_THERE = "BL001"
MOST_LINES = 10_000


class LedgerError(Exception):
    """The ledger was called wrongly: a programming error, never the user's."""


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """Serials first…last, both inclusive, of one issuance and copy."""

    issuance: UUID
    copy: int
    first: int
    last: int

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1


@dataclass(eq=False)
class NotThere(Exception):
    """Some of the units wanted are not active in the account (any more).

    left: what the account still has active of the same issuances.
    """

    wanted: int
    left: tuple[Line, ...]

    @property
    def quantity_left(self) -> int:
        return sum(line.quantity for line in self.left)

    def __str__(self) -> str:
        return (
            f"{self.wanted} units were wanted; {self.quantity_left} of these issuances are left "
            f"in the account"
        )


def issue(*, issuance: UUID, account: UUID, quantity: int, by: UUID, at: datetime) -> None:
    """Create serials 1…quantity, active in the account. The cost does not grow with quantity."""
    _call("ledger_issue(%s, %s, %s, %s, %s)", [issuance, account, quantity, by, at])


def reserve(
    *, transfer: UUID, account: UUID, lines: Iterable[Line], by: UUID, at: datetime
) -> None:
    """Hold active units for a proposed transfer. Raises NotThere."""
    _take("propose", transfer, account, "reserved", lines, by, at)


def retire(
    *, retirement: UUID, account: UUID, lines: Iterable[Line], by: UUID, at: datetime
) -> None:
    """Retire active units for good. Raises NotThere."""
    _take("retire", retirement, account, "retired", lines, by, at)


def accept(*, transfer: UUID, to_account: UUID, sender: UUID | None, by: UUID, at: datetime) -> int:
    """Settle a transfer's reserved units into the recipient's account; the units moved.

    sender: the selling organisation, None for a move between its own accounts. Units that it
    did not issue itself count one onward transfer more (R091).
    """
    return _settle("accept", transfer, to_account, sender, by, at)


def release(*, transfer: UUID, kind: str, by: UUID | None, at: datetime) -> int:
    """Give a transfer's reserved units back to the sender; the units moved.

    kind: "decline", "withdraw" or "lapse". by: None for the registry's sweep.
    """
    if kind not in ("decline", "withdraw", "lapse"):
        raise LedgerError(f"a release is a decline, withdraw or lapse, not {kind!r}")
    return _settle(kind, transfer, None, None, by, at)


def expire(*, issuances: Sequence[UUID], at: datetime) -> int:
    """Expire what is still active of these issuances; the units expired. Safe to repeat."""
    return int(_call("ledger_expire(%s, %s)", [list(issuances), at]) or 0)


def _take(
    kind: str,
    order: UUID,
    account: UUID,
    to_state: str,
    lines: Iterable[Line],
    by: UUID,
    at: datetime,
) -> None:
    ordered = _checked(lines)
    _call(
        "ledger_take(%s, %s, %s, %s, %s, %s::smallint[], %s::bigint[], %s::bigint[], %s, %s)",
        [
            kind,
            order,
            account,
            to_state,
            [line.issuance for line in ordered],
            [line.copy for line in ordered],
            [line.first for line in ordered],
            [line.last for line in ordered],
            by,
            at,
        ],
        wanted=sum(line.quantity for line in ordered),
    )


def _settle(
    kind: str,
    order: UUID,
    to_account: UUID | None,
    sender: UUID | None,
    by: UUID | None,
    at: datetime,
) -> int:
    moved = _call(
        "ledger_settle(%s, %s, %s, %s, %s, %s)", [kind, order, to_account, sender, by, at]
    )
    if not moved:
        raise LedgerError(f"order {order} has nothing reserved")
    return int(moved)


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


def _call(function: str, arguments: list[Any], *, wanted: int = 0) -> Any:
    if not connection.in_atomic_block:
        raise LedgerError("the ledger writes only inside a service's transaction")
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SELECT {function}", arguments)
        except DatabaseError as error:
            cause: Any = error.__cause__
            if getattr(cause, "sqlstate", None) != NOT_THERE:
                raise
            raise NotThere(wanted=wanted, left=_left(cause.diag.message_detail)) from error
        row = cursor.fetchone()
    return row[0] if row else None


def _left(detail: str | None) -> tuple[Line, ...]:
    return tuple(
        Line(UUID(each["issuance"]), each["copy"], each["first"], each["last"])
        for each in json.loads(detail or "[]")
    )
