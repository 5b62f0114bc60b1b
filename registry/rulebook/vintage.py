"""Date arithmetic of the vintage (8.1): months, and when a unit expires. All dates inclusive."""

from calendar import monthrange
from datetime import date, timedelta

from registry.rulebook.edition import Edition

ONE_DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """The same day `months` later (earlier when negative), or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_reporting_end(production_start: date, edition: Edition) -> date:
    """The end of the last reporting period that can match a vintage (8.1, GAP-4).

    Production start + 36 months − 1 day: a vintage that starts on 2023-01-01 serves 2025.
    """
    return add_months(production_start, edition.vintage_window_months) - ONE_DAY


def expires_on(production_start: date, edition: Edition) -> date:
    """The last day on which a unit may be retired (8.1, GAP-4; ours).

    `reporting_close_months` after the last reporting period that can match it, on the same day
    or that month's last: a vintage that starts on 2023-01-01 may be retired until 2026-12-31.
    """
    last = last_reporting_end(production_start, edition)
    return add_months(last, edition.reporting_close_months)
