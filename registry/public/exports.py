"""The public lists as CSV and JSON: every row that the filters leave, streamed in one pass."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.http import JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django_filters import FilterSet

from registry.models import Retirement
from registry.public.units import unit_range, units_of

Columns = Mapping[str, Callable[[Any], Any]]

# How many rows a cursor fetches at once; each batch costs the same few queries.
_BATCH = 500
# A spreadsheet runs a cell that begins so; a quote before it makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _text(value: Decimal | None) -> str | None:
    """Plain digits without idle zeros; how many the column stores is nobody's business."""
    return None if value is None else f"{value.normalize():f}"


# Quantities are integers, intensities and shares decimal strings, in t CO2e per t and 0…1.
ISSUANCE_COLUMNS: Columns = {
    "code": lambda row: row.code,
    "units": lambda row: str(unit_range(row, 1, row.quantity)),
    "issued_on": lambda row: row.issued_on.isoformat(),
    "producer": lambda row: row.producer.name,
    "site": lambda row: row.site.code,
    "site_name": lambda row: row.site.name,
    "country": lambda row: row.country,
    "functional_unit": lambda row: row.functional_unit,
    "product": lambda row: row.product,
    "vintage_start": lambda row: row.vintage_start.isoformat(),
    "vintage_end": lambda row: row.vintage_end.isoformat(),
    "quantity": lambda row: row.quantity,
    "active": lambda row: row.active_units,
    "retired": lambda row: row.retired_units,
    "intensity": lambda row: _text(row.intensity),
    "adjusted_intensity": lambda row: _text(row.adjusted_intensity),
    "scrap_share": lambda row: _text(row.scrap_share),
    "baseline_intensity": lambda row: _text(row.baseline_intensity),
    "baseline_source": lambda row: row.baseline_source,
    "level": lambda row: row.level,
    "is_preferred": lambda row: row.is_preferred,
    "is_no_reduction": lambda row: row.is_no_reduction,
    "is_provisional": lambda row: row.is_provisional,
    "is_conditional": lambda row: row.is_conditional,
    "expires_on": lambda row: row.expires_on.isoformat(),
    "edition": lambda row: row.edition,
    "is_demonstration": lambda row: row.is_demonstration,
}


def _unit_ranges(retirement: Retirement) -> list[str]:
    return [str(units_of(line)) for line in retirement.lines.all()]


RETIREMENT_COLUMNS: Columns = {
    "code": lambda row: row.code,
    "retired_on": lambda row: row.retired_on.isoformat(),
    "entity": lambda row: row.organisation.name,
    "quantity": lambda row: row.quantity,
    "purpose": lambda row: row.purpose,
    "beneficiary": lambda row: row.beneficiary,
    "period_start": lambda row: row.period_start and row.period_start.isoformat(),
    "period_end": lambda row: row.period_end and row.period_end.isoformat(),
    "units": _unit_ranges,
    "is_demonstration": lambda row: row.is_demonstration,
}


def export(rows: FilterSet, form: str, name: str, columns: Columns) -> HttpResponseBase:
    """The list as `form`, csv or json. Filters that cannot be read are a 400, never ignored."""
    if not rows.is_valid():
        return JsonResponse({"errors": rows.errors.get_json_data()}, status=400)
    found = rows.qs.iterator(chunk_size=_BATCH)
    if form == "json":
        return StreamingHttpResponse(_json(found, columns), content_type="application/json")
    response = StreamingHttpResponse(_csv(found, columns), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="billet-{name}.csv"'
    return response


def _json(rows: Iterable[Any], columns: Columns) -> Iterator[str]:
    yield '{"results": ['
    count = 0
    for row in rows:
        plain = {name: get(row) for name, get in columns.items()}
        yield ("\n" if count == 0 else ",\n") + json.dumps(plain, ensure_ascii=False)
        count += 1
    yield f'\n], "count": {count}}}\n'


def _csv(rows: Iterable[Any], columns: Columns) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([cell(get(row)) for get in columns.values()])


class _Echo:
    """A file that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def cell(value: object) -> object:
    """A value as CSV holds it; text that a spreadsheet would run stays text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
