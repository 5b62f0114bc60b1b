"""Which units suit which lines: product type, region, scrap share, and what expires first (9.1).

A ranking to suggest by. What may be applied at all is the rules' question.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from claims.accounting.facts import Line, Method, UnitLot
from claims.accounting.group import Group
from claims.accounting.numbers import text

# Scrap shares are compared in steps of ten points: closer than that says nothing of a mill.
_STEPS = 10
_UNKNOWN = _STEPS + 1


class Fit(IntEnum):
    """How well one trait of units fits lines; the first is best."""

    SAME = 0
    UNKNOWN = 1
    OTHER = 2


@dataclass(frozen=True, slots=True)
class Profile:
    """What a group's lines are like. scrap_steps: their scrap shares in tenths."""

    product_type: str
    regions: frozenset[str]
    scrap_steps: frozenset[int]


@dataclass(frozen=True, slots=True)
class Traits:
    """What a lot is like, in the words of a profile; lots of the same traits rank the same."""

    product_type: str
    region: str
    scrap_step: int | None


def profile(product_type: str, lines: Iterable[Line]) -> Profile:
    regions, steps = set(), set()
    for line in lines:
        if line.region:
            regions.add(line.region.strip().casefold())
        if line.scrap_share is not None and line.scrap_share.is_finite():
            steps.add(_step(line.scrap_share))
    return Profile(product_type, frozenset(regions), frozenset(steps))


def traits(lot: UnitLot) -> Traits:
    step = None if lot.scrap_share is None else _step(lot.scrap_share)
    return Traits(lot.product_type, lot.region.strip().casefold(), step)


def rank(of: Profile, units: Traits) -> tuple[int, int, int]:
    """Sorts traits by how well they fit: type, then region, then the distance in scrap share."""
    distance = _UNKNOWN
    if units.scrap_step is not None and of.scrap_steps:
        distance = min(abs(step - units.scrap_step) for step in of.scrap_steps)
    return _type_fit(of, units), _region_fit(of, units), distance


class Reasons:
    """Why units are suggested for a group of lines, best first, a clause each."""

    def __init__(self, group: Group) -> None:
        self._of = profile(group.key.product_type, (each.line for each in group.standings))
        self._known: dict[Traits, tuple[str, ...]] = {}

    def __call__(self, lot: UnitLot) -> tuple[str, ...]:
        units = traits(lot)
        if units not in self._known:
            self._known[units] = self._of_traits(units, lot)
        words = list(self._known[units])
        _, _, distance = rank(self._of, units)
        if distance == 0:
            words.append(f"like scrap share ({text(lot.scrap_share or Decimal(0))})")
        elif distance < _UNKNOWN:
            words.append(f"scrap share about {distance * 10} points off")
        words.append(f"vintage from {lot.vintage_start}: what expires first goes first")
        return tuple(words)

    def _of_traits(self, units: Traits, lot: UnitLot) -> tuple[str, ...]:
        type_words = {
            Fit.SAME: f"same product type ({lot.product_type})",
            Fit.UNKNOWN: "product type not known on both sides",
            Fit.OTHER: f"other product type ({lot.product_type}, "
            f"the lines are {self._of.product_type})",
        }
        region_words = {
            Fit.SAME: f"same region ({lot.region})",
            Fit.UNKNOWN: "region not known on both sides",
            Fit.OTHER: f"other region ({lot.region})",
        }
        return type_words[_type_fit(self._of, units)], region_words[_region_fit(self._of, units)]


class Stock:
    """Units to hand out, group by group. Lots of the same traits stand in one queue, the one that
    expires first at its head, so that a group looks at few of them however many there are."""

    def __init__(self, lots: Iterable[UnitLot]) -> None:
        queues: dict[Traits, list[UnitLot]] = defaultdict(list)
        for lot in lots:
            queues[traits(lot)].append(lot)
        self._queues = {
            kind: deque(sorted(queue, key=lambda lot: lot.order)) for kind, queue in queues.items()
        }
        self._lowest = {
            kind: min(lot.claim_intensity for lot in queue) for kind, queue in self._queues.items()
        }
        self._orders: dict[Profile, list[Traits]] = {}

    def queues(self, group: Group) -> Iterable[deque[UnitLot]]:
        """The queues that may hold something for the group, best fit first."""
        of = profile(group.key.product_type, (each.line for each in group.standings))
        if of not in self._orders:
            self._orders[of] = sorted(
                self._queues,
                key=lambda kind: (
                    rank(of, kind),
                    kind.product_type,
                    kind.region,
                    -1 if kind.scrap_step is None else kind.scrap_step,
                ),
            )
        direct = group.key.method == Method.DIRECT
        for kind in self._orders[of]:
            useless = direct and self._lowest[kind] >= group.key.factor_intensity
            if self._queues[kind] and not useless:
                yield self._queues[kind]

    @property
    def left(self) -> list[UnitLot]:
        every = (lot for queue in self._queues.values() for lot in queue)
        return sorted(every, key=lambda lot: lot.order)


def _type_fit(of: Profile, units: Traits) -> Fit:
    if not of.product_type or not units.product_type:
        return Fit.UNKNOWN
    return Fit.SAME if of.product_type == units.product_type else Fit.OTHER


def _region_fit(of: Profile, units: Traits) -> Fit:
    if not of.regions or not units.region:
        return Fit.UNKNOWN
    return Fit.SAME if units.region in of.regions else Fit.OTHER


def _step(share: Decimal) -> int:
    return min(int(share * _STEPS), _STEPS)
