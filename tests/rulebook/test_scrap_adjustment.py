"""R054: units with more scrap than their average baseline carry a raised intensity (4.2)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.baseline import claimed_intensity
from registry.rulebook.scrap_adjustment import scrap_adjustment
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

RELATIVE = replace(EDITION, scrap_gap_basis="relative")


def average(unit: str, base: str | None, intensity: str = "0.45", **changes: Any) -> Any:
    """Steel at a scrap share against an average at another."""
    return a_case(
        baseline_kind=changes.pop("kind", "adjusted_epd"),
        baseline_scrap_share=None if base is None else Decimal(base),
        scrap_share=Decimal(unit),
        site_intensity=Decimal(intensity),
        intensity=Decimal(intensity),
        **changes,
    )


@pytest.mark.rule("R054", "pass")
def test_a_unit_with_about_the_baselines_scrap_is_not_adjusted() -> None:
    case = average("0.30", "0.25")
    assert outcome("R054", case) is PASS
    assert scrap_adjustment(case, EDITION) is None


@pytest.mark.rule("R054", "pass")
def test_less_scrap_than_the_baseline_is_never_credited() -> None:
    case = average("0.10", "0.60")
    assert outcome("R054", case) is PASS
    assert claimed_intensity(case, EDITION) == Decimal("0.45")


@pytest.mark.rule("R054", "pass")
@pytest.mark.parametrize("kind", ["adjusted_epd", "regional"])
def test_the_whole_gap_counts_by_the_gradient_of_the_level_reached(kind: str) -> None:
    """0.45 at 50 % scrap reaches DPL3 (0.70), gradient 1.00: 0.45 + 1.00 x 0.30 = 0.75."""
    case = average("0.50", "0.20", kind=kind, adjusted_intensity=Decimal("0.75"))
    found = finding("R054", case)
    assert found.outcome is PASS
    assert found.numbers["adjusted"] == "0.7500"
    assert found.numbers["gradient"] == "1.00"


@pytest.mark.parametrize(
    ("intensity", "level", "gradient", "adjusted"),
    [
        ("0.20", "DPL4", "0.35", "0.305"),
        ("0.70", "DPL3", "1.00", "1.00"),
        ("1.10", "DPL2", "1.65", "1.595"),
        ("1.60", "DPL1", "2.30", "2.29"),
        ("3.00", "DPL1", "2.30", "3.69"),
    ],
)
def test_each_level_has_its_gradient(
    intensity: str, level: str, gradient: str, adjusted: str
) -> None:
    """At 50 % scrap against 20 %; a site above every level takes the loosest, the steepest."""
    found = scrap_adjustment(average("0.50", "0.20", intensity), EDITION)
    assert found is not None
    assert (found.level, found.gradient) == (level, Decimal(gradient))
    assert found.intensity == Decimal(adjusted)


@pytest.mark.rule("R054", "fail")
def test_an_adjustment_that_is_not_recorded_is_refused() -> None:
    found = finding("R054", average("0.50", "0.20"))
    assert found.outcome is FAIL
    assert "0.7500 t CO2e/t" in found.action


@pytest.mark.rule("R054", "fail")
@pytest.mark.parametrize("recorded", ["0.45", "0.749999"])
def test_an_adjustment_recorded_too_low_is_refused(recorded: str) -> None:
    case = average("0.50", "0.20", adjusted_intensity=Decimal(recorded))
    assert outcome("R054", case) is FAIL


@pytest.mark.rule("R054", "fail")
def test_an_average_of_steel_without_its_scrap_share_cannot_be_judged() -> None:
    found = finding("R054", average("0.50", None))
    assert found.outcome is FAIL
    assert "Scrap share of the baseline" in found.found


@pytest.mark.rule("R054", "boundary")
@pytest.mark.parametrize(
    ("unit", "expected"), [("0.299999", PASS), ("0.30", PASS), ("0.300001", FAIL)]
)
def test_a_gap_of_exactly_ten_points_is_not_adjusted(unit: str, expected: object) -> None:
    assert outcome("R054", average(unit, "0.20")) is expected


@pytest.mark.parametrize(("unit", "expected"), [("0.22", PASS), ("0.220001", FAIL), ("0.30", FAIL)])
def test_the_other_reading_takes_a_tenth_of_the_baselines_share(
    unit: str, expected: object
) -> None:
    """AMB-9."""
    assert outcome("R054", average(unit, "0.20"), RELATIVE) is expected


def test_the_verified_share_counts_where_it_is_higher() -> None:
    case = average("0.30", "0.25", verified_scrap_share=Decimal("0.40"))
    assert outcome("R054", case) is FAIL


def test_a_sliding_scale_an_asset_and_iron_are_not_adjusted() -> None:
    assert outcome("R054", a_case()) is NOT_APPLICABLE
    assert outcome("R054", a_case(baseline_kind="asset")) is NOT_APPLICABLE
    assert outcome("R054", an_iron_case()) is NOT_APPLICABLE


def test_thresholds_never_look_at_the_adjusted_intensity() -> None:
    """0.69 at 50 % scrap passes the limit of 0.70; its adjusted 0.99 would not."""
    case = average("0.50", "0.20", "0.69", adjusted_intensity=Decimal("0.99"))
    assert outcome("R021", case) is PASS
    assert outcome("R054", case) is PASS


@pytest.mark.parametrize(("baseline", "expected"), [("0.75", WARN), ("0.750001", PASS)])
def test_r056_compares_the_adjusted_intensity_even_before_it_is_recorded(
    baseline: str, expected: object
) -> None:
    case = average("0.50", "0.20", baseline_value_intensity=Decimal(baseline))
    found = finding("R056", case)
    assert found.outcome is expected
    assert found.numbers["intensity"] == "0.7500"


SHARES = st.decimals(0, 1, places=6)


@given(unit=SHARES, base=SHARES, intensity=st.decimals(0, 3, places=6))
def test_an_adjustment_never_lowers_the_intensity(
    unit: Decimal, base: Decimal, intensity: Decimal
) -> None:
    case = average(str(unit), str(base), str(intensity))
    assert claimed_intensity(case, EDITION) >= intensity


@given(unit=SHARES, base=SHARES, one=SHARES, other=SHARES)
def test_a_cleaner_site_never_claims_with_a_higher_intensity(
    unit: Decimal, base: Decimal, one: Decimal, other: Decimal
) -> None:
    lower, higher = sorted((one, other))
    low = claimed_intensity(average(str(unit), str(base), str(lower)), EDITION)
    high = claimed_intensity(average(str(unit), str(base), str(higher)), EDITION)
    assert low <= high
