"""XLSX workbooks: values exactly as typed, and what is refused."""

import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from registry.tabular import Column, Kind, Limits, read_file, template_xlsx

COLUMNS = (
    Column(
        "product", "Product", Kind.CHOICE, required=True, choices={"slab": "slab", "hbi": "HBI"}
    ),
    Column("tonnes", "Tonnes, t", Kind.DECIMAL, required=True, least=Decimal(0), example="12.5"),
    Column("day", "Delivered on", Kind.DATE),
    Column("note", "Note"),
)
NAMES = ["Product", "Tonnes, t", "Delivered on", "Note"]


def a_workbook(*rows: list[Any], names: list[str] = NAMES) -> bytes:
    book = Workbook()
    book.active.append(names)
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The workbook with one part's bytes replaced."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for each in source.namelist():
            data = source.read(each)
            target.writestr(each, data.replace(old, new) if each == name else data)
    return out.getvalue()


def test_values_are_read_as_typed() -> None:
    table = read_file("a.xlsx", a_workbook(["slab", 0.1, date(2025, 3, 31), 12]), COLUMNS)
    assert table.texts() == []
    assert dict(table.rows[0].values) == {
        "product": "slab",
        "tonnes": Decimal("0.1"),
        "day": date(2025, 3, 31),
        "note": "12",
    }


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (b"0.10000000000000001", "0.1"),
        (b"0.30000000000000004", "0.3"),
        (b"1234567.891", "1234567.891"),
        (b"1E-05", "0.00001"),
        (b"1E3", "1000"),
    ],
)
def test_numbers_lose_the_noise_of_floats(stored: bytes, read: str) -> None:
    content = a_workbook(["slab", 77.5, None, ""])
    sheet = "xl/worksheets/sheet1.xml"
    content = rewritten(content, sheet, b"<v>77.5</v>", b"<v>" + stored + b"</v>")
    table = read_file("a.xlsx", content, COLUMNS)
    assert table.texts() == []
    assert table.rows[0].values["tonnes"] == Decimal(read)


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        (["slab", "1,5", None, ""], "Tonnes, t", '"1,5"'),
        (["slab", True, None, ""], "Tonnes, t", '"TRUE"'),
        (["slab", "#DIV/0!", None, ""], "Tonnes, t", "#DIV/0!"),
        (["slab", date(2025, 1, 1), None, ""], "Tonnes, t", "a date"),
        (
            ["slab", 1, datetime.fromisoformat("2025-01-01T12:30"), ""],
            "Delivered on",
            "a time of day",
        ),
        (["slab", 1, 45000, ""], "Delivered on", '"45000"'),
        (["slob", 1, None, ""], "Product", '"slob"'),
        ([None, 1, None, ""], "Product", "an empty cell"),
    ],
)
def test_a_wrong_cell_is_named(row: list[Any], column: str, found: str) -> None:
    table = read_file("a.xlsx", a_workbook(["slab", 1, None, ""], row), COLUMNS)
    assert [(each.row, each.column) for each in table.faults] == [(3, column)]
    assert found in table.faults[0].found


def test_a_formula_is_refused_with_its_place() -> None:
    table = read_file("a.xlsx", a_workbook(["slab", "=1+1", None, ""]), COLUMNS)
    assert table.texts() == [
        'row 2: found a formula in column B: "=1+1"; allowed: values. '
        "Copy the sheet and paste it as values."
    ]


def test_empty_rows_count_and_empty_ends_are_nothing() -> None:
    content = a_workbook([None, None, None, None], ["slab", 1, None, None, None, "  "])
    table = read_file("a.xlsx", content, COLUMNS)
    assert [row.number for row in table.rows] == [3]


def test_a_far_away_cell_costs_no_time() -> None:
    book = Workbook()
    book.active.append(NAMES)
    book.active.append(["slab", 1])
    book.active.cell(1_048_576, 1).value = "slab"
    out = BytesIO()
    book.save(out)
    assert len(read_file("a.xlsx", out.getvalue(), COLUMNS).rows) == 1


def test_a_hidden_first_sheet_is_passed_over() -> None:
    book = Workbook()
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("Lines")
    sheet.append(NAMES)
    sheet.append(["hbi", 2])
    out = BytesIO()
    book.save(out)
    assert read_file("a.xlsx", out.getvalue(), COLUMNS).rows[0].values["product"] == "hbi"


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "hello")
    assert "no workbook" in read_file("a.xlsx", out.getvalue(), COLUMNS).texts()[0]


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    table = read_file("a.xlsx", a_workbook(["slab", 1]), COLUMNS, Limits(unpacked_bytes=1000))
    assert "when unpacked" in table.texts()[0]


def test_xml_with_entities_is_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><worksheet'
    content = rewritten(a_workbook(["slab", 1]), "xl/worksheets/sheet1.xml", b"<worksheet", bomb)
    assert "entities" in read_file("a.xlsx", content, COLUMNS).texts()[0]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_damaged_parts_are_refused(part: str) -> None:
    content = rewritten(a_workbook(["slab", 1]), part, b">", b"<")
    table = read_file("a.xlsx", content, COLUMNS)
    assert "workbook" in table.texts()[0]


def test_the_template_reads_back_and_explains_its_columns() -> None:
    content = template_xlsx(COLUMNS, "Lines")
    table = read_file("template.xlsx", content, COLUMNS[1:2])
    assert 'the column "Product"' in table.texts()[0]
    notes = load_workbook(BytesIO(content))["Columns"]
    assert [cell.value for cell in notes[3]][:2] == ["Tonnes, t", "yes"]
