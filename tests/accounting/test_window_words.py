"""Why a production does not fit a window, in words (8.1, R101)."""

from datetime import date

import pytest

from claims.accounting.window import matching_window
from tests.accounting.facts import EDITION

CALENDAR = (date(2025, 1, 1), date(2025, 12, 31))
FISCAL = (date(2025, 4, 1), date(2026, 3, 31))
WEEKS_53 = (date(2025, 12, 29), date(2027, 1, 3))


@pytest.mark.parametrize(
    ("period", "production", "why"),
    [
        (CALENDAR, (date(2023, 1, 1), date(2025, 12, 31)), ""),
        (CALENDAR, (date(2022, 12, 31), date(2023, 6, 30)), "begins 1 day before the window"),
        (CALENDAR, (date(2025, 7, 1), date(2026, 1, 2)), "ends 2 days after it"),
        (CALENDAR, (date(2022, 1, 1), date(2022, 12, 31)), "ends 1 day before the window begins"),
        (CALENDAR, (date(2026, 1, 1), date(2026, 1, 31)), "begins 1 day after the window ends"),
        (FISCAL, (date(2023, 4, 1), date(2023, 12, 31)), ""),
        (FISCAL, (date(2023, 1, 1), date(2023, 12, 31)), "begins 90 days before the window"),
        (FISCAL, (date(2025, 1, 1), date(2026, 3, 31)), ""),
        (WEEKS_53, (date(2024, 1, 1), date(2026, 12, 31)), ""),
        (WEEKS_53, (date(2026, 12, 1), date(2027, 1, 1)), "ends 1 day after it"),
        (
            CALENDAR,
            (date(2022, 12, 31), date(2026, 1, 1)),
            "begins 1 day before the window and ends 1 day after it",
        ),
    ],
)
def test_a_production_fits_or_is_told_why_not(
    period: tuple[date, date], production: tuple[date, date], why: str
) -> None:
    window = matching_window(*period, EDITION)
    said = window.misfit(*production)
    assert (said == "") == window.covers(*production) == (why == "")
    assert why in said
