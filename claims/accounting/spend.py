"""Spend-based lines by activity estimation (9.2, 11.7): the AIM QAR guidance's two methods.

Spend becomes an estimated volume, unrounded; then net = V·I + (V_est − V)·B, with B the product
intervention baseline the claimant names with its source.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from claims.accounting.facts import UnitLot
from claims.accounting.group import total
from claims.accounting.numbers import EXACT, require_decimal, shown


class Estimation(StrEnum):
    """The two activity estimation methods; the choice is the company's, neither is preferred."""

    INTERVENTION_BASELINE = "intervention_baseline"
    UNIT_COST = "unit_cost"


@dataclass(frozen=True, slots=True)
class SpendFacts:
    """One spend-based line. spend: in currency, factor: t CO2e per unit of it (EEIO).

    price_index_*: producer price index (PPI) of the year of the spend and of the unit price.
    unit_price: currency per t, in money of its reference year. baseline_intensity: the product
    intervention baseline B, t CO2e/t, with its source.
    """

    id: str
    category: str
    method: str
    spend: Decimal | None
    baseline_intensity: Decimal | None
    baseline_source: str = ""
    currency: str = ""
    factor: Decimal | None = None
    price_index_spend: Decimal | None = None
    price_index_reference: Decimal | None = None
    unit_price: Decimal | None = None
    price_source: str = ""

    def __post_init__(self) -> None:
        for name in (
            "spend",
            "baseline_intensity",
            "factor",
            "price_index_spend",
            "price_index_reference",
            "unit_price",
        ):
            require_decimal(f"spend line {self.id}: {name}", getattr(self, name))


@dataclass(frozen=True, slots=True)
class SpendCase:
    """A claim on one spend-based line. volume_before: units applied to it by earlier claims,
    reduction_before: what they took off it, t CO2e."""

    line: SpendFacts
    lots: tuple[UnitLot, ...]
    volume_before: int = 0
    reduction_before: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        require_decimal("reduction_before", self.reduction_before)

    @property
    def volume(self) -> int:
        return sum(lot.quantity for lot in self.lots)


@dataclass(frozen=True, slots=True)
class SpendResult:
    """What a claim does to a spend-based line, shown to six decimals. Emissions in t CO2e.

    draft_adjusted_emissions: the net as the framework's own example computes it, with the
    estimated tonnes rounded to one decimal first; shown beside, never used.
    """

    estimated_tonnes: Decimal
    physical_emissions: Decimal
    reduction_emissions: Decimal
    adjusted_emissions: Decimal
    draft_adjusted_emissions: Decimal


def estimated_tonnes(line: SpendFacts) -> Fraction:
    """The estimated volume, unrounded (11.7). Raises ValueError where a figure is not usable.

    Intervention baseline: spend × factor / B. Unit cost: spend in reference-year money / price.
    """
    if line.method == Estimation.INTERVENTION_BASELINE:
        spend, factor = _positive(line, "spend"), _positive(line, "factor")
        return spend * factor / _positive(line, "baseline_intensity")
    if line.method == Estimation.UNIT_COST:
        deflator = _positive(line, "price_index_reference") / _positive(line, "price_index_spend")
        return _positive(line, "spend") * deflator / _positive(line, "unit_price")
    raise ValueError(f"spend line {line.id}: unknown method {line.method!r}")


def spend_emissions(line: SpendFacts) -> Decimal:
    """The line's physical emissions, t CO2e, to six decimals: V_est·B, which for the intervention
    baseline is spend × factor whatever B is. Raises ValueError where a figure is not usable.
    """
    if line.method == Estimation.UNIT_COST:
        return shown(estimated_tonnes(line) * _positive(line, "baseline_intensity"))
    return shown(_positive(line, "spend") * _positive(line, "factor"))


def units_left(case: SpendCase) -> int:
    """The most whole units the estimated tonnes take, less what was applied before (R125)."""
    tonnes = estimated_tonnes(case.line)
    return max(tonnes.numerator // tonnes.denominator - case.volume_before, 0)


def substitute_spend(case: SpendCase) -> SpendResult:
    """Apply a claim's units to its spend-based line (11.7, R126).

    Raises ValueError where R126 would refuse it: unusable figures, no units or more than the
    estimated tonnes, a unit whose intensity is not below the baseline.
    """
    baseline = _positive(case.line, "baseline_intensity")
    tonnes = estimated_tonnes(case.line)
    if not 1 <= case.volume <= units_left(case):
        raise ValueError(f"{case.volume} units, {units_left(case)} fit the estimated tonnes")
    if any(lot.claim_intensity >= baseline for lot in case.lots):
        raise ValueError("a unit's intensity is not below the baseline")
    emissions = Fraction(
        total(EXACT.multiply(Decimal(lot.quantity), lot.claim_intensity) for lot in case.lots)
    )
    # The line states its emissions to six decimals: what claims take off them adds up to them,
    # and the last decimal of several roundings never takes more than is left.
    physical = shown(tonnes * baseline)
    before = EXACT.subtract(physical, case.reduction_before)
    reduction = min(shown(case.volume * baseline - emissions), max(before, Decimal(0)))
    rounded = shown(Fraction(shown(tonnes, 1)) * baseline)
    taken = EXACT.add(case.reduction_before, reduction)
    return SpendResult(
        estimated_tonnes=shown(tonnes),
        physical_emissions=physical,
        reduction_emissions=reduction,
        adjusted_emissions=EXACT.subtract(physical, taken),
        draft_adjusted_emissions=EXACT.subtract(rounded, taken),
    )


def _positive(line: SpendFacts, name: str) -> Fraction:
    value = getattr(line, name)
    if value is None or not value.is_finite() or value <= 0:
        raise ValueError(f"spend line {line.id}: {name} is {value}")
    return Fraction(value)
