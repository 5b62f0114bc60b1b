"""Exact numbers: sums and products never round, a quotient rounds once, at display.

Inputs carry a bounded number of digits, so a wide context holds every product and sum exactly,
and traps the day one does not fit. Quotients are compared and floored as exact ratios.
"""

from decimal import (
    ROUND_CEILING,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction

EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])

# Decimals a figure may carry: a user's lines, and what the registry says of its units.
TONNES_PLACES = 6
INTENSITY_PLACES = 9
SHARE_PLACES = 6
UNIT_PLACES = 12
# Decimals of what is spread over lines: fine enough for every exact product of the above.
VOLUME_PLACES = 18
EMISSIONS_PLACES = 24
SHOWN_PLACES = 6
LARGEST = Decimal(10) ** 15
MOST_DIGITS = 40
ZERO = Decimal(0)


def decimal_fault(value: Decimal | None, *, places: int, positive: bool = False) -> str:
    """What is wrong with a user's figure, in words that follow its name; empty when nothing is."""
    if value is None:
        return "is missing"
    if not value.is_finite():
        return f"is {value}, not a number"
    written = value.as_tuple()
    if len(written.digits) > MOST_DIGITS:
        return f"has more than {MOST_DIGITS} digits"
    if value < 0:
        return f"is {value}, below zero"
    if positive and value == 0:
        return "is zero"
    if value > LARGEST:
        return f"is {value}, larger than any inventory"
    # Written with so few decimals it needs no normalizing.
    if -int(written.exponent) > places and -exponent(value) > places:
        return f"is {value}, with more than {places} decimals"
    return ""


def require_decimal(name: str, value: object) -> None:
    """Refuse a float, an int or a string where a Decimal belongs. Raises ValueError."""
    if value is not None and not isinstance(value, Decimal):
        raise ValueError(f"{name} must be a Decimal, found {type(value).__name__} {value!r}")


def exponent(value: Decimal) -> int:
    """The power of ten of the last digit that is not zero, 0 for whole numbers."""
    shift = value.normalize(EXACT).as_tuple().exponent
    if not isinstance(shift, int):
        raise ValueError(f"{value} is not a number")
    return min(shift, 0)


def shown(value: Fraction | Decimal, places: int = SHOWN_PLACES) -> Decimal:
    """A quotient as shown: to `places` decimals, half to even."""
    return _quotient(Fraction(value), places, ROUND_HALF_EVEN)


def divided_up(numerator: Decimal, denominator: Decimal) -> Decimal:
    """A volume's quotient rounded up in its last decimal, where erring high is the safe side."""
    return _quotient(Fraction(numerator) / Fraction(denominator), VOLUME_PLACES, ROUND_CEILING)


def plain(value: Decimal) -> Decimal:
    """The same value without trailing zeros or exponent: 19000, not 1.9E+4 or 19000.0."""
    short = value.normalize(EXACT)
    return short.quantize(Decimal(1), context=EXACT) if exponent(short) == 0 else short


def text(value: Decimal) -> str:
    """A decimal as it stands in documents: plain digits, no exponent, no trailing zeros."""
    if not value.is_finite():
        raise ValueError(f"{value} is not a number")
    digits = format(value, "f") if value else "0"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _quotient(ratio: Fraction, places: int, rounding: str) -> Decimal:
    scaled = ratio * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest
    up = (
        rest > 0
        if rounding == ROUND_CEILING
        else twice > scaled.denominator or (twice == scaled.denominator and whole % 2 == 1)
    )
    return plain(Decimal(whole + up).scaleb(-places, context=EXACT))
