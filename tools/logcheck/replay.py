"""Replay: every entry from the state the one before it left, and what must then hold.

A lane is one copy of one issuance: segments that lie side by side, each a list of FIRST … PAST.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from .note import WrongError

FIRST, LAST, ACCOUNT, STATE, VERSION, ORDER, LAYER, TRANSFERS, PAST = range(9)

# kind → from which state to which. A state of "" is nowhere: the range comes into being.
LEGAL: dict[str, set[tuple[str, str]]] = {
    "issue": {("", "active")},
    "propose": {("active", "reserved")},
    "accept": {("reserved", "active")},
    "decline": {("reserved", "active")},
    "withdraw": {("reserved", "active")},
    "lapse": {("reserved", "active")},
    "retire": {("active", "retired")},
    "begin_retirement": {("active", "retiring")},
    "finish_retirement": {("retiring", "retired")},
    "withdraw_retirement": {("retiring", "active")},
    "cancel": {(state, "cancelled") for state in ("active", "suspended", "expired")},
    "suspend": {(state, "suspended") for state in ("active", "expired", "reserved")},
    "lift": {("suspended", state) for state in ("active", "expired", "reserved")},
    "co_claim": {("active", "active"), ("", "active"), ("", "reserved")},
    "name_seat": {("reserved", "active")},
    "expire": {("active", "expired")},
}
_MOVES_ACCOUNT = {"accept", "name_seat"}
_WITHOUT_ORDER = {"issue", "expire"}
# Only the order that took the units may settle them.
_OWN_ORDER = {
    *("accept", "decline", "withdraw", "lapse", "name_seat"),
    *("finish_retirement", "withdraw_retirement", "lift"),
}
_KEPT_BY_ORDER = {"reserved", "retiring", "suspended", "retired", "cancelled"}


@dataclass(slots=True)
class Entry:
    copy: int
    first: int
    last: int
    from_account: bytes
    from_state: str
    issuance: bytes
    kind: str
    layer: bytes
    order: bytes
    to_account: bytes
    to_state: str
    transfers: int
    version: int


@dataclass(slots=True)
class Lane:
    firsts: list[int] = field(default_factory=list)
    segments: list[list] = field(default_factory=list)


@dataclass(slots=True)
class Issuance:
    quantity: int
    allowed: int | None
    producer: bytes
    account: bytes
    lanes: tuple[Lane, Lane, Lane] = field(default_factory=lambda: (Lane(), Lane(), Lane()))


class Ledger:
    """The part of the ledger that the log tells of, or a share of its issuances."""

    def __init__(self) -> None:
        self.issuances: dict[bytes, Issuance] = {}
        self.organisations: dict[bytes, bytes] = {}
        # order → account → units retired.
        self.retired: dict[bytes, dict[bytes, int]] = defaultdict(lambda: defaultdict(int))
        self.entries = 0

    def open_account(self, account: bytes, organisation: bytes) -> None:
        if self.organisations.setdefault(account, organisation) != organisation:
            raise WrongError(f"account {account.decode()} was given to another organisation")

    def open_issuance(self, identity: bytes, issuance: Issuance) -> None:
        if identity in self.issuances:
            raise WrongError(f"issuance {identity.decode()} comes into being a second time")
        self.issuances[identity] = issuance

    def apply(self, entry: Entry) -> None:
        """Raises WrongError, and then has changed nothing."""
        issuance = self.issuances.get(entry.issuance)
        if issuance is None:
            raise WrongError(f"issuance {entry.issuance.decode()} is not in the log before this")
        if (entry.from_state, entry.to_state) not in LEGAL.get(entry.kind, ()):
            raise WrongError(
                f"{entry.kind} from {entry.from_state or 'nowhere'!r} to {entry.to_state!r}"
            )
        if entry.last < entry.first or entry.last > issuance.quantity:
            raise WrongError(
                f"serials {entry.first} to {entry.last} of {issuance.quantity} that were issued"
            )
        self._check_words(entry)
        lane = issuance.lanes[entry.copy - 1]
        if entry.from_state:
            self._move(issuance, lane, entry)
        else:
            _create(issuance, lane, entry)
        if entry.to_state == "retired":
            units = entry.last - entry.first + 1
            self.retired[entry.order][entry.to_account] += units
        self.entries += 1

    def _check_words(self, entry: Entry) -> None:
        if (not entry.order) != (entry.kind in _WITHOUT_ORDER):
            raise WrongError(f"{entry.kind} {'with' if entry.order else 'without'} an order")
        if entry.to_account and entry.to_account not in self.organisations:
            raise WrongError(f"account {entry.to_account.decode()} is not in the log before this")
        if entry.from_state and entry.kind not in _MOVES_ACCOUNT:
            if entry.to_account != entry.from_account:
                raise WrongError(f"{entry.kind} moves units to another account")
        elif not entry.to_account and (entry.copy == 1 or entry.to_state != "reserved"):
            raise WrongError("units in no account that are no reserved seat")

    def _move(self, issuance: Issuance, lane: Lane, entry: Entry) -> None:
        start = bisect_right(lane.firsts, entry.first) - 1
        end, at = start, entry.first
        while at <= entry.last:
            segment = lane.segments[end] if 0 <= end < len(lane.segments) else None
            if segment is None or not segment[FIRST] <= at <= segment[LAST]:
                raise WrongError(f"serial {at} of copy {entry.copy} is not there to be moved")
            self._check(issuance, segment, entry, at)
            at = segment[LAST] + 1
            end += 1
        _replace(lane, start, end, entry)

    def _check(self, issuance: Issuance, was: list, entry: Entry, at: int) -> None:
        if was[STATE] != entry.from_state or was[ACCOUNT] != entry.from_account:
            if was[STATE] in ("retired", "cancelled"):
                raise WrongError(f"serial {at} is {was[STATE]} and must never move")
            raise WrongError(
                f"serial {at} is {was[STATE]} in {was[ACCOUNT].decode() or 'no account'}, not "
                f"{entry.from_state} in {entry.from_account.decode() or 'no account'}"
            )
        if entry.version <= was[VERSION]:
            raise WrongError(f"serial {at} moves from version {was[VERSION]} to {entry.version}")
        if entry.kind in _OWN_ORDER and was[ORDER] != entry.order:
            raise WrongError(f"serial {at} belongs to another order than this {entry.kind}")
        if entry.kind == "lift" and was[PAST][0] != entry.to_state:
            raise WrongError(f"serial {at} was {was[PAST][0]} before its suspension")
        if entry.kind == "co_claim":
            if was[LAYER] or not entry.layer or entry.copy != 1:
                raise WrongError(f"serial {at} is co-claimed already, or gets no layer")
        elif was[LAYER] != entry.layer:
            raise WrongError(f"serial {at} changes its layer")
        if entry.kind == "accept":
            self._check_sale(issuance, was, entry, at)
        elif was[TRANSFERS] != entry.transfers:
            raise WrongError(f"serial {at} counts a transfer without one")

    def _check_sale(self, issuance: Issuance, was: list, entry: Entry, at: int) -> None:
        seller = self.organisations.get(entry.from_account)
        buyer = self.organisations.get(entry.to_account)
        onward = 0 if seller in (buyer, issuance.producer) else 1
        if (was[LAYER] or entry.copy > 1) and seller != buyer:
            raise WrongError(f"serial {at} is co-claimed and goes to another organisation")
        if entry.transfers != was[TRANSFERS] + onward:
            raise WrongError(
                f"serial {at} has {entry.transfers} onward transfers, not {was[TRANSFERS] + onward}"
            )
        if issuance.allowed is not None and entry.transfers > issuance.allowed:
            raise WrongError(f"serial {at}: more onward transfers than {issuance.allowed} agreed")


def _create(issuance: Issuance, lane: Lane, entry: Entry) -> None:
    if (entry.kind == "issue") != (entry.copy == 1):
        raise WrongError(f"copy {entry.copy} comes into being by {entry.kind}")
    if entry.kind == "issue":
        if (entry.first, entry.last) != (1, issuance.quantity):
            raise WrongError(
                f"issues {entry.first} to {entry.last}, the record says 1 to {issuance.quantity}"
            )
        if entry.to_account != issuance.account:
            raise WrongError("issues into another account than the record says")
    elif not entry.layer:
        raise WrongError(f"copy {entry.copy} has no layer")
    start = bisect_right(lane.firsts, entry.last)
    if start and lane.segments[start - 1][LAST] >= entry.first:
        raise WrongError(f"copy {entry.copy} of {entry.first} to {entry.last} exists already")
    lane.firsts.insert(start, entry.first)
    lane.segments.insert(start, _segment(entry, ("", b"")))


def _replace(lane: Lane, start: int, end: int, entry: Entry) -> None:
    """Cut the moved range out of segments start…end-1 and put what it is now in its place."""
    before, after = lane.segments[start], lane.segments[end - 1]
    past = (before[STATE], before[ORDER]) if entry.kind == "suspend" else ("", b"")
    moved = _segment(entry, past)
    if entry.kind == "lift" and entry.to_state == "reserved":
        moved[ORDER] = before[PAST][1]
    pieces = [moved]
    if before[FIRST] < entry.first:
        pieces.insert(0, [before[FIRST], entry.first - 1, *before[ACCOUNT:]])
    if after[LAST] > entry.last:
        pieces.append([entry.last + 1, after[LAST], *after[ACCOUNT:]])
    lane.segments[start:end] = pieces
    lane.firsts[start:end] = [piece[FIRST] for piece in pieces]


def _segment(entry: Entry, past: tuple[str, bytes]) -> list:
    order = entry.order if entry.to_state in _KEPT_BY_ORDER else b""
    return [
        entry.first,
        entry.last,
        entry.to_account,
        entry.to_state,
        entry.version,
        order,
        entry.layer,
        entry.transfers,
        past,
    ]
