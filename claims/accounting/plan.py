"""Divides units over lines before a claim is made: as many as the limits allow (R124).

A plan, for the user to edit: the rules judge what comes out of it like anything else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from claims.accounting.enhanced import cap_applies
from claims.accounting.facts import Line, LineShare, Match, Method, UnitLot
from claims.accounting.group import Group, groups, lines_by_key
from claims.accounting.limits import total_cap, unit_counted, unit_reduction
from claims.accounting.matching import Reasons, Stock
from claims.accounting.numbers import EXACT, ZERO
from claims.accounting.window import matching_window
from registry.rulebook.edition import Edition

# Lots that give a group nothing more, or less than they have, before it is left as it is.
_MOST_MISSES = 100


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Units suggested for a group of lines, and why these."""

    group: Group
    lot: UnitLot
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is suggested before anything is retired.

    suggestions: in the order of reporting. left_out: units that no rule would let in, with why.
    left: units that found no room.
    """

    matches: tuple[Match, ...]
    suggestions: tuple[Suggestion, ...]
    left_out: tuple[tuple[UnitLot, str], ...]
    left: tuple[UnitLot, ...]

    @property
    def volume(self) -> int:
        return sum(match.volume for match in self.matches)


def suggest(
    template: Match,
    lots: Iterable[UnitLot],
    earlier: Iterable[LineShare] = (),
    *,
    period: tuple[date, date],
    on: date,
    edition: Edition,
    reached: Callable[[int], None] = lambda lines: None,
) -> Plan:
    """Units suggested for the template's lines, with the reasons. reached: told of lines done.

    Raises ValueError for lines without usable figures or a reversed reporting period.
    """
    window = matching_window(*period, edition)
    fitting, left_out = [], []
    for lot in sorted(lots, key=lambda lot: lot.order):
        why = _left_out(template, lot, on)
        if not why and not window.covers(lot.vintage_start, lot.vintage_end):
            why = f"produced {lot.vintage_start} to {lot.vintage_end}, outside the window "
            why += f"{window.start} to {window.end}"
        if why:
            left_out.append((lot, why))
        else:
            fitting.append(lot)
    shares = tuple(earlier)
    filled, left = _divided(template, fitting, shares, reached)
    suggestions: list[Suggestion] = []
    for _, group in filled:
        why_lot = Reasons(group)
        suggestions.extend(Suggestion(group, lot, why_lot(lot)) for lot in group.lots)
    matches = tuple(match for match, _ in filled)
    return Plan(matches, tuple(suggestions), tuple(left_out), left)


def divide(
    template: Match,
    lots: Iterable[UnitLot],
    earlier: Iterable[LineShare] = (),
) -> tuple[tuple[Match, ...], tuple[UnitLot, ...]]:
    """The template's lines in matches that each share one key, filled with the lots.

    Groups in the order of reporting, each with what fits it best (`matching`), the oldest vintage
    first. One plan takes one kind of unit, that of the oldest lot. Returns the matches that got
    units and the lots, or ends of lots, that found no room. The template's own lots and
    `requested` are ignored. Raises ValueError for lines without usable figures.
    """
    filled, left = _divided(template, lots, earlier, lambda lines: None)
    return tuple(match for match, _ in filled), left


def _divided(
    template: Match,
    lots: Iterable[UnitLot],
    earlier: Iterable[LineShare],
    reached: Callable[[int], None],
) -> tuple[list[tuple[Match, Group]], tuple[UnitLot, ...]]:
    """As `divide`, each match with the group it makes."""
    ordered = sorted(lots, key=lambda lot: lot.order)
    if not ordered:
        return [], ()
    first = ordered[0]
    stock = Stock(lot for lot in ordered if lot.functional_unit == first.functional_unit)
    empty = [
        replace(template, lines=lines, lots=(first,), requested=None)
        for lines in _by_key(replace(template, lots=(first,)))
    ]
    filled, done = [], 0
    for group in groups(empty, earlier):
        taken = _fill(group, stock)
        done += len(group.standings)
        reached(done)
        if taken:
            lines, units = tuple(each.line for each in group.standings), tuple(taken)
            match = replace(template, lines=lines, lots=units, requested=None)
            filled.append((match, replace(group, lots=units)))
    others = (lot for lot in ordered if lot.functional_unit != first.functional_unit)
    left = sorted((*stock.left, *others), key=lambda lot: lot.order)
    return filled, tuple(left)


def assign(
    template: Match, lots: Iterable[UnitLot], earlier: Iterable[LineShare] = ()
) -> tuple[Match, ...]:
    """As `divide`, but with every lot in some match: what finds no room goes to the last lines.

    So the rules that judge it say which limit is passed, and by how much.
    """
    every, shares = tuple(lots), tuple(earlier)
    if not every:
        return ()
    matches, left = divide(template, every, shares)
    if not left:
        return matches
    if not matches:
        lines = _by_key(replace(template, lots=every[:1]))[0]
        return (replace(template, lines=lines, lots=every, requested=None),)
    *others, last = matches
    return (*others, replace(last, lots=_joined((*last.lots, *left))))


def _fill(group: Group, stock: Stock) -> list[UnitLot]:
    """As many units as the group takes out of the stock."""
    room = _Room(group)
    taken: list[UnitLot] = []
    misses = 0
    for queue in stock.queues(group):
        kept: list[UnitLot] = []
        while queue and room.units_left and misses < _MOST_MISSES:
            lot = queue.popleft()
            quantity = room.take(lot)
            if quantity == lot.quantity:
                taken.append(lot)
                continue
            misses += 1
            if quantity:
                first, lot = lot.split(quantity)
                taken.append(first)
            kept.append(lot)
        queue.extendleft(reversed(kept))
        if not room.units_left or misses >= _MOST_MISSES:
            break
    return sorted(taken, key=lambda lot: lot.order)


def _left_out(template: Match, lot: UnitLot, on: date) -> str:
    """Why a lot can be in no claim of these lines; empty when it can."""
    if lot.claimed:
        return "stands in another claim"
    if lot.issued_on > on or lot.vintage_end > on:
        return "is not there yet: its production or issuance lies ahead"
    if template.method == Method.ENHANCED and (
        lot.no_reduction or lot.baseline_intensity <= lot.claim_intensity
    ):
        return "reduces nothing against its own baseline"
    return ""


class _Room:
    """What a group has left while lots are added to it one by one."""

    def __init__(self, group: Group) -> None:
        self.group = replace(group, lots=())
        self.units_left = int(group.tonnes_left)
        self.counted_left = group.counted_left
        self.reduction_left = group.reduction_left

    def take(self, lot: UnitLot) -> int:
        """Adds as much of the lot as there is room for; returns how many units."""
        counted, reduction = unit_counted(self.group, lot), unit_reduction(self.group, lot)
        if reduction <= 0:
            return 0
        group = self.group
        if not group.above_before and lot.baseline_intensity > group.key.factor_intensity:
            group = replace(group, above_before=True)
        most = [lot.quantity, self.units_left]
        if not total_cap(group):
            most.append(_times(self.reduction_left, reduction))
            if cap_applies(group):
                most.append(_times(self.counted_left, counted))
        quantity = max(min(most), 0)
        if quantity:
            self.group = group
            self.units_left -= quantity
            self.counted_left = _less(self.counted_left, counted, quantity)
            self.reduction_left = _less(self.reduction_left, reduction, quantity)
        return quantity


def _joined(lots: Iterable[UnitLot]) -> tuple[UnitLot, ...]:
    """Neighbouring runs of one issuance and copy as one lot again."""
    joined: list[UnitLot] = []
    for lot in sorted(lots, key=lambda lot: lot.order):
        before = joined[-1] if joined else None
        follows = before is not None and before.last + 1 == lot.first
        if before and follows and replace(before, first=lot.first, last=lot.last) == lot:
            joined[-1] = replace(before, last=lot.last)
        else:
            joined.append(lot)
    return tuple(joined)


def _times(left: Decimal, one: Decimal) -> int:
    """How many whole times `one` goes into what is left."""
    return int(EXACT.divide_int(max(left, ZERO), one))


def _less(left: Decimal, one: Decimal, quantity: int) -> Decimal:
    return EXACT.subtract(left, EXACT.multiply(one, Decimal(quantity)))


def _by_key(match: Match) -> list[tuple[Line, ...]]:
    lines = lines_by_key(match)
    return [tuple(lines[key]) for key in sorted(lines, key=lambda key: key.order)]
