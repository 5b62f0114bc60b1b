"""What reading a table gives: rows, faults in words, and the limits it kept to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a table may be. rows: that say something, without the row of names.

    unpacked_bytes: of an XLSX, which is a compressed archive. faults: how many are kept in words;
    the others are counted.
    """

    rows: int = 100_000
    file_bytes: int = 30 * 1024 * 1024
    unpacked_bytes: int = 400 * 1024 * 1024
    columns: int = 200
    faults: int = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One row. number: as a spreadsheet counts, the row of names being 1 when it comes first."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. row and column are empty where it is about the whole table."""

    found: str
    allowed: str
    action: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = ", ".join(
            part for part in (f"row {self.row}" if self.row else "", self.column) if part
        )
        said = f"found {self.found}; allowed: {self.allowed}. {self.action}".rstrip()
        return f"{place}: {said}" if place else said[:1].upper() + said[1:]


@dataclass(slots=True)
class Table:
    """What was read. rows: those without a fault, in order. fault_count: kept and not kept.

    read_as: how it was understood, for a preview: "CSV, semicolons, Windows-1252".
    """

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    read_as: str = ""

    @property
    def is_good(self) -> bool:
        return not self.fault_count

    def texts(self, most: int = 20) -> list[str]:
        """The faults in words, at most so many, and how many more there are."""
        said = [str(each) for each in self.faults[:most]]
        more = self.fault_count - len(said)
        return [*said, f"And {more} more."] if more > 0 else said


@dataclass(frozen=True, slots=True)
class Reading:
    """A table read row after row. items: each row, or one thing wrong with it or with the table.

    read_as: as in Table; empty where the table cannot be opened.
    """

    read_as: str
    items: Iterator[Row | Fault]


class Unreadable(Exception):
    """The whole table cannot be read."""

    def __init__(self, found: str, allowed: str, action: str, row: int | None = None) -> None:
        super().__init__(found)
        self.fault = Fault(found, allowed, action, row=row)
