"""Emissions threshold (3.1, App. E): limits, levels and the preferred tag. R020–R024.

Limits are inclusive and compared unrounded. The site's average decides, never a product figure.
"""

from decimal import Decimal, localcontext

from registry.rulebook.edition import LEVELS, Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import FunctionalUnit, IssuanceCase
from registry.rulebook.figures import (
    functional_unit,
    product_intensity,
    scrap_share,
    site_intensity,
)
from registry.rulebook.findings import Verdict, failed, not_applicable, passed
from registry.rulebook.given import EXACT, Unusable, shown

_LEVEL_PARAMETERS = (
    "iron_limit_intensity",
    "iron_preferred_intensity",
    "steel_levels",
    "steel_limit_level",
    "preferred_level",
)


def level_limit(edition: Edition, level: str, scrap_share: Decimal) -> Decimal:
    """The highest crude steel intensity of a level in t CO2e/t, exact (App. E).

    scrap_share: of the metallic input, 0…1. Raises KeyError for a level the edition has not,
    ValueError for a share outside 0…1: the lines end there.
    """
    if not 0 <= scrap_share <= 1:
        raise ValueError(f"a scrap share lies between 0 and 1, found {scrap_share}")
    base, gradient = edition.steel_levels[level]
    with localcontext(EXACT):
        return base - gradient * scrap_share


def level_limits(
    edition: Edition, *, functional_unit: FunctionalUnit, scrap_share: Decimal | None = None
) -> dict[str, Decimal]:
    """Every level's limit in t CO2e/t, loosest first (3.1, App. E).

    Iron has the limit level and the preferred level only, and no scrap share.
    """
    if functional_unit is FunctionalUnit.IRON:
        return {
            edition.steel_limit_level: edition.iron_limit_intensity,
            edition.preferred_level: edition.iron_preferred_intensity,
        }
    if scrap_share is None:
        raise ValueError("the limits of crude steel depend on the scrap share, which is not given")
    return {level: level_limit(edition, level, scrap_share) for level in LEVELS}


def level_reached(
    edition: Edition,
    *,
    functional_unit: FunctionalUnit,
    site_intensity: Decimal,
    scrap_share: Decimal | None = None,
) -> str | None:
    """The strictest level whose limit the site's average meets, None when it meets none."""
    limits = level_limits(edition, functional_unit=functional_unit, scrap_share=scrap_share)
    met = [level for level, limit in limits.items() if site_intensity <= limit]
    return max(met, key=LEVELS.index, default=None)


def is_preferred(
    edition: Edition,
    *,
    functional_unit: FunctionalUnit,
    site_intensity: Decimal,
    scrap_share: Decimal | None = None,
) -> bool:
    """Whether units of the site may be tagged SSBP-preferred (3.1)."""
    limits = level_limits(edition, functional_unit=functional_unit, scrap_share=scrap_share)
    return site_intensity <= limits[edition.preferred_level]


@rule(
    "R020",
    section="3.1",
    modality="shall",
    subject=IssuanceCase,
    parameters=("iron_limit_intensity",),
)
def iron_site_meets_the_limit(case: IssuanceCase, edition: Edition) -> Verdict:
    """R020 (3.1): The ironmaking site's average intensity is at most the limit."""
    if functional_unit(case) is not FunctionalUnit.IRON:
        return not_applicable("Not an ironmaking production.")
    return _compared(site_intensity(case), edition.iron_limit_intensity, "iron")


@rule(
    "R021",
    section="3.1, App.E",
    modality="shall",
    subject=IssuanceCase,
    parameters=("steel_levels", "steel_limit_level"),
)
def steel_site_meets_the_limit(case: IssuanceCase, edition: Edition) -> Verdict:
    """R021 (3.1, App.E): The steelmaking site's average is at most the line at its scrap share."""
    if functional_unit(case) is not FunctionalUnit.CRUDE_STEEL:
        return not_applicable("Not a steelmaking production.")
    share = scrap_share(case)
    limit = level_limit(edition, edition.steel_limit_level, share)
    what = f"crude steel at scrap share {shown(share)} ({edition.steel_limit_level})"
    return _compared(site_intensity(case), limit, what, scrap_share=share)


@rule(
    "R022",
    section="3.1",
    modality="may",
    subject=IssuanceCase,
    parameters=("iron_preferred_intensity", "steel_levels", "preferred_level"),
)
def preferred_tag_is_earned(case: IssuanceCase, edition: Edition) -> Verdict:
    """R022 (3.1): Units may be tagged SSBP-preferred when the site's average earns it."""
    limit = _limits(case, edition)[edition.preferred_level]
    intensity = site_intensity(case)
    numbers = {"site_intensity": intensity, "limit": limit}
    found = f"site average {shown(intensity)} t CO2e/t"
    allowed = f"at most {shown(limit)} t CO2e/t ({edition.preferred_level})"
    if intensity <= limit:
        return passed(f"{found}: SSBP-preferred", allowed, field="preferred_claimed", **numbers)
    if case.production.preferred_claimed:
        return failed(
            f"{found}, and the SSBP-preferred tag asked for",
            allowed,
            "Leave the tag out; the units may be issued without it.",
            field="preferred_claimed",
            **numbers,
        )
    return not_applicable(f"{found}: not SSBP-preferred, and the tag is not asked for.")


@rule(
    "R023",
    section="3.1, App.E",
    modality="shall",
    subject=IssuanceCase,
    parameters=_LEVEL_PARAMETERS,
)
def level_is_on_the_lines(case: IssuanceCase, edition: Edition) -> Verdict:
    """R023 (3.1, App.E): The level is read off the lines; a boundary value reaches it.

    Iron has the limit level and the preferred level only.
    """
    limits = _limits(case, edition)
    intensity = site_intensity(case)
    level = level_reached(
        edition,
        functional_unit=functional_unit(case),
        site_intensity=intensity,
        scrap_share=_share_of(case),
    )
    lines = ", ".join(f"{each} {shown(limit)}" for each, limit in limits.items())
    found = f"site average {shown(intensity)} t CO2e/t: {level or 'no level'}"
    numbers: dict[str, object] = {"site_intensity": intensity, "level": level, **limits}
    if level:
        return passed(found, f"{lines} t CO2e/t", field="site_intensity", **numbers)
    return failed(
        found,
        f"{lines} t CO2e/t, each the highest of its level",
        "Check the figures and the scrap share; this site reaches no level.",
        field="site_intensity",
        **numbers,
    )


@rule(
    "R024",
    section="5.1/5.2",
    modality="shall",
    subject=IssuanceCase,
    parameters=("iron_limit_intensity", "steel_levels", "steel_limit_level"),
)
def threshold_is_met_by_the_site(case: IssuanceCase, edition: Edition) -> Verdict:
    """R024 (5.1/5.2): The site's average meets the threshold; no allocation is used to meet it."""
    limit = _limits(case, edition)[edition.steel_limit_level]
    try:
        site = site_intensity(case)
    except Unusable as missing:
        raise Unusable(
            missing.field,
            f"{missing.found}; a product figure cannot stand in for it",
            "the site's average over all its production",
            "Give the site's average.",
        ) from missing
    product = product_intensity(case)
    numbers = {"site_intensity": site, "intensity": product, "limit": limit}
    found = f"site average {shown(site)}, product figure {shown(product)} t CO2e/t"
    allowed = f"site average at most {shown(limit)} t CO2e/t, whatever the product figure"
    if site > limit >= product:
        return failed(
            found,
            allowed,
            "The allocated figure does not count here; the site itself is not eligible.",
            field="site_intensity",
            **numbers,
        )
    return passed(found, allowed, field="site_intensity", **numbers)


def _share_of(case: IssuanceCase) -> Decimal | None:
    return None if functional_unit(case) is FunctionalUnit.IRON else scrap_share(case)


def _limits(case: IssuanceCase, edition: Edition) -> dict[str, Decimal]:
    return level_limits(edition, functional_unit=functional_unit(case), scrap_share=_share_of(case))


def _compared(intensity: Decimal, limit: Decimal, what: str, **numbers: Decimal) -> Verdict:
    found = f"site average {shown(intensity)} t CO2e/t {what}"
    allowed = f"at most {shown(limit)} t CO2e/t"
    figures = {"site_intensity": intensity, "limit": limit, **numbers}
    if intensity <= limit:
        return passed(found, allowed, field="site_intensity", **figures)
    return failed(
        found,
        allowed,
        "No units can be issued from this site for this period; its average must fall first.",
        field="site_intensity",
        **figures,
    )
