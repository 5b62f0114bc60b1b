"""The columns a table may have, and how one cell becomes a value of its kind.

Numbers are read exactly as typed: a point before the decimals, no thousands separators but spaces,
no exponent. A comma is refused, since 1,234 is one number in London and another in Luleå.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}( \d{3})+)(\.\d+)?")
_SPACES = re.compile(r"[^\S \r\n]")
_NOT_WORDS = re.compile(r"[\W_]+")
_MOST_SHOWN = 40
_LONGEST = 100


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    DECIMAL = "decimal"
    WHOLE = "whole"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. A table's first row names it by `name` or `label`, whatever the case.

    least, most: limits of a number (Decimal or int) or of a date, both inclusive.
    digits, decimals: of a number, before and after the point. length: of a text.
    choices: code -> what a reader is shown; a cell may hold either. help: for the template.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    least: Any = None
    most: Any = None
    digits: int = 15
    decimals: int = 12
    length: int = 200
    choices: Mapping[str, str] = field(default_factory=dict)
    help: str = ""
    example: str = ""

    @property
    def empty(self) -> Any:
        """What a cell left empty reads as."""
        return "" if self.kind in (Kind.TEXT, Kind.CHOICE) else None

    @property
    def allowed(self) -> str:
        """What a cell may hold, in words."""
        if self.kind is Kind.TEXT:
            return f"a text of at most {self.length} characters"
        if self.kind is Kind.CHOICE:
            return "one of " + ", ".join(self.choices)
        if self.kind is Kind.DATE:
            return f"a date as 2026-03-31{self._range()}"
        if self.kind is Kind.WHOLE:
            return f"a whole number without separators{self._range()}"
        return (
            f"a number with a decimal point, at most {self.digits} digits before it and "
            f"{self.decimals} after{self._range()}"
        )

    def _range(self) -> str:
        parts = []
        if self.least is not None:
            parts.append(f"{self.least} or more")
        if self.most is not None:
            parts.append(f"{self.most} or less")
        return f", {' and '.join(parts)}" if parts else ""


class Wrong(Exception):
    """A cell does not hold what its column allows. action: what to do about it."""

    def __init__(self, found: str, action: str = "") -> None:
        super().__init__(found)
        self.found = found
        self.action = action


def reader(column: Column) -> Callable[[str | date], Any]:
    """The function that turns one cell, not empty, into the column's value. It raises Wrong."""
    if column.kind is Kind.TEXT:
        return lambda cell: _text(column, cell)
    if column.kind is Kind.DATE:
        return lambda cell: _date(column, cell)
    if column.kind is Kind.CHOICE:
        words = _short(column.choices)
        words |= {plain(word): code for code, word in column.choices.items()}
        words |= {plain(code): code for code in column.choices}
        return lambda cell: _choice(words, cell)
    return lambda cell: _number(column, cell)


def _short(choices: Mapping[str, str]) -> dict[str, str]:
    """What people write of "Scope 3 Category 1: Purchased goods and services"."""
    return {plain(word.partition(":")[0]): code for code, word in choices.items() if ":" in word}


def plain(text: str) -> str:
    """A name without case, spaces and marks, so that "Tonnes (t)" is found as tonnes_t."""
    return _NOT_WORDS.sub("_", text.casefold()).strip("_")


def seen(cell: object) -> str:
    """A cell as a fault quotes it."""
    text = cell if isinstance(cell, str) else str(cell)
    text = text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
    return f'"{text}"' if text.isprintable() else ascii(text)


def _text(column: Column, cell: str | date) -> str:
    text = " ".join(str(cell).split())
    if not text.isprintable():
        raise Wrong(f"characters that cannot be shown in {seen(cell)}", "Type it anew.")
    if len(text) > column.length:
        raise Wrong(f"{len(text)} characters", "Shorten it.")
    return text


def _choice(words: Mapping[str, str], cell: str | date) -> str:
    code = words.get(plain(str(cell)))
    if code is None:
        raise Wrong(seen(cell), "Use one of these words.")
    return code


def _date(column: Column, cell: str | date) -> date:
    day = cell if isinstance(cell, date) else _day(cell.strip())
    if isinstance(day, datetime):
        raise Wrong(f"a time of day, {day.isoformat(' ')}", "Give the date alone.")
    if column.least is not None and day < column.least:
        raise Wrong(day.isoformat())
    if column.most is not None and day > column.most:
        raise Wrong(day.isoformat())
    return day


def _day(text: str) -> date:
    if len(text) == 10 and text.isascii() and text[4] == text[7] == "-":
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise Wrong(seen(text), "There is no such day.") from error
    raise Wrong(seen(text), "Write year-month-day.")


def _number(column: Column, cell: str | date) -> Decimal | int:
    if not isinstance(cell, str):
        raise Wrong(f"a date, {cell.isoformat()}", "Give a number; check the cell's format.")
    text = _SPACES.sub(" ", cell.strip())
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text) or not text.isascii():
        raise Wrong(seen(cell), _about(text))
    text = text.replace(" ", "")
    whole, _, after = text.lstrip("+-").partition(".")
    if len(whole.lstrip("0")) > column.digits:
        raise Wrong(seen(cell))
    most = 0 if column.kind is Kind.WHOLE else column.decimals
    if len(after) > most and len(after.rstrip("0")) > most:
        raise Wrong(seen(cell), "Round it yourself, the way your source says.")
    value = int(text.partition(".")[0]) if column.kind is Kind.WHOLE else Decimal(text)
    if column.least is not None and value < column.least:
        raise Wrong(seen(cell), "A minus sign too many?" if value < 0 else "")
    if column.most is not None and value > column.most:
        raise Wrong(seen(cell), "Check the unit.")
    return value


def _about(text: str) -> str:
    if "," in text:
        return "Use a point before the decimals and no thousands separators."
    if text.endswith("%"):
        return "Give a plain number without a percent sign."
    if any(mark.isalpha() for mark in text):
        return "Leave units and words out of the cell."
    return "Type the number anew."
