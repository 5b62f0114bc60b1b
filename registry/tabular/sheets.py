"""The rows of an XLSX workbook's first sheet, as a person typed them.

A workbook is an archive of XML from outside: its unpacked size is looked at first, and XML that
declares entities is refused (defusedxml). Formulas are refused, since what they show depends on a
program that is not here. Numbers are handed on as text with the 15 digits a spreadsheet keeps.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml import DEFUSEDXML

from registry.tabular.columns import seen
from registry.tabular.faults import Limits, Unreadable

assert DEFUSEDXML, "openpyxl must read through defusedxml"

_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    InvalidFileException,
    ParseError,
    AttributeError,
    EOFError,
    KeyError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What zipfile and openpyxl raise for archives and sheets that are not what they say."""

# A sheet may say it has a row 1,048,576 and nothing before it; the gap costs time, not memory.
_MOST_GAPS = 20_000


def sheet_rows(content: bytes, limits: Limits) -> Iterator[Sequence[str | date]]:
    """Row after row, empty rows included so that they count. Raises Unreadable, also on the way."""
    try:
        _check_size(content, limits)
        book = openpyxl.load_workbook(BytesIO(content), read_only=True)
        sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
        if sheet is None:
            raise _not_a_workbook("no visible sheet")
        sheet.reset_dimensions()
        gap = 0
        rows = sheet.iter_rows(max_col=limits.columns + 1, max_row=limits.rows * 2 + _MOST_GAPS)
        for number, row in enumerate(rows, start=1):
            cells = _without_end([_cell(cell, number) for cell in row])
            gap = 0 if cells else gap + 1
            if gap > _MOST_GAPS:
                return
            yield cells
    except _DAMAGED as error:
        # Refused XML comes as itself or as the cause of openpyxl's own error.
        if isinstance(error.__cause__ or error, DefusedXmlException):
            raise _not_a_workbook("XML that declares entities") from error
        raise _not_a_workbook("a damaged or unusual workbook") from error


def _check_size(content: bytes, limits: Limits) -> None:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise _not_a_workbook("a ZIP archive that is no workbook")
        unpacked = sum(each.file_size for each in archive.infolist())
    if unpacked > limits.unpacked_bytes:
        raise Unreadable(
            f"a workbook of {unpacked // 1024 // 1024} MiB when unpacked",
            f"at most {limits.unpacked_bytes // 1024 // 1024} MiB",
            "Save the sheet as CSV, or split it.",
        )


def _cell(cell: Any, number: int) -> str | date:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if cell.data_type == "f":
            raise Unreadable(
                f"a formula in column {cell.column_letter}: {seen(value)}",
                "values",
                "Copy the sheet and paste it as values.",
                row=number,
            )
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # What a spreadsheet shows: 0.1, where the file says 0.10000000000000001.
        return format(Decimal(format(value, ".15g")), "f")
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, date):
        return value
    if not isinstance(value, time):  # a formula over several cells, a duration
        value = getattr(value, "text", value)
    return str(value)


def _without_end(cells: list[str | date]) -> list[str | date]:
    """Without the empty cells at the end, which a sheet has by the thousand."""
    last = len(cells)
    while last and cells[last - 1] == "":
        last -= 1
    return cells[:last]


def _not_a_workbook(what: str) -> Unreadable:
    return Unreadable(
        what, "an XLSX workbook", "Open it in your spreadsheet program and save it as XLSX anew."
    )
