"""Counting each delivered tonne once over overlapping productions (R085)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.counting import room_for_units, surely_delivered
from registry.rulebook.facts import Counted
from tests.rulebook.cases import counted

YEAR = ("2025-01-01", "2025-12-31")
QUARTER = ("2025-01-01", "2025-03-31")


def new(period: tuple[str, str], delivered: int) -> Counted:
    return counted(*period, units=0, delivered=delivered)


def test_a_quarter_may_use_what_a_year_that_holds_it_left() -> None:
    year = counted(*YEAR, units=900, delivered=1_200)
    assert room_for_units(new(QUARTER, 400), [year]) == 300


def test_a_quarter_is_never_allowed_more_than_its_own_deliveries() -> None:
    year = counted(*YEAR, units=0, delivered=1_200)
    assert room_for_units(new(QUARTER, 400), [year]) == 400


def test_a_year_may_use_what_its_quarters_left() -> None:
    quarters = [
        counted("2025-01-01", "2025-03-31", units=300, delivered=300),
        counted("2025-04-01", "2025-06-30", units=200, delivered=300),
    ]
    assert room_for_units(new(YEAR, 1_200), quarters) == 700


def test_periods_that_share_a_month_may_share_all_their_tonnes() -> None:
    spring = counted("2025-01-01", "2025-03-31", units=300, delivered=300)
    assert room_for_units(new(("2025-03-01", "2025-05-31"), 300), [spring]) == 0


def test_periods_that_share_one_day_overlap_and_neighbours_do_not() -> None:
    before = [counted("2025-01-01", "2025-03-31", units=300, delivered=300)]
    assert room_for_units(new(("2025-03-31", "2025-06-30"), 300), before) == 0
    assert room_for_units(new(("2025-04-01", "2025-06-30"), 300), before) == 300


def test_a_chain_of_overlaps_is_followed() -> None:
    """B's and C's tonnes may be the same, A's and B's too: all three count together."""
    a = counted("2025-01-01", "2025-03-31", units=300, delivered=300)
    b = counted("2025-03-01", "2025-06-30", units=0, delivered=300)
    assert room_for_units(new(("2025-06-01", "2025-08-31"), 300), [a, b]) == 300
    issued_b = counted("2025-03-01", "2025-06-30", units=300, delivered=600)
    assert room_for_units(new(("2025-06-01", "2025-08-31"), 300), [a, issued_b]) == 0


def test_figures_that_contradict_each_other_leave_no_room() -> None:
    quarter = counted(*QUARTER, units=300, delivered=300)
    assert room_for_units(new(YEAR, 200), [quarter]) == 0


def test_more_issued_than_delivered_leaves_no_room() -> None:
    assert room_for_units(new(YEAR, 100), [counted(*YEAR, units=500, delivered=100)]) == 0


def test_tonnes_of_disjoint_productions_add_up() -> None:
    halves = [
        counted("2025-01-01", "2025-06-30", units=0, delivered=5),
        counted("2025-07-01", "2025-12-31", units=0, delivered=7),
    ]
    assert surely_delivered(halves) == 12
    assert surely_delivered([*halves, counted(*YEAR, units=0, delivered=11)]) == 12
    assert surely_delivered([*halves, counted(*YEAR, units=0, delivered=13)]) == 13
    assert surely_delivered([]) == 0


DAYS = 8
FIRST = date(2025, 1, 1)

worlds = st.lists(st.integers(0, 5), min_size=DAYS, max_size=DAYS)
periods = st.tuples(st.integers(0, DAYS - 1), st.integers(0, DAYS - 1)).map(sorted)


@given(world=worlds, wanted=st.lists(periods, min_size=1, max_size=7))
def test_whatever_the_order_no_window_ever_holds_more_units_than_delivered_tonnes(
    world: list[int], wanted: list[list[int]]
) -> None:
    """Productions of a known world each take all the room they are given."""
    issued: list[Counted] = []
    for start, end in wanted:
        delivered = sum(world[start : end + 1])
        period = FIRST + timedelta(start), FIRST + timedelta(end)
        room = room_for_units(Counted(*period, 0, delivered), issued)
        assert 0 <= room <= delivered
        issued.append(Counted(*period, room, delivered))
    for first in range(DAYS):
        for last in range(first, DAYS):
            opens, closes = FIRST + timedelta(first), FIRST + timedelta(last)
            inside = [
                each for each in issued if opens <= each.period_start and each.period_end <= closes
            ]
            # By Hall's theorem this is what lets every unit have a tonne of its own.
            assert sum(each.units for each in inside) <= sum(world[first : last + 1])


@given(
    before=st.lists(st.tuples(periods, st.integers(0, 9), st.integers(0, 9)), max_size=6),
    period=periods,
    delivered=st.integers(0, 20),
    less=st.integers(0, 20),
)
def test_fewer_units_before_never_leave_less_room(
    before: list[tuple[list[int], int, int]], period: list[int], delivered: int, less: int
) -> None:
    def productions(lower: int) -> list[Counted]:
        return [
            Counted(FIRST + timedelta(start), FIRST + timedelta(end), max(units - lower, 0), tonnes)
            for (start, end), units, tonnes in before
        ]

    asked = Counted(FIRST + timedelta(period[0]), FIRST + timedelta(period[1]), 0, delivered)
    assert room_for_units(asked, productions(less)) >= room_for_units(asked, productions(0))
