"""Direct substitution (9.2, R122): the unit's intensity in the place of the physical factor.

Adjusted emissions = E − V·factor + V·I. Downstream emissions of an EPD stay in the inventory:
the factor is the part aligned with the unit's boundary, the rest is a line of its own.
"""

from decimal import Decimal

from claims.accounting.facts import UnitLot
from claims.accounting.numbers import EXACT


def unit_reduction(lot: UnitLot, factor_intensity: Decimal) -> Decimal:
    """What a unit takes off the lines: factor − I. Below zero for a unit that R122 refuses."""
    return EXACT.subtract(factor_intensity, lot.claim_intensity)


def unit_counted(lot: UnitLot, factor_intensity: Decimal) -> Decimal:
    """What a unit counts against the lines in a later enhanced claim (R123).

    B as the cap says, and at least the factor, for that is what direct substitution replaced.
    """
    return max(lot.baseline_intensity, factor_intensity)
