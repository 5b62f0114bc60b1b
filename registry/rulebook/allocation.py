"""Allocation of environmental attributes (5.2, Exhibit 8): R062–R064, R066.

Figures stay with their site; the one exception is green iron in steel, which may be allocated to
part of the site's steel when the site passes by itself and the same iron has no units of its own.
"""

from fractions import Fraction

from registry.rulebook.chain import NO_ALLOCATION, left_of
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import (
    AllocationFacts,
    FunctionalUnit,
    IssuanceCase,
    Stage,
)
from registry.rulebook.figures import functional_unit, scrap_share, site_intensity
from registry.rulebook.findings import Verdict, failed, not_applicable, passed
from registry.rulebook.given import (
    Unusable,
    decimal_given,
    share_given,
    shown,
    whole_given,
    word_given,
)
from registry.rulebook.lines import (
    metallic_inputs,
    output_tonnes,
    rounded_up,
    shown_exactly,
    site_emissions,
)
from registry.rulebook.measurement import measurement_of
from registry.rulebook.names import counted
from registry.rulebook.split import Split, metal_of, split
from registry.rulebook.threshold import level_limit

_LAST_PLACE = Fraction(1, 1_000_000)


def split_of(case: IssuanceCase) -> Split:
    """The split that the site's lines and its iron give. Raises Unusable."""
    assert case.allocation is not None
    measurement = measurement_of(case)
    return split(
        case.allocation,
        site_emissions=_total(case),
        output_tonnes=output_tonnes(measurement),
    )


@rule("R062", section="5.2", modality="shall not", subject=IssuanceCase)
def attributes_stay_with_their_site(case: IssuanceCase, edition: Edition) -> Verdict:
    """R062 (5.2): Nothing is pooled or moved between sites: all lines are of the units' one site.

    Without green iron, the product's figure is not below the site's average.
    """
    measurement = measurement_of(case)
    site = word_given("site", case.site.code)
    named = {each.site for each in measurement.emissions}
    named |= {each.site for each in measurement.metals}
    sites = {site} | {each for each in named if each}
    found = f"lines of {len(sites)} site(s): {', '.join(sorted(sites))}"
    allowed = f"lines of one site, {site}"
    if sites != {site}:
        action = "Take out what other sites emitted or used; units are bound to one site."
        return failed(found, allowed, action, field="emissions", sites=len(sites))
    average = decimal_given("site_intensity", case.production.site_intensity, "t CO2e/t")
    product = decimal_given("intensity", case.production.intensity, "t CO2e/t")
    if case.allocation is None and product < average:
        return failed(
            f"product figure {shown(product)}, site average {shown(average)} t CO2e/t",
            f"{shown(average)} t CO2e/t or more where no green iron is allocated",
            "Give the site's average, or record the green iron.",
            field="intensity",
            sites=1,
        )
    return passed(found, allowed, field="measured_site", sites=1)


@rule(
    "R063",
    section="5.2",
    modality="shall",
    subject=IssuanceCase,
    parameters=("iron_limit_intensity", "metallic_fractions"),
)
def green_iron_is_split_in_proportion(case: IssuanceCase, edition: Edition) -> Verdict:
    """R063 (5.2): Green iron meets the iron limit and is allocated by its share of the metal.

    Products keep the site's ratio of iron to scrap, the output is not above the metallic input,
    and units are at most floor(steel output x green iron not yet issued / all iron).
    """
    if case.allocation is None:
        return not_applicable(NO_ALLOCATION)
    if functional_unit(case) is not FunctionalUnit.CRUDE_STEEL:
        return failed(
            "an allocation to iron",
            "an allocation of green iron to crude steel",
            "Remove the allocation.",
            field="allocation",
        )
    measurement = measurement_of(case)
    if (verdict := _too_dirty(case.allocation, edition)) is not None:
        return verdict
    iron = sum((metal_of(each) for each in case.allocation.iron), Fraction(0))
    primary, scrap = metallic_inputs(measurement, edition)
    output = output_tonnes(measurement)
    if iron != primary:
        return failed(
            f"{shown_exactly(iron)} t metal in the allocation's iron, "
            f"{shown_exactly(primary)} t in the measurement",
            "all primary metal of the site, once",
            "Enter every iron input and alloy, green or not, in both.",
            field="iron",
        )
    if output > primary + scrap:
        return failed(
            f"{shown_exactly(output)} t steel out of {shown_exactly(primary + scrap)} t metal",
            "no more steel than metal goes in",
            "Check the output and the metallic inputs.",
            field="output_tonnes",
        )
    if (verdict := _other_ratio(case)) is not None:
        return verdict
    return _units(case, output, iron)


@rule("R064", section="5.2", modality="shall not", subject=IssuanceCase)
def scrap_does_not_stand_in_for_iron(case: IssuanceCase, edition: Edition) -> Verdict:
    """R064 (5.2): Scrap's emissions are not substituted for iron's; the yield is stated.

    The products' figures times their tonnes add up to the site's total, give or take rounding.
    """
    if case.allocation is None:
        return not_applicable(NO_ALLOCATION)
    measurement = measurement_of(case)
    primary, scrap = metallic_inputs(measurement, edition)
    if primary + scrap == 0:
        raise Unusable("metals", "no metallic input", "the site's metallic inputs", "Enter them.")
    exact_yield = output_tonnes(measurement) / (primary + scrap)
    stated = share_given("yield_share", case.allocation.yield_share)
    if abs(Fraction(stated) - exact_yield) > _LAST_PLACE:
        return failed(
            f"yield {shown(stated)}, by the lines {shown_exactly(exact_yield)}",
            "steel output by metallic input, as the lines have them",
            "State the yield that the lines give.",
            field="yield_share",
            yield_share=stated,
        )
    found_split = split_of(case)
    least = rounded_up(found_split.green.intensity)
    declared = decimal_given("intensity", case.production.intensity, "t CO2e/t")
    numbers: dict[str, object] = {
        "yield_share": stated,
        "site_emissions": shown_exactly(_total(case)),
        "green_intensity": shown_exactly(found_split.green.intensity),
        "processing_intensity": shown_exactly(found_split.processing_intensity),
        "intensity": declared,
    }
    if found_split.conventional is not None:
        numbers["conventional_intensity"] = shown_exactly(found_split.conventional.intensity)
    if Fraction(declared) < found_split.green.intensity:
        return failed(
            f"product figure {shown(declared)}, by the split {shown(least)} t CO2e/t",
            f"at least {shown(least)} t CO2e/t",
            "Give the figure of the split; only iron's own emissions differ between products.",
            field="intensity",
            **numbers,
        )
    return _sum_holds(case, numbers)


@rule(
    "R066",
    section="5.2",
    modality="shall",
    subject=IssuanceCase,
    parameters=("steel_levels", "steel_limit_level"),
)
def site_passes_and_product_is_verified(case: IssuanceCase, edition: Edition) -> Verdict:
    """R066 (5.2): Allocation needs a site that meets the limit and a verified product figure."""
    if case.allocation is None:
        return not_applicable(NO_ALLOCATION)
    if functional_unit(case) is not FunctionalUnit.CRUDE_STEEL:
        return not_applicable("Only steel has green iron allocated.")
    limit = level_limit(edition, edition.steel_limit_level, scrap_share(case))
    site = site_intensity(case)
    signed = case.verification.intensity if case.verification else None
    is_signed = case.verification is not None and case.verification.signed_on is not None
    numbers = {"site_intensity": site, "limit": limit, "verified_intensity": signed}
    said = "no verified product figure" if signed is None else f"verified product figure {signed}"
    found = f"site average {shown(site)} t CO2e/t, {said}"
    allowed = f"a site average of at most {shown(limit)} t CO2e/t and a verified product figure"
    if site > limit:
        action = "Nothing can be allocated at a site that does not meet the limit itself."
        return failed(found, allowed, action, field="site_intensity", **numbers)
    if case.stage is Stage.APPLICATION and signed is None:
        return passed(f"{found} yet", allowed, field="site_intensity", **numbers)
    if signed is None or not is_signed:
        action = "Ask the auditor to verify the allocated figure."
        return failed(found, allowed, action, field="intensity", **numbers)
    least = split_of(case).green.intensity
    if Fraction(decimal_given("verified_intensity", signed, "t CO2e/t")) < least:
        return failed(
            f"{found}; the split gives {shown(rounded_up(least))}",
            allowed,
            "Ask the auditor to verify the figure of the split.",
            field="intensity",
            **numbers,
        )
    return passed(found, allowed, field="intensity", **numbers)


def _total(case: IssuanceCase) -> Fraction:
    """The site's total: from its lines, or a converted average by its output."""
    measurement = measurement_of(case)
    if measurement.conversion is None:
        return site_emissions(measurement)
    average = decimal_given("site_intensity", case.production.site_intensity, "t CO2e/t")
    return Fraction(average) * output_tonnes(measurement)


def _too_dirty(allocation: AllocationFacts, edition: Edition) -> Verdict | None:
    limit = edition.iron_limit_intensity
    for each in allocation.iron:
        if not each.green:
            continue
        own = decimal_given("iron_intensity", each.intensity, "t CO2e/t")
        found = f"{each.name or 'green iron'} at {shown(own)} t CO2e/t"
        if own > limit:
            return failed(
                found,
                f"green iron of at most {shown(limit)} t CO2e/t",
                "Count it as conventional iron.",
                field="iron",
                iron_intensity=own,
                limit=limit,
            )
        signed = each.verified_intensity
        if signed is not None and own < signed:
            return failed(
                f"{found}, verified at {shown(signed)}",
                f"at least the {shown(signed)} t CO2e/t that its auditor signed",
                "Give the iron's verified figure.",
                field="iron",
                iron_intensity=own,
                limit=limit,
            )
    return None


def _other_ratio(case: IssuanceCase) -> Verdict | None:
    assert case.allocation is not None
    site = scrap_share(case)
    for each in case.allocation.reported:
        if each.scrap_share is not None and share_given("scrap_share", each.scrap_share) != site:
            return failed(
                f"{each.name} steel with scrap share {each.scrap_share}, site {shown(site)}",
                "every product with the site's ratio of iron to scrap",
                "Allocate iron and scrap in the site's ratio.",
                field="reported",
                scrap_share=site,
            )
    return None


def _units(case: IssuanceCase, output: Fraction, iron: Fraction) -> Verdict:
    """The cap on units by green iron that has no units yet."""
    assert case.allocation is not None
    left = Fraction(0)
    for each in case.allocation.iron:
        if each.green:
            left += min(Fraction(each.tonnes or 0), left_of(each)) * Fraction(
                share_given("metallic_share", each.metallic_share)
            )
    room = int(output * left / iron) if iron else 0
    requested = whole_given("tonnes", case.production.tonnes, "t", least=1)
    found = f"{counted(requested, 'unit')} requested"
    most = counted(room, "unit")
    allowed = f"at most {most}: {shown_exactly(output)} t steel x green share of the iron"
    numbers = {"tonnes": requested, "room": room, "green_metal": shown_exactly(left)}
    if requested <= room:
        return passed(found, allowed, field="tonnes", **numbers)
    action = (
        f"Request {counted(room, 'unit')} or fewer."
        if room
        else "No green iron is left to allocate."
    )
    return failed(found, allowed, action, field="tonnes", **numbers)


def _sum_holds(case: IssuanceCase, numbers: dict[str, object]) -> Verdict:
    assert case.allocation is not None
    total = _total(case)
    if not case.allocation.reported:
        found = f"green and conventional steel add up to {shown_exactly(total)} t CO2e by the split"
        return passed(found, "the site's total", field="intensity", **numbers)
    reported = tonnes = Fraction(0)
    for each in case.allocation.reported:
        made = Fraction(decimal_given("reported_tonnes", each.tonnes, "t"))
        intensity = decimal_given("reported_intensity", each.intensity, "t CO2e/t")
        reported += made * Fraction(intensity)
        tonnes += made
    output = output_tonnes(measurement_of(case))
    found = (
        f"products add up to {shown_exactly(reported)} t CO2e and {shown_exactly(tonnes)} t, "
        f"site {shown_exactly(total)} t CO2e and {shown_exactly(output)} t"
    )
    allowed = "the site's total, give or take the rounding of the sixth decimal"
    if tonnes == output and abs(reported - total) <= _LAST_PLACE * tonnes:
        return passed(found, allowed, field="reported", **numbers)
    action = "Take the figures of the split; what one product gains another must bear."
    return failed(found, allowed, action, field="reported", **numbers)
