"""The methods and their caps (9.2): R120–R123, R127."""

from decimal import Decimal
from typing import Any

import pytest

from claims.accounting.claim import compute
from claims.accounting.facts import Alignment, Match
from tests.accounting.facts import ALIGNED, case, finding, line, lot, match, outcome

REASONED = {"cap": "total", "cap_reason": "mixed stock", "auditor_note": "reviewed in full"}


def direct(**more: Any) -> Match:
    return match(method="direct", **{"alignment": ALIGNED, **more})


@pytest.mark.rule("R120", "pass")
@pytest.mark.parametrize("method", ["direct", "enhanced"])
def test_direct_and_enhanced_are_methods(method: str) -> None:
    assert outcome("R120", case(match(method=method))) == "pass"


@pytest.mark.rule("R120", "boundary")
@pytest.mark.parametrize("method", ["Direct", "direct ", "spend", "avoided", ""])
def test_nothing_else_is_a_method(method: str) -> None:
    assert outcome("R120", case(match(method=method))) == "fail"


@pytest.mark.rule("R120", "fail")
def test_spend_based_lines_need_an_activity_estimation() -> None:
    assert outcome("R120", case(match(line(data_tier="spend")))) == "fail"


@pytest.mark.rule("R121", "pass")
def test_direct_substitution_with_all_three_confirmed_passes() -> None:
    assert outcome("R121", case(direct())) == "pass"


@pytest.mark.rule("R121", "fail")
@pytest.mark.parametrize(
    "answers",
    [
        Alignment(),
        Alignment(True, True, False),
        Alignment(True, False, True),
        Alignment(None, True, True),
    ],
)
def test_direct_substitution_without_all_three_needs_a_reason(answers: Alignment) -> None:
    assert outcome("R121", case(direct(alignment=answers))) == "fail"


@pytest.mark.rule("R121", "boundary")
@pytest.mark.parametrize(("reason", "expected"), [("  ", "fail"), ("one mill only", "warn")])
def test_a_recorded_reason_turns_the_refusal_into_a_warning(reason: str, expected: str) -> None:
    answers = Alignment(True, True, False, reason=reason)
    assert outcome("R121", case(direct(alignment=answers))) == expected


def test_the_data_deny_a_product_type_that_the_user_confirms() -> None:
    of = case(direct(lots=(lot(product_type="long"),)))
    assert "same product type" in finding("R121", of).found


@pytest.mark.rule("R122", "pass")
def test_direct_substitution_puts_the_units_intensity_in_place_of_the_factor() -> None:
    of = case(direct(lots=(lot(40, intensity="0.5"),)))
    assert outcome("R122", of) == "pass"
    assert compute(of).adjusted_emissions == 200 - 40 * 2 + 40 * Decimal("0.5")


@pytest.mark.rule("R122", "boundary")
@pytest.mark.parametrize(("intensity", "expected"), [("2", "pass"), ("2.000000001", "fail")])
def test_a_unit_at_the_factor_passes_and_one_above_it_fails(intensity: str, expected: str) -> None:
    of = case(direct(lots=(lot(intensity=intensity),)))
    assert outcome("R122", of) == expected


@pytest.mark.rule("R122", "fail")
def test_the_scrap_adjusted_intensity_is_the_one_that_counts() -> None:
    of = case(direct(lots=(lot(intensity="0.5", adjusted_intensity=Decimal("2.1")),)))
    assert outcome("R122", of) == "fail"


@pytest.mark.rule("R122", "fail")
@pytest.mark.parametrize("factor", [None, "NaN", "-1", "Infinity", "1E+30", "1.0000000001"])
def test_direct_substitution_needs_a_usable_factor(factor: str | None) -> None:
    of = case(match(line(factor=factor), method="direct", alignment=ALIGNED))
    assert outcome("R122", of) == "fail"
    assert outcome("R124", of) != "pass"


@pytest.mark.rule("R123", "fail")
@pytest.mark.parametrize("factor", [None, "NaN", "-1", "Infinity"])
def test_enhanced_substitution_needs_a_usable_factor(factor: str | None) -> None:
    of = case(match(line(factor=factor)))
    assert outcome("R123", of) == "fail"
    assert outcome("R127", of) == "not applicable"


@pytest.mark.rule("R123", "pass")
def test_no_baseline_above_the_factor_means_no_baseline_cap() -> None:
    of = case(match(line(factor="2"), lots=(lot(100, baseline="2"),)))
    found = finding("R123", of)
    assert found.outcome == "pass"
    assert "cap" not in found.numbers


@pytest.mark.rule("R123", "boundary")
@pytest.mark.parametrize(("units", "expected"), [(80, "pass"), (81, "fail")])
def test_the_baseline_cap_is_exact(units: int, expected: str) -> None:
    """100 t at 2 = 200 t CO2e; 200 / 2.5 = 80 units."""
    assert outcome("R123", case(match(lots=(lot(units, baseline="2.5"),)))) == expected


@pytest.mark.rule("R123", "boundary")
def test_one_high_baseline_caps_the_whole_mix() -> None:
    """95·1.9 + 5·2.000001 = 190.500005 fits 100 t at 2, and not 100 t at 1.9."""
    high = lot(5, baseline="2.000001", issuance="ISS-2")
    fits = case(match(lots=(lot(95, baseline="1.9"), high)))
    assert outcome("R123", fits) == "pass"
    tight = case(match(line(tonnes="100", factor="1.9"), lots=(lot(95, baseline="1.9"), high)))
    assert outcome("R123", tight) == "fail"


@pytest.mark.rule("R123", "fail")
def test_earlier_units_count_against_the_cap() -> None:
    first = case(match(lots=(lot(50, baseline="2.5"),)))
    earlier = compute(first).shares
    second = match(lots=(lot(31, baseline="2.5", first=51),))
    assert outcome("R123", case(second, earlier=earlier)) == "fail"
    thirty = match(lots=(lot(30, baseline="2.5", first=51),))
    assert outcome("R123", case(thirty, earlier=earlier)) == "pass"


@pytest.mark.rule("R123", "fail")
def test_an_earlier_high_baseline_caps_later_low_ones() -> None:
    """80 units at 2.5 count for all 200 t CO2e: nothing is left, though 20 t are."""
    earlier = compute(case(match(lots=(lot(80, baseline="2.5"),)))).shares
    later = match(lots=(lot(1, baseline="1.0", first=81),))
    assert outcome("R123", case(later, earlier=earlier)) == "fail"
    assert outcome("R123", case(direct(lots=(lot(1, first=81),)), earlier=earlier)) == "fail"


@pytest.mark.rule("R123", "fail")
@pytest.mark.parametrize(
    "changes",
    [
        {"baseline": "0.5"},
        {"baseline": "0.4"},
        {"no_reduction": True},
        {"adjusted_intensity": Decimal("1.8")},
    ],
)
def test_units_without_a_reduction_are_refused(changes: dict[str, Any]) -> None:
    found = finding("R123", case(match(lots=(lot(**changes),))))
    assert found.failed
    assert "no reduction" in found.found


@pytest.mark.rule("R123", "boundary")
@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ({}, "fail"),
        ({"cap_reason": "mixed stock"}, "fail"),
        ({"auditor_note": "reviewed"}, "fail"),
        ({"cap_reason": " ", "auditor_note": " "}, "fail"),
        ({"cap_reason": "mixed stock", "auditor_note": "reviewed"}, "warn"),
    ],
)
def test_the_total_cap_needs_a_reason_and_an_auditors_note(
    reasons: dict[str, str], expected: str
) -> None:
    of = case(match(lots=(lot(90, baseline="2.5"),), cap="total", **reasons))
    assert outcome("R123", of) == expected


def test_the_total_cap_asks_for_nothing_where_no_cap_applies() -> None:
    assert outcome("R123", case(match(cap="total"))) == "pass"


@pytest.mark.rule("R123", "fail")
def test_an_unknown_cap_is_refused() -> None:
    assert finding("R123", case(match(cap="none"))).field == "cap"


@pytest.mark.rule("R127", "pass")
def test_a_net_above_the_units_is_not_flagged() -> None:
    assert outcome("R127", case()) == "pass"


@pytest.mark.rule("R127", "boundary")
@pytest.mark.parametrize(("intensity", "expected"), [("0.5", "pass"), ("0.500001", "warn")])
def test_a_net_at_the_units_own_intensity_is_not_flagged(intensity: str, expected: str) -> None:
    """75 units at 2.5: net (200 − 75·(2.5 − I)) / 100 = 0.5 at I = 0.5."""
    lots = (lot(75, intensity=intensity, baseline="2.5"),)
    assert outcome("R127", case(match(lots=lots))) == expected
