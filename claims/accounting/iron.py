"""The iron-related part of a steel line (9.2, R116): content, tonnes and emissions."""

from dataclasses import dataclass
from decimal import Decimal

from claims.accounting.facts import Line, Material
from claims.accounting.numbers import EXACT, SHARE_PLACES, decimal_fault

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Content:
    """An iron content 0…1 and where it comes from: supplier, regional, global, or the material
    itself where the line is iron."""

    share: Decimal
    tier: str


def iron_content(line: Line) -> Content | None:
    """The line's iron content from the most representative source there is (9.2), or None.

    Supplier's figure, else 1 − the regional default scrap share of the product family, else
    1 − the global one. Call `content_fault` first where the figures are a user's.
    """
    if line.material == Material.IRON:
        return Content(ONE, "material")
    known = line.iron_content
    if known.supplier is not None:
        return Content(known.supplier, "supplier")
    if known.regional_scrap_share is not None:
        return Content(EXACT.subtract(ONE, known.regional_scrap_share), "regional")
    if known.global_scrap_share is not None:
        return Content(EXACT.subtract(ONE, known.global_scrap_share), "global")
    return None


def content_fault(line: Line) -> str:
    """What is wrong with the line's iron content, empty when nothing is."""
    known = line.iron_content
    for name, value in (
        ("iron content", known.supplier),
        ("regional scrap share", known.regional_scrap_share),
        ("global scrap share", known.global_scrap_share),
    ):
        fault = decimal_fault(value, places=SHARE_PLACES) if value is not None else ""
        if fault or (value is not None and value > 1):
            return f"{name} {fault or f'is {value}, above 1'}"
    content = iron_content(line)
    if content is None:
        return "iron content is missing"
    if content.share == 0:
        return f"iron content is zero ({content.tier})"
    return ""


def iron_factor(line: Line) -> Decimal | None:
    """The factor of the iron-related part: its own, or the line's where none is known."""
    return (
        line.factor_intensity
        if line.iron_factor_intensity is None
        else (line.iron_factor_intensity)
    )
