"""R086, R140: no tonne becomes two units, here or elsewhere."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.facts import ElsewhereFacts
from tests.rulebook.cases import FAIL, PASS, WARN, a_case, agreed, counted, finding, outcome

YEAR = ("2025-01-01", "2025-12-31")


def elsewhere(units: Any, start: str = YEAR[0], end: str = YEAR[1]) -> tuple[ElsewhereFacts, ...]:
    there = ElsewhereFacts(
        "Other Registry", "X-1", date.fromisoformat(start), date.fromisoformat(end), units
    )
    return (there,)


@pytest.mark.rule("R086", "pass")
def test_nothing_elsewhere_passes() -> None:
    assert outcome("R086", a_case()) is PASS


@pytest.mark.rule("R086", "pass")
def test_another_period_elsewhere_passes() -> None:
    case = a_case(elsewhere=elsewhere(90_000, "2024-01-01", "2024-12-31"))
    assert outcome("R086", case) is PASS


@pytest.mark.rule("R086", "fail")
def test_more_units_here_and_elsewhere_than_delivered_are_refused() -> None:
    found = finding("R086", a_case(elsewhere=elsewhere(5_000)))
    assert found.outcome is FAIL
    assert "Request 5000" in found.action
    assert found.numbers["units_elsewhere"] == "5000"


@pytest.mark.rule("R086", "boundary")
@pytest.mark.parametrize(("units", "expected"), [(1_999, WARN), (2_000, WARN), (2_001, FAIL)])
def test_every_delivered_tonne_may_carry_one_unit_somewhere(units: int, expected: object) -> None:
    """8,000 here of 10,000 delivered."""
    assert outcome("R086", a_case(elsewhere=elsewhere(units))) is expected


@pytest.mark.rule("R086", "boundary")
@pytest.mark.parametrize(("start", "expected"), [("2025-12-31", WARN), ("2026-01-01", PASS)])
def test_overlap_alone_warns_from_its_first_day(start: str, expected: object) -> None:
    assert outcome("R086", a_case(elsewhere=elsewhere(90_000, start, "2026-06-30"))) is expected


def test_units_of_several_lists_add_up() -> None:
    case = a_case(elsewhere=(*elsewhere(1_500), *elsewhere(501, "2025-03-01", "2025-03-31")))
    assert outcome("R086", case) is FAIL


def test_units_issued_here_before_count_too() -> None:
    before = (counted(*YEAR, units=1_500, delivered=10_000),)
    case = a_case(elsewhere=elsewhere(501), issued_before=before)
    assert outcome("R086", case) is FAIL


@pytest.mark.parametrize("units", [0, -1, 1.5, None])
def test_units_elsewhere_that_are_no_number_never_pass(units: Any) -> None:
    assert outcome("R086", a_case(elsewhere=elsewhere(units))) is FAIL


@given(units=st.integers(1, 20_000), more=st.integers(0, 20_000))
def test_more_units_elsewhere_never_turn_a_fail_into_less(units: int, more: int) -> None:
    fails = outcome("R086", a_case(elsewhere=elsewhere(units))) is FAIL
    assert not fails or outcome("R086", a_case(elsewhere=elsewhere(units + more))) is FAIL


@pytest.mark.rule("R140", "pass")
def test_another_tonnage_of_the_period_passes() -> None:
    before = (counted(*YEAR, units=2_000, delivered=10_000),)
    assert outcome("R140", a_case(issued_before=before)) is PASS


@pytest.mark.rule("R140", "fail")
def test_the_same_site_period_and_tonnage_is_refused() -> None:
    before = (counted(*YEAR, units=8_000, delivered=100_000),)
    found = finding("R140", a_case(issued_before=before))
    assert found.outcome is FAIL
    assert found.field == "tonnes"


@pytest.mark.rule("R140", "boundary")
@pytest.mark.parametrize(
    ("units", "end", "expected"),
    [
        (7_999, "2025-12-31", PASS),
        (8_000, "2025-12-31", FAIL),
        (8_001, "2025-12-31", PASS),
        (8_000, "2025-12-30", PASS),
    ],
)
def test_one_tonne_or_one_day_makes_another_key(units: int, end: str, expected: object) -> None:
    before = (counted(YEAR[0], end, units=units, delivered=100_000),)
    assert outcome("R140", a_case(issued_before=before)) is expected


def test_the_agreement_belongs_to_the_key() -> None:
    before = (counted(*YEAR, units=4_000, delivered=10_000, agreement="LTA-2"),)
    case = a_case(tonnes=4_000, issued_before=before, agreement=agreed("0.5"))
    assert outcome("R140", case) is PASS
