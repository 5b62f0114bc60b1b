"""Site totals, intensity and scrap share out of a measurement's lines, exactly (5.1, Exhibit 7).

Sums are exact and quotients are Fractions, so nothing is rounded on the way. A figure that is kept
is rounded once, up, to the six decimals of a record: never in the producer's favour.
"""

from decimal import Context, Decimal
from fractions import Fraction

from registry.rulebook.edition import Edition
from registry.rulebook.facts.measurement import (
    COUNTED_SCRAP,
    METALS,
    PRIMARY_METALS,
    SOURCES,
    ConversionFacts,
    ConversionStep,
    MeasurementFacts,
    MetallicLine,
    Part,
)
from registry.rulebook.given import EXACT, Unusable, decimal_given, share_given

OPERATIONS = ("add", "subtract", "multiply", "set")
RECORD_PLACES = 6
_LAST: dict[str, tuple[MeasurementFacts, dict[Part, Fraction]]] = {}
_SOURCES: dict[str, tuple[str, ...]] = {str(part): sources for part, sources in SOURCES.items()}


def totals(measurement: MeasurementFacts) -> dict[Part, Fraction]:
    """t CO2e by scope, credits as a positive sum of their own. Raises Unusable, naming the line."""
    # Seven rules ask in a row for the same lines, which never change: the last answer is kept.
    kept = _LAST.get("totals")
    if kept is None or kept[0] is not measurement:
        kept = _LAST["totals"] = (measurement, _added(measurement))
    return dict(kept[1])


def _added(measurement: MeasurementFacts) -> dict[Part, Fraction]:
    sums = dict.fromkeys(Part, Decimal(0))
    for number, line in enumerate(measurement.emissions, start=1):
        sources = _SOURCES.get(line.part)
        if sources is None:
            raise _line("emissions", number, f"scope {line.part!r}", "one of " + ", ".join(Part))
        if line.source not in sources:
            allowed = f"for {line.part}: " + ", ".join(sources)
            raise _line("emissions", number, f"source {line.source!r}", allowed)
        part = Part(line.part)
        sums[part] = EXACT.add(sums[part], _number("emissions", number, line.emissions, "t CO2e"))
    return {part: Fraction(total) for part, total in sums.items()}


def site_emissions(measurement: MeasurementFacts) -> Fraction:
    """The site's total in t CO2e, credits taken off; it may be negative. Raises Unusable."""
    sums = totals(measurement)
    return sums[Part.SCOPE_1] + sums[Part.SCOPE_2] + sums[Part.SCOPE_3] - sums[Part.CREDIT]


def output_tonnes(measurement: MeasurementFacts) -> Fraction:
    """Tonnes of the functional unit made over the data's period, above zero. Raises Unusable."""
    tonnes = decimal_given("output_tonnes", measurement.output_tonnes, "t")
    if tonnes == 0:
        raise Unusable(
            "output_tonnes",
            "output tonnes: 0",
            "output tonnes: more than 0 t",
            "Give what the site made over the period of the data.",
        )
    return Fraction(tonnes)


def measured_intensity(measurement: MeasurementFacts) -> Fraction:
    """The site's average in t CO2e/t: from a conversion where there is one, else from the lines.

    Raises Unusable. It may be negative, which R029 refuses.
    """
    if measurement.conversion is not None:
        return converted(measurement.conversion)
    if not measurement.emissions:
        raise Unusable(
            "emissions",
            "no emission line",
            "the site's emissions by scope and source",
            "Enter the site's total of each source.",
        )
    return site_emissions(measurement) / output_tonnes(measurement)


def metallic_tonnes(line: MetallicLine, number: int, edition: Edition) -> Decimal:
    """The metal in one input, t: its tonnes by its metallic share or the default of its kind."""
    if line.kind not in METALS:
        raise _line("metals", number, f"kind {line.kind!r}", "one of " + ", ".join(METALS))
    tonnes = _number("metals", number, line.tonnes, "t")
    share = line.metallic_share
    if share is None:
        share = edition.metallic_fractions.get(line.kind)
    if share is None:
        raise _line(
            "metals", number, f"no metallic share of {line.kind}", "a share from 0 to 1: no default"
        )
    return EXACT.multiply(tonnes, share_given("metallic_share", share))


def metallic_inputs(measurement: MeasurementFacts, edition: Edition) -> tuple[Fraction, Fraction]:
    """Metal of primary inputs and of scrap that counts, t; internal scrap is left out (R026)."""
    primary = scrap = Decimal(0)
    for number, line in enumerate(measurement.metals, start=1):
        metal = metallic_tonnes(line, number, edition)
        if line.kind in COUNTED_SCRAP:
            scrap = EXACT.add(scrap, metal)
        elif line.kind in PRIMARY_METALS:
            primary = EXACT.add(primary, metal)
    return Fraction(primary), Fraction(scrap)


def measured_scrap_share(measurement: MeasurementFacts, edition: Edition) -> Fraction:
    """x = scrap ÷ (primary + scrap), in metal (Exhibit 7). Raises Unusable."""
    primary, scrap = metallic_inputs(measurement, edition)
    if primary + scrap == 0:
        raise Unusable(
            "metals",
            "no metallic input that counts",
            "the site's metallic inputs by kind",
            "Enter scrap and primary metal over the same period.",
        )
    return scrap / (primary + scrap)


def converted(conversion: ConversionFacts) -> Fraction:
    """The figure after the last step. Raises Unusable: no figure, or a step that cannot be done."""
    figure = Fraction(decimal_given("scheme_figure", conversion.figure, "t CO2e/t"))
    for number, each in enumerate(conversion.steps, start=1):
        figure = step_result(figure, each, number)
    return figure


def step_result(before: Fraction, each: ConversionStep, number: int) -> Fraction:
    """What one step makes of the figure before it."""
    operand = Fraction(_number("steps", number, each.operand, "t CO2e/t"))
    if each.operation == "add":
        return before + operand
    if each.operation == "subtract":
        return before - operand
    if each.operation == "multiply":
        return before * operand
    if each.operation == "set":
        return operand
    raise _line("steps", number, f"operation {each.operation!r}", "one of " + ", ".join(OPERATIONS))


def rounded_up(value: Fraction, places: int = RECORD_PLACES) -> Decimal:
    """The least decimal of so many places that is not below the value."""
    scaled = value * 10**places
    whole = -((-scaled.numerator) // scaled.denominator)
    return Decimal(whole).scaleb(-places, Context(prec=100))


def shown_exactly(value: Fraction, places: int = 12) -> str:
    """A figure for a reader: all of its decimals, or the first of them rounded up."""
    text = format(rounded_up(value, places), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(field: str, number: int, value: object, unit: str) -> Decimal:
    try:
        return decimal_given(field, value, unit)
    except Unusable as unusable:
        raise _line(field, number, unusable.found, unusable.allowed) from unusable


def _line(field: str, number: int, found: str, allowed: str) -> Unusable:
    return Unusable(field, f"line {number}: {found}", allowed, f"Correct line {number}.")
