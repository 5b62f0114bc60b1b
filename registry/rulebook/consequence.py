"""What choosing a baseline means (4): its value here, and the reduction the units would show."""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from registry.rulebook.baseline import claimed_intensity
from registry.rulebook.edition import Edition
from registry.rulebook.facts import IssuanceCase
from registry.rulebook.figures import INTENSITY_UNIT, product_intensity
from registry.rulebook.given import EXACT, decimal_given


@dataclass(frozen=True, slots=True)
class Consequence:
    """In t CO2e/t and t CO2e, exactly. scrap_share: the one a scale is read at, or of the value.

    claimed_intensity: the measured one, or what R054 raises it to. reduction_intensity: baseline
    less that, zero or less where units would be marked "no reduction". units: None until asked
    for; reduction_emissions: over all of them.
    """

    baseline_intensity: Decimal
    scrap_share: Decimal | None
    intensity: Decimal
    claimed_intensity: Decimal
    reduction_intensity: Decimal
    units: int | None
    reduction_emissions: Decimal | None
    is_no_reduction: bool
    is_fallback: bool

    @property
    def is_adjusted(self) -> bool:
        return self.claimed_intensity != self.intensity


def consequence(case: IssuanceCase, edition: Edition) -> Consequence:
    """Of the case's own baseline. Raises Unusable: a figure that it needs is not given yet."""
    baseline = decimal_given("baseline", case.baseline.value_intensity, INTENSITY_UNIT)
    claimed = claimed_intensity(case, edition)
    tonnes = case.production.tonnes
    units = tonnes if type(tonnes) is int and tonnes > 0 else None
    with localcontext(EXACT):
        reduction = baseline - claimed
        total = None if units is None else max(reduction, Decimal(0)) * units
    return Consequence(
        baseline_intensity=baseline,
        scrap_share=case.baseline.scrap_share,
        intensity=product_intensity(case),
        claimed_intensity=claimed,
        reduction_intensity=reduction,
        units=units,
        reduction_emissions=total,
        is_no_reduction=reduction <= 0,
        is_fallback=case.baseline.fallback,
    )
