"""Measurement (5.1, Exhibit 7, App. B and C): R006, R025–R029, R060, R061.

The figures a production is judged by come from lines, not from a box that somebody typed into:
a declared figure more favourable than its lines is refused.
"""

from decimal import Decimal
from fractions import Fraction

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import FunctionalUnit, IssuanceCase, MeasurementFacts
from registry.rulebook.facts.measurement import COUNTED_SCRAP, ConversionFacts, Part
from registry.rulebook.figures import functional_unit
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.given import (
    Unusable,
    date_given,
    decimal_given,
    share_given,
    shown,
    word_given,
)
from registry.rulebook.lines import (
    OPERATIONS,
    converted,
    measured_intensity,
    measured_scrap_share,
    metallic_inputs,
    shown_exactly,
    site_emissions,
    step_result,
    totals,
)
from registry.rulebook.vintage import add_months

HOT_ROLLED = "hot_rolled"
SYSTEM_EXPANSION = "system_expansion"
_BASES = ("location", "market")


def measurement_of(case: IssuanceCase) -> MeasurementFacts:
    """The measurement. Raises Unusable where there is none."""
    if case.measurement is None:
        raise Unusable(
            "measurement",
            "no measurement",
            "the site's emissions and metallic inputs, line by line",
            "Enter the measurement of this production.",
        )
    return case.measurement


def has_full_year(measurement: MeasurementFacts, edition: Edition) -> bool:
    """Whether the activity data covers a full year, both days included. Raises Unusable."""
    start = date_given("data_start", measurement.data_start)
    end = date_given("data_end", measurement.data_end)
    full = add_months(start, edition.activity_data_months)
    return end.toordinal() + 1 >= full.toordinal()


@rule("R006", section="2.2, App.B", modality="shall", subject=IssuanceCase)
def hot_rolled_certificate_has_a_crude_figure(case: IssuanceCase, edition: Edition) -> Verdict:
    """R006 (2.2, App.B): A certificate of hot-rolled coil needs a proven crude-level figure."""
    measurement = measurement_of(case)
    if measurement.certified_product != HOT_ROLLED:
        return not_applicable("No certificate of hot-rolled coil is used.")
    figure = decimal_given("crude_figure", measurement.crude_figure, "t CO2e/t")
    proofs = measurement.crude_evidence
    found = f"crude-level figure {shown(figure)} t CO2e/t, {proofs} file(s) of evidence"
    allowed = "a crude-level figure by the threshold's own rules, with at least one file"
    numbers = {"crude_figure": figure, "evidence": proofs}
    if proofs >= 1:
        return passed(found, allowed, field="crude_figure", **numbers)
    action = "Attach the calculation that takes the rolling off, as evidence of measurement."
    return failed(found, allowed, action, field="crude_figure", **numbers)


@rule(
    "R025",
    section="3.1",
    modality="shall",
    subject=IssuanceCase,
    parameters=("native_schemes",),
)
def other_schemes_are_converted(case: IssuanceCase, edition: Edition) -> Verdict:
    """R025 (3.1): Another scheme's figure needs a conversion, recorded step by step with evidence.

    A label alone is no evidence. The declared average is not below what the steps give.
    """
    measurement = measurement_of(case)
    scheme = word_given("scheme", measurement.scheme)
    conversion = measurement.conversion
    if conversion is None and scheme in edition.native_schemes:
        return not_applicable(f"Measured by {scheme}: nothing to convert.")
    allowed = "the scheme's figure and every step to the threshold's boundary, each with evidence"
    if conversion is None or not conversion.steps:
        return failed(
            f"scheme {scheme}, {_label_of(conversion)}, no step of conversion",
            allowed,
            "Record the conversion; a label is no evidence (App. C).",
            field="conversion",
            steps=0,
        )
    faults = _step_faults(conversion)
    result = converted(conversion)
    site = decimal_given("site_intensity", case.production.site_intensity, "t CO2e/t")
    numbers = {
        "figure": conversion.figure,
        "steps": len(conversion.steps),
        "result": shown_exactly(result),
        "site_intensity": site,
    }
    found = (
        f"scheme {scheme}: {conversion.figure} to {shown_exactly(result)} t CO2e/t in "
        f"{len(conversion.steps)} step(s)"
    )
    if faults:
        return failed(
            f"{found}; {faults[0]}", allowed, "Correct that step.", field="conversion", **numbers
        )
    if Fraction(site) < result:
        action = "Declare what the steps give, or more."
        return failed(
            f"{found}, declared {shown(site)}", allowed, action, field="site_intensity", **numbers
        )
    return passed(found, allowed, field="conversion", **numbers)


@rule(
    "R026",
    section="Exh.7",
    modality="shall",
    subject=IssuanceCase,
    parameters=("metallic_fractions",),
)
def scrap_share_is_of_metal(case: IssuanceCase, edition: Edition) -> Verdict:
    """R026 (Exh.7): The scrap share is computed from metallic inputs; scrap brings no burden.

    Internal scrap is left out, alloys are primary. The declared share is not below the computed.
    """
    if functional_unit(case) is FunctionalUnit.IRON:
        return not_applicable("Iron has no scrap share.")
    measurement = measurement_of(case)
    for number, line in enumerate(measurement.metals, start=1):
        burden = line.upstream_intensity
        if line.kind in COUNTED_SCRAP and burden is not None and burden != 0:
            return failed(
                f"line {number}: scrap with {burden} t CO2e/t from upstream",
                "scrap with no upstream emissions",
                "Leave the upstream intensity of scrap out.",
                field="metals",
            )
    exact = measured_scrap_share(measurement, edition)
    primary, scrap = metallic_inputs(measurement, edition)
    declared = share_given("scrap_share", case.production.scrap_share)
    numbers = {
        "primary_metal": shown_exactly(primary),
        "scrap_metal": shown_exactly(scrap),
        "computed": shown_exactly(exact),
        "scrap_share": declared,
    }
    found = (
        f"scrap {shown_exactly(scrap)} t of {shown_exactly(primary + scrap)} t metal: "
        f"{shown_exactly(exact)}, declared {shown(declared)}"
    )
    allowed = f"a declared scrap share of at least {shown_exactly(exact)}"
    if Fraction(declared) >= exact:
        return passed(found, allowed, field="scrap_share", **numbers)
    action = "Save the measurement again, so that the share follows its lines."
    return failed(found, allowed, action, field="scrap_share", **numbers)


@rule("R027", section="Exh.7", modality="shall not", subject=IssuanceCase)
def nothing_is_allocated_to_by_products(case: IssuanceCase, edition: Edition) -> Verdict:
    """R027 (Exh.7): No emissions are allocated to co-products; credits by system expansion only."""
    measurement = measurement_of(case)
    totals(measurement)
    allocated = decimal_given("allocated_emissions", measurement.allocated_emissions, "t CO2e")
    credits = [each for each in measurement.emissions if each.part == Part.CREDIT]
    allowed = "0 t CO2e allocated, every credit by system expansion"
    action = "Add them back; credit what by-products replace by system expansion."
    found = f"{shown(allocated)} t CO2e allocated to co-products, {len(credits)} credit(s)"
    if allocated > 0:
        return failed(
            found, allowed, action, field="allocated_emissions", allocated_emissions=allocated
        )
    for each in credits:
        if each.method != SYSTEM_EXPANSION:
            return failed(
                f"credit for {each.source} by {each.method or 'no stated method'}",
                allowed,
                action,
                field="emissions",
                allocated_emissions=allocated,
            )
    return passed(
        found, allowed, field="allocated_emissions", allocated_emissions=allocated,
        credits=len(credits),
    )  # fmt: skip


@rule("R028", section="Exh.7", modality="may", subject=IssuanceCase)
def electricity_basis_is_recorded(case: IssuanceCase, edition: Edition) -> Verdict:
    """R028 (Exh.7): Electricity may be market-based; which it is, and how much, is recorded.

    Instruments cover no more electricity than was used.
    """
    measurement = measurement_of(case)
    basis = word_given("electricity_basis", measurement.electricity_basis)
    if basis not in _BASES:
        return failed(
            f"electricity {basis}",
            "location or market",
            "Say on which basis electricity was counted.",
            field="electricity_basis",
        )
    if basis == "location":
        return passed("electricity by location", "location or market", field="electricity_basis")
    used = decimal_given("electricity_mwh", measurement.electricity_mwh, "MWh")
    covered = decimal_given("instruments_mwh", measurement.instruments_mwh, "MWh")
    found = f"market-based: instruments for {shown(covered)} of {shown(used)} MWh"
    allowed = f"instruments for at most {shown(used)} MWh"
    numbers = {"electricity_mwh": used, "instruments_mwh": covered}
    if covered <= used:
        return passed(found, allowed, field="electricity_basis", **numbers)
    action = "Give the instruments cancelled for this site and period only."
    return failed(found, allowed, action, field="instruments_mwh", **numbers)


@rule(
    "R029",
    section="5.1",
    modality="shall",
    subject=IssuanceCase,
    parameters=("steel_boundary", "steel_boundary_end", "iron_boundary", "iron_boundary_end"),
)
def boundary_is_cradle_to_gate(case: IssuanceCase, edition: Edition) -> Verdict:
    """R029 (5.1): The boundary runs from the cradle to casting, for iron to its first product.

    Mining and transport are in it. The average follows from the lines and is not negative (ours).
    """
    measurement = measurement_of(case)
    is_iron = functional_unit(case) is FunctionalUnit.IRON
    needed = edition.iron_boundary if is_iron else edition.steel_boundary
    end = edition.iron_boundary_end if is_iron else edition.steel_boundary_end
    missing = [each for each in needed if each not in measurement.covers]
    if missing or measurement.ends_at != end:
        return failed(
            f"not covered: {', '.join(missing) or 'nothing'}; "
            f"it ends at {measurement.ends_at or 'nothing stated'}",
            f"all of {', '.join(needed)}, ending at {end}",
            "Add what is missing, and leave out what comes after.",
            field="covers" if missing else "ends_at",
        )
    exact = measured_intensity(measurement)
    found = f"computed {shown_exactly(exact)} t CO2e/t over the whole boundary"
    numbers: dict[str, object] = {"computed": shown_exactly(exact)}
    if measurement.conversion is None:
        sums = totals(measurement)
        numbers |= {str(part): shown_exactly(total) for part, total in sums.items()}
        numbers["output_tonnes"] = measurement.output_tonnes
    if exact < 0:
        return failed(
            found,
            "0 t CO2e/t or more",
            "Credits exceed emissions: check them.",
            field="emissions",
            **numbers,
        )
    declared = decimal_given("site_intensity", case.production.site_intensity, "t CO2e/t")
    numbers["site_intensity"] = declared
    allowed = f"a declared average of at least {shown_exactly(exact)} t CO2e/t"
    if Fraction(declared) >= exact:
        return passed(found, allowed, field="site_intensity", **numbers)
    return failed(
        f"{found}, declared {shown(declared)}",
        allowed,
        "Save the measurement again, so that the average follows its lines.",
        field="site_intensity",
        **numbers,
    )


@rule(
    "R060",
    section="5.1",
    modality="shall",
    subject=IssuanceCase,
    parameters=("activity_data_months",),
)
def data_covers_a_full_year(case: IssuanceCase, edition: Edition) -> Verdict:
    """R060 (5.1): The average covers a full year of activity data; with less it is conditional.

    The data's period contains the production's.
    """
    measurement = measurement_of(case)
    start = date_given("data_start", measurement.data_start)
    end = date_given("data_end", measurement.data_end)
    first = date_given("period_start", case.production.period_start)
    last = date_given("period_end", case.production.period_end)
    found = f"activity data from {start} to {end}"
    numbers = {"data_start": start, "data_end": end, "days": (end - start).days + 1}
    if end < start or end > case.on:
        action = "Correct the days of the data."
        allowed = f"a period that ends after its first day and by {case.on}"
        return failed(found, allowed, action, field="data_end", **numbers)
    if start > first or end < last:
        return failed(
            f"{found}, production from {first} to {last}",
            "data whose period contains the production's",
            "Measure over a period that contains this production.",
            field="data_start",
            **numbers,
        )
    allowed = f"{edition.activity_data_months} months or more"
    if has_full_year(measurement, edition):
        return passed(found, allowed, field="data_end", **numbers)
    return warned(
        f"{found}: conditional",
        allowed,
        "The verification is conditional until a full year can be verified.",
        field="data_end",
        **numbers,
    )


@rule(
    "R061",
    section="5.1",
    modality="shall",
    subject=IssuanceCase,
    parameters=("integrated_routes",),
)
def integrated_iron_is_segregated(case: IssuanceCase, edition: Edition) -> Verdict:
    """R061 (5.1): An integrated site that issues iron calculates the iron boundary by itself.

    Process gas and waste energy that leave it are credited by system expansion (10.4.7). The part
    is not larger than the whole.
    """
    if functional_unit(case) is not FunctionalUnit.IRON:
        return not_applicable("Not an ironmaking production.")
    measurement = measurement_of(case)
    if case.site.route not in edition.integrated_routes and not measurement.is_integrated:
        return not_applicable("Iron is all that this site makes.")
    allowed = "a calculation of the iron boundary alone, gases by system expansion"
    if not measurement.is_segregated:
        action = "Separate ironmaking from steelmaking, and say so."
        return failed(
            "one figure over iron and steel", allowed, action, field="is_segregated"
        )  # fmt: skip
    if measurement.process_gas not in ("none", SYSTEM_EXPANSION):
        return failed(
            f"process gas and waste energy by {measurement.process_gas or 'no stated method'}",
            allowed,
            "Credit them by system expansion.",
            field="process_gas",
        )
    whole = decimal_given("whole_site_emissions", measurement.whole_site_emissions, "t CO2e")
    part = site_emissions(measurement)
    found = f"iron {shown_exactly(part)} of {shown(whole)} t CO2e of the whole site"
    numbers = {"iron_emissions": shown_exactly(part), "whole_site_emissions": whole}
    if part <= Fraction(whole):
        return passed(found, allowed, field="whole_site_emissions", **numbers)
    action = "Check both totals: the part is larger than the whole."
    return failed(found, allowed, action, field="whole_site_emissions", **numbers)


def _label_of(conversion: ConversionFacts | None) -> str:
    label = conversion.level if conversion is not None else ""
    return f"label {label!r}" if label else "no label"


def _step_faults(conversion: ConversionFacts) -> list[str]:
    """What is wrong with the steps, in order; their results are recomputed to the digit."""
    faults = []
    figure = Fraction(decimal_given("scheme_figure", conversion.figure, "t CO2e/t"))
    for number, each in enumerate(conversion.steps, start=1):
        if each.operation not in OPERATIONS:
            faults.append(f"step {number}: operation {each.operation!r}")
            return faults
        figure = step_result(figure, each, number)
        stated = each.result
        if not isinstance(stated, Decimal) or not stated.is_finite() or Fraction(stated) != figure:
            gives = shown_exactly(figure)
            faults.append(f"step {number}: it gives {gives}, stated is {stated}")
        if figure < 0:
            faults.append(f"step {number}: a negative figure")
        for name in ("what", "source", "evidence"):
            if not getattr(each, name).strip():
                faults.append(f"step {number}: no {name}")
    return faults
