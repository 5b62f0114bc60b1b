"""The vintage matching window of a reporting period (8.1, R101, AMB-13). All dates inclusive."""

from dataclasses import dataclass
from datetime import date, timedelta

from registry.rulebook.edition import Edition
from registry.rulebook.vintage import ONE_DAY, add_months, expires_on, last_reporting_end

__all__ = ["Window", "expires_on", "last_reporting_end", "matching_window", "standard_period"]

_WEEKLY_YEARS = (52 * 7, 53 * 7)


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which production may lie. reporting_*: the period it was taken from, with a
    52/53-week year already read as the month-end year nearest to it."""

    start: date
    end: date
    reporting_start: date
    reporting_end: date

    def covers(self, production_start: date, production_end: date) -> bool:
        """Whether the whole production period lies inside (R101)."""
        return self.start <= production_start <= production_end <= self.end

    def misfit(self, production_start: date, production_end: date) -> str:
        """Why a production does not fit, in words; empty where it does."""
        if self.covers(production_start, production_end):
            return ""
        if production_end < self.start:
            return f"ends {_days(production_end, self.start)} before the window begins"
        if production_start > self.end:
            return f"begins {_days(self.end, production_start)} after the window ends"
        edges = []
        if production_start < self.start:
            edges.append(f"begins {_days(production_start, self.start)} before the window")
        if production_end > self.end:
            edges.append(f"ends {_days(self.end, production_end)} after it")
        return f"straddles the window's edge: {' and '.join(edges)}"


def matching_window(period_start: date, period_end: date, edition: Edition) -> Window:
    """The window of a reporting period: from (end + 1 day) − 36 months, clamped to the month's
    end, to the period's end (8.1, AMB-13). Calendar 2025 gives 2023-01-01 to 2025-12-31.

    Raises ValueError when the period ends before it starts.
    """
    start, end = standard_period(period_start, period_end)
    first = add_months(end + ONE_DAY, -edition.vintage_window_months)
    return Window(start=first, end=end, reporting_start=start, reporting_end=end)


def standard_period(period_start: date, period_end: date) -> tuple[date, date]:
    """The period itself, or for a 52/53-week year the month-end year nearest to it (AMB-13).

    2024-12-30 to 2025-12-28 counts as calendar 2025. Raises ValueError on a reversed period.
    """
    if period_end < period_start:
        raise ValueError(f"a reporting period ends on {period_end}, before its {period_start}")
    if (period_end - period_start).days + 1 not in _WEEKLY_YEARS:
        return period_start, period_end
    end = _nearest_month_end(period_end)
    return add_months(end + ONE_DAY, -12), end


def _days(before: date, after: date) -> str:
    count = (after - before).days
    return f"{count} day{'s' if count != 1 else ''}"


def _nearest_month_end(day: date) -> date:
    this = add_months(day.replace(day=1), 1) - ONE_DAY
    before = day.replace(day=1) - ONE_DAY
    nearer_before: bool = day - before <= this - day
    return before if nearer_before and this - day > timedelta(0) else this
