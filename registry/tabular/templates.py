"""Templates to download: the row of names, one row of examples, and what each column allows."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from registry.tabular.columns import Column, Kind

_MOST_CHOICES_INLINE = 255


def template_csv(columns: Sequence[Column]) -> bytes:
    """UTF-8 with its mark, so that a spreadsheet program reads it as such."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([each.label for each in columns])
    if any(each.example for each in columns):
        writer.writerow([each.example for each in columns])
    return text.getvalue().encode("utf-8-sig")


def template_xlsx(columns: Sequence[Column], title: str) -> bytes:
    """A sheet to fill, choices offered in the cells, and a second sheet that explains them."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    sheet.append([each.label for each in columns])
    if any(each.example for each in columns):
        sheet.append([_typed(each) for each in columns])
    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns, start=1):
        head = sheet.cell(1, index)
        head.font = Font(bold=True)
        sheet.column_dimensions[head.column_letter].width = max(14, len(column.label) + 2)
        offered = ",".join(column.choices)
        if offered and len(offered) <= _MOST_CHOICES_INLINE:
            choice = DataValidation(type="list", formula1=f'"{offered}"', allow_blank=True)
            choice.add(f"{head.column_letter}2:{head.column_letter}10000")
            sheet.add_data_validation(choice)
    notes = book.create_sheet("Columns")
    notes.append(["Column", "Required", "Allowed", "Meaning"])
    for column in columns:
        required = "yes" if column.required else "no"
        notes.append([column.label, required, column.allowed, column.help])
    for letter, width in (("A", 30), ("B", 10), ("C", 60), ("D", 80)):
        notes.column_dimensions[letter].width = width
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _typed(column: Column) -> object:
    if column.kind in (Kind.DECIMAL, Kind.WHOLE) and column.example:
        number = float(column.example)
        return int(number) if number.is_integer() else number
    return column.example
