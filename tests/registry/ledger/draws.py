"""Ranges and runs for the play of the ledger: parts, overlaps, and rows as maximal runs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from registry.ledger import Line
from tests.registry.ledger.model import Model, Run


def account_and_lines(
    model: Model,
    accounts: list[UUID],
    issuances: list[UUID],
    most: int,
    states: Sequence[str],
    *,
    fresh: bool,
) -> st.SearchStrategy[tuple[UUID | None, list[Line]]]:
    """An account and ranges, most of them within what it has in these states.

    fresh: mostly of units that are not co-claimed yet.
    """
    there: dict[UUID | None, list[Line]] = {}
    for run in model.runs():
        account, state, _, layer, _ = run.shown
        is_wanted = state in states and (layer is None or not fresh)
        if is_wanted and isinstance(account, UUID | None):
            there.setdefault(account, []).append(Line(*run[:4]))
    anywhere = st.builds(
        lambda issuance, copy, first, length: Line(issuance, copy, first, first + length),
        st.sampled_from(issuances),
        st.sampled_from([1, 1, 1, 2, 3]),
        st.integers(1, most + 2),
        st.integers(0, 5),
    )
    nowhere = st.tuples(st.sampled_from(accounts), st.lists(anywhere, min_size=1, max_size=2))
    if not there:
        return nowhere.map(lambda drawn: (drawn[0], apart(drawn[1])))

    def of(holder: UUID | None) -> st.SearchStrategy[tuple[UUID | None, list[Line]]]:
        inside = st.sampled_from(there[holder]).flatmap(part)
        some = st.lists(st.one_of(*[inside] * 9, anywhere), min_size=1, max_size=3)
        return some.map(lambda lines: (holder, apart(lines)))

    holders = sorted(there, key=str)
    return st.sampled_from(holders).flatmap(of)


def part(line: Line) -> st.SearchStrategy[Line]:
    ends = st.lists(st.integers(line.first, line.last), min_size=2, max_size=2).map(sorted)
    return ends.map(lambda both: Line(line.issuance, line.copy, *both))


def overlap(one: Line, other: Line) -> bool:
    same = (one.issuance, one.copy) == (other.issuance, other.copy)
    return same and one.first <= other.last and other.first <= one.last


def apart(lines: list[Line]) -> list[Line]:
    """Drop what overlaps an earlier line: naming a unit twice is another refusal's matter."""
    kept: list[Line] = []
    for line in lines:
        if not any(overlap(line, each) for each in kept):
            kept.append(line)
    return kept


def maximal(rows: list[tuple[Any, ...]]) -> list[Run]:
    """The holdings as maximal runs: joining is a courtesy of the ledger, not its meaning."""
    runs: list[Run] = []
    for issuance, copy, first, last, *shown in rows:
        run = Run(issuance, copy, first, last, tuple(shown))
        before = runs[-1] if runs else None
        if before and before[:2] == run[:2] and before[3:] == (first - 1, run.shown):
            runs[-1] = before._replace(last=last)
        else:
            runs.append(run)
    return runs
