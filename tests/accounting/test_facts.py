"""Facts and numbers: programming errors are refused at once, users' figures are judged."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from claims.accounting.categories import CATEGORIES, scope_3
from claims.accounting.codec import decode, encode
from claims.accounting.facts import CategoryFigure, Line, LineShare
from claims.accounting.numbers import decimal_fault, divided_up, plain, shown, text
from registry.rulebook.names import counted
from tests.accounting.facts import case, line, lot, match


@pytest.mark.parametrize("value", [1.5, 2, "2"])
def test_a_line_takes_decimals_only(value: Any) -> None:
    with pytest.raises(ValueError, match="must be a Decimal"):
        Line("L1", "scope_3_1", "steel", value, Decimal(2))
    with pytest.raises(ValueError, match="must be a Decimal"):
        replace(line(), stated_emissions=value)


@pytest.mark.parametrize(
    "changes",
    [
        {"first": 0},
        {"first": 11},
        {"first": 1.0},
        {"last": True},
        {"copy": 4},
        {"functional_unit": "hot_rolled_coil"},
        {"intensity": 0.5},
        {"intensity": None},
        {"intensity": Decimal("-0.1")},
        {"baseline_intensity": Decimal("NaN")},
        {"adjusted_intensity": Decimal("Infinity")},
        {"intensity": Decimal("1E-13")},
        {"vintage_end": date(2023, 12, 31)},
    ],
)
def test_a_lot_no_registry_could_hold_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replace(lot(10), **changes)


def test_a_lot_splits_into_two_that_are_never_empty() -> None:
    first, second = lot(10, first=5).split(4)
    assert (first.first, first.last, second.first, second.last) == (5, 8, 9, 14)
    for quantity in (0, 10, 11):
        with pytest.raises(ValueError, match="serials"):
            lot(10).split(quantity)


def test_two_different_lines_of_one_id_are_a_programming_error() -> None:
    with pytest.raises(ValueError, match="two different lines"):
        case(match(line("L1"), line("L1", tonnes="7")))


def test_shares_and_category_figures_take_decimals_only() -> None:
    one: Any = 1.0
    with pytest.raises(ValueError, match="must be a Decimal"):
        CategoryFigure("scope_3_1", one)
    with pytest.raises(ValueError, match="must be a Decimal"):
        LineShare("L1", "direct", "crude_steel", one, *[Decimal(1)] * 3, above_factor=False)


def test_there_are_fifteen_scope_3_categories_and_scope_1() -> None:
    assert len(CATEGORIES) == 16
    assert CATEGORIES[scope_3(1)] == "Scope 3 Category 1: Purchased goods and services"
    for number in (0, 16):
        with pytest.raises(ValueError, match="1 to 15"):
            scope_3(number)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (None, "is missing"),
        (Decimal("NaN"), "is NaN, not a number"),
        (Decimal("-1"), "is -1, below zero"),
        (Decimal(0), "is zero"),
        (Decimal("1E+16"), "is 1E+16, larger than any inventory"),
        (Decimal("1.0000001"), "is 1.0000001, with more than 6 decimals"),
        (Decimal("1.0000000"), ""),
        (Decimal("0.000001"), ""),
    ],
)
def test_a_fault_says_what_is_wrong(value: Decimal | None, fault: str) -> None:
    assert decimal_fault(value, places=6, positive=True) == fault


@pytest.mark.parametrize(
    ("value", "written"),
    [("1.90", "1.9"), ("1.9E+4", "19000"), ("0E-9", "0"), ("-0", "0"), ("0.000001", "0.000001")],
)
def test_decimals_are_written_plainly(value: str, written: str) -> None:
    assert text(Decimal(value)) == written


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (Fraction(125000, 3), "41666.666667"),
        (Fraction(5, 10_000_000), "0"),
        (Fraction(15, 10_000_000), "0.000002"),
        (Fraction(2), "2"),
    ],
)
def test_a_quotient_is_shown_half_to_even(ratio: Fraction, expected: str) -> None:
    assert shown(ratio) == plain(Decimal(expected))


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({}, "line L1"),
        ({"name": "Coil"}, "line “Coil” (flat steel, Scope 3 Category 1)"),
        (
            {"name": "Coil", "product_family": "galvanised sheet", "facility": "Werk 2"},
            "line “Coil” (galvanised sheet steel, Scope 3 Category 1, Werk 2)",
        ),
        (
            {"name": "Pig iron", "material": "iron", "product_type": "", "category": "scope_1"},
            "line “Pig iron” (iron, Scope 1)",
        ),
    ],
)
def test_a_line_is_called_what_its_user_calls_it(changes: dict[str, str], label: str) -> None:
    assert line(**changes).label == label


def test_a_lines_name_is_no_part_of_the_fact() -> None:
    named = line(name="Coil")
    assert named == line()
    assert "name" not in encode(named)
    assert decode(Line, encode(named), "line") == named


@pytest.mark.parametrize(("number", "words"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines")])
def test_one_thing_is_not_many(number: int, words: str) -> None:
    assert counted(number, "line") == words


def test_what_is_rounded_up_never_falls_short() -> None:
    assert divided_up(Decimal(1), Decimal(3)) == Decimal("0.333333333333333334")
    assert divided_up(Decimal(35), Decimal("0.7")) == 50
