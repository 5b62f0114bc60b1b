"""Working days: weekends, Easter, the turn of the year."""

from datetime import date

import pytest

from registry.rulebook.edition import KNOWN_WORDS
from registry.workdays import MARKETS, is_working_day, working_day_after

# 2026: Good Friday 3 April, Easter Monday 6 April, Labour Day a Friday.
CASES = [
    ("2026-03-02", 0, "2026-03-02"),
    ("2026-03-02", 1, "2026-03-03"),
    ("2026-03-06", 1, "2026-03-09"),
    ("2026-03-07", 0, "2026-03-07"),
    ("2026-03-07", 1, "2026-03-09"),
    ("2026-03-08", 1, "2026-03-09"),
    ("2026-04-02", 1, "2026-04-07"),
    ("2026-04-02", 2, "2026-04-08"),
    ("2026-04-30", 1, "2026-05-04"),
    ("2026-12-24", 1, "2026-12-28"),
    ("2026-12-31", 1, "2027-01-04"),
    ("2027-03-25", 1, "2027-03-30"),
    ("2024-12-24", 1, "2024-12-27"),
    ("2028-02-28", 2, "2028-03-01"),
]


@pytest.mark.parametrize(("start", "count", "expected"), CASES)
def test_the_working_day_after(start: str, count: int, expected: str) -> None:
    found = working_day_after(date.fromisoformat(start), count, calendar="TARGET")
    assert found == date.fromisoformat(expected)


def test_a_working_day_is_neither_weekend_nor_closing_day() -> None:
    closed = ["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25", "2026-12-26"]
    assert not any(is_working_day(date.fromisoformat(day), calendar="TARGET") for day in closed)
    assert is_working_day(date(2026, 1, 2), calendar="TARGET")


def test_every_calendar_an_edition_may_name_is_known() -> None:
    assert set(KNOWN_WORDS["transfer_calendar"]) == set(MARKETS)
