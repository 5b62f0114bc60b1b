"""Measurement and allocation records as facts, and the figures a production takes from them."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q, Sum

from registry.models import Allocation, Evidence, IronLot, Issuance, Measurement, Production
from registry.rulebook.edition import Edition
from registry.rulebook.facts import (
    AllocationFacts,
    ConversionFacts,
    ConversionStep,
    EmissionLine,
    FunctionalUnit,
    IronInput,
    MeasurementFacts,
    MetallicLine,
    Origin,
)
from registry.rulebook.given import Unusable
from registry.rulebook.lines import (
    measured_intensity,
    measured_scrap_share,
    metallic_inputs,
    output_tonnes,
    rounded_up,
    site_emissions,
)
from registry.rulebook.split import Split, split
from registry.services.lines import INPUT
from registry.services.shape import save_clean
from registry.transitions import ProductionState


def measurement_facts(production: Production) -> MeasurementFacts | None:
    """The measurement as the rules see it; evidence counts only where it is attached."""
    record: Measurement | None = getattr(production, "measurement", None)
    return None if record is None else facts_of(record)


def facts_of(record: Measurement) -> MeasurementFacts:
    attached: list[str] = []
    if record.steps or record.certified_product:
        files = Evidence.objects.filter(production_id=record.production_id)
        attached = list(files.filter(kind=Evidence.Kind.MEASUREMENT).values_list("name", flat=True))
    rows: list[Mapping[str, Any]] = record.lines
    return MeasurementFacts(
        scheme=record.scheme,
        data_start=record.data_start,
        data_end=record.data_end,
        output_tonnes=record.output_tonnes,
        emissions=tuple(_emission(row) for row in rows if row["part"] != INPUT),
        metals=tuple(_metal(row) for row in rows if row["part"] == INPUT),
        covers=tuple(record.covers),
        ends_at=record.ends_at,
        electricity_basis=record.electricity_basis,
        electricity_mwh=record.electricity_mwh,
        instruments_mwh=record.instruments_mwh,
        allocated_emissions=record.allocated_emissions,
        certified_product=record.certified_product,
        crude_figure=record.crude_figure,
        crude_evidence=len(attached),
        is_integrated=record.is_integrated,
        is_segregated=record.is_segregated,
        process_gas=record.process_gas,
        whole_site_emissions=record.whole_site_emissions,
        conversion=_conversion(record, attached),
    )


def allocation_facts(production: Production, edition: Edition) -> AllocationFacts | None:
    """The allocation, each lot with what units and other steel already stand for."""
    record = Allocation.objects.filter(production=production).first()
    if record is None:
        return None
    lots = record.lots.select_related("iron_production").order_by("position")
    return AllocationFacts(
        iron=tuple(_iron(lot, production, edition) for lot in lots),
        yield_share=record.yield_share,
    )


def iron_drawn(production: Production) -> Decimal:
    """Of an iron production: tonnes that issued steel already drew its attributes from (R065)."""
    return _drawn(Q(iron_production=production.pk), besides=production)


def apply_figures(production: Production, edition: Edition, facts: MeasurementFacts | None) -> None:
    """Put the figures that the lines give on the production, in memory; None where they give none.

    The product's figure is the site's average, or that of the split where green iron is allocated.
    """
    production.site_intensity = production.intensity = production.scrap_share = None
    if facts is None:
        return
    average = _or_none(lambda: measured_intensity(facts))
    if average is not None and average >= 0:
        production.site_intensity = production.intensity = rounded_up(average)
    if production.functional_unit == FunctionalUnit.CRUDE_STEEL:
        share = _or_none(lambda: measured_scrap_share(facts, edition))
        production.scrap_share = None if share is None else rounded_up(share)
    allocation = allocation_facts(production, edition)
    if allocation is not None:
        green = _or_none(lambda: split_by(facts, allocation).green.intensity)
        production.intensity = None if green is None else rounded_up(max(green, Fraction(0)))


def follow_measurement(production: Production, edition: Edition) -> None:
    """Save the figures that the lines give: after they, or what they are a tonne of, changed."""
    apply_figures(production, edition, measurement_facts(production))
    save_clean(production)


def split_by(measurement: MeasurementFacts, allocation: AllocationFacts) -> Split:
    """Green and conventional steel of a site. Raises Unusable."""
    output = output_tonnes(measurement)
    if measurement.conversion is None:
        total = site_emissions(measurement)
    else:
        total = Fraction(rounded_up(measured_intensity(measurement))) * output
    return split(allocation, site_emissions=total, output_tonnes=output)


def yield_of(measurement: MeasurementFacts, edition: Edition) -> Decimal | None:
    """Steel output by metallic input, None where the lines give none."""

    def found() -> Fraction:
        primary, scrap = metallic_inputs(measurement, edition)
        if primary + scrap == 0:
            raise Unusable("metals", "no metallic input", "metallic inputs", "Enter them.")
        return output_tonnes(measurement) / (primary + scrap)

    share = _or_none(found)
    return None if share is None or share > 1 else rounded_up(share)


def lock_iron(production: Production) -> None:
    """Lock the iron productions that an allocation draws on, in the order of their keys.

    An issuance of that iron locks the same rows, so that of two only one finds the tonnes free.
    Iron from elsewhere is ordered by the lots' own rows under the same reference.
    """
    lots = IronLot.objects.filter(allocation__production=production, is_green=True)
    here = lots.exclude(iron_production=None).values_list("iron_production", flat=True)
    list(
        Production.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=list(here))
        .order_by("pk")
    )
    elsewhere = [each for each in lots.values_list("reference", flat=True) if each]
    list(
        IronLot.objects.select_for_update(no_key=True)
        .filter(reference__in=elsewhere, is_green=True)
        .order_by("pk")
    )


def _iron(lot: IronLot, production: Production, edition: Edition) -> IronInput:
    share = lot.metallic_share
    if share is None:
        share = edition.metallic_fractions.get(lot.kind)
    source = lot.iron_production
    issuance = Issuance.objects.filter(production=source).first() if source else None
    drawn = Decimal(0)
    if lot.is_green and source is not None:
        drawn = _drawn(Q(iron_production=source.pk), besides=production)
    elif lot.is_green and lot.reference:
        drawn = _drawn(Q(reference=lot.reference, origin=lot.origin), besides=production)
    return IronInput(
        name=lot.name,
        tonnes=lot.tonnes,
        metallic_share=share,
        intensity=lot.intensity,
        green=lot.is_green,
        origin=lot.origin,
        delivered_tonnes=_delivered(source, issuance),
        issued_tonnes=Decimal(issuance.quantity) if issuance else Decimal(0),
        drawn_tonnes=drawn,
        declaration=_declaration(lot),
        verified_intensity=_signed_intensity(source),
    )


def _declaration(lot: IronLot) -> str:
    """Iron from elsewhere is declared with the lot it is of."""
    if lot.origin == Origin.HERE or not lot.reference:
        return ""
    return lot.declaration


def _delivered(source: Production | None, issuance: Issuance | None) -> Decimal | None:
    if source is None:
        return None
    tonnes = issuance.delivered_tonnes if issuance else source.delivered_tonnes
    return None if tonnes is None else Decimal(tonnes)


def _signed_intensity(source: Production | None) -> Decimal | None:
    if source is None:
        return None
    signed = source.verifications.filter(state="signed").order_by("-id").first()
    intensity: Decimal | None = signed.intensity if signed else source.intensity
    return intensity


def _drawn(lots: Q, *, besides: Production) -> Decimal:
    issued = IronLot.objects.filter(
        lots, is_green=True, allocation__production__state=ProductionState.ISSUED
    ).exclude(allocation__production=besides.pk)
    return Decimal(issued.aggregate(tonnes=Sum("tonnes"))["tonnes"] or 0)


def _emission(row: Mapping[str, Any]) -> EmissionLine:
    return EmissionLine(
        part=row["part"],
        source=row["item"],
        emissions=Decimal(row["quantity"]),
        site=row.get("site", ""),
        method=row.get("method", ""),
    )


def _metal(row: Mapping[str, Any]) -> MetallicLine:
    return MetallicLine(
        kind=row["item"],
        tonnes=Decimal(row["quantity"]),
        metallic_share=_number(row, "metallic_share"),
        upstream_intensity=_number(row, "upstream_intensity"),
        site=row.get("site", ""),
    )


def _conversion(record: Measurement, attached: list[str]) -> ConversionFacts | None:
    if not (record.steps or record.conversion_level or record.conversion_figure is not None):
        return None
    return ConversionFacts(
        level=record.conversion_level,
        figure=record.conversion_figure,
        steps=tuple(
            ConversionStep(
                what=row.get("what", ""),
                operation=row.get("operation", ""),
                operand=_number(row, "operand"),
                result=_number(row, "result"),
                source=row.get("source", ""),
                evidence=row["evidence"] if row.get("evidence") in attached else "",
            )
            for row in record.steps
        ),
    )


def _number(row: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(row[name]) if name in row else None


def _or_none(figure: Any) -> Fraction | None:
    try:
        found: Fraction = figure()
    except Unusable:
        return None
    return found
