"""Save a measurement or an allocation; the production's figures follow from it (5.1, 5.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accounts.models import User
from accounts.permissions import require_initiator
from registry.errors import BadInput
from registry.models import Allocation, IronLot, Measurement, Production
from registry.rulebook.edition import edition_on
from registry.rulebook.engine import judge
from registry.rulebook.facts import FunctionalUnit, Origin, Stage
from registry.rulebook.findings import Finding
from registry.services.cases import issuance_case
from registry.services.lines import Row, line_faults, plain
from registry.services.measured import (
    apply_figures,
    facts_of,
    follow_measurement,
    measurement_facts,
    yield_of,
)
from registry.services.productions import lock, require_step
from registry.services.requests import once, retrying
from registry.services.shape import only, save_clean

MEASUREMENT_FIELDS = (
    "scheme",
    "data_start",
    "data_end",
    "output_tonnes",
    "covers",
    "ends_at",
    "electricity_basis",
    "electricity_mwh",
    "instruments_mwh",
    "allocated_emissions",
    "certified_product",
    "crude_figure",
    "is_integrated",
    "is_segregated",
    "process_gas",
    "whole_site_emissions",
    "conversion_level",
    "conversion_figure",
)
MOST_LINES = 2_000


@retrying
def save_measurement(
    *,
    by: User,
    now: datetime,
    key: str,
    production: Production,
    values: Mapping[str, Any],
    lines: Sequence[Row],
    steps: Sequence[Row] = (),
) -> Measurement:
    """Replace the measurement of a draft or returned application, and what follows from it.

    values: keys of MEASUREMENT_FIELDS, any may be absent. lines, steps: rows of `lines.LINES` and
    `lines.STEPS`. The average, the product's figure and the scrap share are computed, never typed.
    Raises NotVisible, Refused, BadInput, NotNow. A draft may break rules.
    """
    require_initiator(by, production.producer)
    chosen = only(MEASUREMENT_FIELDS, values)
    kept, kept_steps = [plain(row) for row in lines], [plain(row) for row in steps]
    input = {"production": production.pk, **chosen, "lines": kept, "steps": kept_steps}
    with once(by=by, key=key, kind="measurement", now=now, input=input) as request:
        locked = lock(production)
        if request.is_repeat:
            return Measurement.objects.get(production=locked)
        require_step(locked, "submit")
        errors = _line_errors(lines, steps)
        record = Measurement.objects.filter(production=locked).first()
        record = record or Measurement(production=locked)
        for name, value in chosen.items():
            setattr(record, name, value)
        record.lines, record.steps = kept, kept_steps
        record.saved_at, record.saved_by = now, by
        start, end = record.data_start, record.data_end
        if start is not None and end is not None and end < start:
            errors["data_end"] = [f"The data starts on {start}; end it then or after."]
        save_clean(record, **errors)
        follow_measurement(locked, edition_on(now.date()))
        return record


@retrying
def save_allocation(
    *,
    by: User,
    now: datetime,
    key: str,
    production: Production,
    lots: Sequence[Row],
    yield_share: Any = None,
) -> Production:
    """Replace the allocation of green iron; no lots remove it. lots: rows of `lines.LOTS`.

    yield_share: left out, the lines give it. Raises NotVisible, Refused, BadInput, NotNow.
    """
    require_initiator(by, production.producer)
    kept = [plain(row) for row in lots]
    input = {"production": production.pk, "lots": kept, "yield_share": yield_share}
    with once(by=by, key=key, kind="allocation", now=now, input=input) as request:
        locked = lock(production)
        if request.is_repeat:
            return locked
        require_step(locked, "submit")
        edition = edition_on(now.date())
        if lots:
            _require_steel(locked)
        IronLot.objects.filter(allocation__production=locked).delete()
        record = Allocation.objects.filter(production=locked).first()
        if not lots:
            if record is not None:
                record.delete()
            follow_measurement(locked, edition)
            return locked
        record = record or Allocation(production=locked)
        facts = measurement_facts(locked)
        if yield_share is None and facts is not None:
            yield_share = yield_of(facts, edition)
        record.yield_share = yield_share
        record.saved_at, record.saved_by = now, by
        save_clean(record)
        _save_lots(record, lots)
        follow_measurement(locked, edition)
        return locked


def preview_findings(
    production: Production, record: Measurement | None, *, on: date
) -> list[Finding]:
    """The report on a measurement not saved yet, over its draft. Writes nothing."""
    edition = edition_on(on)
    facts = None if record is None else facts_of(record)
    apply_figures(production, edition, facts)
    case = issuance_case(production, stage=Stage.APPLICATION, on=on)
    return judge(replace(case, measurement=facts), edition)


def _require_steel(production: Production) -> None:
    if production.functional_unit != FunctionalUnit.CRUDE_STEEL:
        raise BadInput({"lots": ["Green iron is allocated to crude steel only."]})


def _save_lots(record: Allocation, lots: Sequence[Row]) -> None:
    errors: list[str] = []
    made = []
    for number, row in enumerate(lots, start=1):
        source, fault = _source(row)
        if fault:
            errors.append(f"row {number}, Production: {fault}")
        made.append(
            IronLot(
                allocation=record,
                position=number,
                name=row.get("name", ""),
                kind=row.get("kind", ""),
                tonnes=row.get("tonnes"),
                metallic_share=row.get("metallic_share"),
                intensity=row.get("intensity"),
                is_green=row.get("is_green") == "yes",
                origin=row.get("origin", ""),
                iron_production=source,
                reference=row.get("reference", "") or "",
                declaration=row.get("declaration", "") or "",
            )
        )
    if errors:
        raise BadInput({"lots": errors})
    for lot in made:
        save_clean(lot)


def _source(row: Row) -> tuple[Production | None, str]:
    """The iron production that a row names, and what is wrong with it."""
    named = str(row.get("production") or "")
    if row.get("origin") != Origin.HERE:
        return None, "leave it empty for iron from elsewhere." if named else ""
    try:
        found = Production.objects.filter(pk=UUID(named)).first()
    except ValueError:
        found = None
    if found is None or found.functional_unit != FunctionalUnit.IRON:
        return None, f"there is no iron production {named[:36]!r}: ask its producer for its id."
    return found, ""


def _line_errors(lines: Sequence[Row], steps: Sequence[Row]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if len(lines) > MOST_LINES:
        errors["lines"] = [f"At most {MOST_LINES} lines; found {len(lines)}."]
    faults = [str(each) for n, row in enumerate(lines, start=1) for each in line_faults(row, n)]
    if faults:
        errors["lines"] = faults[:20]
    if len(steps) > 50:
        errors["steps"] = [f"At most 50 steps; found {len(steps)}."]
    return errors
