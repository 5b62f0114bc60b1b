"""R062–R066: attributes stay with their site; green iron in steel (5.2, Exhibit 8)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.facts import (
    AllocationFacts,
    EmissionLine,
    IronInput,
    IssuanceCase,
    MetallicLine,
    ProductFigure,
    Stage,
)
from registry.rulebook.lines import rounded_up
from registry.rulebook.split import Split, in_decimals, split
from tests.rulebook.cases import (
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    a_case,
    an_iron_case,
    failing,
    finding,
    outcome,
)

LEAST = Decimal("0.000001")
GREEN = IronInput(
    name="HBI of Boden",
    tonnes=Decimal(2_000),
    metallic_share=Decimal(1),
    intensity=Decimal("0.4"),
    green=True,
    declaration="No units issued: letter of the iron producer, 3 February 2026",
)
OTHER = IronInput(
    name="pig iron",
    tonnes=Decimal(3_000),
    metallic_share=Decimal(1),
    intensity=Decimal("0.8"),
)


def allocated(
    *iron: IronInput,
    processing: str = "0.1",
    total: Decimal | None = None,
    output: str = "9000",
    scrap: str = "5000",
    changes: dict[str, Any] | None = None,
    **of_allocation: Any,
) -> IssuanceCase:
    """Exhibit 8's plant, cleaner so that it passes: 2,000 t green and 3,000 t other iron with
    5,000 t scrap into 9,000 t steel, of which 40 % is green."""
    inputs = iron or (GREEN, OTHER)
    made = Decimal(output)
    brought = sum(((each.tonnes or 0) * (each.intensity or 0) for each in inputs), Decimal(0))
    total = Decimal(processing) * made + brought if total is None else total
    metals = (
        *(MetallicLine("hbi", each.tonnes, each.metallic_share) for each in inputs),
        MetallicLine("end_of_life_scrap", Decimal(scrap), Decimal(1)),
    )
    metal = sum((line.tonnes or 0) * (line.metallic_share or 0) for line in metals)
    allocation = AllocationFacts(
        iron=inputs, yield_share=rounded_up(Fraction(made) / Fraction(metal))
    )
    allocation = replace(allocation, **of_allocation)
    figures = _figures(allocation, Fraction(total), Fraction(made))
    share = rounded_up(Fraction(Decimal(scrap)) / Fraction(metal))
    given = {
        "tonnes": 3_000,
        "site_intensity": rounded_up(Fraction(total) / Fraction(made)),
        "intensity": figures,
        "scrap_share": share,
        "baseline_scrap_share": share,
        # On the line of the sliding scale through 2.46 at 15 % and 0.62 at 95 % scrap.
        "baseline_value_intensity": Decimal("2.46") - Decimal("2.3") * (share - Decimal("0.15")),
        "allocation": allocation,
        **(changes or {}),
    }
    case = a_case(**given)
    assert case.measurement is not None
    measurement = replace(
        case.measurement,
        output_tonnes=made,
        emissions=(EmissionLine("scope_1", "reductants", total),),
        metals=metals,
    )
    return replace(case, measurement=measurement)


def _figures(allocation: AllocationFacts, total: Fraction, output: Fraction) -> Decimal:
    if not any(each.green and each.tonnes for each in allocation.iron):
        return Decimal("0.4")
    found = split(allocation, site_emissions=total, output_tonnes=output)
    return rounded_up(max(found.green.intensity, Fraction(0)))


# --- Exhibit 8 ----------------------------------------------------------------------------------


def exhibit_8(processing: str = "0.33") -> Split:
    """0.2 t green iron at 0.4, 0.3 t at 1.5, 0.9 t of steel at 0.33 t CO2e/t of processing."""
    iron = (
        IronInput("green", Decimal("0.2"), Decimal(1), Decimal("0.4"), green=True),
        IronInput("conventional", Decimal("0.3"), Decimal(1), Decimal("1.5")),
    )
    output = Fraction("0.9")
    total = Fraction("0.08") + Fraction("0.45") + Fraction(processing) * output
    return split(AllocationFacts(iron=iron), site_emissions=total, output_tonnes=output)


def test_exhibit_8_gives_0_5522_green_and_1_1633_conventional() -> None:
    """I-01: the printed 0.63 is only the numerator; the printed 0.56 is rounded up from 0.5522."""
    found = exhibit_8()
    assert found.conventional is not None
    assert found.green.tonnes == Fraction("0.36")
    assert round(found.green.intensity, 4) == Fraction("0.5522")
    assert round(found.conventional.intensity, 4) == Fraction("1.1633")
    assert found.processing_intensity == Fraction("0.33")


def test_exhibit_8_gives_1_1667_only_from_0_18_rounded_before_its_time() -> None:
    """I-01: (0.45 + 0.18) / 0.54, where 0.54 x 0.33 is 0.1782."""
    rounded_early = (Fraction("0.45") + Fraction("0.18")) / Fraction("0.54")
    assert round(rounded_early, 4) == Fraction("1.1667")


def test_exhibit_8_s_site_average_is_0_9189_and_may_not_issue() -> None:
    """I-02: at 44.4 % scrap the limit is 0.7556; the green figure of 0.5522 does not help."""
    average = sum(each.emissions for each in exhibit_8().products) / Fraction("0.9")
    assert round(average, 4) == Fraction("0.9189")
    case = allocated(
        replace(GREEN, intensity=Decimal("0.4")),
        replace(OTHER, intensity=Decimal("1.5")),
        processing="0.33",
        scrap="4000",
    )
    assert case.production.site_intensity == Decimal("0.918889")
    assert case.production.intensity == Decimal("0.552223")
    assert case.production.scrap_share == Decimal("0.444445")
    assert {"R021", "R024", "R066"} <= failing(case)


# --- the split ----------------------------------------------------------------------------------


tonnes = st.decimals(min_value="0.001", max_value=10**7, places=3)
small = st.decimals(min_value=0, max_value=4, places=4)
metal = st.decimals(min_value="0.5", max_value=1, places=3)
irons = st.builds(
    IronInput,
    name=st.just("iron"),
    tonnes=tonnes,
    metallic_share=metal,
    intensity=small,
    green=st.booleans(),
)


@given(
    iron=st.lists(irons, min_size=1, max_size=6),
    first=irons,
    total=st.decimals(0, 10**9, places=6),
    output=tonnes,
)
def test_an_allocation_conserves_the_site_s_total(
    iron: list[IronInput], first: IronInput, total: Decimal, output: Decimal
) -> None:
    """R064: exactly in fractions, and again in a record's decimals."""
    allocation = AllocationFacts(iron=(replace(first, green=True), *iron))
    found = split(allocation, site_emissions=Fraction(total), output_tonnes=Fraction(output))
    assert sum(each.emissions for each in found.products) == total
    assert sum(each.tonnes for each in found.products) == output
    kept = in_decimals(found)
    assert sum((each.emissions for each in kept), Decimal(0)) == total
    assert sum((each.tonnes for each in kept), Decimal(0)) == output
    assert all(each.emissions >= 0 and each.intensity >= 0 for each in kept)
    # Green is never kept more favourable than it is.
    assert kept[0].intensity >= found.green.intensity
    assert kept[0].tonnes <= found.green.tonnes


@given(totals=st.tuples(*[st.decimals(0, 9_000, places=2)] * 2).map(sorted), green=small)
def test_a_lower_site_total_never_turns_a_pass_into_a_fail(
    totals: list[Decimal], green: Decimal
) -> None:
    # R024 says more of a site that R021 refuses already.
    iron = (replace(GREEN, intensity=green), OTHER)
    better, worse = (failing(allocated(*iron, total=total)) for total in totals)
    assert better - {"R024"} <= worse
    assert bool(better) <= bool(worse)


# --- R062 ---------------------------------------------------------------------------------------


def of_sites(*sites: str) -> IssuanceCase:
    case = a_case()
    assert case.measurement is not None
    lines = tuple(
        EmissionLine("scope_1", "reductants", Decimal(4_500) / len(sites), site=site)
        for site in sites
    )
    return replace(case, measurement=replace(case.measurement, emissions=lines))


@pytest.mark.rule("R062", "pass")
def test_lines_of_the_site_pass() -> None:
    assert outcome("R062", a_case()) is PASS


@pytest.mark.rule("R062", "boundary")
def test_one_site_passes_and_two_do_not() -> None:
    assert outcome("R062", of_sites("LULEA")) is PASS
    assert outcome("R062", of_sites("LULEA", "BODEN")) is FAIL


@pytest.mark.rule("R062", "fail")
def test_another_site_s_metal_is_refused() -> None:
    case = a_case()
    assert case.measurement is not None
    foreign = replace(case.measurement.metals[0], site="BODEN")
    case = replace(case, measurement=replace(case.measurement, metals=(foreign,)))
    assert outcome("R062", case) is FAIL


@pytest.mark.rule("R062", "boundary")
def test_without_green_iron_the_product_is_not_below_its_site() -> None:
    assert outcome("R062", a_case(intensity=Decimal("0.45"))) is PASS
    assert outcome("R062", a_case(intensity=Decimal("0.449999"))) is FAIL


# --- R063 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R063", "pass")
def test_a_proportional_allocation_passes_every_rule() -> None:
    assert failing(allocated()) == set()


@pytest.mark.rule("R063", "boundary")
def test_units_go_up_to_the_green_share_of_the_steel() -> None:
    """floor(9,000 x 2,000 / 5,000) = 3,600."""
    at_most = {"tonnes": 3_600, "delivered_tonnes": 9_000}
    assert outcome("R063", allocated(changes=at_most)) is PASS
    found = finding("R063", allocated(changes={**at_most, "tonnes": 3_601}))
    assert (found.outcome, found.numbers["room"]) == (FAIL, "3600")


@pytest.mark.rule("R063", "boundary")
def test_green_iron_at_the_limit_passes_and_a_trifle_above_does_not() -> None:
    at_limit = replace(GREEN, intensity=EDITION.iron_limit_intensity)
    above = replace(GREEN, intensity=EDITION.iron_limit_intensity + LEAST)
    other = replace(OTHER, intensity=Decimal("0.2"))
    assert outcome("R063", allocated(at_limit, other)) is PASS
    assert outcome("R063", allocated(above, other)) is FAIL


@pytest.mark.rule("R063", "boundary")
def test_steel_may_weigh_what_the_metal_weighs_and_no_more() -> None:
    assert outcome("R063", allocated(output="10000", yield_share=Decimal(1))) is PASS
    case = allocated(output="10000.001", yield_share=Decimal(1))
    assert outcome("R063", case) is FAIL


@pytest.mark.rule("R063", "fail")
def test_iron_left_out_of_the_allocation_is_refused() -> None:
    case = allocated()
    assert case.allocation is not None
    case = replace(case, allocation=replace(case.allocation, iron=(GREEN,)))
    assert outcome("R063", case) is FAIL


@pytest.mark.rule("R063", "fail")
def test_a_product_with_another_ratio_of_iron_to_scrap_is_refused() -> None:
    own = ProductFigure("green", Decimal(3_600), Decimal("0.4"), scrap_share=Decimal("0.2"))
    found = finding("R063", allocated(reported=(own,)))
    assert (found.outcome, found.field) == (FAIL, "reported")


@pytest.mark.rule("R063", "fail")
def test_green_iron_below_its_verified_figure_is_refused() -> None:
    case = allocated(replace(GREEN, verified_intensity=Decimal("0.41")), OTHER)
    assert outcome("R063", case) is FAIL


@pytest.mark.rule("R063", "fail")
def test_iron_with_units_leaves_less_steel() -> None:
    """floor(9,000 x 1,000 / 5,000) = 1,800."""
    partly = replace(GREEN, delivered_tonnes=Decimal(2_000), issued_tonnes=Decimal(1_000))
    found = finding("R063", allocated(partly, OTHER))
    assert (found.outcome, found.numbers["room"]) == (FAIL, "1800")


def test_iron_cannot_have_green_iron_allocated() -> None:
    case = an_iron_case(allocation=AllocationFacts(iron=(GREEN,)))
    assert outcome("R063", case) is FAIL


@pytest.mark.parametrize("rule", ["R063", "R064", "R065", "R066"])
def test_without_an_allocation_its_rules_do_not_apply(rule: str) -> None:
    assert outcome(rule, a_case()) is NOT_APPLICABLE


# --- R064 ---------------------------------------------------------------------------------------

# 9,000 t at 0.45... : 2,000 x 0.4 + 3,000 x 0.8 + 9,000 x 0.1 = 4,100 t CO2e.
REPORTED = (
    ProductFigure("green", Decimal(3_600), Decimal("0.322223")),
    ProductFigure("conventional", Decimal(5_400), Decimal("0.544444")),
)


@pytest.mark.rule("R064", "pass")
def test_products_that_add_up_to_the_site_pass() -> None:
    assert outcome("R064", allocated()) is PASS
    assert outcome("R064", allocated(reported=REPORTED)) is PASS


@pytest.mark.rule("R064", "boundary")
def test_the_sum_holds_to_the_rounding_of_the_figures() -> None:
    """0.000001 t CO2e/t on each of 9,000 t: 0.009 t CO2e."""
    at_edge = (replace(REPORTED[0], intensity=Decimal("0.32222538")), REPORTED[1])
    beyond = (replace(REPORTED[0], intensity=Decimal("0.3222254")), REPORTED[1])
    assert outcome("R064", allocated(reported=at_edge)) is PASS
    assert outcome("R064", allocated(reported=beyond)) is FAIL


@pytest.mark.rule("R064", "fail")
def test_products_that_do_not_weigh_what_the_site_made_are_refused() -> None:
    assert outcome("R064", allocated(reported=REPORTED[:1])) is FAIL


@pytest.mark.rule("R064", "boundary")
def test_the_product_s_figure_is_that_of_the_split_and_not_below() -> None:
    assert outcome("R064", allocated(changes={"intensity": Decimal("0.322223")})) is PASS
    found = finding("R064", allocated(changes={"intensity": Decimal("0.322222")}))
    assert (found.outcome, found.field) == (FAIL, "intensity")


@pytest.mark.rule("R064", "fail")
@pytest.mark.parametrize("stated", [None, Decimal(1), Decimal("0.899"), Decimal("1.1")])
def test_a_yield_other_than_that_of_the_lines_is_refused(stated: Decimal | None) -> None:
    found = finding("R064", allocated(yield_share=stated))
    assert (found.outcome, found.field) == (FAIL, "yield_share")


# --- R065 ---------------------------------------------------------------------------------------


def here(**changes: Any) -> IronInput:
    given = {"origin": "here", "delivered_tonnes": Decimal(2_500), "declaration": ""}
    return replace(GREEN, **{**given, **changes})


@pytest.mark.rule("R065", "pass")
def test_iron_without_units_may_be_allocated() -> None:
    assert outcome("R065", allocated()) is PASS
    assert outcome("R065", allocated(here(), OTHER)) is PASS


@pytest.mark.rule("R065", "boundary")
def test_units_of_the_iron_block_it_tonne_for_tonne() -> None:
    assert outcome("R065", allocated(here(issued_tonnes=Decimal(500)), OTHER)) is PASS
    found = finding("R065", allocated(here(issued_tonnes=Decimal(501)), OTHER))
    assert (found.outcome, found.numbers["left"]) == (FAIL, "1999")


@pytest.mark.rule("R065", "boundary")
def test_what_other_steel_drew_blocks_it_too() -> None:
    mixed = here(issued_tonnes=Decimal(200), drawn_tonnes=Decimal(300))
    assert outcome("R065", allocated(mixed, OTHER)) is PASS
    more = replace(mixed, drawn_tonnes=Decimal("300.001"))
    assert outcome("R065", allocated(more, OTHER)) is FAIL


@pytest.mark.rule("R065", "fail")
@pytest.mark.parametrize("origin", ["outside", "other_registry"])
def test_iron_from_outside_needs_a_declaration(origin: str) -> None:
    undeclared = replace(GREEN, origin=origin, declaration=" ")
    assert outcome("R065", allocated(undeclared, OTHER)) is FAIL


@pytest.mark.rule("R065", "fail")
def test_iron_of_an_unknown_origin_is_refused() -> None:
    assert outcome("R065", allocated(replace(GREEN, origin="moon"), OTHER)) is FAIL
    assert outcome("R065", allocated(here(delivered_tonnes=None), OTHER)) is FAIL
    assert outcome("R065", allocated(replace(GREEN, green=False), OTHER)) is FAIL


@pytest.mark.rule("R065", "boundary")
def test_iron_units_are_blocked_by_steel_that_drew_the_iron() -> None:
    """10,000 t delivered, 2,000 t drawn: 8,000 units."""
    assert outcome("R065", an_iron_case(iron_drawn=Decimal(2_000))) is PASS
    found = finding("R065", an_iron_case(iron_drawn=Decimal("2000.001")))
    assert (found.outcome, found.numbers["room"]) == (FAIL, "7999")


# --- R066 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R066", "pass")
def test_a_site_that_passes_with_a_verified_figure_passes() -> None:
    assert outcome("R066", allocated()) is PASS


@pytest.mark.rule("R066", "boundary")
def test_both_are_needed_and_the_limit_is_inclusive() -> None:
    """5,000 t of 10,000 t metal is scrap: the limit is 0.70; 3,200 + 9,000 x p = 6,300."""
    at_limit = {"site_intensity": Decimal("0.7")}
    assert outcome("R066", allocated(changes=at_limit)) is PASS
    assert outcome("R066", allocated(changes={"site_intensity": Decimal("0.700001")})) is FAIL


@pytest.mark.rule("R066", "fail")
def test_a_figure_that_nobody_verified_is_refused_at_issuance() -> None:
    unsigned = allocated(changes={"verified_intensity": None})
    assert outcome("R066", unsigned) is FAIL
    assert outcome("R066", replace(allocated(), verification=None)) is FAIL
    applied = replace(allocated(), verification=None, stage=Stage.APPLICATION)
    assert outcome("R066", applied) is PASS


@pytest.mark.rule("R066", "fail")
def test_a_verified_figure_below_the_split_is_refused() -> None:
    case = allocated(changes={"verified_intensity": Decimal("0.32")})
    assert outcome("R066", case) is FAIL


@given(
    green=st.decimals(0, 1, places=3),
    other=st.decimals(0, 2, places=3),
    total=st.decimals(0, 9_000, places=2),
    lower=st.decimals(0, 1, places=3),
)
def test_with_green_iron_too_a_lower_site_total_never_turns_a_pass_into_a_fail(
    green: Decimal, other: Decimal, total: Decimal, lower: Decimal
) -> None:
    iron = (replace(GREEN, intensity=green), replace(OTHER, intensity=other))
    worse, better = (allocated(*iron, total=each) for each in (total, total * lower))
    assert failing(better) <= failing(worse)
