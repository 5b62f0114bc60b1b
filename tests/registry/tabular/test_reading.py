"""Tables that people bring: what is read, and what is said of each thing that is wrong."""

import codecs
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.tabular import Column, Kind, Limits, Table, read_file, read_text, template_csv

COLUMNS = (
    Column(
        "product", "Product", Kind.CHOICE, required=True, choices={"slab": "slab", "hbi": "HBI"}
    ),
    Column("tonnes", "Tonnes, t", Kind.DECIMAL, required=True, least=Decimal(0), decimals=3),
    Column("count", "Deliveries", Kind.WHOLE, least=1, most=1000),
    Column("day", "Delivered on", Kind.DATE, least=date(2020, 1, 1), most=date(2030, 12, 31)),
    Column("note", "Note", length=12),
)
HEAD = "product,tonnes,count,day,note\n"


def only_row(table: Table) -> dict[str, Any]:
    assert table.texts() == []
    assert len(table.rows) == 1
    return dict(table.rows[0].values)


# --- what is read --------------------------------------------------------------------------------


def test_a_row_becomes_values_of_their_kind() -> None:
    table = read_text(HEAD + "slab,1234.500,3,2025-03-31,by  rail\n", COLUMNS)
    assert only_row(table) == {
        "product": "slab",
        "tonnes": Decimal("1234.500"),
        "count": 3,
        "day": date(2025, 3, 31),
        "note": "by rail",
    }
    assert table.rows[0].number == 2


def test_empty_cells_read_as_nothing() -> None:
    assert only_row(read_text(HEAD + "slab,1,,,\n", COLUMNS)) == {
        "product": "slab",
        "tonnes": Decimal(1),
        "count": None,
        "day": None,
        "note": "",
    }


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_separator_is_found(mark: str) -> None:
    text = f"Product{mark}Tonnes t{mark}note\nHBI{mark}1.5{mark}a\n"
    assert only_row(read_text(text, COLUMNS))["product"] == "hbi"


@pytest.mark.parametrize(
    "content",
    [
        "product,tonnes,note\nslab,1,Luleå\n".encode(),
        codecs.BOM_UTF8 + "product,tonnes,note\nslab,1,Luleå\n".encode(),
        "product,tonnes,note\nslab,1,Luleå\n".encode("utf-16"),
        codecs.BOM_UTF16_BE + "product,tonnes,note\nslab,1,Luleå\n".encode("utf-16-be"),
        "product;tonnes;note\r\nslab;1;Luleå\r\n".encode("cp1252"),
    ],
)
def test_the_encoding_is_found(content: bytes) -> None:
    assert only_row(read_file("lines.csv", content, COLUMNS))["note"] == "Luleå"


def test_the_reader_is_told_how_the_file_was_understood() -> None:
    content = "product;tonnes;note\r\nslab;1;Luleå\r\n".encode("cp1252")
    assert read_file("a.csv", content, COLUMNS).read_as == "CSV, semicolons, Windows-1252"


def test_names_are_found_by_label_or_code_in_any_order_and_case() -> None:
    text = "TONNES (T),  product ,Delivered-on\n2,SLAB,2025-01-02\n"
    assert only_row(read_text(text, COLUMNS))["day"] == date(2025, 1, 2)


def test_rows_count_as_in_a_spreadsheet() -> None:
    table = read_text("\n\nproduct,tonnes\n\nslab,1\n,,\nslab,x\n", COLUMNS)
    assert [row.number for row in table.rows] == [5]
    assert table.faults[0].row == 7


def test_spaces_group_digits() -> None:
    table = read_text("product,tonnes\nslab,1 234 567.25\n", COLUMNS)
    assert only_row(table)["tonnes"] == Decimal("1234567.25")


@given(st.decimals(min_value=0, max_value=10**14, places=3, allow_nan=False))
def test_numbers_are_read_exactly_as_typed(number: Decimal) -> None:
    table = read_text(f"product\ttonnes\nslab\t{number:f}\n", COLUMNS)
    assert only_row(table)["tonnes"] == number


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert read_text(text, COLUMNS).fault_count or read_text(text, COLUMNS).rows
    read_text(HEAD + text, COLUMNS)


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.txt", "a", "a.pdf"]))
def test_no_file_breaks_the_reader(content: bytes, name: str) -> None:
    table = read_file(name, content, COLUMNS)
    assert table.fault_count or table.rows


# --- what is wrong with a cell -------------------------------------------------------------------

CELLS = [
    ("slb,1,1,2025-01-01,", "Product", '"slb"', "one of slab, hbi"),
    (",1,1,2025-01-01,", "Product", "an empty cell", "one of slab, hbi"),
    ("slab,,1,2025-01-01,", "Tonnes, t", "an empty cell", "0 or more"),
    ("slab,-1,1,2025-01-01,", "Tonnes, t", '"-1"', "0 or more"),
    ('slab,"1,234",1,,', "Tonnes, t", '"1,234"', "decimal point"),
    ("slab,1.2345,1,,", "Tonnes, t", '"1.2345"', "3 after"),
    ("slab,1e3,1,,", "Tonnes, t", '"1e3"', "a number"),
    ("slab,12 t,1,,", "Tonnes, t", '"12 t"', "a number"),
    ("slab,12 34,1,,", "Tonnes, t", '"12 34"', "a number"),
    ("slab,50%,1,,", "Tonnes, t", '"50%"', "a number"),
    ("slab,NaN,1,,", "Tonnes, t", '"NaN"', "a number"),
    ("slab,Infinity,1,,", "Tonnes, t", '"Infinity"', "a number"),
    ("slab,١٢,1,,", "Tonnes, t", '"١٢"', "a number"),
    ("slab,1234567890123456,1,,", "Tonnes, t", '"1234567890123456"', "15 digits"),
    ("slab," + "0" * 5000 + ",1,,", "Tonnes, t", "000", "15 digits"),
    ("slab,1,0,,", "Deliveries", '"0"', "1 or more and 1000 or less"),
    ("slab,1,1001,,", "Deliveries", '"1001"', "1000 or less"),
    ("slab,1,1.5,,", "Deliveries", '"1.5"', "a whole number"),
    ("slab,1,1,31.03.2025,", "Delivered on", '"31.03.2025"', "2026-03-31"),
    ("slab,1,1,2025-02-30,", "Delivered on", '"2025-02-30"', "a date"),
    ("slab,1,1,2019-12-31,", "Delivered on", "2019-12-31", "2020-01-01 or more"),
    ("slab,1,1,2031-01-01,", "Delivered on", "2031-01-01", "2030-12-31 or less"),
    ("slab,1,1,2025-01-01,thirteen char", "Note", "13 characters", "12 characters"),
    ("slab,1,1,2025-01-01,a\x07b", "Note", "cannot be shown", "a text"),
]


@pytest.mark.parametrize(("row", "column", "found", "allowed"), CELLS)
def test_a_wrong_cell_is_named(row: str, column: str, found: str, allowed: str) -> None:
    table = read_text(HEAD + "slab,1,,,\n" + row + "\n", COLUMNS)
    assert len(table.rows) == 1
    assert [(each.row, each.column) for each in table.faults] == [(3, column)]
    assert found in table.faults[0].found
    assert allowed in table.faults[0].allowed


def test_every_wrong_cell_of_a_row_is_named() -> None:
    table = read_text(HEAD + "x,y,z,w,\n", COLUMNS)
    assert [each.column for each in table.faults] == [each.label for each in COLUMNS[:4]]


def test_the_words_name_row_column_what_and_what_to_do() -> None:
    table = read_text(HEAD + 'slab,"1,5",,,\n', COLUMNS)
    assert table.texts() == [
        'row 2, Tonnes, t: found "1,5"; allowed: a number with a decimal point, at most 15 digits '
        "before it and 3 after, 0 or more. Use a point before the decimals and no thousands "
        "separators."
    ]


# --- what is wrong with a table ------------------------------------------------------------------

TEXTS = [
    ("", "nothing"),
    ("  \n \n", "nothing"),
    ("product,tonnes\n", "only the row of names"),
    ("tonnes\n1\n", "no such column"),
    ("product,tonnes,colour\nslab,1,red\n", 'the column "colour"'),
    ("product,tonnes,Tonnes t\nslab,1,1\n", "this column twice"),
    ("slab,1\nslab,2\n", 'the column "slab"'),
    ("product,tonnes\nslab,1,234\n", '"234" in cell 3'),
    ("product,,tonnes\nslab,x,1\n", '"x" in cell 2'),
    ('product,tonnes\nslab,"1\n', "cannot be taken apart"),
    ('product,tonnes\nslab,"1"2\n', "cannot be taken apart"),
    ("product,tonnes," + ",".join(f"c{n}" for n in range(300)) + "\nslab,1\n", "302 columns"),
]


@pytest.mark.parametrize(("text", "found"), TEXTS)
def test_a_wrong_table_is_refused(text: str, found: str) -> None:
    table = read_text(text, COLUMNS)
    assert not table.is_good
    assert found in table.faults[0].found


FILES = [
    ("a.csv", b"", "an empty file"),
    ("a.csv", b"PK\x03\x04rest", "ZIP"),
    ("a.csv", b"%PDF-1.7", "a PDF"),
    ("a.xlsx", b"product,tonnes\nslab,1\n", "text under the name of an XLSX"),
    ("a.xlsx", b"\xd0\xcf\x11\xe0rest", "an old XLS workbook"),
    ("a.xls", b"\xd0\xcf\x11\xe0rest", 'named "a.xls"'),
    ("a.xlsx", b"PK\x03\x04rest", "damaged"),
    ("a.pdf", b"%PDF-1.7", 'named "a.pdf"'),
    ("a.csv", b"p\x00r\x00o\x00d\x00", "NUL"),
    ("a.csv", b"product,tonnes\n\x81\x8d", "no text"),
    ("a.csv", b"product,tonnes\n\xe5\x07", "control"),
    ("a.csv", "x".encode("utf-16") + b"\x00", "no text"),
]


@pytest.mark.parametrize(("name", "content", "found"), FILES)
def test_a_file_that_is_not_what_it_says_is_refused(name: str, content: bytes, found: str) -> None:
    table = read_file(name, content, COLUMNS)
    assert table.fault_count == 1
    assert found in table.faults[0].found
    assert not table.rows


def test_size_and_rows_are_limited() -> None:
    text = "product,tonnes\n" + "slab,1\n" * 11
    table = read_text(text, COLUMNS, Limits(rows=10))
    assert len(table.rows) == 10
    assert "at most 10 rows" in table.faults[0].allowed
    assert read_text(text, COLUMNS, Limits(rows=11)).is_good
    assert "0 MiB" in read_file("a.csv", text.encode(), COLUMNS, Limits(file_bytes=10)).texts()[0]


def test_faults_beyond_the_limit_are_counted() -> None:
    table = read_text("product,tonnes\n" + "slab,x\n" * 50, COLUMNS, Limits(faults=5))
    assert len(table.faults) == 5
    assert table.fault_count == 50
    assert table.texts(3)[-1] == "And 47 more."


def test_a_hundred_thousand_rows_take_seconds() -> None:
    text = HEAD + "slab,1234.5,3,2025-03-31,by rail\n" * 100_000
    started = time.process_time()
    table = read_file("lines.csv", text.encode(), COLUMNS)
    assert len(table.rows) == 100_000
    assert time.process_time() - started < 5


def test_the_template_is_read_back() -> None:
    assert read_file("template.csv", template_csv(COLUMNS), COLUMNS).texts() == [
        "Found only the row of names; allowed: at least one row. Add the rows."
    ]
