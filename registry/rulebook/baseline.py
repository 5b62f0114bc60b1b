"""Baseline (4): CBAM default values, the sliding scale, and whether anything is reduced.

Pure helpers first, then R052 and R056. Values in t CO2e/t.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import cache
from pathlib import Path

from registry.rulebook.edition import Edition, editions
from registry.rulebook.engine import rule
from registry.rulebook.facts import BaselineFacts, BaselineKind, IssuanceCase
from registry.rulebook.figures import INTENSITY_UNIT, product_intensity
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.given import (
    EXACT,
    Unusable,
    decimal_given,
    share_given,
    shown,
    word_given,
)
from registry.rulebook.scrap_adjustment import scrap_adjustment

# A slope can have endless decimals: what is read off it is rounded once, half to even.
_SCALE_QUANTUM = Decimal("0.000000000001")

DATA = Path(__file__).parent.parent / "data"
CBAM_SOURCE = "CBAM default value, Implementing Regulation (EU) 2025/2621 as corrected by 2026/1740"

CN_CODES: Mapping[str, str] = {
    "pig_iron": "7201",
    "cast_iron": "7201",
    "dri": "7203",
    "hbi": "7203",
    "electrolytic_iron": "7203",
}
"""Combined Nomenclature code by product (4.1). Cast and electrolytic iron and HBI: ours (GAP-5)."""


class BaselineUnavailable(ValueError):
    """There is no such baseline; the message says why and what to use instead."""


@dataclass(frozen=True, slots=True)
class CbamDefault:
    """One CBAM default value without mark-up, in t CO2e/t.

    country: ISO alpha-2. fallback: the row for other countries, because the country has no value
    of its own. marked_up: the values with the law's mark-up, which no baseline may use.
    """

    country: str
    cn_code: str
    value_intensity: Decimal
    fallback: bool
    marked_up: tuple[Decimal, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ReferencePoint:
    """One end of the sliding scale (4.2): value_intensity in t CO2e/t at scrap_share, 0…1."""

    scrap_share: Decimal
    value_intensity: Decimal


# Ours: ResponsibleSteel's default slabs, indicative; a user may enter better points.
PRIMARY_POINT = ReferencePoint(scrap_share=Decimal("0.15"), value_intensity=Decimal("2.46"))
SECONDARY_POINT = ReferencePoint(scrap_share=Decimal("0.95"), value_intensity=Decimal("0.62"))


def cn_code(product: str) -> str:
    """The CN code whose CBAM value a product takes. Raises BaselineUnavailable for steel."""
    try:
        return CN_CODES[product]
    except KeyError as error:
        raise BaselineUnavailable(
            f"CBAM defaults serve as baselines for iron products only, not for {product}; "
            "use the sliding scale for crude steel"
        ) from error


def cbam_default(country: str, cn_code: str, *, edition: Edition | None = None) -> CbamDefault:
    """The CBAM default of a country (ISO alpha-2) for a CN code, without mark-up (4.1).

    A listed country without a value of its own takes the fallback row, and is flagged. Countries
    exempt in the edition (the newest unless given) have none. Raises BaselineUnavailable.
    """
    judged_by = edition or editions()[-1]
    alpha2 = country.strip().upper()
    if alpha2 in judged_by.cbam_exempt_countries:
        raise BaselineUnavailable(
            f"CBAM has no default value for {alpha2}: it covers countries outside the EU, the EEA "
            "and Switzerland only; use an asset or regional baseline"
        )
    alpha3 = _alpha3().get(alpha2)
    if alpha3 is None:
        raise BaselineUnavailable(
            f"CBAM lists no default values for {alpha2 or 'a site without a country'}; "
            "use an asset or regional baseline"
        )
    rows = _cbam_rows()
    row = rows.get((alpha3, cn_code))
    fallback = row is None
    row = row or rows.get(("", cn_code))
    if row is None:
        raise BaselineUnavailable(f"CBAM has no default value for CN code {cn_code}")
    value, *marked_up = row
    source = f"{CBAM_SOURCE}, CN {cn_code}, {'other countries' if fallback else alpha2}"
    return CbamDefault(alpha2, cn_code, value, fallback, tuple(marked_up), source)


def sliding_scale(x: Decimal, primary: ReferencePoint, secondary: ReferencePoint) -> Decimal:
    """The baseline at scrap share x in t CO2e/t (R053, 4.2; Exhibit 6 as we read it).

    A straight line between the two points; outside them the nearer point's value holds, so
    nothing is extrapolated. Exact wherever the line's value has at most 100 digits. Raises
    ValueError: a share outside 0…1, points not in order, or a value of zero or less.
    """
    low, high = primary, secondary
    for share in (x, low.scrap_share, high.scrap_share):
        if not share.is_finite() or not 0 <= share <= 1:
            raise ValueError(f"a scrap share lies between 0 and 1, found {share}")
    for value in (low.value_intensity, high.value_intensity):
        if not value.is_finite() or value <= 0:
            raise ValueError(f"a reference value is above 0 t CO2e/t, found {value}")
    if low.scrap_share >= high.scrap_share:
        raise ValueError(
            "the primary point has the lower scrap share, "
            f"found {low.scrap_share} and {high.scrap_share}"
        )
    # The ends are answered as given: no arithmetic, so no rounding.
    if x <= low.scrap_share:
        return low.value_intensity
    if x >= high.scrap_share:
        return high.value_intensity
    with localcontext(EXACT):
        rise = (high.value_intensity - low.value_intensity) * (x - low.scrap_share)
        return low.value_intensity + rise / (high.scrap_share - low.scrap_share)


def scale_value(x: Decimal, primary: ReferencePoint, secondary: ReferencePoint) -> Decimal:
    """The scale at x as it is recorded: twelve decimals, half to even. Raises as sliding_scale."""
    exact = sliding_scale(x, primary, secondary)
    rounded = exact.quantize(_SCALE_QUANTUM, rounding=ROUND_HALF_EVEN)
    return exact if rounded == exact else rounded


@rule(
    "R052",
    section="—",
    modality="shall",
    subject=IssuanceCase,
    parameters=("cbam_exempt_countries",),
    ours=True,
)
def cbam_value_is_the_laws(case: IssuanceCase, edition: Edition) -> Verdict:
    """R052 (—): A CBAM baseline is the law's value for the site, without mark-up, or none.

    Only countries outside the EU, the EEA and Switzerland have one. The fallback row is flagged.
    """
    baseline = case.baseline
    if word_given("baseline", baseline.kind) != BaselineKind.CBAM:
        return not_applicable("The baseline is not a CBAM value.")
    value = _baseline_value(case)
    country, product = case.site.country, word_given("product", case.production.product)
    try:
        law = cbam_default(country, cn_code(product), edition=edition)
    except BaselineUnavailable as error:
        return failed(
            f"CBAM baseline for {product} made in {country or 'no country'}",
            str(error),
            "Choose an asset, regional or sliding-scale baseline.",
            field="baseline",
        )
    numbers = {"baseline_intensity": value, "cbam_default": law.value_intensity}
    kind = "the fallback for other countries" if law.fallback else "the country's own"
    allowed = f"{shown(law.value_intensity)} t CO2e/t ({kind}, CN {law.cn_code}, no mark-up)"
    found = f"{shown(value)} t CO2e/t"
    fault = _cbam_fault(baseline, law, value)
    if fault:
        what, action = fault
        return failed(f"{found}, {what}", allowed, action, field="baseline", **numbers)
    if value == law.value_intensity:
        return passed(found, allowed, field="baseline", **numbers)
    return warned(
        f"{found}, adjusted for {baseline.adjusted_for}",
        allowed,
        "The auditor checks the boundary adjustment.",
        field="baseline",
        **numbers,
    )


@rule(
    "R056",
    section="—",
    modality="shall",
    subject=IssuanceCase,
    parameters=("lca_average_kinds", "scrap_gap_share", "scrap_gap_basis", "steel_levels"),
    ours=True,
)
def baseline_lies_above_the_unit(case: IssuanceCase, edition: Edition) -> Verdict:
    """R056 (—): Units whose baseline is not above their intensity are marked "no reduction".

    The scrap-adjusted intensity where R054 asks for one. They may be issued; enhanced and
    spend-based substitution refuse them later.
    """
    baseline = _baseline_value(case)
    intensity = claimed_intensity(case, edition)
    numbers = {"baseline_intensity": baseline, "intensity": intensity}
    found = f"baseline {shown(baseline)}, unit {shown(intensity)} t CO2e/t"
    allowed = "a baseline above the unit's intensity"
    if baseline > intensity:
        return passed(found, allowed, field="baseline", **numbers)
    return warned(
        f"{found}: no reduction",
        allowed,
        'The units are marked "no reduction"; a claim by enhanced substitution refuses them.',
        field="baseline",
        **numbers,
    )


def claimed_intensity(case: IssuanceCase, edition: Edition) -> Decimal:
    """What claims will be made with: the product's intensity, raised where R054 asks for it.

    The highest of measured, recorded as adjusted and adjusted anew. Raises Unusable.
    """
    figures = [product_intensity(case)]
    if case.production.adjusted_intensity is not None:
        recorded = case.production.adjusted_intensity
        figures.append(decimal_given("adjusted_intensity", recorded, INTENSITY_UNIT))
    adjustment = scrap_adjustment(case, edition)
    if adjustment is not None:
        figures.append(adjustment.intensity)
    return max(figures)


def _cbam_fault(
    baseline: BaselineFacts, law: CbamDefault, value: Decimal
) -> tuple[str, str] | None:
    """What is wrong with a CBAM value and what to do about it; None when nothing is."""
    published = value == law.value_intensity
    # The law prints its marked-up values to three places; a value may carry more.
    if baseline.with_markup or (not published and round(value, 3) in law.marked_up):
        return "with mark-up", "Take the value without mark-up."
    if (baseline.country or law.country).strip().upper() != law.country:
        return (
            f"the value of {baseline.country} for a site in {law.country}",
            "Take the value of the site's own country.",
        )
    if baseline.fallback is not law.fallback:
        return (
            f"{'flagged' if baseline.fallback else 'not flagged'} as the fallback",
            "Record whether the value is the fallback for other countries.",
        )
    if not published and not baseline.adjusted_for.strip():
        return (
            "with no boundary adjustment recorded",
            "Take the published value, or record the boundary difference it is adjusted for.",
        )
    return None


def _baseline_value(case: IssuanceCase) -> Decimal:
    value = decimal_given("baseline", case.baseline.value_intensity, INTENSITY_UNIT)
    if case.baseline.scrap_share is not None:
        share_given("baseline", case.baseline.scrap_share)
    if value == 0:
        raise Unusable(
            "baseline",
            "baseline: 0",
            "baseline: above 0 t CO2e/t",
            "Correct baseline.",
        )
    return value


@cache
def _alpha3() -> Mapping[str, str]:
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso2"]: row["iso3"] for row in csv.DictReader(file)}


@cache
def _cbam_rows() -> Mapping[tuple[str, str], tuple[Decimal, ...]]:
    """(ISO alpha-3, CN code) -> value and the three marked-up ones; "" is the fallback row."""
    columns = ("total_tco2e_t", "with_markup_2026", "with_markup_2027", "with_markup_2028")
    with (DATA / "cbam_2026_1740.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["iso3"], row["cn_code"]): tuple(Decimal(row[each]) for each in columns)
            for row in csv.DictReader(file)
            if row["total_tco2e_t"]
        }
