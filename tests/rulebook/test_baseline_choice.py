"""R050, R051 and R053: which baseline, why, and the scale's two points (4.1, 4.2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.baseline import ReferencePoint, scale_value, sliding_scale
from tests.rulebook.cases import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    WARN,
    a_case,
    a_point,
    an_iron_case,
    finding,
    outcome,
)

CHECKED = {
    "mining": "CBAM leaves ore mining out, the EPD has it: 0.06 t CO2e/t",
    "methane": "CBAM leaves gas leakage out",
    "process_gas": "no credit in either",
}


@pytest.mark.rule("R050", "pass")
def test_an_asset_baseline_needs_no_reason() -> None:
    assert outcome("R050", an_iron_case(baseline_kind="asset", baseline_reason="")) is PASS


@pytest.mark.rule("R050", "pass")
@pytest.mark.parametrize("kind", ["regional", "cbam"])
def test_another_kind_passes_with_its_reason_and_the_reason_is_shown(kind: str) -> None:
    found = finding("R050", an_iron_case(baseline_kind=kind))
    assert found.outcome is PASS
    assert "because: No figures of this furnace" in found.found


@pytest.mark.rule("R050", "fail")
@pytest.mark.parametrize("reason", ["", "   "])
@pytest.mark.parametrize("kind", ["regional", "cbam"])
def test_another_kind_without_a_reason_is_refused(kind: str, reason: str) -> None:
    found = finding("R050", an_iron_case(baseline_kind=kind, baseline_reason=reason))
    assert found.outcome is FAIL
    assert found.field == "baseline_reason"


@pytest.mark.rule("R050", "fail")
@pytest.mark.parametrize("kind", ["sliding_scale", "adjusted_epd", "reference", "guess"])
def test_a_kind_that_is_not_for_iron_is_refused(kind: str) -> None:
    found = finding("R050", an_iron_case(baseline_kind=kind))
    assert found.outcome is FAIL
    assert found.field == "baseline"


@pytest.mark.rule("R050", "boundary")
@pytest.mark.parametrize(("on_file", "expected"), [(0, PASS), (1, WARN), (2, WARN)])
def test_an_asset_baseline_on_file_and_not_used_is_for_the_auditor(
    on_file: int, expected: object
) -> None:
    assert outcome("R050", an_iron_case(baseline_asset_baselines=on_file)) is expected


def test_steel_chooses_by_its_own_section() -> None:
    assert outcome("R050", a_case()) is NOT_APPLICABLE


@pytest.mark.rule("R051", "pass")
def test_every_difference_recorded_passes_and_is_shown() -> None:
    found = finding("R051", an_iron_case(baseline_epd="EPD-17", baseline_boundary=CHECKED))
    assert found.outcome is PASS
    assert "ore mining out" in found.found


@pytest.mark.rule("R051", "fail")
@pytest.mark.parametrize("left_out", [*CHECKED])
def test_a_difference_not_recorded_is_named(left_out: str) -> None:
    boundary = CHECKED | {left_out: " "}
    found = finding("R051", an_iron_case(baseline_epd="EPD-17", baseline_boundary=boundary))
    assert found.outcome is FAIL
    assert left_out.replace("_", " ") in found.found
    assert found.field == f"boundary_{left_out}"


def test_nothing_recorded_names_all_three() -> None:
    found = finding("R051", an_iron_case(baseline_epd="EPD-17"))
    assert found.found == "nothing recorded on mining, methane, process gas"


def test_without_an_epd_or_without_cbam_there_is_nothing_to_compare() -> None:
    assert outcome("R051", an_iron_case()) is NOT_APPLICABLE
    other = an_iron_case(baseline_kind="regional", baseline_epd="EPD-17")
    assert outcome("R051", other) is NOT_APPLICABLE


@pytest.mark.rule("R053", "pass")
def test_a_scale_with_both_points_recorded_passes() -> None:
    found = finding("R053", a_case())
    assert found.outcome is PASS
    assert "between 2.46 at 0.15 and 0.62 at 0.95" in found.found


@pytest.mark.rule("R053", "fail")
@pytest.mark.parametrize(
    "lacking",
    [
        {"scrap_share": None},
        {"value_intensity": None},
        {"value_intensity": Decimal(0)},
        {"value_intensity": Decimal("-0.1")},
        {"gas_basis": ""},
        {"gas_basis": "CH4"},
        {"region": " "},
        {"year": None},
        {"source": ""},
    ],
)
@pytest.mark.parametrize("which", ["primary", "secondary"])
def test_a_point_with_something_missing_is_refused(which: str, lacking: dict[str, object]) -> None:
    points = {"primary": ("0.15", "2.46"), "secondary": ("0.95", "0.62")}
    changed = a_point(*points[which], **lacking)
    assert outcome("R053", a_case(**{f"baseline_{which}": changed})) is FAIL


@pytest.mark.rule("R053", "fail")
def test_a_scale_without_points_is_refused() -> None:
    assert outcome("R053", a_case(baseline_primary=None)) is FAIL
    assert outcome("R053", a_case(baseline_secondary=None)) is FAIL


@pytest.mark.rule("R053", "boundary")
@pytest.mark.parametrize(
    ("primary", "expected"), [("0.299999", PASS), ("0.3", FAIL), ("0.300001", FAIL)]
)
def test_the_primary_point_has_the_lower_share(primary: str, expected: object) -> None:
    case = a_case(
        baseline_primary=a_point(primary, "2.46"),
        baseline_secondary=a_point("0.3", "0.62"),
        baseline_scrap_share=Decimal("0.5"),
        baseline_value_intensity=Decimal("0.62"),
    )
    assert outcome("R053", case) is expected


@pytest.mark.rule("R053", "boundary")
@pytest.mark.parametrize(
    ("share", "value"), [("0", "2.46"), ("0.15", "2.46"), ("0.95", "0.62"), ("1", "0.62")]
)
def test_outside_the_points_the_nearer_value_holds(share: str, value: str) -> None:
    case = a_case(baseline_scrap_share=Decimal(share), baseline_value_intensity=Decimal(value))
    assert outcome("R053", case) is PASS


@pytest.mark.parametrize("value", ["2.114999999999", "2.115000000001"])
def test_a_value_beside_the_line_is_refused(value: str) -> None:
    assert outcome("R053", a_case(baseline_value_intensity=Decimal(value))) is FAIL


@pytest.mark.parametrize("which", ["primary", "secondary"])
def test_a_point_in_co2_alone_is_marked(which: str) -> None:
    """I-12: worldsteel's route averages are CO2, not CO2e; the basis stays with the factor."""
    points = {"primary": ("0.15", "2.46"), "secondary": ("0.95", "0.62")}
    point = a_point(*points[which], gas_basis="CO2")
    assert outcome("R053", a_case(**{f"baseline_{which}": point})) is WARN


@pytest.mark.parametrize("kind", ["regional", "asset", "adjusted_epd"])
def test_another_kind_for_steel_is_only_advised_against(kind: str) -> None:
    assert outcome("R053", a_case(baseline_kind=kind)) is WARN


def test_iron_has_no_scale() -> None:
    assert outcome("R053", an_iron_case()) is NOT_APPLICABLE


SHARES = st.decimals(0, 1, places=6)
VALUES = st.decimals("0.000001", 5, places=6)


@given(x=SHARES, ends=st.tuples(SHARES, SHARES).filter(lambda two: two[0] != two[1]), y=SHARES)
def test_the_scale_never_rises_with_scrap_when_its_secondary_point_is_lower(
    x: Decimal, y: Decimal, ends: tuple[Decimal, Decimal]
) -> None:
    low, high = sorted(ends)
    primary, secondary = ReferencePoint(low, Decimal("2.46")), ReferencePoint(high, Decimal("0.62"))
    less, more = sorted((x, y))
    assert scale_value(less, primary, secondary) >= scale_value(more, primary, secondary)


@given(x=SHARES, first=VALUES, second=VALUES, low=SHARES, high=SHARES)
def test_the_scale_stays_within_its_points_values(
    x: Decimal, first: Decimal, second: Decimal, low: Decimal, high: Decimal
) -> None:
    if low >= high:
        return
    primary, secondary = ReferencePoint(low, first), ReferencePoint(high, second)
    for read in (sliding_scale, scale_value):
        assert min(first, second) <= read(x, primary, secondary) <= max(first, second)
