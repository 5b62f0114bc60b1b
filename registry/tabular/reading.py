"""From a file or a pasted text to a table: what it is, its names, then row after row."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from io import StringIO
from typing import Any

from registry.tabular.columns import Column, Wrong, plain, reader, seen
from registry.tabular.faults import Fault, Limits, Reading, Row, Table, Unreadable
from registry.tabular.sheets import sheet_rows

Cells = Sequence[str | date]

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_OTHERS = {
    b"PK\x03\x04": "a ZIP archive or an XLSX workbook",
    b"\xd0\xcf\x11\xe0": "an old XLS workbook",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_DEFAULT = Limits()


def read_file(
    name: str, content: bytes, columns: Sequence[Column], limits: Limits = _DEFAULT
) -> Table:
    """Read an uploaded CSV, tab-separated text or XLSX. Never raises for what is in the file."""
    try:
        rows, read_as = _opened(name, content, limits, columns)
        return _read(rows, columns, limits, read_as)
    except Unreadable as problem:
        return Table(faults=[problem.fault], fault_count=1)


def stream_file(
    name: str, content: bytes, columns: Sequence[Column], limits: Limits = _DEFAULT
) -> Reading:
    """Read an upload row after row, for tables too long to be kept. Never raises, as read_file."""
    try:
        rows, read_as = _opened(name, content, limits, columns)
    except Unreadable as problem:
        return Reading("", iter([problem.fault]))
    return Reading(read_as, _to_the_end(_items(rows, columns, limits)))


def _to_the_end(items: Iterator[Row | Fault]) -> Iterator[Row | Fault]:
    try:
        yield from items
    except Unreadable as problem:
        yield problem.fault


def read_text(text: str, columns: Sequence[Column], limits: Limits = _DEFAULT) -> Table:
    """Read a pasted text: rows of a spreadsheet, or CSV. Its first row names the columns."""
    try:
        rows, delimiter = _separated(text, columns)
        return _read(rows, columns, limits, f"text, {_DELIMITERS[delimiter]}")
    except Unreadable as problem:
        return Table(faults=[problem.fault], fault_count=1)


def _opened(
    name: str, content: bytes, limits: Limits, columns: Sequence[Column]
) -> tuple[Iterator[Cells], str]:
    if not content:
        raise Unreadable("an empty file", "a CSV or XLSX file", "Choose the file again.")
    if len(content) > limits.file_bytes:
        most = limits.file_bytes // 1024 // 1024
        raise Unreadable(
            f"a file of {len(content)} bytes", f"at most {most} MiB", "Split the file."
        )
    name = name.lower()
    really = next((what for start, what in _OTHERS.items() if content.startswith(start)), "text")
    if name.endswith((".xlsx", ".xlsm")):
        if not content.startswith(b"PK\x03\x04"):
            raise Unreadable(
                f"{really} under the name of an XLSX workbook",
                "an XLSX workbook",
                "Save it as XLSX from your spreadsheet program, or give it its true ending.",
            )
        return sheet_rows(content, limits), "XLSX, first sheet"
    if not name.endswith((".csv", ".tsv", ".txt")):
        raise Unreadable(
            f"a file named {seen(name[-60:])}", "CSV, TSV, TXT or XLSX", "Save it as CSV or XLSX."
        )
    if really != "text":
        raise Unreadable(
            f"{really} under the name of a text",
            "text, separated by commas, semicolons or tabs",
            "Save it as CSV or XLSX, and give it that ending.",
        )
    text, encoding = _decoded(content)
    rows, delimiter = _separated(text, columns)
    return rows, f"CSV, {_DELIMITERS[delimiter]}, {encoding}"


def _decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8, UTF-16 with its mark, else Windows-1252."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16"), "UTF-16"
        if b"\x00" in content:
            raise Unreadable(
                "NUL bytes: no text, or UTF-16 without its mark", "text", "Save it as CSV UTF-8."
            )
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Unreadable(
            "bytes that are no text in UTF-8, UTF-16 or Windows-1252",
            "text in one of these",
            "Save it as CSV UTF-8.",
        ) from error
    if any(ord(mark) < 32 and mark not in "\t\r\n" for mark in text):
        raise Unreadable("control characters: no text", "text", "Save it as CSV UTF-8.")
    return text, "Windows-1252"


def _separated(text: str, columns: Sequence[Column]) -> tuple[Iterator[Cells], str]:
    """The rows, and the delimiter under which the first row names most columns."""
    text = text.removeprefix("\ufeff")
    start = text.lstrip("\r\n\t ,;")
    if not start:
        raise Unreadable("nothing", "a row of column names, then the rows", "Paste or type rows.")
    known = _names(columns)
    best = max(_DELIMITERS, key=lambda mark: _recognised(start, mark, known))
    return _split(text, best), best


def _recognised(text: str, delimiter: str, known: dict[str, Column]) -> tuple[int, int]:
    try:
        first = next(csv.reader(StringIO(text[:20_000], newline=""), delimiter=delimiter), [])
    except csv.Error:
        return 0, 0
    return sum(plain(cell) in known for cell in first), len(first)


def _split(text: str, delimiter: str) -> Iterator[Cells]:
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                f"a row that cannot be taken apart ({error})",
                'cells in "quotes" closed by a quote, of at most 131,072 characters',
                "Check the quotes in and before this row.",
                row=number,
            ) from error
        yield cells


def _read(rows: Iterable[Cells], columns: Sequence[Column], limits: Limits, read_as: str) -> Table:
    table = Table(read_as=read_as)
    for each in _items(rows, columns, limits):
        if isinstance(each, Row):
            table.rows.append(each)
            continue
        table.fault_count += 1
        if len(table.faults) < limits.faults:
            table.faults.append(each)
    return table


def _items(
    rows: Iterable[Cells], columns: Sequence[Column], limits: Limits
) -> Iterator[Row | Fault]:
    """Row after row as it is read: itself, or what is wrong with it. Raises Unreadable."""
    numbered = enumerate(rows, start=1)
    number, names = next(
        ((number, cells) for number, cells in numbered if not _is_blank(cells)), (0, [])
    )
    if not number:
        raise Unreadable("no row", "a row of column names, then the rows", "Add the rows.")
    placed, wrong = _placed(number, names, columns, limits)
    yield from wrong
    if wrong:
        return
    read = _row_reader(placed, len(names))
    count = 0
    for number, cells in numbered:
        if _is_blank(cells):
            continue
        count += 1
        if count > limits.rows:
            yield Fault("more rows", f"at most {limits.rows} rows", "Split it into several.")
            break
        values, faults = read(number, cells)
        if faults:
            yield from faults
        else:
            yield Row(number, values)
    if not count:
        yield Fault("only the row of names", "at least one row", "Add the rows.")


def _placed(
    number: int, names: Cells, columns: Sequence[Column], limits: Limits
) -> tuple[list[tuple[int, Column]], list[Fault]]:
    """Each column with its place, in the order of the declaration; faults for the others."""
    known = _names(columns)
    if len(names) > limits.columns:
        found, allowed = f"{len(names)} columns", f"at most {limits.columns}"
        return [], [Fault(found, allowed, "Remove the others.", row=number)]
    faults: list[Fault] = []
    place: dict[str, int] = {}
    every = ", ".join(each.label for each in columns)
    for index, cell in enumerate(names):
        column = known.get(plain(str(cell)))
        if column is None:
            if not _is_blank([cell]):
                found, allowed = f"the column {seen(cell)}", f"the columns {every}"
                action = (
                    "Name it as in the template, or remove it. The first row names the columns."
                )
                faults.append(Fault(found, allowed, action, row=number))
        elif column.name in place:
            found, action = "this column twice", "Remove one."
            faults.append(Fault(found, "each column once", action, number, column.label))
        else:
            place[column.name] = index
    for column in columns:
        if column.required and column.name not in place:
            action = "Add the column; the template has it."
            faults.append(Fault("no such column", column.allowed, action, number, column.label))
    return [(place.get(column.name, -1), column) for column in columns], faults


def _row_reader(
    placed: list[tuple[int, Column]], width: int
) -> Callable[[int, Cells], tuple[dict[str, Any], list[Fault]]]:
    readers = [(index, column, reader(column)) for index, column in placed]
    has_name = {index for index, _column in placed if index >= 0}

    def read(number: int, cells: Cells) -> tuple[dict[str, Any], list[Fault]]:
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        have = len(cells)
        for index, column, value_of in readers:
            cell = cells[index] if 0 <= index < have else ""
            if cell == "" or (isinstance(cell, str) and not cell.strip()):
                values[column.name] = column.empty
                if column.required:
                    fault = Fault("an empty cell", column.allowed, "Fill it.", number, column.label)
                    faults.append(fault)
                continue
            try:
                values[column.name] = value_of(cell)
            except Wrong as wrong:
                fault = Fault(wrong.found, column.allowed, wrong.action, number, column.label)
                faults.append(fault)
        if have > width or len(has_name) < width:
            faults += _nameless(number, cells, has_name)
        return values, faults

    return read


def _nameless(number: int, cells: Cells, has_name: set[int]) -> list[Fault]:
    """A cell under no name: often a comma inside a number or a text without quotes."""
    for index, cell in enumerate(cells):
        if index not in has_name and not _is_blank([cell]):
            return [
                Fault(
                    f"{seen(cell)} in cell {index + 1}, under no column's name",
                    "cells under the names of the first row",
                    "Remove it; put quotes around a text that has the separator in it.",
                    number,
                )
            ]
    return []


def _names(columns: Sequence[Column]) -> dict[str, Column]:
    return {plain(each.label): each for each in columns} | {each.name: each for each in columns}


def _is_blank(cells: Cells) -> bool:
    return not any(str(cell).strip() for cell in cells)
