"""Working days by a named calendar, for delays that give people a chance to look."""

from datetime import date, timedelta
from functools import cache

import holidays

_SATURDAY = 5
# The edition's names of calendars, and the market each is known by.
MARKETS = {"TARGET": "XECB"}


def is_working_day(day: date, *, calendar: str) -> bool:
    """Neither a weekend nor a day on which the calendar's market is closed."""
    return day.weekday() < _SATURDAY and day not in _closed(calendar)


def working_day_after(day: date, count: int, *, calendar: str) -> date:
    """The count-th working day after a day; the day itself for 0, whatever day it is."""
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day, calendar=calendar):
            day += timedelta(days=1)
    return day


@cache
def _closed(calendar: str) -> holidays.HolidayBase:
    return holidays.financial_holidays(MARKETS[calendar])
