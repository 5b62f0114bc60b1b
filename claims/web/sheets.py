"""A statement as a workbook: both inventories, claims, units and lines, written row by row."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from claims.web.document import side_by_side, totals

_UNITS = (
    "claim", "identifier", "units", "producer", "site", "product", "region", "functional_unit",
    "vintage_start", "vintage_end", "intensity", "adjusted_intensity", "baseline_intensity",
    "baseline_source", "scrap_share", "retirement", "retired_on", "retired_by", "retirement_url",
)  # fmt: skip
_LINES = (
    "name", "category", "material", "product_type", "product_family", "region", "facility",
    "tonnes", "factor_intensity", "factor_source", "stated_emissions", "data_tier", "verified",
    "iron_content", "iron_content_tier", "physical_emissions", "adjusted_emissions",
)  # fmt: skip
# By these a cell would be taken for a formula or an error.
_LEADING = ("=", "#")
_GROUPS = (
    "method", "cap", "cap_applied", "category", "material", "product_type", "factor_intensity",
    "volume", "tonnes", "most_units", "bound", "cap_units", "exact_cap_tonnes",
    "physical_emissions", "counted_emissions", "reduction_emissions", "adjusted_emissions",
    "exact_adjusted_emissions", "net_intensity", "unit_intensity", "below_unit_intensity",
    "explanation",
)  # fmt: skip
_SPEND = (
    "code", "line", "volume", "estimated_tonnes", "physical_emissions", "reduction_emissions",
    "adjusted_emissions", "draft_adjusted_emissions",
)  # fmt: skip
_ACCEPTANCE = ("programme", "question", "status", "basis", "confidence", "source", "checked_on")
_FIGURES = frozenset(
    {"units", "volume", "tonnes", "scrap_share", "most_units", "cap_units", "iron_content",
     "exact_cap_tonnes", "estimated_tonnes"}
)  # fmt: skip


def workbook(
    document: Mapping[str, Any],
    lines: Iterable[Mapping[str, Any]],
    about: Sequence[tuple[str, object]],
) -> bytes:
    """The document as XLSX. document: its summary does, for the lines come one by one.

    about: what stands beside it (code, state, assurance, marks).
    """
    book = Workbook(write_only=True)
    _sheet(book, "Statement", ("Fact", "Value"), [*about, *_facts(document)])
    _sheet(book, "Inventories", _HEAD, _inventories(document))
    claims = ((("code", claim["code"]), group) for claim in document["claims"]
              for group in claim["groups"])  # fmt: skip
    _sheet(
        book,
        "Claims",
        ("code", *_GROUPS),
        ([code[1], *_picked(group, _GROUPS)] for code, group in claims),
    )
    for name, columns, key in (
        ("Claims on spend", _SPEND, "spend_claims"),
        ("Units", _UNITS, "units"),
        ("Acceptance", _ACCEPTANCE, "acceptance"),
    ):
        _sheet(book, name, columns, (_picked(each, columns) for each in document.get(key, [])))
    _sheet(book, "Lines", _LINES, (_picked(each, _LINES) for each in lines))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


_HEAD = (
    "Category",
    "Complete physical inventory, t CO2e",
    "Market-based inventory with BCUs applied, t CO2e",
    "Difference, t CO2e",
)


def _facts(document: Mapping[str, Any]) -> Iterable[tuple[str, object]]:
    words = document["words"]
    yield "Registry", document["registry"]
    yield "Claimant", document["claimant"]
    yield "Inventory", document["inputs"]["inventory"]
    yield (
        "Reporting period",
        (f"{document['inputs']['period_start']} to {document['inputs']['period_end']}"),
    )
    yield "Stated on", document["stated_on"]
    yield "Edition", document["edition"]["title"]
    yield "Public text", words["text"]
    for sentence in words["disclosures"]:
        yield "Disclosure", sentence
    yield "Method and rounding", words["rounding"]


def _inventories(document: Mapping[str, Any]) -> Iterable[list[object]]:
    names = ("physical_emissions", "adjusted_emissions", "reduction_emissions")
    for each in side_by_side(document):
        yield [each["name"], *(Decimal(each[name]) for name in names)]
    overall = totals(document)
    yield ["Total", *(Decimal(overall[name]) for name in names)]


def _picked(row: Mapping[str, Any], columns: Sequence[str]) -> list[object]:
    return [_value(name, row.get(name)) for name in columns]


def _value(name: str, value: Any) -> object:
    is_figure = name in _FIGURES or name.endswith(("_emissions", "_intensity"))
    if is_figure and isinstance(value, str) and value:
        return Decimal(value)
    return value


def _sheet(
    book: Workbook, title: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    cells = [WriteOnlyCell(sheet, value=each.replace("_", " ")) for each in head]
    for cell in cells:
        cell.font = Font(bold=True)
    sheet.append(cells)
    for row in rows:
        sheet.append([_safe(sheet, each) for each in row])


def _safe(sheet: Any, value: object) -> object:
    """Text stays text: what begins like a formula is never one; controls are left out."""
    if not isinstance(value, str):
        return value
    if value[:1] not in _LEADING and not ILLEGAL_CHARACTERS_RE.search(value):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub(" ", value))
    cell.data_type = "s"
    return cell
