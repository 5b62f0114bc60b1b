"""The vintage matching window and expiry (8.1, AMB-13, GAP-4)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.accounting.facts import Match
from claims.accounting.window import (
    expires_on,
    last_reporting_end,
    matching_window,
    standard_period,
)
from registry.rulebook.vintage import add_months
from tests.accounting.facts import EDITION, case, finding, lot, match, outcome

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def vintage(start: date, end: date) -> Match:
    return match(lots=(lot(vintage_start=start, vintage_end=end),))


def test_a_calendar_year_matches_production_of_that_year_and_the_two_before() -> None:
    """8.1: for 2025, production in 2025, 2024 or 2023."""
    window = matching_window(date(2025, 1, 1), date(2025, 12, 31), EDITION)
    assert (window.start, window.end) == (date(2023, 1, 1), date(2025, 12, 31))


def test_a_fiscal_year_april_to_march_matches_three_fiscal_years() -> None:
    window = matching_window(date(2025, 4, 1), date(2026, 3, 31), EDITION)
    assert (window.start, window.end) == (date(2023, 4, 1), date(2026, 3, 31))


def test_a_window_that_starts_on_29_february_is_clamped_to_the_months_end() -> None:
    window = matching_window(date(2027, 3, 1), date(2028, 2, 28), EDITION)
    assert window.start == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("start", "end", "counts_as"),
    [
        (date(2024, 12, 30), date(2025, 12, 28), (date(2025, 1, 1), date(2025, 12, 31))),
        (date(2025, 12, 29), date(2027, 1, 3), (date(2026, 1, 1), date(2026, 12, 31))),
        (date(2024, 2, 4), date(2025, 2, 1), (date(2024, 2, 1), date(2025, 1, 31))),
        (date(2024, 1, 2), date(2024, 12, 30), (date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_a_52_or_53_week_year_counts_as_the_nearest_month_end_year(
    start: date, end: date, counts_as: tuple[date, date]
) -> None:
    assert standard_period(start, end) == counts_as


def test_another_length_of_period_stays_as_it_is() -> None:
    assert standard_period(date(2025, 1, 1), date(2025, 6, 15)) == (
        date(2025, 1, 1),
        date(2025, 6, 15),
    )


def test_a_reversed_period_is_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        matching_window(date(2025, 12, 31), date(2025, 1, 1), EDITION)


@pytest.mark.parametrize(
    ("start", "expiry"),
    [
        (date(2023, 1, 1), date(2026, 12, 31)),
        (date(2023, 4, 1), date(2027, 3, 31)),
        (date(2021, 3, 1), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 27)),
        (date(2023, 1, 31), date(2027, 1, 30)),
    ],
)
def test_a_unit_expires_a_year_after_the_last_period_that_can_match_it(
    start: date, expiry: date
) -> None:
    assert expires_on(start, EDITION) == expiry


@given(start=DAYS)
def test_the_last_matching_reporting_period_is_found_to_the_day(start: date) -> None:
    last = last_reporting_end(start, EDITION)
    assert matching_window(last, last, EDITION).start <= start
    # A period that ends on 28 February before a leap day has its window clamped to that day.
    later = last + timedelta(days=2)
    assert matching_window(later, later, EDITION).start > start


@given(day=DAYS, months=st.integers(-100, 100))
def test_adding_months_keeps_the_day_or_takes_the_months_last(day: date, months: int) -> None:
    there = add_months(day, months)
    assert there.day == day.day or (there + timedelta(days=1)).day == 1
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months


@pytest.mark.rule("R101", "pass")
def test_production_within_the_window_passes() -> None:
    of = case(vintage(date(2024, 1, 1), date(2024, 12, 31)))
    assert outcome("R101", of) == "pass"


@pytest.mark.rule("R101", "boundary")
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2023, 1, 1), date(2025, 12, 31), "pass"),
        (date(2022, 12, 31), date(2023, 6, 30), "fail"),
        (date(2025, 7, 1), date(2026, 1, 1), "fail"),
    ],
)
def test_the_window_is_exact_to_the_day(start: date, end: date, expected: str) -> None:
    of = case(vintage(start, end), on=date(2026, 3, 1))
    assert outcome("R101", of) == expected


@pytest.mark.rule("R101", "fail")
def test_production_that_straddles_the_windows_edge_fails_as_a_whole() -> None:
    found = finding("R101", case(vintage(date(2022, 7, 1), date(2023, 6, 30))))
    assert found.failed
    assert "2023-01-01 to 2025-12-31" in found.allowed


@pytest.mark.rule("R101", "fail")
def test_a_reversed_reporting_period_fails() -> None:
    of = case(period_start=date(2025, 12, 31), period_end=date(2025, 1, 1))
    assert finding("R101", of).field == "period_end"


def test_a_53_week_year_is_explained_in_the_finding() -> None:
    of = case(
        vintage(date(2026, 1, 1), date(2026, 12, 31)),
        period_start=date(2025, 12, 29),
        period_end=date(2027, 1, 3),
        on=date(2027, 2, 1),
    )
    found = finding("R101", of)
    assert found.outcome == "pass"
    assert "2025-12-29 to 2027-01-03 read to the nearest month's end" in found.allowed


@pytest.mark.rule("R100", "pass")
def test_units_the_claimant_retired_may_be_claimed() -> None:
    assert outcome("R100", case()) == "pass"


@pytest.mark.rule("R100", "boundary")
@pytest.mark.parametrize(
    ("retired_on", "expected"), [(date(2026, 2, 1), "pass"), (date(2026, 2, 2), "fail")]
)
def test_retirement_on_the_day_of_the_claim_is_in_time(retired_on: date, expected: str) -> None:
    assert outcome("R100", case(match(lots=(lot(retired_on=retired_on),)))) == expected


@pytest.mark.rule("R100", "fail")
@pytest.mark.parametrize(
    "changes",
    [
        {"state": "active"},
        {"state": "suspended"},
        {"state": "retiring"},
        {"retired_on": None},
        {"retired_by": "Somebody else"},
        {"retired_by": ""},
    ],
)
def test_units_not_retired_by_the_claimant_are_refused(changes: dict[str, Any]) -> None:
    assert outcome("R100", case(match(lots=(lot(**changes),)))) == "fail"


def test_a_pending_claim_waits_for_its_retirement() -> None:
    of = case(match(lots=(lot(state="retiring"),)), pending=True)
    assert outcome("R100", of) == "warn"


@pytest.mark.rule("R102", "pass")
def test_past_production_may_be_claimed() -> None:
    assert outcome("R102", case()) == "pass"


@pytest.mark.rule("R102", "boundary")
@pytest.mark.parametrize(
    ("on", "expected"), [(date(2025, 12, 31), "pass"), (date(2025, 12, 30), "fail")]
)
def test_production_that_ends_on_the_day_of_the_claim_is_past(on: date, expected: str) -> None:
    of = case(vintage(date(2025, 1, 1), date(2025, 12, 31)), on=on)
    assert outcome("R102", of) == expected


@pytest.mark.rule("R102", "fail")
def test_units_issued_after_the_claim_are_refused() -> None:
    assert outcome("R102", case(match(lots=(lot(issued_on=date(2026, 2, 2)),)))) == "fail"


@pytest.mark.rule("R105", "pass")
def test_a_claim_within_the_year_of_issuance_is_soon() -> None:
    assert outcome("R105", case()) == "pass"


@pytest.mark.rule("R105", "fail")
def test_a_late_claim_is_warned_of_and_not_refused() -> None:
    of = case(match(lots=(lot(issued_on=date(2025, 1, 31)),)))
    assert outcome("R105", of) == "warn"
