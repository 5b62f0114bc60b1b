"""Tables that people bring: pasted text, CSV and XLSX, read against declared columns.

Says nothing of what a column means: it knows shapes only, no records and no rules. A caller
declares its columns once and gets values with row numbers as a spreadsheet shows them, faults
that name row and column, and templates to download.

    COLUMNS = (
        Column("product", "Product", Kind.CHOICE, required=True, choices={"slab": "slab"}),
        Column("tonnes", "Tonnes, t", Kind.DECIMAL, required=True, least=Decimal(0)),
    )
    table = read_file("lines.xlsx", content, COLUMNS)
    if table.faults: ...          # what is wrong, in words
    for row in table.rows: ...    # row.number, row.values["tonnes"]
"""

from registry.tabular.columns import Column, Kind
from registry.tabular.faults import Fault, Limits, Reading, Row, Table
from registry.tabular.reading import read_file, read_text, stream_file
from registry.tabular.templates import template_csv, template_xlsx

__all__ = [
    "Column",
    "Fault",
    "Kind",
    "Limits",
    "Reading",
    "Row",
    "Table",
    "read_file",
    "read_text",
    "stream_file",
    "template_csv",
    "template_xlsx",
]
