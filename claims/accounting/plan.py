"""Divides retired units over lines before a claim is made: as many as the limits allow (R124).

A plan, for the user to edit: the rules judge what comes out of it like anything else.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from claims.accounting.enhanced import cap_applies
from claims.accounting.facts import Line, LineShare, Match, UnitLot
from claims.accounting.group import Group, GroupKey, groups, keys_of
from claims.accounting.limits import lot_counted, lot_reduction, total_cap
from claims.accounting.numbers import EXACT, ZERO


def divide(
    template: Match, lots: Iterable[UnitLot], earlier: Iterable[LineShare] = ()
) -> tuple[tuple[Match, ...], tuple[UnitLot, ...]]:
    """The template's lines in matches that each share one key, filled with the lots.

    Oldest vintage first, groups in the order of reporting. Returns the matches that got units
    and the lots, or ends of lots, that found no room. The template's own lots and `requested`
    are ignored. Raises ValueError for lines without usable figures.
    """
    left = sorted(lots, key=lambda lot: lot.order)
    shares = tuple(earlier)
    matches = []
    for lines in _by_key(replace(template, lots=tuple(left[:1]))):
        match = replace(template, lines=lines, requested=None)
        taken, left = fill(match, left, shares)
        if taken.lots:
            matches.append(taken)
    return tuple(matches), tuple(left)


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


def fill(
    match: Match, lots: Sequence[UnitLot], earlier: Iterable[LineShare] = ()
) -> tuple[Match, list[UnitLot]]:
    """The match with as many units as its lines take, in the order of the lots, and the rest.

    Only lots of the first one's functional unit are used; one match holds one kind of unit.
    """
    if not lots:
        return replace(match, lots=()), []
    group = groups([replace(match, lots=(lots[0],))], earlier)[0]
    room = _Room(group)
    taken, rest = [], []
    for lot in lots:
        quantity = room.take(lot) if lot.functional_unit == group.key.functional_unit else 0
        if quantity == lot.quantity:
            taken.append(lot)
        elif quantity:
            first, second = lot.split(quantity)
            taken.append(first)
            rest.append(second)
        else:
            rest.append(lot)
    return replace(match, lots=tuple(taken)), rest


class _Room:
    """What a group has left while lots are added to it one by one."""

    def __init__(self, group: Group) -> None:
        self.group = replace(group, lots=())
        self.units_left = int(group.tonnes_left)
        self.counted_left = group.counted_left
        self.reduction_left = group.reduction_left

    def take(self, lot: UnitLot) -> int:
        """Adds as much of the lot as there is room for; returns how many units."""
        one = replace(lot, last=lot.first)
        counted, reduction = lot_counted(self.group, one), lot_reduction(self.group, one)
        if reduction <= 0:
            return 0
        above = self.group.above_before or lot.baseline_intensity > self.group.key.factor_intensity
        group = replace(self.group, above_before=above)
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
    ratio = Fraction(max(left, ZERO)) / Fraction(one)
    return ratio.numerator // ratio.denominator


def _less(left: Decimal, one: Decimal, quantity: int) -> Decimal:
    return EXACT.subtract(left, EXACT.multiply(one, Decimal(quantity)))


def _by_key(match: Match) -> list[tuple[Line, ...]]:
    lines: dict[GroupKey, list[Line]] = defaultdict(list)
    for line in match.lines:
        (key,) = keys_of(replace(match, lines=(line,)))
        lines[key].append(line)
    return [tuple(lines[key]) for key in sorted(lines, key=lambda key: key.order)]
