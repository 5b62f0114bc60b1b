"""The ledger as a child would keep it: one slip of paper for each unit. Slow and plainly right."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from registry.ledger import Line


@dataclass(frozen=True)
class Slip:
    """Where one unit is. order: the transfer or retirement that has it."""

    account: UUID
    state: str
    transfers: int = 0
    order: UUID | None = None


class Run(NamedTuple):
    """Neighbouring slips that say the same, as the ledger should show them."""

    issuance: UUID
    first: int
    last: int
    slip: Slip


class Refused(Exception):
    """The model would not do it."""


class Model:
    def __init__(self) -> None:
        self.units: dict[UUID, list[Slip]] = {}
        self.issuers: dict[UUID, UUID] = {}

    def issue(self, issuance: UUID, issuer: UUID, account: UUID, quantity: int) -> None:
        self.units[issuance] = [Slip(account, "active")] * quantity
        self.issuers[issuance] = issuer

    def take(self, order: UUID, account: UUID, lines: Iterable[Line], state: str) -> None:
        """Give active units of the account a state under an order, all of them or none."""
        wanted = [(line.issuance, serial) for line in lines for serial in _serials(line)]
        for issuance, serial in wanted:
            slips = self.units[issuance]
            if serial > len(slips):
                raise Refused(f"{issuance} has no serial {serial}")
            slip = slips[serial - 1]
            if (slip.account, slip.state) != (account, "active"):
                raise Refused(f"serial {serial} is {slip.state} in {slip.account}")
        for issuance, serial in wanted:
            self._put(issuance, serial, state=state, order=order)

    def settle(self, order: UUID, to: UUID | None, sender: UUID | None) -> None:
        """Everything reserved for an order becomes active, here or there."""
        held = self.held(order)
        if not held:
            raise Refused(f"nothing is reserved for {order}")
        for issuance, serial in held:
            slip = self.units[issuance][serial - 1]
            onward = sender is not None and sender != self.issuers[issuance]
            self._put(
                issuance,
                serial,
                account=to or slip.account,
                state="active",
                order=None,
                transfers=slip.transfers + onward,
            )

    def expire(self, issuances: Iterable[UUID]) -> int:
        active = [
            (issuance, serial)
            for issuance in issuances
            for serial, slip in enumerate(self.units[issuance], start=1)
            if slip.state == "active"
        ]
        for issuance, serial in active:
            self._put(issuance, serial, state="expired")
        return len(active)

    def held(self, order: UUID) -> list[tuple[UUID, int]]:
        return [
            (issuance, serial)
            for issuance, slips in self.units.items()
            for serial, slip in enumerate(slips, start=1)
            if slip.state == "reserved" and slip.order == order
        ]

    def runs(self) -> list[Run]:
        """Maximal runs, in order. Units of one order stay apart from those of another."""
        runs: list[Run] = []
        for issuance, slips in sorted(self.units.items()):
            for serial, slip in enumerate(slips, start=1):
                before = runs[-1] if runs else None
                if before and before.issuance == issuance and before.slip == slip:
                    runs[-1] = before._replace(last=serial)
                else:
                    runs.append(Run(issuance, serial, serial, slip))
        return runs

    def _put(self, issuance: UUID, serial: int, **changes: object) -> None:
        slips = self.units[issuance]
        slips[serial - 1] = replace(slips[serial - 1], **changes)  # type: ignore[arg-type]


def _serials(line: Line) -> range:
    return range(line.first, line.last + 1)
