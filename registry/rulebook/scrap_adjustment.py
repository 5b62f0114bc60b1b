"""Scrap adjustment (4.2): units with more scrap than their average baseline are raised. R054.

Thresholds never look at the adjusted intensity; R056 and claims do.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from registry.rulebook.edition import LEVELS, Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import FunctionalUnit, IssuanceCase
from registry.rulebook.figures import (
    INTENSITY_UNIT,
    functional_unit,
    product_intensity,
    scrap_share,
    site_intensity,
)
from registry.rulebook.findings import Verdict, failed, not_applicable, passed
from registry.rulebook.given import EXACT, decimal_given, share_given, shown, word_given
from registry.rulebook.threshold import level_reached

_PARAMETERS = ("lca_average_kinds", "scrap_gap_share", "scrap_gap_basis", "steel_levels")


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How far a unit is raised, exactly. gap: of the scrap shares, the whole of it.

    level: the one the site reaches, whose gradient is taken (the loosest where it reaches none).
    """

    gap: Decimal
    level: str
    gradient: Decimal
    intensity: Decimal


def scrap_adjustment(case: IssuanceCase, edition: Edition) -> Adjustment | None:
    """I + m (x_unit - x_baseline), or None where R054 asks for none. Raises Unusable."""
    if not _is_average_of_steel(case, edition):
        return None
    share = scrap_share(case)
    base = share_given("baseline_scrap", case.baseline.scrap_share)
    if not gap_exceeds(share, base, edition):
        return None
    level = level_reached(
        edition,
        functional_unit=FunctionalUnit.CRUDE_STEEL,
        site_intensity=site_intensity(case),
        scrap_share=share,
    )
    taken = level or LEVELS[0]
    _, gradient = edition.steel_levels[taken]
    with localcontext(EXACT):
        gap = share - base
        return Adjustment(gap, taken, gradient, product_intensity(case) + gradient * gap)


def gap_exceeds(share: Decimal, base: Decimal, edition: Edition) -> bool:
    """Whether a unit's scrap share exceeds the baseline's by more than the edition allows."""
    with localcontext(EXACT):
        whole = base if edition.scrap_gap_basis == "relative" else Decimal(1)
        return share - base > edition.scrap_gap_share * whole


@rule("R054", section="4.2", modality="shall", subject=IssuanceCase, parameters=_PARAMETERS)
def scrap_above_the_baseline_is_adjusted(case: IssuanceCase, edition: Edition) -> Verdict:
    """R054 (4.2): Against an average, a unit with clearly more scrap carries a raised intensity.

    The gap is more than the edition's share; the whole gap counts, by the gradient of the level
    the site reaches. R056 and claims use the raised intensity, thresholds never.
    """
    if not _is_average_of_steel(case, edition):
        return not_applicable("The baseline is no average of crude steel at one scrap share.")
    share = scrap_share(case)
    base = share_given("baseline_scrap", case.baseline.scrap_share)
    numbers: dict[str, object] = {"scrap_share": share, "baseline_scrap": base}
    found = f"scrap share {shown(share)}, baseline {shown(base)}"
    raised = scrap_adjustment(case, edition)
    if raised is None:
        most = shown(edition.scrap_gap_share)
        basis = edition.scrap_gap_basis.replace("_", " ")
        return passed(
            found, f"at most {most} above ({basis})", field="adjusted_intensity", **numbers
        )
    needed = shown(raised.intensity)
    numbers |= {"gap": raised.gap, "gradient": raised.gradient, "adjusted": raised.intensity}
    allowed = f"adjusted by {shown(raised.gradient)} ({raised.level}) to {needed} t CO2e/t"
    recorded = case.production.adjusted_intensity
    if recorded is None:
        return failed(
            f"{found}, not adjusted",
            allowed,
            f"Record {needed} t CO2e/t as the scrap-adjusted intensity, or choose a sliding scale.",
            field="adjusted_intensity",
            **numbers,
        )
    given = decimal_given("adjusted_intensity", recorded, INTENSITY_UNIT)
    found = f"{found}, adjusted to {shown(given)} t CO2e/t"
    numbers |= {"recorded": given}
    if given >= raised.intensity:
        return passed(found, allowed, field="adjusted_intensity", **numbers)
    return failed(
        found,
        allowed,
        f"Record {needed} t CO2e/t: claims are made with it.",
        field="adjusted_intensity",
        **numbers,
    )


def _is_average_of_steel(case: IssuanceCase, edition: Edition) -> bool:
    is_steel = functional_unit(case) is FunctionalUnit.CRUDE_STEEL
    return is_steel and word_given("baseline", case.baseline.kind) in edition.lca_average_kinds
