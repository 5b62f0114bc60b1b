"""Tables of lines as people bring them, good and bad."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook

HEAD = "Name,Category,Material,Tonnes,Emission factor"
ROW = "Coil,scope_3_1,steel,10,2"


def csv_of(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def xlsx_of(*rows: list[Any], head: str = HEAD) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(head.split(","))
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def forty() -> bytes:
    """Forty lines in three categories: 20 × 100 t at 2, 15 × 50 t at 1.5, 5 of spend."""
    head = f"{HEAD},Spend,Currency,Spend factor"
    flat = [[f"Sheet {n}", "scope_3_1", "steel", 100, 2] for n in range(20)]
    rebar = [[f"Rebar {n}", "scope_3_2", "steel", 50, 1.5] for n in range(15)]
    tools = [[f"Tools {n}", "scope_3_4", "steel", None, None, 1000, "EUR", 0.0015]
             for n in range(5)]  # fmt: skip
    return xlsx_of(*flat, *rebar, *tools, head=head)
