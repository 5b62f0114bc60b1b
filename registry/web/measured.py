"""A measurement and an allocation in words: lines, totals, and the figures they give."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from accounts.ui import formats
from accounts.ui.parts import SummaryRow
from registry.models import Allocation, Measurement, Production
from registry.rulebook.edition import Edition
from registry.rulebook.facts import AllocationFacts, FunctionalUnit, Part
from registry.rulebook.given import Unusable
from registry.rulebook.lines import (
    measured_intensity,
    measured_scrap_share,
    metallic_inputs,
    rounded_up,
    shown_exactly,
    site_emissions,
    totals,
)
from registry.rulebook.split import in_decimals
from registry.services.lines import INPUT
from registry.services.measured import facts_of, split_by

Rows = list[SummaryRow]
_PARTS = {
    Part.SCOPE_1: "Scope 1",
    Part.SCOPE_2: "Scope 2",
    Part.SCOPE_3: "Scope 3, upstream",
    Part.CREDIT: "Credits, taken off",
}


def measurement_groups(
    production: Production, edition: Edition, split_from: AllocationFacts | None
) -> list[tuple[str, Rows]]:
    """What an application's readers see of its measurement and green iron; nothing without one.

    split_from: its allocation as the rules see it.
    """
    record: Measurement | None = getattr(production, "measurement", None)
    if record is None:
        return []
    groups = [
        ("Measurement", _method_rows(record)),
        ("Recalculated from the lines", figure_rows(production, record, edition, split_from)),
        ("Lines of the measurement", [_line_row(row) for row in record.lines]),
    ]
    if record.steps:
        groups.append(("Conversion, step by step", [_step_row(row) for row in record.steps]))
    allocation = Allocation.objects.filter(production=production).first() if split_from else None
    if allocation is not None:
        lots = allocation.lots.order_by("position")
        groups.append(("Iron of the allocation", [_lot_row(lot) for lot in lots]))
    return groups


def figure_rows(
    production: Production,
    record: Measurement,
    edition: Edition,
    allocation: AllocationFacts | None,
) -> Rows:
    """Totals by scope, the average and the scrap share, each recalculated; faults in words."""
    facts = facts_of(record)
    rows: Rows = []
    if facts.conversion is None and facts.emissions:
        sums = _tried(lambda: totals(facts))
        if isinstance(sums, dict):
            rows += [
                SummaryRow(_PARTS[part], f"{shown_exactly(total, 6)} t CO2e")
                for part, total in sums.items()
                if total
            ]
            total = shown_exactly(site_emissions(facts), 6)
            rows.append(SummaryRow("Site total", f"{total} t CO2e"))
    rows.append(
        SummaryRow("Average of the site", _figure(lambda: measured_intensity(facts), "t CO2e/t"))
    )
    if production.functional_unit == FunctionalUnit.CRUDE_STEEL:
        metal = _tried(lambda: metallic_inputs(facts, edition))
        if isinstance(metal, tuple):
            rows.append(SummaryRow("Primary metal", f"{shown_exactly(metal[0], 6)} t"))
            rows.append(SummaryRow("Scrap metal that counts", f"{shown_exactly(metal[1], 6)} t"))
        share = _tried(lambda: measured_scrap_share(facts, edition))
        is_share = isinstance(share, Fraction)
        rows.append(
            SummaryRow("Scrap share", formats.share(rounded_up(share)) if is_share else share)
        )
    if allocation is not None:
        split = _tried(lambda: split_by(facts, allocation))
        if isinstance(split, str):
            rows.append(SummaryRow("Split of green iron", split))
        else:
            rows += [
                SummaryRow(
                    f"{each.name.capitalize()} steel",
                    f"{each.tonnes.normalize():f} t at {each.intensity.normalize():f} t CO2e/t",
                )
                for each in in_decimals(split)
            ]
    return rows


def _figure(compute: Callable[[], Fraction], unit: str) -> str:
    figure = _tried(compute)
    return figure if isinstance(figure, str) else f"{rounded_up(figure).normalize():f} {unit}"


def _tried(compute: Callable[[], Any]) -> Any:
    """What it computes, or in words why it cannot."""
    try:
        return compute()
    except Unusable as unusable:
        return f"not yet: {unusable.found}"


def _method_rows(record: Measurement) -> Rows:
    start, end = record.data_start, record.data_end
    days = f"{formats.day(start)} to {formats.day(end)}" if start and end else "not given"
    output = record.output_tonnes
    return [
        SummaryRow("Measured by", record.scheme or "not given"),
        SummaryRow("Activity data", days),
        SummaryRow("Made in that time", f"{output.normalize():f} t" if output else "not given"),
        SummaryRow("Counted", ", ".join(record.covers).replace("_", " ") or "not given"),
        SummaryRow("Ends at", record.ends_at.replace("_", " ") or "not given"),
        SummaryRow("Electricity by", record.electricity_basis or "not given"),
    ]


def _line_row(row: dict[str, Any]) -> SummaryRow:
    part = "Input" if row["part"] == INPUT else _PARTS[Part(row["part"])]
    unit = "t" if row["part"] == INPUT else "t CO2e"
    more = [
        f"{row['metallic_share']} metallic" if "metallic_share" in row else "",
        f"{row['upstream_intensity']} t CO2e/t" if "upstream_intensity" in row else "",
        f"site {row['site']}" if "site" in row else "",
        row.get("method", "").replace("_", " "),
        row.get("note", ""),
    ]
    value = ", ".join([f"{row['quantity']} {unit}", *filter(None, more)])
    return SummaryRow(f"{part}: {row['item'].replace('_', ' ')}", value)


def _step_row(row: dict[str, Any]) -> SummaryRow:
    said = f"{row['operation']} {row['operand']} gives {row['result']}"
    more = [row.get("source", ""), row.get("evidence", "")]
    return SummaryRow(row["what"], "; ".join([said, *filter(None, more)]))


def _lot_row(lot: Any) -> SummaryRow:
    origin = lot.origin.replace("_", " ")
    return SummaryRow(
        f"{lot.name}{' (green)' if lot.is_green else ''}",
        f"{lot.tonnes.normalize():f} t at {lot.intensity.normalize():f} t CO2e/t, {origin}",
    )
