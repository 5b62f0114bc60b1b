"""Numbers and dates as the reader sees them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.ui import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12345, "12,345 t"),
        (0, "0 t"),
        (-600, "-600 t"),
        (1_000_000_000, "1,000,000,000 t"),
        (Decimal("12.50"), "12.5 t"),
        (Decimal("1E+5"), "100,000 t"),
        (Decimal("-0.0"), "0 t"),
        ("600", "600 t"),
        (None, "not applicable"),
        ("", "not applicable"),
    ],
)
def test_tonnes_carry_thousands_and_their_unit(value: object, text: str) -> None:
    assert formats.tonnes(value) == text


def test_an_intensity_drops_idle_zeros() -> None:
    assert formats.intensity(Decimal("0.41200")) == "0.412 t CO2e/t"


def test_emissions_keep_their_decimals() -> None:
    assert formats.emissions(Decimal("8334.40")) == "8,334.4 t CO2e"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.125"), "12.5 %"),
        (Decimal(1), "100 %"),
        (Decimal(0), "0 %"),
        (Decimal("-0.05"), "-5 %"),
        (Decimal("0.333333333333"), "33.3333 %"),
        (None, "not applicable"),
    ],
)
def test_a_share_is_shown_as_a_percentage(value: Decimal | None, text: str) -> None:
    assert formats.share(value) == text


def test_rounding_is_half_up_and_only_where_places_run_out() -> None:
    assert formats.intensity(Decimal("1.0000005")) == "1.000001 t CO2e/t"
    assert formats.intensity(Decimal("1.2345"), 2) == "1.23 t CO2e/t"


@pytest.mark.parametrize("value", [0.1, True, object(), 1j])
def test_what_is_not_an_exact_number_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        formats.tonnes(value)


@pytest.mark.parametrize("value", ["many", "NaN", "Infinity"])
def test_text_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError):
        formats.tonnes(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_every_digit_survives_when_no_places_are_named(number: Decimal) -> None:
    text = formats.decimal_text(number)
    assert text is not None
    assert Decimal(text.replace(",", "")) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (SimpleNamespace(lower=1, upper=601, lower_inc=True, upper_inc=False), "1 to 600"),
        (SimpleNamespace(lower=0, upper=7, lower_inc=False, upper_inc=True), "1 to 7"),
        (range(1, 10_001), "1 to 10,000"),
        ((7, 7), "7"),
        (range(0), "none"),
        (SimpleNamespace(lower=None, upper=None, lower_inc=False, upper_inc=False), "none"),
        (None, "none"),
    ],
)
def test_a_serial_range_names_its_first_and_last(value: object, text: str) -> None:
    assert formats.serial_range(value) == text


def test_a_serial_range_of_unknown_shape_is_refused() -> None:
    with pytest.raises(TypeError):
        formats.serial_range("1-600")


def test_a_date_leaves_no_doubt_about_its_month() -> None:
    assert formats.day(date(2026, 11, 22)) == "22 November 2026"
    assert formats.day("2026-03-06") == "6 March 2026"
    assert formats.day(None) == "not applicable"


def test_a_date_is_written_the_chinese_way_on_a_chinese_page() -> None:
    with translation.override("zh-hans"):
        assert formats.day(date(2026, 11, 22)) == "2026年11月22日"


def test_a_moment_names_its_zone() -> None:
    assert formats.moment(datetime(2026, 11, 22, 14, 5, tzinfo=UTC)) == (
        "22 November 2026, 14:05 UTC"
    )
    assert formats.moment(date(2026, 11, 22)) == "22 November 2026"
