"""The framework's worked examples of 9.2 and Appendix G, to the digit."""

from decimal import Decimal
from typing import Any

import pytest

from claims.accounting.claim import compute
from claims.accounting.facts import ClaimCase, PurposeCase
from claims.accounting.limits import Bound
from claims.accounting.rules import judge_claim, judge_spend_claim
from claims.accounting.spend import SpendCase, SpendFacts, substitute_spend
from registry.rulebook.findings import failures
from tests.accounting.facts import ALIGNED, CORPORATE, EDITION, case, finding, line, lot, match

CHASSIS = line("chassis", tonnes="10000", factor="1.9", factor_source="supplier's EPD")
REBAR = line("rebar", tonnes="50000", factor="1.5", product_type="long", category="scope_3_2")


def chassis_claim(units: int = 10_000) -> ClaimCase:
    units_at_0_8 = lot(units, intensity="0.8", baseline="2.2")
    return case(match(CHASSIS, lots=(units_at_0_8,), method="direct", alignment=ALIGNED))


def rebar_claim(units: int, **more: Any) -> ClaimCase:
    units_at_0_2 = lot(units, intensity="0.2", baseline="1.8", product_type="long")
    return case(match(REBAR, lots=(units_at_0_2,), **more))


def test_direct_substitution_takes_19000_to_8000() -> None:
    """9.2, direct substitution: 10,000 t at 1.9 with units at 0.8."""
    result = compute(chassis_claim())
    assert result.physical_emissions == 19_000
    assert result.adjusted_emissions == 8_000
    assert failures(judge_claim(chassis_claim(), CORPORATE, EDITION)) == []


def test_enhanced_substitution_takes_75000_to_8334_4_in_whole_units() -> None:
    """9.2, enhanced substitution: the printed 41,667 × 1.8 exceeds 75,000, 41,666 does not."""
    claim = rebar_claim(41_666)
    (result,) = compute(claim).substitutions
    assert result.physical_emissions == 75_000
    assert result.limits.cap_units == 41_666
    assert result.limits.bound is Bound.BASELINE_CAP
    assert result.reduction_emissions == Decimal("66665.6")
    assert result.adjusted_emissions == Decimal("8334.4")
    assert failures(judge_claim(claim, CORPORATE, EDITION)) == []


def test_enhanced_substitution_shows_the_real_valued_cap_beside() -> None:
    """9.2: 41,666.67 t and 8,333.33 t CO2e, whatever the claimant really applies."""
    for units in (41_666, 40_000, 1):
        (result,) = compute(rebar_claim(units)).substitutions
        assert result.limits.exact_cap_tonnes == Decimal("41666.666667")
        assert result.exact_adjusted_emissions == Decimal("8333.333333")


@pytest.mark.rule("R123", "fail")
def test_the_printed_41667_units_are_one_too_many() -> None:
    found = finding("R123", rebar_claim(41_667))
    assert found.failed
    assert found.numbers["cap"] == "41666"
    assert found.numbers["exact_cap"] == "41666.666667"


def test_the_total_emissions_cap_at_40000_units_leaves_11000() -> None:
    """9.2 and AMB-17: min(Σ V·(B − I), E) = min(64,000, 75,000)."""
    claim = rebar_claim(40_000, cap="total", cap_reason="mixed stock", auditor_note="reviewed")
    assert compute(claim).adjusted_emissions == 11_000


def test_the_total_emissions_cap_stops_at_zero() -> None:
    claim = rebar_claim(50_000, cap="total", cap_reason="mixed stock", auditor_note="reviewed")
    (result,) = compute(claim).substitutions
    assert result.adjusted_emissions == 0
    assert result.reduction_emissions == 75_000
    assert result.total_capped


@pytest.mark.rule("R127", "fail")
def test_the_examples_net_intensity_below_its_units_is_flagged() -> None:
    """9.2: 8,334.4 / 50,000 = 0.166688, below the units' 0.2."""
    found = finding("R127", rebar_claim(41_666))
    assert found.outcome == "warn"
    assert found.numbers == {"net_intensity": "0.166688", "unit_intensity": "0.2"}


def intervention_line() -> SpendFacts:
    return SpendFacts(
        id="appliances",
        category="scope_3_1",
        method="intervention_baseline",
        spend=Decimal(1_000_000),
        factor=Decimal("0.001756"),
        baseline_intensity=Decimal("2.3"),
        baseline_source="global crude steel average",
        currency="USD",
    )


def unit_cost_line() -> SpendFacts:
    return SpendFacts(
        id="appliances",
        category="scope_3_1",
        method="unit_cost",
        spend=Decimal(1_000_000),
        price_index_spend=Decimal("285.55"),
        price_index_reference=Decimal(301),
        unit_price=Decimal(900),
        baseline_intensity=Decimal("2.3"),
        baseline_source="global crude steel average",
        currency="USD",
    )


SIX_HUNDRED = (lot(600, intensity="0.4", baseline="2.3"),)


@pytest.mark.rule("R126", "pass")
def test_spend_by_intervention_baseline_gives_616_00() -> None:
    """Appendix G prints 616.05, from 763.5 t already rounded."""
    result = substitute_spend(SpendCase(intervention_line(), SIX_HUNDRED))
    assert result.estimated_tonnes == Decimal("763.478261")
    assert result.physical_emissions == 1_756
    assert result.adjusted_emissions == Decimal("616.00")
    assert result.draft_adjusted_emissions == Decimal("616.05")


def test_spend_by_unit_cost_gives_1553_83() -> None:
    """Appendix G prints 1,313.76, without the 240 t of the units; 1,553.76 with its rounding."""
    result = substitute_spend(SpendCase(unit_cost_line(), SIX_HUNDRED))
    assert round(result.estimated_tonnes, 3) == Decimal("1171.229")
    assert round(result.physical_emissions, 2) == Decimal("2693.83")
    assert round(result.adjusted_emissions, 2) == Decimal("1553.83")
    assert result.draft_adjusted_emissions == Decimal("1553.76")


def spend_outcome(of: SpendCase) -> str:
    found = judge_spend_claim(of, PurposeCase("corporate_inventory"), EDITION)
    return next(str(each.outcome) for each in found if each.rule == "R126")


@pytest.mark.rule("R126", "boundary")
@pytest.mark.parametrize(("units", "expected"), [(763, "pass"), (764, "fail"), (0, "fail")])
def test_spend_takes_the_whole_estimated_tonnes_and_no_more(units: int, expected: str) -> None:
    lots = (lot(units, intensity="0.4"),) if units else ()
    assert spend_outcome(SpendCase(intervention_line(), lots)) == expected


@pytest.mark.rule("R126", "fail")
@pytest.mark.parametrize(
    "of",
    [
        SpendCase(intervention_line(), (lot(600, intensity="2.3"),)),
        SpendCase(intervention_line(), (lot(600, no_reduction=True),)),
        SpendCase(intervention_line(), SIX_HUNDRED, volume_before=164),
        SpendCase(SpendFacts("s", "scope_3_1", "unit_cost", Decimal(1), Decimal(2)), SIX_HUNDRED),
        SpendCase(SpendFacts("s", "scope_3_1", "guess", Decimal(1), Decimal(2)), SIX_HUNDRED),
        SpendCase(
            SpendFacts("s", "scope_3_1", "intervention_baseline", Decimal("NaN"), None),
            SIX_HUNDRED,
        ),
    ],
)
def test_spend_without_sound_figures_is_refused(of: SpendCase) -> None:
    assert spend_outcome(of) == "fail"
    with pytest.raises(ValueError, match=r"."):
        substitute_spend(SpendCase(of.line, (lot(10**6, intensity="2.3"),)))
