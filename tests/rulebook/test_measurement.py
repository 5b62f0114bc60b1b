"""R006, R025–R029, R060, R061: measurement (5.1, Exhibit 7, App. B and C)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.facts import (
    ConversionFacts,
    ConversionStep,
    EmissionLine,
    IssuanceCase,
    MetallicLine,
    Part,
)
from registry.rulebook.given import Unusable
from registry.rulebook.lines import (
    measured_intensity,
    measured_scrap_share,
    rounded_up,
    shown_exactly,
    site_emissions,
    totals,
)
from tests.rulebook.cases import (
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    WARN,
    a_case,
    a_measurement,
    an_iron_case,
    finding,
    outcome,
)

LEAST = Decimal("0.000001")


def measured(**changes: Any) -> IssuanceCase:
    """The steel case (0.45 t CO2e/t at 30 % scrap) with some facts of its measurement changed."""
    case = a_case()
    assert case.measurement is not None
    return replace(case, measurement=replace(case.measurement, **changes))


def iron_measured(**changes: Any) -> IssuanceCase:
    case = an_iron_case(site_route="bf_bof")
    assert case.measurement is not None
    return replace(case, measurement=replace(case.measurement, **changes))


def step(operation: str, operand: str, result: str) -> ConversionStep:
    return ConversionStep(
        what="mining and transport added",
        operation=operation,
        operand=Decimal(operand),
        result=Decimal(result),
        source="LESS report 2025, table 3",
        evidence="less.pdf",
    )


def converted(*steps: ConversionStep, figure: str | None = "0.40", **changes: Any) -> IssuanceCase:
    conversion = ConversionFacts(
        level="LESS B", figure=None if figure is None else Decimal(figure), steps=steps
    )
    return measured(scheme="less", emissions=(), conversion=conversion, **changes)


# --- what the lines give -------------------------------------------------------------------------

LINES = (
    EmissionLine("scope_1", "reductants", Decimal("600.5")),
    EmissionLine("scope_1", "flaring", Decimal("0.25")),
    EmissionLine("scope_2", "electricity", Decimal(200)),
    EmissionLine("scope_3", "ore_mining", Decimal(100)),
    EmissionLine("credit", "slag", Decimal("50.75"), method="system_expansion"),
)


def test_totals_are_by_scope_and_the_site_total_takes_credits_off() -> None:
    measurement = a_measurement(None, None, emissions=LINES, output_tonnes=Decimal(1_000))
    assert totals(measurement) == {
        Part.SCOPE_1: Fraction("600.75"),
        Part.SCOPE_2: 200,
        Part.SCOPE_3: 100,
        Part.CREDIT: Fraction("50.75"),
    }
    assert site_emissions(measurement) == 850
    assert measured_intensity(measurement) == Fraction("0.85")


def test_the_scrap_share_is_of_metal_without_internal_scrap() -> None:
    """Exhibit 7: home, manufacturing and end-of-life scrap count, alloys are primary."""
    measurement = a_measurement(
        None,
        None,
        metals=(
            MetallicLine("dri", Decimal(100)),
            MetallicLine("pig_iron", Decimal(50), Decimal("0.95")),
            MetallicLine("alloys", Decimal(4), Decimal("0.7")),
            MetallicLine("home_scrap", Decimal(10)),
            MetallicLine("manufacturing_scrap", Decimal(20)),
            MetallicLine("end_of_life_scrap", Decimal(70)),
            MetallicLine("internal_scrap", Decimal(40)),
        ),
    )
    scrap = Fraction("98.0")
    primary = 94 + Fraction("47.5") + Fraction("2.8")
    assert measured_scrap_share(measurement, EDITION) == scrap / (scrap + primary)


@pytest.mark.parametrize(
    ("value", "places", "up"),
    [
        (Fraction(1, 3), 6, "0.333334"),
        (Fraction("0.45"), 6, "0.450000"),
        (Fraction("0.4500000001"), 6, "0.450001"),
        (Fraction(0), 6, "0.000000"),
    ],
)
def test_a_kept_figure_is_rounded_up(value: Fraction, places: int, up: str) -> None:
    assert str(rounded_up(value, places)) == up


def test_a_shown_figure_has_no_padding() -> None:
    assert shown_exactly(Fraction("0.450")) == "0.45"
    assert shown_exactly(Fraction(100)) == "100"
    assert shown_exactly(Fraction(0)) == "0"


@given(
    st.lists(
        st.tuples(st.sampled_from(["scope_1", "credit"]), st.decimals(0, 10**9, places=6)),
        min_size=1,
        max_size=20,
    ),
    st.randoms(),
)
def test_the_order_of_lines_never_matters(lines: list[tuple[str, Decimal]], random: Any) -> None:
    def of(rows: list[tuple[str, Decimal]]) -> Fraction:
        made = [
            EmissionLine(part, "flaring" if part == "scope_1" else "slag", amount)
            for part, amount in rows
        ]
        return site_emissions(a_measurement(None, None, emissions=tuple(made)))

    shuffled = list(lines)
    random.shuffle(shuffled)
    assert of(lines) == of(shuffled)


@pytest.mark.parametrize(
    "line",
    [
        EmissionLine("scope_4", "flaring", Decimal(1)),
        EmissionLine("scope_1", "electricity", Decimal(1)),
        EmissionLine("scope_1", "flaring", None),
        EmissionLine("scope_1", "flaring", Decimal(-1)),
        EmissionLine("scope_1", "flaring", Decimal("NaN")),
        EmissionLine("scope_1", "flaring", 1.5),  # type: ignore[arg-type]
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: EmissionLine) -> None:
    case = measured(emissions=(LINES[0], line))
    for rule in ("R027", "R029"):
        found = finding(rule, case)
        assert found.outcome is FAIL
        assert found.found.startswith("line 2: ")
        assert found.field == "emissions"


@pytest.mark.parametrize(
    "line",
    [
        MetallicLine("ore", Decimal(1)),
        MetallicLine("alloys", Decimal(1)),
        MetallicLine("dri", None),
        MetallicLine("dri", Decimal(-1)),
        MetallicLine("dri", Decimal(1), Decimal("1.01")),
        MetallicLine("dri", Decimal(1), Decimal(-1)),
    ],
)
def test_a_metallic_line_that_cannot_be_read_fails(line: MetallicLine) -> None:
    assert outcome("R026", measured(metals=(line,))) is FAIL


@pytest.mark.parametrize("rule", ["R006", "R025", "R026", "R027", "R028", "R029", "R060", "R062"])
def test_without_a_measurement_nothing_passes(rule: str) -> None:
    found = finding(rule, a_case(measurement=None))
    assert (found.outcome, found.field) == (FAIL, "measurement")


# --- R006 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R006", "pass")
def test_a_hot_rolled_certificate_with_a_proven_crude_figure_passes() -> None:
    case = measured(certified_product="hot_rolled", crude_figure=Decimal("0.45"), crude_evidence=2)
    assert outcome("R006", case) is PASS


@pytest.mark.rule("R006", "fail")
@pytest.mark.parametrize("figure", [None, Decimal("-0.1"), Decimal("0.45")])
def test_a_hot_rolled_certificate_alone_is_refused(figure: Decimal | None) -> None:
    case = measured(certified_product="hot_rolled", crude_figure=figure, crude_evidence=0)
    found = finding("R006", case)
    assert (found.outcome, found.field) == (FAIL, "crude_figure")


@pytest.mark.rule("R006", "boundary")
def test_one_file_proves_a_crude_figure_of_zero() -> None:
    case = measured(certified_product="hot_rolled", crude_figure=Decimal(0), crude_evidence=1)
    assert outcome("R006", case) is PASS


def test_a_crude_certificate_needs_no_crude_figure_beside_it() -> None:
    assert outcome("R006", measured(certified_product="crude_steel")) is NOT_APPLICABLE


# --- R025 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R025", "pass")
def test_a_conversion_recorded_step_by_step_passes() -> None:
    case = converted(step("add", "0.10", "0.50"), step("subtract", "0.05", "0.45"))
    found = finding("R025", case)
    assert found.outcome is PASS
    assert found.numbers["result"] == "0.45"
    assert outcome("R029", case) is PASS


@pytest.mark.rule("R025", "fail")
def test_a_label_alone_is_no_evidence() -> None:
    found = finding("R025", converted())
    assert found.outcome is FAIL
    assert "label 'LESS B'" in found.found


@pytest.mark.rule("R025", "fail")
def test_another_scheme_without_a_conversion_is_refused() -> None:
    assert outcome("R025", measured(scheme="gscc")) is FAIL


@pytest.mark.rule("R025", "boundary")
def test_the_declared_average_is_what_the_steps_give_and_not_below() -> None:
    assert outcome("R025", converted(step("add", "0.05", "0.45"))) is PASS
    over = step("add", "0.050001", "0.450001")
    assert outcome("R025", converted(over)) is FAIL


@pytest.mark.rule("R025", "fail")
@pytest.mark.parametrize(
    "changes",
    [
        {"evidence": ""},
        {"source": " "},
        {"what": ""},
        {"operation": "divide"},
        {"operand": None},
        {"operand": Decimal(-1)},
        {"result": Decimal("0.46")},
        {"result": None},
        {"result": Decimal("NaN")},
        {"operation": "subtract", "operand": Decimal("0.5"), "result": Decimal("-0.1")},
    ],
)
def test_a_step_that_does_not_hold_is_refused(changes: dict[str, Any]) -> None:
    assert outcome("R025", converted(replace(step("add", "0.05", "0.45"), **changes))) is FAIL


def test_a_conversion_without_a_figure_is_refused() -> None:
    case = converted(step("set", "0.45", "0.45"), figure=None)
    assert outcome("R025", case) is FAIL


@pytest.mark.parametrize(
    ("operation", "operand", "result"),
    [("multiply", "1.125", "0.45"), ("set", "0.45", "0.45"), ("add", "0.05", "0.4500")],
)
def test_every_operation_is_recomputed(operation: str, operand: str, result: str) -> None:
    assert outcome("R025", converted(step(operation, operand, result))) is PASS


def test_the_threshold_s_own_scheme_needs_no_conversion() -> None:
    assert outcome("R025", a_case()) is NOT_APPLICABLE


def test_no_scheme_is_refused() -> None:
    assert outcome("R025", measured(scheme="")) is FAIL


# --- R026 ---------------------------------------------------------------------------------------


def inputs(scrap: str, primary: str, **changes: Any) -> IssuanceCase:
    return measured(
        metals=(
            MetallicLine("dri", Decimal(primary), Decimal(1)),
            MetallicLine("home_scrap", Decimal(scrap), Decimal(1), **changes),
        )
    )


@pytest.mark.rule("R026", "pass")
def test_a_declared_share_above_the_computed_passes() -> None:
    assert outcome("R026", inputs("29", "71")) is PASS


@pytest.mark.rule("R026", "fail")
def test_a_declared_share_below_the_computed_is_refused() -> None:
    found = finding("R026", inputs("31", "69"))
    assert (found.outcome, found.field) == (FAIL, "scrap_share")
    assert found.numbers["computed"] == "0.31"


@pytest.mark.rule("R026", "boundary")
def test_the_computed_share_itself_passes_and_a_trifle_more_does_not() -> None:
    assert outcome("R026", inputs("30", "70")) is PASS
    assert outcome("R026", inputs("30.000001", "69.999999")) is FAIL


@pytest.mark.rule("R026", "fail")
def test_scrap_with_a_burden_from_upstream_is_refused() -> None:
    assert outcome("R026", inputs("30", "70", upstream_intensity=LEAST)) is FAIL
    assert outcome("R026", inputs("30", "70", upstream_intensity=Decimal(0))) is PASS


def test_steel_without_metallic_inputs_is_refused() -> None:
    assert outcome("R026", measured(metals=())) is FAIL
    internal = MetallicLine("internal_scrap", Decimal(5))
    assert outcome("R026", measured(metals=(internal,))) is FAIL


def test_iron_has_no_scrap_share() -> None:
    assert outcome("R026", an_iron_case()) is NOT_APPLICABLE


# --- R027 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R027", "pass")
def test_credits_by_system_expansion_pass() -> None:
    assert outcome("R027", measured(emissions=LINES)) is PASS


@pytest.mark.rule("R027", "boundary")
def test_nothing_at_all_may_be_allocated_to_by_products() -> None:
    assert outcome("R027", measured(allocated_emissions=Decimal(0))) is PASS
    assert outcome("R027", measured(allocated_emissions=LEAST)) is FAIL


@pytest.mark.rule("R027", "fail")
@pytest.mark.parametrize("method", ["", "mass allocation"])
def test_a_credit_by_another_method_is_refused(method: str) -> None:
    credit = EmissionLine("credit", "slag", Decimal(1), method=method)
    assert outcome("R027", measured(emissions=(LINES[0], credit))) is FAIL


def test_what_was_allocated_must_be_said() -> None:
    assert outcome("R027", measured(allocated_emissions=None)) is FAIL


# --- R028 ---------------------------------------------------------------------------------------


def market(used: str | None, covered: str | None) -> IssuanceCase:
    return measured(
        electricity_basis="market",
        electricity_mwh=None if used is None else Decimal(used),
        instruments_mwh=None if covered is None else Decimal(covered),
    )


@pytest.mark.rule("R028", "pass")
def test_either_basis_passes_once_it_is_recorded() -> None:
    assert outcome("R028", measured(electricity_basis="location")) is PASS
    assert outcome("R028", market("100", "60")) is PASS


@pytest.mark.rule("R028", "boundary")
def test_instruments_may_cover_all_electricity_and_no_more() -> None:
    assert outcome("R028", market("100", "100")) is PASS
    assert outcome("R028", market("100", "100.000001")) is FAIL


@pytest.mark.rule("R028", "fail")
def test_a_basis_that_is_not_recorded_is_refused() -> None:
    assert outcome("R028", measured(electricity_basis="")) is FAIL
    assert outcome("R028", measured(electricity_basis="residual")) is FAIL
    assert outcome("R028", market("100", None)) is FAIL
    assert outcome("R028", market(None, "100")) is FAIL


# --- R029 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R029", "pass")
def test_the_whole_boundary_passes() -> None:
    found = finding("R029", a_case())
    assert found.outcome is PASS
    assert found.numbers["scope_1"] == "4500"
    assert outcome("R029", an_iron_case()) is PASS


@pytest.mark.rule("R029", "fail")
@pytest.mark.parametrize("left_out", EDITION.steel_boundary)
def test_an_element_left_out_is_refused(left_out: str) -> None:
    covers = tuple(each for each in EDITION.steel_boundary if each != left_out)
    found = finding("R029", measured(covers=covers))
    assert (found.outcome, found.field) == (FAIL, "covers")
    assert left_out in found.found


@pytest.mark.rule("R029", "fail")
def test_a_boundary_that_ends_elsewhere_is_refused() -> None:
    assert outcome("R029", measured(ends_at="hot_rolling")) is FAIL
    assert outcome("R029", iron_measured(ends_at="casting")) is FAIL


@pytest.mark.rule("R029", "boundary")
def test_zero_is_no_negative_intensity() -> None:
    emissions = EmissionLine("scope_1", "flaring", Decimal(100))
    credit = EmissionLine("credit", "slag", Decimal(100), method="system_expansion")
    assert outcome("R029", measured(emissions=(emissions, credit))) is PASS
    more = replace(credit, emissions=100 + LEAST)
    found = finding("R029", measured(emissions=(emissions, more)))
    assert (found.outcome, found.allowed) == (FAIL, "0 t CO2e/t or more")


@pytest.mark.rule("R029", "boundary")
def test_the_declared_average_is_what_the_lines_give_and_not_below() -> None:
    def by(emissions: Decimal) -> IssuanceCase:
        return measured(emissions=(EmissionLine("scope_1", "flaring", emissions),))

    assert outcome("R029", by(Decimal(4_500))) is PASS
    assert outcome("R029", by(4_500 + LEAST)) is FAIL


@pytest.mark.parametrize("output", [None, Decimal(0), Decimal(-1), Decimal("Infinity")])
def test_an_output_that_nothing_can_be_divided_by_is_refused(output: Decimal | None) -> None:
    found = finding("R029", measured(output_tonnes=output))
    assert (found.outcome, found.field) == (FAIL, "output_tonnes")


def test_no_lines_are_no_average() -> None:
    with pytest.raises(Unusable):
        measured_intensity(a_measurement(None, None, emissions=()))
    assert outcome("R029", measured(emissions=())) is FAIL


# --- R060 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R060", "pass")
def test_a_full_year_of_data_passes() -> None:
    assert outcome("R060", a_case()) is PASS


@pytest.mark.rule("R060", "boundary")
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2024, 2, 29), date(2025, 2, 26), WARN),
        (date(2024, 2, 29), date(2025, 2, 27), PASS),
        (date(2025, 1, 1), date(2025, 12, 30), WARN),
        (date(2025, 1, 1), date(2025, 12, 31), PASS),
    ],
)
def test_a_day_less_than_a_year_is_conditional(start: date, end: date, expected: str) -> None:
    case = a_case(period_start=date(2025, 1, 10), period_end=date(2025, 1, 31))
    assert case.measurement is not None
    given = replace(case.measurement, data_start=start, data_end=end)
    assert outcome("R060", replace(case, measurement=given)) is expected


@pytest.mark.rule("R060", "fail")
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (None, date(2025, 12, 31)),
        (date(2025, 1, 1), None),
        (date(2025, 12, 31), date(2025, 1, 1)),
        (date(2025, 1, 2), date(2026, 1, 31)),
        (date(2024, 1, 1), date(2025, 12, 30)),
        (date(2024, 1, 1), date(2026, 3, 16)),
    ],
)
def test_data_that_does_not_contain_the_production_is_refused(
    start: date | None, end: date | None
) -> None:
    assert outcome("R060", measured(data_start=start, data_end=end)) is FAIL


# --- R061 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R061", "pass")
def test_a_segregated_iron_boundary_passes() -> None:
    case = iron_measured(
        is_segregated=True,
        process_gas="system_expansion",
        whole_site_emissions=Decimal(20_000),
    )
    assert outcome("R061", case) is PASS


@pytest.mark.rule("R061", "boundary")
def test_the_part_may_be_the_whole_and_no_more() -> None:
    def whole(emissions: Decimal) -> IssuanceCase:
        return iron_measured(is_segregated=True, whole_site_emissions=emissions)

    assert outcome("R061", whole(Decimal(6_000))) is PASS
    assert outcome("R061", whole(Decimal(6_000) - LEAST)) is FAIL


@pytest.mark.rule("R061", "fail")
@pytest.mark.parametrize(
    "changes",
    [
        {"is_segregated": False},
        {"is_segregated": True, "process_gas": "allocated"},
        {"is_segregated": True, "whole_site_emissions": None},
    ],
)
def test_iron_of_an_integrated_site_without_its_own_boundary_is_refused(
    changes: dict[str, Any],
) -> None:
    given = {"whole_site_emissions": Decimal(20_000), **changes}
    assert outcome("R061", iron_measured(**given)) is FAIL


def test_a_site_that_says_it_is_integrated_is_so_whatever_its_route() -> None:
    case = an_iron_case()
    assert outcome("R061", case) is NOT_APPLICABLE
    assert case.measurement is not None
    integrated = replace(case.measurement, is_integrated=True)
    assert outcome("R061", replace(case, measurement=integrated)) is FAIL


def test_steel_needs_no_iron_boundary() -> None:
    assert outcome("R061", a_case(site_route="bf_bof")) is NOT_APPLICABLE
