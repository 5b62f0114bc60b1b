"""R052, R056 and the baselines' arithmetic (4, Exhibit 6)."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from registry.rulebook.baseline import (
    PRIMARY_POINT,
    SECONDARY_POINT,
    BaselineUnavailable,
    ReferencePoint,
    cbam_default,
    cn_code,
    sliding_scale,
)
from tests.rulebook.cases import (
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    WARN,
    a_case,
    an_iron_case,
    finding,
    outcome,
)

EFFECTIVE = Path(__file__).parent / "data" / "cbam_iron_effective.csv"


def a_dri_case(country: str, value: str, **changes: object) -> object:
    return an_iron_case(
        product="dri",
        site_country=country,
        baseline_country=country,
        baseline_value_intensity=Decimal(value),
        **changes,
    )


@pytest.mark.rule("R052", "pass")
def test_the_countrys_own_value_passes() -> None:
    assert outcome("R052", an_iron_case()) is PASS


@pytest.mark.rule("R052", "pass")
def test_the_fallback_passes_when_it_is_flagged() -> None:
    assert outcome("R052", a_dri_case("BR", "1.325", baseline_fallback=True)) is PASS


@pytest.mark.rule("R052", "fail")
@pytest.mark.parametrize("country", ["SE", "DE", "FR", "NO", "IS", "LI", "CH", "se"])
def test_a_site_in_the_eu_eea_or_switzerland_has_no_cbam_baseline(country: str) -> None:
    found = finding("R052", a_dri_case(country, "1.325", baseline_fallback=True))
    assert found.outcome is FAIL
    assert "outside the EU" in found.allowed
    assert found.field == "baseline"


@pytest.mark.rule("R052", "fail")
@pytest.mark.parametrize("value", ["1.626", "1.774", "1.921", "1.6258", "1.7736", "1.9214"])
def test_a_value_with_the_laws_mark_up_is_refused(value: str) -> None:
    found = finding("R052", an_iron_case(baseline_value_intensity=Decimal(value)))
    assert found.outcome is FAIL
    assert found.numbers["cbam_default"] == "1.478"


@pytest.mark.rule("R052", "boundary")
@pytest.mark.parametrize(
    ("value", "expected"), [("1.477", FAIL), ("1.478", PASS), ("1.4780", PASS), ("1.479", FAIL)]
)
def test_only_the_published_value_itself_passes(value: str, expected: object) -> None:
    assert outcome("R052", an_iron_case(baseline_value_intensity=Decimal(value))) is expected


def test_a_value_declared_with_mark_up_is_refused_whatever_it_is() -> None:
    assert outcome("R052", an_iron_case(baseline_with_markup=True)) is FAIL


def test_an_unflagged_fallback_is_refused() -> None:
    assert outcome("R052", a_dri_case("BR", "1.325")) is FAIL


def test_a_fallback_is_refused_where_the_country_has_its_own_value() -> None:
    assert outcome("R052", a_dri_case("IN", "1.325", baseline_fallback=True)) is FAIL
    assert outcome("R052", a_dri_case("IN", "4.2", baseline_fallback=True)) is FAIL


def test_the_value_of_another_country_is_refused() -> None:
    found = finding("R052", an_iron_case(baseline_country="IN"))
    assert found.outcome is FAIL
    assert "IN" in found.found


def test_a_country_that_is_not_listed_has_no_value_not_even_the_fallback() -> None:
    assert outcome("R052", a_dri_case("AE", "1.325", baseline_fallback=True)) is FAIL


def test_an_adjusted_value_warns_when_the_boundary_difference_is_recorded() -> None:
    adjusted = an_iron_case(
        baseline_value_intensity=Decimal("1.6"), baseline_adjusted_for="ore mining and methane"
    )
    assert outcome("R052", adjusted) is WARN


def test_an_adjustment_does_not_excuse_the_mark_up() -> None:
    marked_up = an_iron_case(
        baseline_value_intensity=Decimal("1.6258"), baseline_adjusted_for="ore mining"
    )
    assert outcome("R052", marked_up) is FAIL


def test_crude_steel_has_no_cbam_baseline() -> None:
    assert outcome("R052", a_case(site_country="BR", baseline_kind="cbam")) is FAIL


def test_other_baselines_are_not_the_laws_business() -> None:
    assert outcome("R052", a_case()) is NOT_APPLICABLE


def test_a_missing_baseline_is_refused() -> None:
    assert outcome("R052", a_case(baseline_kind=None)) is FAIL
    assert outcome("R052", an_iron_case(baseline_value_intensity=None)) is FAIL


@pytest.mark.rule("R056", "pass")
def test_a_baseline_above_the_unit_passes() -> None:
    assert outcome("R056", a_case()) is PASS


@pytest.mark.rule("R056", "fail")
@pytest.mark.parametrize("value", [None, 2.1, Decimal(0), Decimal("-1"), Decimal("Infinity")])
def test_a_baseline_no_rule_can_judge_never_passes(value: object) -> None:
    found = finding("R056", a_case(baseline_value_intensity=value))
    assert found.outcome is FAIL
    assert found.field == "baseline"


@pytest.mark.rule("R056", "fail")
def test_a_missing_unit_intensity_never_passes() -> None:
    assert outcome("R056", a_case(intensity=None)) is FAIL


@pytest.mark.rule("R056", "boundary")
@pytest.mark.parametrize(
    ("baseline", "expected"), [("0.4499999", WARN), ("0.45", WARN), ("0.4500001", PASS)]
)
def test_a_baseline_no_higher_than_the_unit_is_marked_no_reduction(
    baseline: str, expected: object
) -> None:
    found = finding("R056", a_case(baseline_value_intensity=Decimal(baseline)))
    assert found.outcome is expected
    assert ("no reduction" in found.found) is (expected is WARN)


def test_the_scrap_adjusted_intensity_is_the_one_compared() -> None:
    case = a_case(adjusted_intensity=Decimal("0.7"), baseline_value_intensity=Decimal("0.6"))
    assert outcome("R056", case) is WARN


def test_an_adjustment_never_lowers_the_intensity_compared() -> None:
    case = a_case(adjusted_intensity=Decimal("0.1"), baseline_value_intensity=Decimal("0.4"))
    assert outcome("R056", case) is WARN


@pytest.mark.parametrize(
    ("product", "code"),
    [
        ("pig_iron", "7201"),
        ("cast_iron", "7201"),
        ("dri", "7203"),
        ("hbi", "7203"),
        ("electrolytic_iron", "7203"),
    ],
)
def test_every_iron_product_has_its_code(product: str, code: str) -> None:
    assert cn_code(product) == code
    assert product in EDITION.iron_products


def test_steel_products_have_no_code() -> None:
    with pytest.raises(BaselineUnavailable, match="sliding scale"):
        cn_code("slab")


def test_the_defaults_are_those_of_the_law_with_its_fallback() -> None:
    with EFFECTIVE.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    assert len(expected) == 32
    for row in expected:
        for code, kind in (("7201", "pig_iron"), ("7203", "dri")):
            found = cbam_default(row["iso2"], code)
            assert found.value_intensity == Decimal(row[kind])
            assert found.fallback is (row[f"{kind}_source"] == "fallback")
            assert found.cn_code == code


def test_a_default_names_its_source() -> None:
    assert "2026/1740" in cbam_default("in", "7203").source
    assert "other countries" in cbam_default("BR", "7203").source


@pytest.mark.parametrize("country", EDITION.cbam_exempt_countries)
def test_no_exempt_country_has_a_default(country: str) -> None:
    with pytest.raises(BaselineUnavailable, match="EU"):
        cbam_default(country, "7201")


@pytest.mark.parametrize("country", ["", "AE", "BRA", "XX"])
def test_an_unlisted_country_has_no_default(country: str) -> None:
    with pytest.raises(BaselineUnavailable, match="no default values"):
        cbam_default(country, "7201")


def test_a_code_that_is_not_iron_or_steel_has_no_default() -> None:
    with pytest.raises(BaselineUnavailable, match="9999"):
        cbam_default("BR", "9999")


@pytest.mark.parametrize(
    ("share", "value"),
    [
        ("0", "2.46"),
        ("0.15", "2.46"),
        ("0.35", "2.00"),
        ("0.55", "1.54"),
        ("0.95", "0.62"),
        ("1", "0.62"),
    ],
)
def test_the_scale_is_straight_between_its_points_and_level_outside(share: str, value: str) -> None:
    found = sliding_scale(Decimal(share), PRIMARY_POINT, SECONDARY_POINT)
    assert found == Decimal(value)


def test_the_scale_is_exact_to_the_last_digit() -> None:
    found = sliding_scale(Decimal("0.123456789") + Decimal("0.15"), PRIMARY_POINT, SECONDARY_POINT)
    assert found == Decimal("2.46") - Decimal("2.3") * Decimal("0.123456789")


def point(share: str, value: str) -> ReferencePoint:
    return ReferencePoint(scrap_share=Decimal(share), value_intensity=Decimal(value))


@pytest.mark.parametrize(
    ("primary", "secondary"),
    [
        (point("0.5", "2.4"), point("0.5", "0.6")),
        (point("0.9", "2.4"), point("0.1", "0.6")),
        (point("-0.1", "2.4"), point("0.9", "0.6")),
        (point("0.1", "2.4"), point("1.1", "0.6")),
        (point("0.1", "0"), point("0.9", "0.6")),
        (point("0.1", "2.4"), point("0.9", "-0.1")),
        (point("0.1", "NaN"), point("0.9", "0.6")),
    ],
)
def test_points_that_make_no_scale_are_refused(
    primary: ReferencePoint, secondary: ReferencePoint
) -> None:
    with pytest.raises(ValueError, match="found"):
        sliding_scale(Decimal("0.5"), primary, secondary)


@pytest.mark.parametrize("share", ["-0.01", "1.01", "NaN"])
def test_a_share_outside_the_scale_is_refused(share: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        sliding_scale(Decimal(share), PRIMARY_POINT, SECONDARY_POINT)
