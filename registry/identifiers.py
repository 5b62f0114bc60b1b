"""Unit identifiers.

BCU-<FE|CS>-<ISO2>-<site>-<vintage>-<issuance>-<first>-<last>[-c<copy>]~<check>

A split or transfer keeps the numbers; one unit has first = last; copy 1 has no suffix.
"""

import re
from dataclasses import dataclass
from datetime import date

from registry.rulebook.facts import FunctionalUnit

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_KINDS = {FunctionalUnit.IRON: "FE", FunctionalUnit.CRUDE_STEEL: "CS"}
_FORM = re.compile(
    r"BCU-(?P<kind>FE|CS)-(?P<country>[A-Z]{2})-(?P<site>[A-Z0-9]{1,12})"
    r"-(?P<vintage>\d{4}(?:0[1-9]|1[0-2])?)-(?P<issuance>[A-Z0-9]{1,12})"
    r"-(?P<first>[1-9]\d{0,12})-(?P<last>[1-9]\d{0,12})(?:-c(?P<copy>[23]))?~(?P<check>[0-9A-Z])",
    re.ASCII,
)


class NotAnIdentifier(ValueError):
    """The text is not a unit identifier; the message says in which respect."""


@dataclass(frozen=True, slots=True)
class UnitRange:
    """What an identifier names: serials first…last, both inclusive, of one issuance and copy."""

    functional_unit: FunctionalUnit
    country: str
    site: str
    vintage: str
    issuance: str
    first: int
    last: int
    copy: int = 1

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        text = self._text(str(self.first), str(self.last))
        padded = self._text(f"{self.first:012d}", f"{self.last:012d}")
        return f"{text}~{check_character(padded)}"

    def _text(self, first: str, last: str) -> str:
        suffix = "" if self.copy == 1 else f"-c{self.copy}"
        return (
            f"BCU-{_KINDS[self.functional_unit]}-{self.country}-{self.site}-{self.vintage}"
            f"-{self.issuance}-{first}-{last}{suffix}"
        )


def vintage_name(start: date, end: date) -> str:
    """YYYY for a calendar year, else YYYYMM of the period's start."""
    is_year = (start.month, start.day) == (1, 1) and end == date(start.year, 12, 31)
    return f"{start:%Y}" if is_year else f"{start:%Y%m}"


def parse(text: str) -> UnitRange:
    """Read an identifier. Raises NotAnIdentifier for its form, its range or its check character."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise NotAnIdentifier(
            f"{text!r} is not of the form BCU-FE|CS-country-site-vintage-issuance-first-last~check"
        )
    kinds = {short: unit for unit, short in _KINDS.items()}
    found = UnitRange(
        functional_unit=kinds[match["kind"]],
        country=match["country"],
        site=match["site"],
        vintage=match["vintage"],
        issuance=match["issuance"],
        first=int(match["first"]),
        last=int(match["last"]),
        copy=int(match["copy"] or 1),
    )
    if found.last < found.first:
        raise NotAnIdentifier(f"{text!r} ends at {found.last}, before it starts at {found.first}")
    expected = str(found)[-1]
    if match["check"] != expected:
        raise NotAnIdentifier(
            f"{text!r} has check character {match['check']}, {expected} was expected: mistyped?"
        )
    return found


def check_character(text: str) -> str:
    """ISO 7064 MOD 37-36 (hybrid) over the letters and digits of text, hyphens dropped."""
    size = len(_ALPHABET)
    carry = size
    for character in text.upper().replace("-", ""):
        carry = (carry + _ALPHABET.index(character)) % size or size
        carry = carry * 2 % (size + 1)
    return _ALPHABET[(size + 1 - carry) % size]
