"""How quantities, shares, serials and dates are written. Exact: decimals in, text out, no float."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import Protocol, runtime_checkable

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

TONNES_PLACES = 6
EMISSIONS_PLACES = 6
INTENSITY_PLACES = 6
SHARE_PLACES = 4


@runtime_checkable
class Range(Protocol):
    """A range as psycopg and Django return it; half-open unless its bounds say otherwise."""

    lower: int | None
    upper: int | None
    lower_inc: bool
    upper_inc: bool


def decimal_text(value: object, places: int | None = None) -> str | None:
    """The number with thousands marked and no idle zeros; None when there is no number.

    places: round half up to so many decimals, for display only; None keeps every digit.
    Raises TypeError for a float and ValueError for text that is not a number.
    """
    number = as_decimal(value)
    if number is None:
        return None
    if places is not None and -_exponent(number) > places:
        # Quantize refuses a result longer than the precision; 28 digits is the default.
        with localcontext(prec=100):
            number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def as_decimal(value: object) -> Decimal | None:
    """The value as a Decimal; None for None and for empty text."""
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float: quantities are int, Decimal or decimal text.")
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise TypeError(f"{value!r} is not a quantity.")
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not a number.") from error
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a finite number.")
    return number


def with_unit(value: object, unit: str, places: int | None) -> str:
    text = decimal_text(value, places)
    return not_applicable() if text is None else f"{text} {unit}"


def tonnes(value: object, places: int | None = TONNES_PLACES) -> str:
    return with_unit(value, "t", places)


def emissions(value: object, places: int | None = EMISSIONS_PLACES) -> str:
    return with_unit(value, "t CO2e", places)


def intensity(value: object, places: int | None = INTENSITY_PLACES) -> str:
    return with_unit(value, "t CO2e/t", places)


def share(value: object, places: int | None = SHARE_PLACES) -> str:
    """A share of 0…1 as a percentage: 0.125 is 12.5 %."""
    number = as_decimal(value)
    return with_unit(None if number is None else _shift(number, 2), "%", places)


def serial_range(value: object) -> str:
    """First and last serial, both included: "1 to 600", or "7" for one unit.

    Takes a database range, a Python range, or a (first, last) pair.
    """
    first, last = _bounds(value)
    if first is None or last is None or last < first:
        return _("none")
    if first == last:
        return f"{first:,}"
    return _("%(first)s to %(last)s") % {"first": f"{first:,}", "last": f"{last:,}"}


def day(value: object) -> str:
    """A date without doubt about day and month: 22 November 2026."""
    if value is None or value == "":
        return not_applicable()
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = _local(value).date()
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is not a date.")
    # The registry's months run in the page's language; Chinese writes year, month, day.
    pattern = "Y年n月j日" if (translation.get_language() or "").startswith("zh") else "j F Y"
    return formats.date_format(value, pattern)


def moment(value: object) -> str:
    """A point in time with its zone: 22 November 2026, 14:05 UTC."""
    if value is None or value == "":
        return not_applicable()
    if not isinstance(value, datetime):
        return day(value)
    local = _local(value)
    return f"{day(local)}, {local:%H:%M} {local.tzname()}"


def not_applicable() -> str:
    return _("not applicable")


def _local(value: datetime) -> datetime:
    if timezone.is_naive(value):
        value = value.replace(tzinfo=UTC)
    return timezone.localtime(value)


def _shift(number: Decimal, places: int) -> Decimal:
    # Moves the point without arithmetic, so no digit is lost whatever the context's precision.
    sign, digits, exponent = number.as_tuple()
    return Decimal((sign, digits, int(exponent) + places))


def _exponent(number: Decimal) -> int:
    return int(number.as_tuple().exponent)


def _bounds(value: object) -> tuple[int | None, int | None]:
    if value is None or value == "":
        return None, None
    if isinstance(value, range):
        return (value.start, value.stop - 1) if value else (None, None)
    if isinstance(value, Range):
        if value.lower is None or value.upper is None:
            return None, None
        return value.lower + (not value.lower_inc), value.upper - (not value.upper_inc)
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2:
        return int(value[0]), int(value[1])
    raise TypeError(f"{value!r} is not a range of serials.")
