"""The ledger's invariants, as plain arithmetic over entries and holdings of one issuance.

For each copy the entries, in the order of version, give the holdings exactly; the ranges tile
what was created, without gap or overlap; what is final never moves; co-claimed units stay with
their organisation. `manage.py reconcile` asks in production, the tests after every operation.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from uuid import UUID

# What each kind of entry may do: the states before and after. "" is nothing yet.
LEGAL: Mapping[str, frozenset[tuple[str, str]]] = {
    kind: frozenset(steps)
    for kind, steps in {
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
        "cancel": {
            ("active", "cancelled"),
            ("suspended", "cancelled"),
            ("expired", "cancelled"),
        },
        "suspend": {
            ("active", "suspended"),
            ("expired", "suspended"),
            ("reserved", "suspended"),
        },
        "lift": {
            ("suspended", "active"),
            ("suspended", "expired"),
            ("suspended", "reserved"),
        },
        "co_claim": {("", "active"), ("", "reserved"), ("active", "active")},
        "name_seat": {("reserved", "active")},
        "expire": {("active", "expired")},
    }.items()
}
_FREE = ("active", "expired")


@dataclass(frozen=True, slots=True)
class Place:
    """Where units are, and with what past. order: who has them, where their state has one."""

    account: UUID | None
    state: str
    transfers: int = 0
    layer: int | None = None
    order: UUID | None = None

    def __str__(self) -> str:
        where = f"account {self.account}" if self.account else "no account"
        layer = f", layer {self.layer}" if self.layer is not None else ""
        order = f", order {self.order}" if self.order else ""
        return f"{where}, {self.state}, {self.transfers} onward transfers{layer}{order}"


@dataclass(frozen=True, slots=True)
class Run:
    """Serials first…last that are in one place. made_by: the co-claim that made a copy."""

    first: int
    last: int
    place: Place
    version: int = 0
    made_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One entry of one copy. `before` has account and state alone; "" where nothing was."""

    copy: int
    first: int
    last: int
    version: int
    kind: str
    order: UUID | None
    from_account: UUID | None
    from_state: str
    to: Place


@dataclass(frozen=True, slots=True)
class Break:
    """One difference: where, what the entries say, what was found, and the accounts concerned."""

    issuance: UUID
    copy: int
    first: int
    last: int
    expected: str
    found: str
    accounts: frozenset[UUID] = frozenset()

    @property
    def where(self) -> str:
        return f"serials {self.first}–{self.last} of copy {self.copy} of issuance {self.issuance}"

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}; found {self.found}"


class Broken(Exception):
    """A replay that cannot go on, with the difference."""

    def __init__(self, difference: Break) -> None:
        super().__init__(str(difference))
        self.difference = difference


class Replay:
    """One issuance as its entries tell it, entry by entry. organisations: of each account."""

    def __init__(
        self, issuance: UUID, quantity: int, organisations: Mapping[UUID, UUID] | None = None
    ) -> None:
        self.issuance, self.quantity = issuance, quantity
        self.organisations = organisations or {}
        self.runs: dict[int, list[Run]] = {}

    def apply(self, move: Move) -> None:
        """Raises Broken for an entry that does not follow from those before it."""
        self._require_legal(move)
        runs = self.runs.setdefault(move.copy, [])
        start = bisect_left(runs, move.first, key=lambda run: run.last)
        end = start
        while end < len(runs) and runs[end].first <= move.last:
            end += 1
        met = runs[start:end]
        if move.from_state:
            self._require_following(move, met)
        elif met:
            raise self._broken(move, "nothing there before", f"{met[0].place}", met[0].place)
        # Every part of a seat comes from one co-claim, so what is met first says which.
        made_by = met[0].made_by if met else move.order
        place = move.to
        if move.kind == "lift" and place.state == "reserved":
            place = replace(place, order=made_by)
        elif place.state in _FREE:
            place = replace(place, order=None)
        kept = _outside(met, move.first, move.last)
        moved = Run(move.first, move.last, place, move.version, made_by)
        runs[start:end] = sorted([*kept, moved], key=lambda run: run.first)

    def held(self, copy: int) -> list[Run]:
        """The holdings there should be, as maximal runs."""
        return maximal(self.runs.get(copy, ()))

    def breaks(self, copy: int, holdings: Iterable[Run]) -> Iterator[Break]:
        """Differences between the replay and the holdings of one copy, in serial order."""
        yield from self._overlaps(copy, rows := list(holdings))
        for first, last, said, seen in _side_by_side(self.held(copy), maximal(rows)):
            if said != seen:
                places = [place for place in (said, seen) if place is not None]
                yield Break(
                    self.issuance,
                    copy,
                    first,
                    last,
                    str(said or "nothing"),
                    str(seen or "nothing"),
                    frozenset(place.account for place in places if place.account),
                )

    def gaps(self) -> Iterator[Break]:
        """Copy 1 is 1 to the quantity; copy 2 where the first has a layer, copy 3 within copy 2."""
        copies = {copy: _spans(self.held(copy)) for copy in (1, 2, 3)}
        if copies[1] != [(1, self.quantity)]:
            yield self._wrong(1, f"serials 1–{self.quantity}", _words(copies[1]))
        primary = _spans(run for run in self.held(1) if run.place.layer is not None)
        if copies[2] != primary:
            yield self._wrong(2, f"a copy of {_words(primary)}", _words(copies[2]))
        if not all(any(a <= c and d <= b for a, b in copies[2]) for c, d in copies[3]):
            yield self._wrong(3, f"copies within {_words(copies[2])}", _words(copies[3]))

    # --- helpers ----------------------------------------------------------------------------

    def _require_legal(self, move: Move) -> None:
        step = (move.from_state, move.to.state)
        if step not in LEGAL.get(move.kind, ()):
            allowed = ", ".join(
                f"{a or 'nothing'} → {b}" for a, b in sorted(LEGAL.get(move.kind, ()))
            )
            raise self._broken(
                move, f"{move.kind}: {allowed or 'no such kind'}", f"{step[0]} → {step[1]}", move.to
            )
        is_first = move.kind == "issue" or (move.kind == "co_claim" and not move.from_state)
        if is_first and (move.version != 1 or (move.copy == 1) != (move.kind == "issue")):
            raise self._broken(move, "version 1 of a new copy", f"version {move.version}", move.to)
        same = move.from_account == move.to.account
        if not same and move.kind not in ("issue", "accept", "co_claim", "name_seat"):
            raise self._broken(move, "the same account", f"{move.kind} to {move.to}", move.to)

    def _require_following(self, move: Move, met: list[Run]) -> None:
        here = _clipped(met, move.first, move.last)
        if _spans(here) != [(move.first, move.last)]:
            raise self._broken(move, "units created before", _words(_spans(here)), move.to)
        for run in here:
            if (run.place.account, run.place.state) != (move.from_account, move.from_state):
                before = Place(move.from_account, move.from_state)
                raise self._broken(move, str(run.place), f"an entry from {before}", run.place)
            if run.version >= move.version:
                later = f"a version after {run.version}"
                raise self._broken(move, later, f"version {move.version}", run.place)
            self._require_past(move, run.place)

    def _require_past(self, move: Move, place: Place) -> None:
        """The onward transfers and the layer follow from those before; so does who may hold."""
        if place.layer is not None and place.layer != move.to.layer:
            raise self._broken(move, f"layer {place.layer}", f"layer {move.to.layer}", place)
        if place.layer is None and move.to.layer is not None and move.kind != "co_claim":
            raise self._broken(move, "no layer", f"layer {move.to.layer}", place)
        if move.to.transfers - place.transfers not in (0, int(move.kind == "accept")):
            raise self._broken(
                move, f"{place.transfers} onward transfers", f"{move.to.transfers}", place
            )
        if place.order not in (None, move.order) and move.kind not in ("cancel", "suspend"):
            raise self._broken(move, f"order {place.order}", f"order {move.order}", place)
        owner, other = (
            self.organisations.get(each) if each else None
            for each in (place.account, move.to.account)
        )
        if place.layer is not None and owner is not None and owner != other:
            raise self._broken(move, "co-claimed units with their holder", str(move.to), place)

    def _overlaps(self, copy: int, rows: list[Run]) -> Iterator[Break]:
        for one, other in pairwise(rows):
            if other.first <= one.last:
                both = frozenset(r.place.account for r in (one, other) if r.place.account)
                last = min(one.last, other.last)
                yield Break(
                    self.issuance, copy, other.first, last, "one holding", "two holdings", both
                )

    def _broken(self, move: Move, expected: str, found: str, place: Place) -> Broken:
        accounts = {move.from_account, move.to.account, place.account} - {None}
        return Broken(
            Break(
                self.issuance,
                move.copy,
                move.first,
                move.last,
                f"{expected} (before entry {move.kind}, version {move.version})",
                found,
                frozenset(account for account in accounts if account),
            )
        )

    def _wrong(self, copy: int, expected: str, found: str) -> Break:
        held = [run.place.account for each in self.runs.values() for run in each]
        return Break(
            self.issuance,
            copy,
            1,
            self.quantity,
            expected,
            found,
            frozenset(account for account in held if account),
        )


def maximal(runs: Iterable[Run]) -> list[Run]:
    """Neighbours in one place as one: joining is the ledger's courtesy, not its meaning."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].last + 1 == run.first and joined[-1].place == run.place:
            joined[-1] = Run(joined[-1].first, run.last, run.place)
        else:
            joined.append(Run(run.first, run.last, run.place))
    return joined


def _outside(runs: Iterable[Run], first: int, last: int) -> Iterator[Run]:
    for run in runs:
        if run.first < first:
            yield replace(run, last=first - 1)
        if run.last > last:
            yield replace(run, first=last + 1)


def _clipped(runs: Iterable[Run], first: int, last: int) -> list[Run]:
    return [replace(run, first=max(run.first, first), last=min(run.last, last)) for run in runs]


def _spans(runs: Iterable[Run]) -> list[tuple[int, int]]:
    """The serials, whoever has them."""
    spans: list[tuple[int, int]] = []
    for run in runs:
        if spans and spans[-1][1] + 1 >= run.first:
            spans[-1] = (spans[-1][0], max(spans[-1][1], run.last))
        else:
            spans.append((run.first, run.last))
    return spans


def _words(spans: list[tuple[int, int]]) -> str:
    shown = ", ".join(f"{first}–{last}" for first, last in spans[:5])
    return (f"serials {shown}" + (", …" if len(spans) > 5 else "")) if spans else "no serials"


def _side_by_side(
    said: list[Run], seen: list[Run]
) -> Iterator[tuple[int, int, Place | None, Place | None]]:
    """Both tellings cut at the same serials."""
    edges = sorted({edge for run in (*said, *seen) for edge in (run.first, run.last + 1)})
    one, other = iter(said), iter(seen)
    here, there = next(one, None), next(other, None)
    for first, after in pairwise(edges):
        while here and here.last < first:
            here = next(one, None)
        while there and there.last < first:
            there = next(other, None)
        yield (
            first,
            after - 1,
            here.place if here and here.first <= first else None,
            there.place if there and there.first <= first else None,
        )
