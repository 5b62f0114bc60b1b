"""The ledger as a child would keep it: one slip of paper for each unit. Slow and plainly right."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from registry.ledger import Line, Seat

Key = tuple[UUID, int, int]
FINAL = ("retired", "cancelled")


@dataclass(frozen=True)
class Slip:
    """Where one unit of one copy is. order: what has it. before: its state until suspended.

    seat: the co-claim that made this copy.
    """

    account: UUID | None
    state: str
    transfers: int = 0
    layer: int | None = None
    order: UUID | None = None
    before: str = ""
    seat: UUID | None = None


class Run(NamedTuple):
    """Neighbouring slips that say the same, as the ledger should show them."""

    issuance: UUID
    copy: int
    first: int
    last: int
    shown: tuple[object, ...]


class Refused(Exception):
    """The model would not do it."""


class Model:
    def __init__(self, organisations: dict[UUID, UUID]) -> None:
        self.units: dict[tuple[UUID, int], dict[int, Slip]] = {}
        self.issuers: dict[UUID, UUID] = {}
        self.organisations = organisations

    def issue(self, issuance: UUID, issuer: UUID, account: UUID, quantity: int) -> None:
        self.issuers[issuance] = issuer
        self.units[(issuance, 1)] = {n: Slip(account, "active") for n in range(1, quantity + 1)}

    def take(
        self,
        order: UUID,
        account: UUID | None,
        lines: Iterable[Line],
        state: str,
        before: Sequence[str] = ("active",),
    ) -> bool:
        """Give units of an account a state under an order, all or none; whether any is shared."""
        wanted = list(self._wanted(account, lines, before))
        shared = any(key[1] != 1 or self._slip(key).layer is not None for key in wanted)
        for key in wanted:
            self._put(key, state=state, order=order)
        return shared

    def settle(
        self,
        order: UUID,
        before: str,
        after: str,
        to: UUID | None = None,
        sender: UUID | None = None,
    ) -> int:
        """Everything an order has in one state gets another, here or in another account."""
        held = self.held(order, before)
        if not held:
            raise Refused(f"{order} has nothing {before}")
        for key in held:
            slip = self._slip(key)
            target = to or slip.account
            if slip.layer is not None and self._owner(target) != self._owner(slip.account):
                raise Refused("co-claimed units never change hands")
        for key in held:
            slip = self._slip(key)
            onward = sender is not None and sender != self.issuers[key[0]]
            self._put(
                key,
                account=to or slip.account,
                state=after,
                order=order if after in FINAL else None,
                transfers=slip.transfers + onward,
            )
        return len(held)

    def suspend(self, order: UUID, inside: Callable[[Key, Slip], bool]) -> int:
        """What is active, expired or a reserved seat within a scope; refused for open orders."""
        scope = [(key, slip) for key, slip in self.all() if inside(key, slip)]
        for _, slip in scope:
            if slip.state == "retiring" or (slip.state == "reserved" and slip.account):
                raise Refused(f"{slip.order} is open")
        taken = [(key, s) for key, s in scope if s.state in ("active", "expired", "reserved")]
        for key, slip in taken:
            self._put(key, state="suspended", order=order, before=slip.state)
        return len(taken)

    def lift(self, order: UUID) -> int:
        held = self.held(order, "suspended")
        for key in held:
            slip = self._slip(key)
            seat = slip.seat if slip.before == "reserved" else None
            self._put(key, state=slip.before, order=seat, before="")
        return len(held)

    def co_claim(
        self, order: UUID, account: UUID, lines: list[Line], layer: int, seats: list[Seat]
    ) -> None:
        keys = list(self._wanted(account, lines, ("active",)))
        if any(self._slip(key).layer is not None for key in keys):
            raise Refused("co-claimed already")
        for issuance, _, serial in keys:
            self._put((issuance, 1, serial), layer=layer)
            for seat in seats:
                state = "active" if seat.account else "reserved"
                copies = self.units.setdefault((issuance, seat.copy), {})
                copies[serial] = Slip(
                    seat.account,
                    state,
                    layer=seat.layer,
                    order=None if seat.account else order,
                    seat=order,
                )

    def name_seat(self, order: UUID, copy: int, account: UUID) -> int:
        seats = [
            key
            for key in self.held(order, "reserved")
            if key[1] == copy and self._slip(key).account is None
        ]
        if not seats:
            raise Refused("no seat")
        for key in seats:
            self._put(key, account=account, state="active", order=None)
        return len(seats)

    def expire(self, issuances: Iterable[UUID]) -> int:
        wanted = set(issuances)
        active = [key for key, slip in self.all() if key[0] in wanted and slip.state == "active"]
        for key in active:
            self._put(key, state="expired")
        return len(active)

    # --- looking ----------------------------------------------------------------------------

    def all(self) -> Iterator[tuple[Key, Slip]]:
        for (issuance, copy), slips in sorted(self.units.items()):
            for serial, slip in sorted(slips.items()):
                yield (issuance, copy, serial), slip

    def held(self, order: UUID, state: str) -> list[Key]:
        return [key for key, slip in self.all() if slip.order == order and slip.state == state]

    def left(self, account: UUID | None, issuances: set[UUID], states: Sequence[str]) -> int:
        return sum(
            key[0] in issuances and slip.account == account and slip.state in states
            for key, slip in self.all()
        )

    def runs(self) -> list[Run]:
        """Maximal runs, in order. Units of one order stay apart from those of another."""
        runs: list[Run] = []
        for (issuance, copy, serial), slip in self.all():
            shown = (slip.account, slip.state, slip.transfers, slip.layer, slip.order)
            before = runs[-1] if runs else None
            if before and before[:2] == (issuance, copy) and before[3:] == (serial - 1, shown):
                runs[-1] = before._replace(last=serial)
            else:
                runs.append(Run(issuance, copy, serial, serial, shown))
        return runs

    # --- helpers ----------------------------------------------------------------------------

    def _wanted(
        self, account: UUID | None, lines: Iterable[Line], states: Sequence[str]
    ) -> list[Key]:
        keys = [
            (line.issuance, line.copy, serial)
            for line in lines
            for serial in range(line.first, line.last + 1)
        ]
        for issuance, copy, serial in keys:
            slip = self.units.get((issuance, copy), {}).get(serial)
            if slip is None or slip.account != account or slip.state not in states:
                raise Refused(f"serial {serial} of copy {copy} is not there")
        return keys

    def _owner(self, account: UUID | None) -> UUID | None:
        return self.organisations[account] if account else None

    def _slip(self, key: Key) -> Slip:
        return self.units[key[:2]][key[2]]

    def _put(self, key: Key, **changes: object) -> None:
        self.units[key[:2]][key[2]] = replace(self._slip(key), **changes)  # type: ignore[arg-type]
