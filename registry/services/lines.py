"""The rows of a measurement, of its conversion and of an allocation: columns, and what fits."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry.rulebook.facts import Part
from registry.rulebook.facts.measurement import COUNTED_SCRAP, INTERNAL_SCRAP, METALS, SOURCES
from registry.rulebook.lines import OPERATIONS
from registry.tabular import Column, Fault, Kind, Limits, Table, read_file, read_text

Row = dict[str, Any]

INPUT = "input"
_SOURCES = tuple(dict.fromkeys(source for some in SOURCES.values() for source in some))
_NONE, _ONE = Decimal(0), Decimal(1)
LIMITS = Limits(rows=2_000, file_bytes=5 * 1024 * 1024, unpacked_bytes=50 * 1024 * 1024)


def _words(codes: Iterable[str]) -> dict[str, str]:
    return {str(code): str(code).replace("_", " ") for code in codes}


LINES = (
    Column(
        "part",
        "Part",
        Kind.CHOICE,
        required=True,
        choices=_words([*Part, INPUT]),
        help="scope_1, scope_2, scope_3 (upstream), credit, or input for a metallic input.",
        example="scope_1",
    ),
    Column(
        "item",
        "Item",
        Kind.CHOICE,
        required=True,
        choices=_words([*_SOURCES, *METALS]),
        help="The source of emissions, what a credit is for, or the kind of metal.",
        example="reductants",
    ),
    Column(
        "quantity",
        "Quantity",
        Kind.DECIMAL,
        required=True,
        least=_NONE,
        decimals=6,
        help="t CO2e for emissions and credits, t for a metallic input. Credits are positive.",
        example="1250.5",
    ),
    Column(
        "metallic_share",
        "Metallic share",
        Kind.DECIMAL,
        least=_NONE,
        most=_ONE,
        decimals=6,
        help="Inputs only: 0 to 1. Left empty, the default of its kind (Exhibit 7).",
    ),
    Column(
        "upstream_intensity",
        "Upstream intensity",
        Kind.DECIMAL,
        least=_NONE,
        digits=6,
        decimals=6,
        help="Inputs only: t CO2e/t that it brings. Scrap brings none.",
    ),
    Column("site", "Site", length=12, help="The code of the site, if it is not the production's."),
    Column(
        "method",
        "Method",
        length=40,
        help="Credits only: system_expansion.",
    ),
    Column("note", "Note", length=200),
)
STEPS = (
    Column("what", "What", required=True, length=200, example="Mining of ore added"),
    Column("operation", "Operation", Kind.CHOICE, required=True, choices=_words(OPERATIONS)),
    Column("operand", "Operand", Kind.DECIMAL, required=True, least=_NONE, decimals=6, digits=6),
    Column("result", "Result", Kind.DECIMAL, required=True, decimals=12, digits=6),
    Column("source", "Source", length=200, help="Publication or calculation it is taken from."),
    Column("evidence", "Evidence", length=200, help="The name of a file attached here."),
)
LOTS = (
    Column("name", "Name", required=True, length=100),
    Column("kind", "Kind", Kind.CHOICE, required=True, choices=_words(METALS)),
    Column("tonnes", "Tonnes", Kind.DECIMAL, required=True, least=_NONE, decimals=6),
    Column("metallic_share", "Metallic share", Kind.DECIMAL, least=_NONE, most=_ONE, decimals=6),
    Column(
        "intensity", "Intensity", Kind.DECIMAL, required=True, least=_NONE, digits=6, decimals=6
    ),
    Column(
        "is_green",
        "Green",
        Kind.CHOICE,
        choices={"yes": "yes", "no": "no"},
        help="yes where its attributes are allocated to this production.",
    ),
    Column(
        "origin",
        "Origin",
        Kind.CHOICE,
        required=True,
        choices=_words(["here", "other_registry", "outside"]),
        help="here: a production of this registry, named by its id.",
    ),
    Column("production", "Production", length=36, help="The id of the iron's production here."),
    Column("reference", "Reference", length=100, help="The lot of iron from elsewhere."),
    Column("declaration", "Declaration", length=500),
)


def table_of(
    columns: Sequence[Column], *, text: str = "", name: str = "", content: bytes | None = None
) -> Table:
    """A file where there is one, else the pasted or typed text."""
    if content is not None:
        return read_file(name, content, columns, LIMITS)
    return read_text(text, columns, LIMITS)


def lines_of(table: Table) -> tuple[list[Row], list[str]]:
    """The rows of a measurement as they are stored, and what is wrong, row by row."""
    faults = [fault for row in table.rows for fault in line_faults(row.values, row.number)]
    return [plain(row.values) for row in table.rows], [*table.texts(), *map(str, faults)]


def line_faults(values: Mapping[str, Any], number: int) -> list[Fault]:
    """What does not fit together in one row whose cells are well-formed."""
    faults = []
    part, item = values["part"], values["item"]
    items = METALS if part == INPUT else SOURCES[Part(part)]
    if item not in items:
        faults.append(
            Fault(f'"{item}"', f"for {part}: " + ", ".join(items), "Choose one.", number, "Item")
        )
    only_inputs = ("metallic_share", "Metallic share"), ("upstream_intensity", "Upstream intensity")
    for name, label in only_inputs:
        if part != INPUT and values.get(name) is not None:
            action = "Leave it empty."
            faults.append(Fault(str(values[name]), "inputs only", action, number, label))
    if part != Part.CREDIT and values.get("method"):
        action = "Leave it empty."
        faults.append(Fault(f'"{values["method"]}"', "credits only", action, number, "Method"))
    is_scrap = item in (*COUNTED_SCRAP, INTERNAL_SCRAP)
    if is_scrap and values.get("upstream_intensity"):
        action = "Leave it empty: scrap brings nothing from upstream (Exhibit 7)."
        found = str(values["upstream_intensity"])
        faults.append(Fault(found, "0", action, number, "Upstream intensity"))
    return faults


def plain(values: Mapping[str, Any]) -> Row:
    """A row as JSON: decimals as text, empty cells left out."""
    return {
        name: format(value, "f") if isinstance(value, Decimal) else value
        for name, value in values.items()
        if value not in (None, "")
    }


def as_text(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> str:
    """Stored rows as a form shows them: tab-separated, named, ready to be pasted elsewhere."""
    found = list(rows)
    if not found:
        return ""
    used = [each for each in columns if each.required or any(each.name in row for row in found)]
    head = "\t".join(each.label for each in used)
    body = ["\t".join(str(row.get(each.name, "")) for each in used) for row in found]
    return "\n".join([head, *body])
