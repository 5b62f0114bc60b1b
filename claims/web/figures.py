"""An inventory in figures, by line, with and without what was claimed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from claims.accounting.group import total
from claims.accounting.numbers import EXACT, ZERO
from claims.models import ClaimShare, InventoryLine


@dataclass(frozen=True, slots=True)
class LineFigures:
    """One line, t and t CO2e. claimed: t of units applied. is_settled: a claim used it."""

    line: InventoryLine
    physical_emissions: Decimal
    adjusted_emissions: Decimal
    claimed: Decimal
    is_settled: bool


def by_line(lines: Iterable[InventoryLine], shares: Iterable[ClaimShare]) -> list[LineFigures]:
    taken: dict[object, list[ClaimShare]] = defaultdict(list)
    for share in shares:
        taken[share.line_id].append(share)
    return [_figures(line, taken[line.pk]) for line in lines]


def physical_emissions(line: InventoryLine) -> Decimal:
    """t CO2e with no units applied. The service lets no line in without a figure."""
    if line.tonnes is not None and line.factor_intensity is not None:
        return EXACT.multiply(line.tonnes, line.factor_intensity)
    return line.stated_emissions or ZERO


def _figures(line: InventoryLine, shares: list[ClaimShare]) -> LineFigures:
    physical = physical_emissions(line)
    reduction = total(share.reduction_emissions for share in shares)
    return LineFigures(
        line=line,
        physical_emissions=physical,
        adjusted_emissions=EXACT.subtract(physical, reduction),
        claimed=total(share.volume for share in shares),
        is_settled=bool(shares),
    )
