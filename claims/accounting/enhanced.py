"""Enhanced substitution (9.2, R123): the unit's reduction against its own baseline.

Reduction = Σ V·(B − I). Where any applied unit's baseline exceeds the company's factor the
reduction is bounded: by the BCU-baseline cap, Σ V·B ≤ E, over all units applied to the matched
lines, now and before (preferred); or by the total-emissions cap, min(Σ V·(B − I), E).
"""

from decimal import Decimal

from claims.accounting.facts import Method, UnitLot
from claims.accounting.group import Group
from claims.accounting.numbers import EXACT


def unit_reduction(lot: UnitLot) -> Decimal:
    """What a unit takes off the lines: B − I. Zero or less for a unit that R123 refuses."""
    return EXACT.subtract(lot.baseline_intensity, lot.claim_intensity)


def unit_counted(lot: UnitLot) -> Decimal:
    """What a unit counts against the lines under the BCU-baseline cap: B."""
    return lot.baseline_intensity


def above_factor(group: Group) -> bool:
    """Whether a unit applied now or before has a baseline above the company's factor."""
    factor = group.key.factor_intensity
    return group.above_before or any(lot.baseline_intensity > factor for lot in group.lots)


def cap_applies(group: Group) -> bool:
    """Whether R123 bounds this claim: also a direct one that follows an enhanced one."""
    enhanced = group.key.method == Method.ENHANCED or group.enhanced_before
    return enhanced and above_factor(group)
