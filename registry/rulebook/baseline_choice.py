"""Choosing a baseline (4.1, 4.2): which kind and why, the boundary, the scale. R050, R051, R053."""

from decimal import Decimal

from registry.rulebook.baseline import ReferencePoint, scale_value
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import BaselineKind, FunctionalUnit, IssuanceCase, ScalePoint
from registry.rulebook.figures import INTENSITY_UNIT, functional_unit
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.given import (
    Unusable,
    decimal_given,
    label,
    share_given,
    shown,
    whole_given,
    word_given,
)

_GASES = ("CO2e", "CO2")


@rule(
    "R050",
    section="4.1",
    modality="shall",
    subject=IssuanceCase,
    parameters=("iron_baseline_kinds",),
)
def iron_baseline_is_the_best_available(case: IssuanceCase, edition: Edition) -> Verdict:
    """R050 (4.1): Iron takes the asset's baseline where available, else says why another.

    Then a regional average, or the CBAM value as recommended interim; which and why is recorded.
    """
    if functional_unit(case) is not FunctionalUnit.IRON:
        return not_applicable("Crude steel chooses by 4.2.")
    kind = word_given("baseline", case.baseline.kind)
    allowed = "the asset's own baseline; else a regional average or CBAM value, with the reason"
    found = f"baseline of kind {label(kind)}"
    if kind not in edition.iron_baseline_kinds:
        choose = ", ".join(label(each) for each in edition.iron_baseline_kinds)
        return failed(found, allowed, f"Choose one of: {choose}.", field="baseline")
    if kind == BaselineKind.ASSET:
        return passed(found, allowed, field="baseline")
    on_file = whole_given("asset_baselines", case.baseline.asset_baselines, "baselines")
    found = f"{found}, {on_file} asset baseline(s) on file"
    if not case.baseline.reason.strip():
        return failed(
            f"{found}, no reason given",
            allowed,
            "Say why no baseline of this asset or a comparable one is used.",
            field="baseline_reason",
            asset_baselines=on_file,
        )
    found = f"{found}, because: {case.baseline.reason.strip()}"
    if on_file:
        action = "The auditor checks why the asset baseline on file is not the one used."
        return warned(found, allowed, action, field="baseline_reason", asset_baselines=on_file)
    return passed(found, allowed, field="baseline_reason", asset_baselines=on_file)


@rule(
    "R051",
    section="4.1",
    modality="shall",
    subject=IssuanceCase,
    parameters=("cbam_boundary_differences",),
    boundary=False,
)
def cbam_boundary_is_checked_against_the_epd(case: IssuanceCase, edition: Edition) -> Verdict:
    """R051 (4.1): A CBAM value used beside an EPD has each boundary difference on record.

    Mining, methane, process gas and waste heat: what the check found of each.
    """
    if word_given("baseline", case.baseline.kind) != BaselineKind.CBAM:
        return not_applicable("The baseline is not a CBAM value.")
    if not case.baseline.epd.strip():
        return not_applicable("There is no EPD to compare the CBAM boundary with.")
    names = edition.cbam_boundary_differences
    missing = [each for each in names if not case.baseline.boundary.get(each, "").strip()]
    allowed = f"a finding on each of {', '.join(label(each) for each in names)}"
    if not missing:
        found = "; ".join(f"{label(each)}: {case.baseline.boundary[each]}" for each in names)
        return passed(found, allowed, field="baseline", checked=len(names))
    unsaid = ", ".join(label(each) for each in missing)
    return failed(
        f"nothing recorded on {unsaid}",
        allowed,
        f"Compare the EPD's boundary with CBAM's and record the difference in {unsaid}.",
        field=f"boundary_{missing[0]}",
        checked=len(names) - len(missing),
    )


@rule("R053", section="4.2", modality="should", subject=IssuanceCase)
def scale_stands_on_two_recorded_points(case: IssuanceCase, edition: Edition) -> Verdict:
    """R053 (4.2): Crude steel should take a sliding scale between two recorded reference points.

    A straight line at the unit's scrap share, the nearer value outside the points. Each point has
    scrap share, value above 0, gas basis, region, year and source; the primary has less scrap.
    """
    if functional_unit(case) is not FunctionalUnit.CRUDE_STEEL:
        return not_applicable("Iron has no scrap share to read a scale at.")
    kind = word_given("baseline", case.baseline.kind)
    allowed = "a straight line between two recorded points, read at the unit's scrap share"
    if kind != BaselineKind.SLIDING_SCALE:
        return warned(
            f"baseline of kind {label(kind)}",
            allowed,
            "The framework prefers a sliding scale; it follows the scrap share by itself.",
            field="baseline",
        )
    low = _point("primary", case.baseline.primary)
    high = _point("secondary", case.baseline.secondary)
    share = share_given("scrap_share", case.baseline.scrap_share)
    value = decimal_given("baseline", case.baseline.value_intensity, INTENSITY_UNIT)
    numbers = {
        "scrap_share": share,
        "baseline_intensity": value,
        "primary": low.value_intensity,
        "primary_scrap_share": low.scrap_share,
        "secondary": high.value_intensity,
        "secondary_scrap_share": high.scrap_share,
    }
    found = f"{shown(value)} t CO2e/t at scrap share {shown(share)}, {_line(low, high)}"
    if low.scrap_share >= high.scrap_share:
        action = "Give the primary point the lower scrap share, the secondary the higher."
        return failed(found, allowed, action, field="baseline", **numbers)
    read = scale_value(share, low, high)
    if value != read:
        action = f"Take {shown(read)} t CO2e/t, the scale's value there."
        return failed(found, allowed, action, field="baseline", read=read, **numbers)
    gases = {each.gas_basis for each in (case.baseline.primary, case.baseline.secondary) if each}
    if gases != {"CO2e"}:
        action = "A point in CO2 alone leaves methane out; enter it in CO2e where there is one."
        return warned(f"{found}, gas basis CO2", allowed, action, field="baseline", **numbers)
    return passed(found, allowed, field="baseline", **numbers)


def _point(name: str, point: ScalePoint | None) -> ReferencePoint:
    """A recorded point as the scale reads it. Raises Unusable for whatever is not recorded."""
    if point is None:
        raise Unusable(
            "baseline", f"{name} point: not given", "both reference points", f"Give the {name}."
        )
    share = share_given(f"{name}_scrap_share", point.scrap_share)
    value = decimal_given(f"{name}_intensity", point.value_intensity, INTENSITY_UNIT)
    if value == Decimal(0):
        raise Unusable(
            "baseline",
            f"{name} point: 0 t CO2e/t",
            "a reference value above 0 t CO2e/t",
            f"Correct the {name} point.",
        )
    if point.gas_basis not in _GASES:
        raise Unusable(
            "baseline",
            f"{name} point: gas basis {point.gas_basis or 'not given'}",
            f"a gas basis of {' or '.join(_GASES)}",
            f"Record the gas basis of the {name} point.",
        )
    word_given(f"{name}_region", point.region)
    whole_given(f"{name}_year", point.year, "years")
    word_given(f"{name}_source", point.source)
    return ReferencePoint(scrap_share=share, value_intensity=value)


def _line(low: ReferencePoint, high: ReferencePoint) -> str:
    ends = (f"{shown(each.value_intensity)} at {shown(each.scrap_share)}" for each in (low, high))
    return f"between {' and '.join(ends)}"
