"""The result of applying a group's units to its lines, by either method (R122–R127)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from claims.accounting.enhanced import cap_applies
from claims.accounting.facts import LineShare, Method
from claims.accounting.group import Group, total
from claims.accounting.limits import Limits, limits, lot_counted, lot_reduction, total_cap
from claims.accounting.numbers import EMISSIONS_PLACES, EXACT, VOLUME_PLACES, ZERO, shown
from claims.accounting.spread import spread


@dataclass(frozen=True, slots=True)
class Substitution:
    """What a claim does to one group of lines. Emissions in t CO2e.

    physical_emissions: no BCUs applied. emissions_before: after earlier claims.
    adjusted_emissions: after this one too (the net). reduction_emissions: of this claim.
    total_capped: the total-emissions cap cut the reduction.
    net_intensity: adjusted emissions per tonne of the lines, shown to six decimals.
    exact_volume, exact_adjusted_emissions: the limit and the net if it were used to the full,
    real-valued instead of in whole units, shown to six decimals.
    below_unit_intensity: the net intensity is below the units' own (R127).
    """

    group: Group
    limits: Limits
    cap_applied: bool
    total_capped: bool
    physical_emissions: Decimal
    emissions_before: Decimal
    adjusted_emissions: Decimal
    reduction_emissions: Decimal
    counted_emissions: Decimal
    unit_emissions: Decimal
    net_intensity: Decimal
    unit_intensity: Decimal
    exact_volume: Decimal
    exact_adjusted_emissions: Decimal
    below_unit_intensity: bool

    @property
    def volume(self) -> int:
        return self.group.volume


def substitute(group: Group) -> Substitution:
    """Apply all of a group's lots to its lines.

    Raises ValueError where a rule would refuse it: nothing to apply, more units than the limit,
    a unit without a reduction.
    """
    limit = limits(group)
    if not 1 <= group.volume <= limit.units:
        raise ValueError(f"{group.key.label}: {group.volume} units, the limit is {limit.units}")
    if any(lot_reduction(group, lot) < 0 for lot in group.lots):
        raise ValueError(f"{group.key.label}: a unit would raise the emissions")
    wanted = total(lot_reduction(group, lot) for lot in group.lots)
    reduction = min(wanted, group.reduction_left)
    physical, before = group.physical_emissions, group.reduction_left
    adjusted = EXACT.subtract(before, reduction)
    units = total(EXACT.multiply(Decimal(lot.quantity), lot.claim_intensity) for lot in group.lots)
    own_emissions = Fraction(EXACT.add(units, group.unit_emissions_before))
    own_volume = Fraction(group.volume) + Fraction(group.volume_before)
    unit_intensity = own_emissions / own_volume
    net_intensity = Fraction(adjusted) / Fraction(group.tonnes)
    at_limit = min(Fraction(wanted) * limit.exact_units / group.volume, Fraction(before))
    return Substitution(
        group=group,
        limits=limit,
        cap_applied=cap_applies(group),
        total_capped=total_cap(group) and wanted > before,
        physical_emissions=physical,
        emissions_before=before,
        adjusted_emissions=adjusted,
        reduction_emissions=reduction,
        counted_emissions=total(lot_counted(group, lot) for lot in group.lots),
        unit_emissions=units,
        net_intensity=shown(net_intensity),
        unit_intensity=shown(unit_intensity),
        exact_volume=shown(limit.exact_units),
        exact_adjusted_emissions=shown(Fraction(before) - at_limit),
        below_unit_intensity=group.key.method == Method.ENHANCED and net_intensity < unit_intensity,
    )


def line_shares(result: Substitution) -> tuple[LineShare, ...]:
    """The result spread over its lines, by line id. What the next claim gets as `earlier`.

    Each amount is spread by what the lines have left of it: no line takes more than its own
    tonnes and emissions, and the sums are the group's to the last digit.
    """
    group = result.group
    standings = group.standings
    tonnes = [each.tonnes_left for each in standings]
    volumes = spread(Decimal(group.volume), tonnes, places=VOLUME_PLACES)
    reductions = _emissions(result.reduction_emissions, [each.reduction_left for each in standings])
    room = [max(each.counted_left, ZERO) for each in standings]
    fits = total(room) >= result.counted_emissions
    counted = _emissions(result.counted_emissions, room if fits else tonnes)
    units = _emissions(result.unit_emissions, tonnes)
    above = any(lot.baseline_intensity > group.key.factor_intensity for lot in group.lots)
    return tuple(
        LineShare(
            line=each.line.id,
            method=group.key.method,
            functional_unit=group.key.functional_unit,
            volume=volumes[place],
            counted_emissions=counted[place],
            unit_emissions=units[place],
            reduction_emissions=reductions[place],
            above_factor=above,
        )
        for place, each in enumerate(standings)
    )


def _emissions(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    return spread(amount, weights, places=EMISSIONS_PLACES)
