"""What the ledger speaks of, and how it refuses: each refusal of its SQL, as what it means."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

# SQLSTATEs of the ledger's own refusals, see sql/ledger/1_words.sql.
NOT_THERE, CO_CLAIMED, ORDERS_OPEN, NOTHING_TO_SETTLE = "BL001", "BL002", "BL003", "BL004"


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

    left: what the account still has of the same issuances that could have been taken.
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


class CoClaimed(Exception):
    """Co-claimed units stay with their organisation (9.3)."""

    def __str__(self) -> str:
        return (
            "Some of these units are co-claimed. Co-claimed units stay with their claimants "
            "(R092). Choose units that are not co-claimed."
        )


@dataclass(eq=False)
class OrdersOpen(Exception):
    """Transfers or retirements still have some of the units: settle or release these first."""

    orders: tuple[UUID, ...]

    def __str__(self) -> str:
        return f"{len(self.orders)} open orders have some of these units"


def refusal(state: str | None, cause: Any, wanted: int) -> Exception | None:
    """What an SQLSTATE of the ledger's own means; None for any other."""
    if state == NOT_THERE:
        return NotThere(wanted=wanted, left=_left(cause.diag.message_detail))
    if state == ORDERS_OPEN:
        return OrdersOpen(tuple(UUID(each) for each in json.loads(cause.diag.message_detail)))
    if state == NOTHING_TO_SETTLE:
        return LedgerError(cause.diag.message_primary)
    return CoClaimed() if state == CO_CLAIMED else None


def _left(detail: str | None) -> tuple[Line, ...]:
    return tuple(
        Line(UUID(each["issuance"]), each["copy"], each["first"], each["last"])
        for each in json.loads(detail or "[]")
    )
