"""Reads of the registry: which units a plan takes, and how many queries each read takes."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.ledger import Line
from registry.models import Issuance
from registry.queries import (
    Wanted,
    holdings_over,
    issuances_due_to_expire,
    pieces_over,
    plan,
)
from registry.services.transfers import propose_transfer
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.services.acts import put, queries_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = NOW.date()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def newer(people: Cast) -> Issuance:
    """100 units of last year's iron; issued first."""
    issuance = made.issue(people, tonnes=100)
    put(issuance, people.broker_account)
    return issuance


@pytest.fixture(scope="module")
def older(people: Cast, newer: Issuance) -> Issuance:
    """50 units of the year before, issued later."""
    year = NOW.year - 2
    issuance = made.issue(
        people,
        tonnes=50,
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        late_reason="A test.",
    )
    put(issuance, people.broker_account)
    return issuance


@pytest.fixture(scope="module")
def steel(people: Cast, older: Issuance) -> Issuance:
    issuance = made.issue(people, tonnes=70, steel=True)
    put(issuance, people.broker_account)
    return issuance


def run(issuance: Issuance, first: int, last: int) -> Line:
    return Line(issuance.pk, 1, first, last)


def planned(people: Cast, wanted: Wanted, on: date = TODAY) -> list[Line]:
    return plan(people.broker_account.pk, wanted, on=on)


def reserve(people: Cast, *lines: Line) -> None:
    propose_transfer(
        by=people.bob,
        now=NOW,
        key=key(),
        from_account=people.broker_account,
        to_account=people.auto_account,
        units=lines,
        surrendered=True,
    )


def test_the_oldest_vintage_comes_first_whenever_it_was_issued(
    people: Cast, newer: Issuance, older: Issuance
) -> None:
    assert planned(people, Wanted(60)) == [run(older, 1, 50), run(newer, 1, 10)]


def test_of_one_vintage_the_lowest_serials_come_first(
    people: Cast, newer: Issuance, older: Issuance
) -> None:
    reserve(people, run(older, 11, 20))
    assert planned(people, Wanted(15)) == [run(older, 1, 10), run(older, 21, 25)]


def test_exactly_what_is_there_is_planned_whole(
    people: Cast, newer: Issuance, older: Issuance
) -> None:
    assert planned(people, Wanted(150)) == [run(older, 1, 50), run(newer, 1, 100)]


def test_fewer_come_back_when_there_are_not_enough(
    people: Cast, newer: Issuance, older: Issuance
) -> None:
    assert planned(people, Wanted(151)) == planned(people, Wanted(150))


def test_a_functional_unit_narrows_the_plan(people: Cast, older: Issuance, steel: Issuance) -> None:
    assert planned(people, Wanted(10, "crude_steel")) == [run(steel, 1, 10)]


def test_an_issuance_narrows_the_plan(people: Cast, newer: Issuance, older: Issuance) -> None:
    assert planned(people, Wanted(10, issuance=newer.pk)) == [run(newer, 1, 10)]


def test_other_accounts_are_never_planned(people: Cast, newer: Issuance) -> None:
    assert plan(people.auto_account.pk, Wanted(1), on=TODAY) == []


def test_reserved_units_are_never_planned(people: Cast, newer: Issuance, older: Issuance) -> None:
    reserve(people, run(older, 1, 50))
    assert planned(people, Wanted(1)) == [run(newer, 1, 1)]


def test_expired_units_are_passed_over_though_no_sweep_has_run(
    people: Cast, newer: Issuance, older: Issuance
) -> None:
    assert planned(people, Wanted(1), on=older.expires_on) == [run(older, 1, 1)]
    after = older.expires_on + timedelta(days=1)
    assert planned(people, Wanted(1), on=after) == [run(newer, 1, 1)]


def test_what_is_due_to_expire_is_what_is_past_its_day_and_active(
    people: Cast, newer: Issuance, older: Issuance
) -> None:
    assert issuances_due_to_expire(on=older.expires_on) == []
    after = older.expires_on + timedelta(days=1)
    assert issuances_due_to_expire(on=after) == [older.pk]
    reserve(people, run(older, 1, 50))
    assert issuances_due_to_expire(on=after) == []


def test_a_piece_is_what_a_holding_and_a_line_share(people: Cast, newer: Issuance) -> None:
    reserve(people, run(newer, 41, 60))
    wanted = [run(newer, 90, 200), run(newer, 1, 10), run(newer, 30, 50)]
    pieces = [(holding.state, piece) for holding, piece in pieces_over(wanted)]
    assert pieces == [
        ("active", run(newer, 1, 10)),
        ("active", run(newer, 30, 40)),
        ("reserved", run(newer, 41, 50)),
        ("active", run(newer, 90, 100)),
    ]


def test_neighbouring_serials_are_not_touched(people: Cast, newer: Issuance) -> None:
    reserve(people, run(newer, 50, 60))
    assert [piece for _, piece in pieces_over([run(newer, 50, 60)])] == [run(newer, 50, 60)]


def test_the_same_serials_of_other_issuances_and_copies_are_left_alone(
    people: Cast, newer: Issuance, older: Issuance
) -> None:
    assert [piece for _, piece in pieces_over([run(older, 1, 5)])] == [run(older, 1, 5)]
    assert pieces_over([Line(newer.pk, 2, 1, 5)]) == []


def test_no_lines_take_no_query(people: Cast) -> None:
    assert queries_of(lambda: holdings_over([])) == 0
    assert pieces_over([]) == []


def test_each_read_takes_one_query_however_many_lines(
    people: Cast, newer: Issuance, older: Issuance
) -> None:
    reserve(people, *[run(newer, 2 * n, 2 * n) for n in range(1, 20)])
    lines = [run(newer, n, n) for n in range(1, 60)] + [run(older, 1, 50)]

    def look() -> None:
        for holding, _ in pieces_over(lines):
            assert holding.issuance.code

    assert queries_of(look) == 1
    assert queries_of(lambda: planned(people, Wanted(150))) == 1


def test_many_lines_are_looked_up_by_their_serials_and_not_by_all_pairs(people: Cast) -> None:
    """Else an order of thousands of ranges would compare each with every holding."""
    issuance = made.issue(people, tonnes=2_000)
    put(issuance, people.broker_account)
    lines = [run(issuance, 2 * n, 2 * n) for n in range(1, 601)]
    reserve(people, *lines)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registry_holding")
        with CaptureQueriesContext(connection) as queries:
            holdings_over(lines)
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "no_unit_is_in_two_places" in plan, plan
