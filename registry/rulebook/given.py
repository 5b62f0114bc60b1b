"""Facts as rules need them: given, of their kind, and of a size that can be computed exactly.

A rule asks for a fact through one of these functions. A fact that is missing, a float, not finite
or out of its range raises `Unusable`, which the engine turns into a failing finding: nothing that
cannot be judged ever passes. A fact may carry at most 15 digits before the point and 30 after it,
so that every product in a rule is exact under `EXACT`.
"""

from datetime import date, datetime
from decimal import Context, Decimal
from typing import Any

from registry.rulebook.names import caption_of, name_of

EXACT = Context(prec=100)
"""Arithmetic on facts: wide enough that products and differences of facts are never rounded."""

_DIGITS_BEFORE = 15
_DIGITS_AFTER = 30


class Unusable(Exception):
    """A fact no rule can judge: not given, or not a value of its kind.

    field: the fact's name. found, allowed, action: the words of the failing verdict.
    """

    def __init__(self, field: str, found: str, allowed: str, action: str) -> None:
        super().__init__(f"{field}: {found}")
        self.field = field
        self.found = found
        self.allowed = allowed
        self.action = action


def decimal_given(field: str, value: object, unit: str) -> Decimal:
    """A finite, exact Decimal, zero or more. Raises Unusable."""
    allowed = f"an exact decimal number in {unit}, zero or more"
    if value is None:
        raise _missing(field, allowed)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise _unfit(field, value, allowed)
    exponent = value.as_tuple().exponent
    if value.adjusted() >= _DIGITS_BEFORE or (
        isinstance(exponent, int) and exponent < -_DIGITS_AFTER
    ):
        raise _unfit(field, value, f"at most {_DIGITS_BEFORE} digits before the point, 30 after")
    if value < 0:
        raise _unfit(field, value, allowed)
    return value


def share_given(field: str, value: object) -> Decimal:
    """A share, 0…1, both ends included. Raises Unusable."""
    share = decimal_given(field, value, "parts of one")
    if share > 1:
        raise _unfit(field, share, "a share from 0 to 1")
    return share


def whole_given(field: str, value: object, unit: str, *, least: int = 0) -> int:
    """A whole number of `unit`, `least` or more; True is not a number. Raises Unusable."""
    allowed = f"a whole number of {unit}, {least} or more"
    if value is None:
        raise _missing(field, allowed)
    if type(value) is not int or value < least:
        raise _unfit(field, value, allowed)
    return value


def date_given(field: str, value: object) -> date:
    """A calendar date; a moment in time is not one. Raises Unusable."""
    if value is None:
        raise _missing(field, "a date")
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _unfit(field, value, "a date")
    return value


def word_given(field: str, value: object) -> str:
    """A text that says something. Raises Unusable."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise _missing(field, "a text that is not empty")
    if not isinstance(value, str):
        raise _unfit(field, value, "a text")
    return value


def shown(value: Decimal) -> str:
    """A Decimal for a reader: every digit it has, no exponent."""
    return format(value, "f")


def label(word: str) -> str:
    """A word of the rulebook for a reader: a kind, a class, a label. Facts: `names.name_of`."""
    return word.replace("_", " ")


def _missing(field: str, allowed: str) -> Unusable:
    name = caption_of(field)
    return Unusable(field, f"{name}: not given", f"{name}: {allowed}", f"Give {name_of(field)}.")


def _unfit(field: str, value: Any, allowed: str) -> Unusable:
    seen = repr(value)
    seen = seen if len(seen) <= 60 else f"{seen[:57]}..."
    name = caption_of(field)
    return Unusable(field, f"{name}: {seen}", f"{name}: {allowed}", f"Correct {name_of(field)}.")
