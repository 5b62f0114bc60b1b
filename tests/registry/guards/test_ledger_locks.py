"""Each lock of the ledger's SQL: a second act begins before the first is committed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from registry import ledger
from registry.ledger import LedgerError, NotThere, OrdersOpen, Seat
from registry.models import Holding, Issuance
from tests.campaigns.copies import copy_issuance
from tests.cast import Cast, cast, issue
from tests.registry.ledger.acts import Acts
from tests.support.checkout import wait_until

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("ledger locks")]

_WAITING = """
SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE a.datname = current_database() AND NOT l.granted)
"""


@pytest.fixture(scope="module")
def world(committed_database: None) -> tuple[Cast, Issuance]:
    people = cast()
    return people, issue(people, tonnes=1_000, steel=True)


@pytest.fixture
def acts(world: tuple[Cast, Issuance], db: None) -> Acts:
    """1,000 t of an issuance of its own, so that no test meets another's units."""
    people, pattern = world
    account = people.steel_account.pk
    return Acts(people, committed(lambda: copy_issuance(pattern, account, 1_000)))


@dataclass(frozen=True)
class Second:
    """What became of the second act, and whether it had to wait for the first."""

    outcome: Any
    waited: bool


def before_commit(first: Callable[[], Any], second: Callable[[], Any]) -> Second:
    """Begin the second before the first is committed; commit once it waits or is done."""
    done, may_commit = Event(), Event()

    def hold() -> None:
        first()
        done.set()
        may_commit.wait(30)

    with ThreadPoolExecutor(2) as pool:
        holding = pool.submit(_own, hold)
        try:
            wait_until(lambda: done.is_set() or holding.done())
            running = pool.submit(_own, second)
            wait_until(lambda: running.done() or is_waiting())
            waited = not running.done()
        finally:
            may_commit.set()
        holding.result(30)
        return Second(running.result(30), waited)


def committed(act: Callable[[], Any]) -> Any:
    """By another connection, since this one's transaction is rolled back after the test."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_own, act).result(30)


def _own(act: Callable[[], Any]) -> Any:
    """In a transaction on a connection of its own; a refusal is an answer."""
    try:
        with transaction.atomic():
            return act()
    except (NotThere, OrdersOpen, LedgerError, DatabaseError) as refusal:
        return refusal
    finally:
        connection.close()


def is_waiting() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction the list of sessions is read once: a later one would be missed.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(_WAITING)
        return bool(cursor.fetchone()[0])


def hold(acts: Acts, **rows: Any) -> None:
    """Lock these rows as somebody does who works on them."""
    list(Holding.objects.filter(issuance=acts.issuance, **rows).select_for_update())


def test_taking_a_range_waits_and_is_told_what_is_left(acts: Acts) -> None:
    second = before_commit(
        lambda: acts.reserve(acts.line(1, 600)), lambda: acts.reserve(acts.line(401, 1_000))
    )
    assert isinstance(second.outcome, NotThere)
    assert second.outcome.quantity_left == 400
    assert second.waited


def test_taking_ranges_waits_and_is_told_what_is_left(acts: Acts) -> None:
    second = before_commit(
        lambda: acts.reserve(acts.line(1, 600)),
        lambda: acts.reserve(acts.line(401, 700), acts.line(801, 1_000)),
    )
    assert isinstance(second.outcome, NotThere)
    assert second.outcome.quantity_left == 400
    assert second.waited


def test_taking_waits_and_finds_its_part_of_the_rest(acts: Acts) -> None:
    second = before_commit(
        lambda: acts.reserve(acts.line(1, 100)), lambda: acts.reserve(acts.line(901, 1_000))
    )
    assert not isinstance(second.outcome, Exception)
    assert acts.ranges("reserved") == [(1, 100), (901, 1_000)]


def test_who_judges_retired_units_waits_for_whoever_judges_them(acts: Acts) -> None:
    committed(lambda: acts.retire(acts.line(1, 100)))
    second = before_commit(
        lambda: hold(acts, state="retired"),
        lambda: ledger.hold_retired([[acts.issuance.pk], [50], [60]]),
    )
    assert second == Second(None, waited=True)


def test_settling_one_range_waits_and_finds_nothing_left_to_settle(acts: Acts) -> None:
    _settle_twice(acts, committed(lambda: acts.reserve(acts.line(1, 100))))


def test_settling_waits_and_finds_nothing_left_to_settle(acts: Acts) -> None:
    _settle_twice(acts, committed(lambda: acts.reserve(acts.line(1, 100), acts.line(301, 400))))


def _settle_twice(acts: Acts, offer: UUID) -> None:
    second = before_commit(
        lambda: acts.accept(offer, acts.broker),
        lambda: ledger.release(transfer=offer, kind="withdraw", by=acts.by, at=timezone.now()),
    )
    assert "has nothing reserved" in str(second.outcome)
    assert second.waited


def test_naming_a_seat_waits_and_finds_it_named(acts: Acts) -> None:
    co_claim = committed(lambda: acts.co_claim(acts.line(1, 100), seats=[Seat(2, 4, None)]))
    second = before_commit(
        lambda: acts.name(co_claim, 2, acts.broker), lambda: acts.name(co_claim, 2, acts.auto)
    )
    assert "has no seat reserved" in str(second.outcome)
    assert second.waited
    assert Holding.objects.get(issuance=acts.issuance, copy=2).account_id == acts.broker


def test_suspending_waits_and_is_told_of_the_order(acts: Acts) -> None:
    second = before_commit(
        lambda: acts.reserve(acts.line(1, 100)),
        lambda: acts.suspend(issuance=acts.issuance.pk),
    )
    assert isinstance(second.outcome, OrdersOpen)
    assert second.waited


def test_lifting_waits_and_finds_nothing_held(acts: Acts) -> None:
    suspension, _ = committed(lambda: acts.suspend(issuance=acts.issuance.pk))
    second = before_commit(lambda: acts.lift(suspension), lambda: acts.lift(suspension))
    assert (second.outcome, second.waited) == (0, True)


def test_joining_never_waits_for_a_neighbour(acts: Acts) -> None:
    committed(lambda: acts.move(acts.line(1, 100), to=acts.broker))
    offer = committed(lambda: acts.reserve(acts.line(101, 200)))
    second = before_commit(
        lambda: hold(acts, account_id=acts.broker), lambda: acts.accept(offer, acts.broker)
    )
    assert (second.outcome, second.waited) == (100, False)


def test_expiring_never_waits_for_units_in_use(acts: Acts) -> None:
    second = before_commit(lambda: hold(acts), acts.expire)
    assert (second.outcome, second.waited) == (0, False)
    assert committed(acts.expire) == 1_000
