"""How much of a mix of units its lines can take (R123, R124, R125).

With several intensities and baselines in one mix, a limit is on the mix as it stands: Σ V·B ≤ E
is the same as V ≤ E / (Σ V·B / V), and V is whole. So no lot comes before another.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from claims.accounting import direct, enhanced
from claims.accounting.facts import Cap, Method, UnitLot
from claims.accounting.group import Group, total
from claims.accounting.numbers import EXACT, shown


class Bound(StrEnum):
    """What limits the volume."""

    TONNES = "tonnes"
    BASELINE_CAP = "BCU-baseline cap"
    NET = "net emissions at zero"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most units a group takes of its mix of lots, in whole units and as a real number.

    cap_units, exact_cap_tonnes: the BCU-baseline cap alone, None where it does not apply.
    tonnes_units, exact_tonnes: what the tonnes leave (R125). units: the least of all limits;
    exact_units: the same, real-valued and unrounded. bound: which limit that is.
    """

    tonnes_units: int
    exact_tonnes: Decimal
    cap_units: int | None
    exact_cap_tonnes: Decimal | None
    units: int
    exact_units: Fraction
    bound: Bound


def limits(group: Group) -> Limits:
    """Every limit on a group's volume, with what earlier claims used taken off."""
    tonnes = Fraction(group.tonnes_left)
    cap = _baseline_cap(group)
    bounds = [(tonnes, Bound.TONNES)]
    if cap is not None:
        bounds.append((cap, Bound.BASELINE_CAP))
    net = _net_bound(group)
    if net is not None:
        bounds.append((net, Bound.NET))
    least, bound = min(bounds, key=lambda each: each[0])
    return Limits(
        tonnes_units=_floor(tonnes),
        exact_tonnes=group.tonnes_left,
        cap_units=None if cap is None else _floor(cap),
        exact_cap_tonnes=None if cap is None else shown(cap),
        units=_floor(least),
        exact_units=least,
        bound=bound,
    )


def lot_reduction(group: Group, lot: UnitLot) -> Decimal:
    """What a lot takes off the group's lines before any cap."""
    return EXACT.multiply(Decimal(lot.quantity), unit_reduction(group, lot))


def lot_counted(group: Group, lot: UnitLot) -> Decimal:
    """What a lot counts against the group's lines (R123)."""
    return EXACT.multiply(Decimal(lot.quantity), unit_counted(group, lot))


def unit_reduction(group: Group, lot: UnitLot) -> Decimal:
    """What one unit of a lot takes off, t CO2e/t."""
    if group.key.method == Method.DIRECT:
        return direct.unit_reduction(lot, group.key.factor_intensity)
    return enhanced.unit_reduction(lot)


def unit_counted(group: Group, lot: UnitLot) -> Decimal:
    """What one unit of a lot counts against the lines, t CO2e/t."""
    if group.key.method == Method.DIRECT:
        return direct.unit_counted(lot, group.key.factor_intensity)
    return enhanced.unit_counted(lot)


def total_cap(group: Group) -> bool:
    """Whether the claimant chose the total-emissions cap where a cap applies."""
    return group.key.cap == Cap.TOTAL and enhanced.cap_applies(group)


def _baseline_cap(group: Group) -> Fraction | None:
    if group.key.cap == Cap.TOTAL or not enhanced.cap_applies(group):
        return None
    return _bound(group, group.counted_left, total(lot_counted(group, lot) for lot in group.lots))


def _net_bound(group: Group) -> Fraction | None:
    """Keeps the net at zero or above after earlier claims by another method (R124)."""
    if total_cap(group):
        return None
    return _bound(
        group, group.reduction_left, total(lot_reduction(group, lot) for lot in group.lots)
    )


def _bound(group: Group, left: Decimal, used: Decimal) -> Fraction | None:
    if used <= 0:
        return None
    return max(Fraction(left) * group.volume / Fraction(used), Fraction(0))


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator
