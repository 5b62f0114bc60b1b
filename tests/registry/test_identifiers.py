"""Unit identifiers: written, read again, and told apart from a typing slip."""

import contextlib
from datetime import date
from string import ascii_uppercase, digits

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from registry.identifiers import (
    NotAnIdentifier,
    UnitRange,
    check_character,
    parse,
    vintage_name,
)
from registry.models.fields import MOST_TONNES
from registry.rulebook.facts import FunctionalUnit

ALPHABET = digits + ascii_uppercase
CODES = st.text(ALPHABET, min_size=1, max_size=12)
SERIALS = st.integers(1, MOST_TONNES)


@st.composite
def ranges(draw: st.DrawFn) -> UnitRange:
    first, last = sorted((draw(SERIALS), draw(SERIALS)))
    year, month = draw(st.integers(2020, 2099)), draw(st.integers(0, 12))
    return UnitRange(
        functional_unit=draw(st.sampled_from(FunctionalUnit)),
        country=draw(st.text(ascii_uppercase, min_size=2, max_size=2)),
        site=draw(CODES),
        vintage=f"{year}{month:02d}" if month else f"{year}",
        issuance=draw(CODES),
        first=first,
        last=last,
        copy=draw(st.sampled_from([1, 2, 3])),
    )


KIRUNA = UnitRange(FunctionalUnit.IRON, "SE", "KIRUNA", "2025", "7K3QF9ZT", 1, 600)


def test_the_public_example_of_iso_7064_has_its_check_character() -> None:
    """The GRid of the standard's users: A1-2425G-ABC1234002-M."""
    assert check_character("A1-2425G-ABC1234002") == "M"


def test_an_identifier_reads_as_its_parts() -> None:
    assert str(KIRUNA).startswith("BCU-FE-SE-KIRUNA-2025-7K3QF9ZT-1-600~")
    assert KIRUNA.quantity == 600


def test_the_first_copy_has_no_suffix_and_the_others_do() -> None:
    assert "-c" not in str(KIRUNA)
    second = UnitRange(FunctionalUnit.IRON, "SE", "KIRUNA", "2025", "7K3QF9ZT", 1, 600, copy=2)
    assert "-600-c2~" in str(second)


@given(ranges())
def test_what_is_written_is_read_again(units: UnitRange) -> None:
    assert parse(str(units)) == units


@given(ranges(), st.data())
def test_one_typing_slip_is_found(units: UnitRange, data: st.DataObject) -> None:
    text = str(units)
    place = data.draw(st.integers(0, len(text) - 1))
    slip = data.draw(st.sampled_from(ALPHABET))
    assume(text[place] != slip)
    with pytest.raises(NotAnIdentifier):
        parse(text[:place] + slip + text[place + 1 :])


def test_the_largest_issuance_has_an_identifier() -> None:
    units = UnitRange(
        FunctionalUnit.CRUDE_STEEL, "US", "BIG", "2025", "ALL", MOST_TONNES, MOST_TONNES
    )
    assert parse(str(units)) == units


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    with contextlib.suppress(NotAnIdentifier):
        parse(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "form"),
        ("BCU", "form"),
        (str(KIRUNA).lower(), "form"),
        (str(KIRUNA).replace("FE", "XX"), "form"),
        (str(KIRUNA).replace("-1-", "-0-"), "form"),
        (str(KIRUNA).replace("-1-", "-01-"), "form"),
        (str(KIRUNA).replace("2025", "202513"), "form"),
        (str(KIRUNA).replace("2025", "٢٠٢٥"), "form"),
        (str(KIRUNA) + "\n7", "form"),
        (str(KIRUNA).replace("-1-600", "-601-600"), "ends at 600, before it starts at 601"),
        (str(KIRUNA).replace("-600", "-601"), "mistyped"),
    ],
)
def test_a_refusal_says_in_which_respect(text: str, why: str) -> None:
    with pytest.raises(NotAnIdentifier, match=why):
        parse(text)


def test_spaces_around_a_pasted_identifier_do_not_matter() -> None:
    assert parse(f"  {KIRUNA}\n") == KIRUNA


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), "2025"),
        (date(2025, 1, 1), date(2025, 12, 30), "202501"),
        (date(2025, 1, 1), date(2026, 12, 31), "202501"),
        (date(2025, 7, 1), date(2026, 6, 30), "202507"),
        (date(2025, 2, 1), date(2025, 2, 1), "202502"),
    ],
)
def test_a_vintage_is_named_by_its_year_or_its_first_month(
    start: date, end: date, name: str
) -> None:
    assert vintage_name(start, end) == name
