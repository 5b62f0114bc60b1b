"""The ledger against pgbench's TPC-B: in SQL, from Python, through the whole service, in bulk.

A split transfer cuts a range out of a holding, for its sender, and settles it in another account,
for its recipient: two operations by two people, each one call of the ledger in a transaction of
its own, with its entry and its event in the log. **Rates count these operations**, alike in SQL,
from Python and through the services, where each has its own permission, rules and idempotency
key besides; whole transfers a second, of which one is both, are printed beside them. Everything
runs with 8 clients but the settlement, which is one call. TPC-B runs on the same cluster with the
same durability, at scale 16, by pgbench's own protocol; our script is run by pgbench just so.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from registry import ledger
from registry.ledger import Line
from registry.services.transfers import accept_transfer, propose_transfer
from tests.cast import key
from tools.pgbench import CLIENTS, PgBench
from tools.scratch import scratch_database
from tools.workload import Ledger, add_copies, build

GROUP = "ledger"
SECONDS = 12
_ISSUANCES = CLIENTS * 25
_LINES, _SETTLEMENTS = 1_000, 25
# Each client takes ranges of its own issuances out of the middle, ten units at a time: one row is
# shrunk and two are inserted. Ids are written out, as everything is in TPC-B's own script.
SPLIT_TRANSFER = """
\\set n :n + 1
\\set order :n + 100000000000
\\set which :client_id * 25 + mod(:n, 25) + 10000000
\\set first :n * 10 + 1 + {run} * 1000000000
\\set last :first + 9
SELECT ledger_take('propose', '{run:08}-0000-4000-800:client_id-:order', '{home}',
    '{{active}}', 'reserved', NULL, '{{:which-0000-4000-8000-000000000000}}', '{{1}}', '{{:first}}',
    '{{:last}}', '{by}', now());
SELECT ledger_settle('accept', '{run:08}-0000-4000-800:client_id-:order', 'reserved',
    'active', '{away}', NULL, '{by}', now());
"""
# Of one transfer: taken from its sender's holding, settled in its recipient's account.
_OPERATIONS = 2

Figure = tuple[str, float, str]


def run() -> Iterator[Figure]:
    with scratch_database():
        made = build(_ISSUANCES)
        bench = PgBench(SECONDS)
        before = bench.tpcb()
        sql = _OPERATIONS * bench.script(split_transfer(made, 1))
        python = _at_once(made, _by_python)
        middle = bench.tpcb()
        service = _at_once(made, _by_service)
        after = bench.tpcb()
        tpcb = statistics.median([before, middle, after])
        yield "pgbench_tpcb_per_s", tpcb, "1/s"
        yield "ledger_sql_per_s", sql, "1/s"
        yield "ledger_sql_ratio", sql / ((before + middle) / 2), "of TPC-B"
        yield "ledger_python_per_s", python, "1/s"
        yield "ledger_python_ratio", python / ((before + middle) / 2), "of TPC-B"
        yield "ledger_service_per_s", service, "1/s"
        yield "ledger_service_ratio", service / ((middle + after) / 2), "of TPC-B"
        for name, rate in (("sql", sql), ("python", python), ("service", service)):
            yield f"ledger_{name}_transfers_per_s", rate / _OPERATIONS, "1/s"
        settled = _settle(made)
        yield "ledger_settle_lines_per_s", settled, "1/s"
        yield "ledger_settle_ratio", settled / after, "of TPC-B"
        yield "issuance_size_ratio", _issue(made), "gigatonne to tonne"


def split_transfer(made: Ledger, run: int) -> str:
    people = made.people
    return SPLIT_TRANSFER.format(
        home=people.steel_account.pk, away=people.broker_account.pk, by=people.erik.pk, run=run
    )


def _at_once(made: Ledger, act: Callable[[Ledger, UUID, int], int]) -> float:
    """What 8 processes do in so many seconds, each on issuances of its own."""
    connection.close()
    fork = multiprocessing.get_context("fork")
    together = fork.Barrier(CLIENTS)
    # Of any things, to its stubs.
    counts: multiprocessing.Queue[tuple[int, float]] = fork.Queue()  # type: ignore[assignment]

    def client(number: int) -> None:
        mine = made.copies[number * 25 : (number + 1) * 25]
        connection.ensure_connection()
        act(made, mine[0], 10**9)
        together.wait()
        started, done, turn = time.perf_counter(), 0, 0
        while time.perf_counter() - started < SECONDS:
            turn += 1
            done += act(made, mine[turn % 25], turn * 10 + 10**10)
        counts.put((done, time.perf_counter() - started))
        connection.close()

    clients = [fork.Process(target=client, args=(number,)) for number in range(CLIENTS)]
    for each in clients:
        each.start()
    rates = [done / seconds for done, seconds in (counts.get() for _ in clients)]
    for each in clients:
        each.join()
    return sum(rates)


def _by_python(made: Ledger, issuance: UUID, first: int) -> int:
    people, order, now = made.people, uuid4(), timezone.now()
    with transaction.atomic():
        ledger.reserve(
            transfer=order,
            account=people.steel_account.pk,
            lines=[Line(issuance, 1, first, first + 9)],
            by=people.erik.pk,
            at=now,
            last=True,
        )
    with transaction.atomic():
        ledger.accept(
            transfer=order,
            to_account=people.broker_account.pk,
            sender=people.elektra.pk,
            by=people.bob.pk,
            at=now,
            last=True,
        )
    return _OPERATIONS


def _by_service(made: Ledger, issuance: UUID, first: int) -> int:
    people, now = made.people, timezone.now()
    first += 10**10
    transfer = propose_transfer(
        by=people.erik,
        now=now,
        key=key(),
        from_account=people.steel_account,
        to_account=people.broker_account,
        units=[Line(issuance, 1, first, first + 9)],
        surrendered=True,
    )
    accept_transfer(by=people.bob, now=now, key=key(), transfer=transfer)
    return _OPERATIONS


def _settle(made: Ledger) -> float:
    """Lines a second of settling 1,000 lines of 200 issuances in one call, the median of many.

    One takes a tenth of a second, so that a checkpoint of Postgres's own decides over several.
    """
    people, rates = made.people, []
    for turn in range(_SETTLEMENTS):
        order = uuid4()
        lines = [
            Line(issuance, 1, first, first + 9)
            for issuance in made.copies
            for first in range(9 * 10**10 + turn * 1_000, 9 * 10**10 + turn * 1_000 + 100, 20)
        ]
        with transaction.atomic():
            ledger.reserve(
                transfer=order,
                account=people.steel_account.pk,
                lines=lines[:_LINES],
                by=people.erik.pk,
                at=timezone.now(),
            )
        started = time.perf_counter()
        with transaction.atomic():
            ledger.accept(
                transfer=order,
                to_account=people.broker_account.pk,
                sender=people.elektra.pk,
                by=people.bob.pk,
                at=timezone.now(),
            )
        rates.append(_LINES / (time.perf_counter() - started))
    return statistics.median(rates)


def _issue(made: Ledger) -> float:
    """The time to issue a gigatonne to that of a tonne, medians of 150 of each by turns."""
    seconds: dict[int, list[float]] = {1: [], 10**9: []}
    for _ in range(150):
        for quantity, times in seconds.items():
            (issuance,) = add_copies(made.first, [uuid4()], quantity)
            started = time.perf_counter()
            with transaction.atomic():
                ledger.issue(
                    issuance=issuance,
                    account=made.people.steel_account.pk,
                    quantity=quantity,
                    by=made.people.erik.pk,
                    at=timezone.now(),
                )
            times.append(time.perf_counter() - started)
    return statistics.median(seconds[10**9]) / statistics.median(seconds[1])
