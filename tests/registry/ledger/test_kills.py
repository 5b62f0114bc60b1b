"""kill -9 of Postgres, web and worker under load: acknowledged nothing lost, nothing doubled.

`make torture` kills 300 times, KILLS=1000 more often.
"""

import sys
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from tests.campaigns.client import Books
from tests.campaigns.kills import ACTS_BETWEEN, campaign, is_where_put

KILLS = 25

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found through /proc")


def test_no_kill_loses_or_doubles_what_was_acknowledged() -> None:
    invented = str(uuid4())

    def falsify(books: Books) -> None:
        books.acknowledged[-1] = replace(books.acknowledged[-1], id=invented, key=invented)

    tally = campaign(KILLS, falsify=falsify)

    assert (tally.lost, tally.doubled, tally.faults) == ([], [], [])
    assert tally.kills == KILLS
    # Otherwise nothing was at stake when a process was killed.
    assert tally.acknowledged >= ACTS_BETWEEN * KILLS
    assert tally.lapsed > 0
    # The count is not blind: one act that never was, and one that nobody was told of.
    assert tally.recount is not None
    assert [each for each in tally.recount.lost if invented not in each] == []
    assert len(tally.recount.lost) == 2
    assert len(tally.recount.doubled) == 1
    assert tally.recount.doubled[0].endswith("that nobody was told of")


def test_the_count_sees_a_unit_that_no_entry_put_there() -> None:
    """Units 4 and 5 went to b; 6 to 10 may carry the newer version of a neighbour long gone."""
    entries: list[tuple[Any, ...]] = [
        ("i", 1, 4, 6, "b", "reserved"),
        ("i", 1, 1, 11, "a", "active"),
    ]

    def stands(first: int, end: int, account: str, state: str = "active") -> bool:
        return is_where_put(("i", 1, first, end, account, state), entries)

    assert stands(1, 4, "a")
    assert stands(4, 6, "b", "reserved")
    assert stands(6, 11, "a")
    assert not stands(1, 11, "a")
    assert not stands(4, 6, "b")
    assert not stands(5, 7, "b", "reserved")
    assert not stands(6, 12, "a")
