"""Which production matches a reporting period, in words (8.1, R101)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from claims.accounting.window import Window, matching_window
from claims.queries import Retired
from registry.models import Issuance
from registry.rulebook.edition import edition_on

# The oldest production periods come first; a page names so many.
MOST_PERIODS = 12


@dataclass(frozen=True, slots=True)
class Fit:
    """A production period of units that wait for a claim. why: it does not match; else empty."""

    start: date
    end: date
    quantity: int
    why: str


@dataclass(frozen=True, slots=True)
class Matching:
    """The window of a reporting period. weeks: 52 or 53 where it was read to a month's end.
    is_fiscal: a year that is not the calendar's."""

    window: Window
    months: int
    weeks: int | None
    is_fiscal: bool
    fits: list[Fit]


def matching(
    start: date,
    end: date,
    runs: Iterable[Retired],
    issuances: Mapping[UUID, Issuance],
    on: date,
) -> Matching:
    """A reporting period's window, and which of the units fit it. issuances: of the runs, by id.

    Raises ValueError when the period ends before it starts.
    """
    edition = edition_on(on)
    window = matching_window(start, end, edition)
    is_read = (window.reporting_start, window.reporting_end) != (start, end)
    return Matching(
        window=window,
        months=edition.vintage_window_months,
        weeks=((end - start).days + 1) // 7 if is_read else None,
        is_fiscal=(window.reporting_start.month, window.reporting_end.month) != (1, 12),
        fits=_fits(window, runs, issuances)[:MOST_PERIODS],
    )


def _fits(window: Window, runs: Iterable[Retired], issuances: Mapping[UUID, Issuance]) -> list[Fit]:
    quantities: dict[tuple[date, date], int] = defaultdict(int)
    for run in runs:
        of = issuances[run.line.issuance]
        quantities[(of.vintage_start, of.vintage_end)] += run.line.quantity
    return [
        Fit(start, end, quantity, window.misfit(start, end))
        for (start, end), quantity in sorted(quantities.items())
    ]
