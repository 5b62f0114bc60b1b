"""kill -9 under load: of Postgres whole, of its postmaster, of a web process, of the worker.

The registry runs as `make run` runs it, in a run directory of its own. A client outside the
application (`client.py`) keeps books of what was acknowledged; afterwards the tables are counted
by plain SQL against them.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from config import run, services
from config.ports import claim_port
from tests.campaigns.client import LEFT_TO_LAPSE, Books, Client, chance_of
from tests.support.checkout import Checkout, wait_until

VICTIMS = ("postgres", "postmaster", "web", "worker")
ACTS_BETWEEN = 5
FIRST_PORT = 8700
SWEEPS = """
import time
from config.celery import app
while True:
    for name in ("registry.tasks.sweep_offers",):
        try:
            app.send_task(name)
        except Exception as error:
            print(error, flush=True)
    time.sleep(0.5)
"""


@dataclass
class Tally:
    """What a campaign found. lost: acknowledged acts without their one effect. doubled: effects
    beyond what was acknowledged. faults: answers that were neither done nor try again."""

    kills: int = 0
    acknowledged: int = 0
    lapsed: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    recount: Tally | None = None


def campaign(kills: int, *, seed: int = 1, falsify: Callable[[Books], None] | None = None) -> Tally:
    """Kill as often as asked, each time after new acts were acknowledged, and count.

    falsify: changes the client's books for a second count, which has to notice (`recount`).
    """
    root = Path(tempfile.mkdtemp(prefix="billet-kills-"))
    checkout = Checkout(root / "run")
    try:
        with claim_port(run.HOST, FIRST_PORT) as port:
            registry = Registry(checkout, port)
            try:
                return _campaign(registry, kills, seed, falsify)
            finally:
                registry.stop()
    finally:
        checkout.close()
        shutil.rmtree(root, ignore_errors=True)


def _campaign(
    registry: Registry, kills: int, seed: int, falsify: Callable[[Books], None] | None
) -> Tally:
    tally, chance = Tally(), chance_of(str(seed))
    stage = registry.open()
    client = Client(registry.port, stage, seed=seed)
    client.start()
    try:
        for number in range(kills):
            _wait_for_acts(registry, client)
            time.sleep(chance.uniform(0, 0.2))
            registry.kill(VICTIMS[number % len(VICTIMS)], chance)
            tally.kills += 1
            registry.age_offers()
        _wait_for_acts(registry, client)
    finally:
        books = client.stop()
    registry.finish()
    _count(registry, stage, books, tally)
    if falsify:
        falsify(books)
        tally.recount = Tally()
        _count(registry, stage, books, tally.recount)
    return tally


def _wait_for_acts(registry: Registry, client: Client) -> None:
    wanted = client.done + ACTS_BETWEEN

    def is_done() -> bool:
        registry.supervise()
        return client.done >= wanted

    try:
        wait_until(is_done, seconds=90)
    except AssertionError as error:
        error.add_note(f"Faults so far: {client.books.faults[-3:]}. {registry.last_words()}")
        raise


class Registry:
    """Web, worker and what wakes it, as `make run` starts them, on servers of their own."""

    def __init__(self, checkout: Checkout, port: int) -> None:
        self.checkout = checkout
        self.port = port
        self.environment = checkout.environment | {
            "BILLET_DEBUG": "0",
            "BILLET_HTTPS": "0",
            "BILLET_ALLOWED_HOSTS": "127.0.0.1",
            "BILLET_SECRET_KEY": "of a campaign, and gone with it " * 2,
            "BILLET_WEB_WORKERS": "2",
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.commands = {
            name: (arguments, more) for name, arguments, more in run.commands(port, "billet_web")
        }

    def open(self) -> dict[str, str]:
        """Servers, schema, people and units; then web, worker and the waker."""
        self.checkout.use()
        made = subprocess.run(
            [sys.executable, "-m", "tests.campaigns.stage"],
            cwd=services.CHECKOUT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        manage = [sys.executable, "manage.py", "collectstatic", "-v", "0", "--no-input"]
        subprocess.run(manage, cwd=services.CHECKOUT, env=self.environment, check=True)
        for name in ("web", "worker"):
            self._start(name)
        self.processes["waker"] = self._run(["-c", SWEEPS], {})
        wait_until(self._is_up, seconds=60)
        stage: dict[str, str] = json.loads(made.stdout.splitlines()[-1])
        return stage

    def stop(self) -> None:
        for process in self.processes.values():
            _kill_group(process.pid)
            process.wait()

    def kill(self, victim: str, chance: random.Random) -> None:
        """kill -9. What is supervised comes back by itself; the worker is started again here."""
        if victim == "worker":
            _kill_group(self.processes["worker"].pid)
            self.processes["worker"].wait()
            self._start("worker")
        elif victim == "web":
            wait_until(self._is_up, seconds=60)
            os.kill(chance.choice(self._web_workers()), signal.SIGKILL)
        else:
            # While it comes back from the kill before, there may be no postmaster to kill.
            wait_until(self.checkout.answers, seconds=60)
            postmaster = self.checkout.postmaster()
            backends = _children(postmaster) if victim == "postgres" else []
            for pid in [postmaster, *backends]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def age_offers(self, *, all_of_them: bool = False) -> None:
        """Let the last day of some open offers pass, so that the worker has something to do."""
        which = "true" if all_of_them else "random() < 0.2"
        statement = (
            "UPDATE registry_transfer SET due_on = current_date - 2 "
            f"WHERE id IN (SELECT id FROM registry_transfer WHERE state = 'offered' "
            f"AND note = '{LEFT_TO_LAPSE}' AND {which} "
            "FOR UPDATE SKIP LOCKED)"
        )
        with contextlib.suppress(psycopg.OperationalError):
            self.ask(statement)

    def finish(self) -> None:
        """The last day of every offer passes; one more sweep, with no worker beside it."""
        for name in ("waker", "worker"):
            _kill_group(self.processes[name].pid)
            self.processes[name].wait()
        self.age_offers(all_of_them=True)
        code = "from registry.tasks import sweep_offers; sweep_offers()"
        shell = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
        subprocess.run(shell, cwd=services.CHECKOUT, env=self.environment, check=True)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        host = str(self.checkout.places.postgres_sockets)
        with psycopg.connect(host=host, user="billet", dbname="billet", autocommit=True) as session:
            cursor = session.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _start(self, name: str) -> None:
        self.processes[name] = self._run(*self.commands[name])

    def _run(self, arguments: list[str], more: dict[str, str]) -> subprocess.Popen[bytes]:
        log = self.checkout.places.run / "campaign.log"
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=services.CHECKOUT,
                env=self.environment | more,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=run.die_with_parent if sys.platform == "linux" else None,
            )

    def supervise(self) -> None:
        """Start again what has ended: a web whose worker dies twice within seconds gives up."""
        for name in ("web", "worker"):
            if self.processes[name].poll() is not None:
                self._start(name)

    def last_words(self) -> str:
        log = self.checkout.places.run / "campaign.log"
        return "Last in its log:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-30:])

    def _is_up(self) -> bool:
        self.supervise()
        return len(self._web_workers()) >= 2

    def _web_workers(self) -> list[int]:
        return _children(self.processes["web"].pid)


def _count(registry: Registry, stage: dict[str, Any], books: Books, tally: Tally) -> None:
    """The tables against the books, each order by the units that its entries moved."""
    tally.acknowledged = len(books.acknowledged)
    tally.faults = [*books.faults, *(f"never answered: {each}" for each in books.unanswered)]
    moved = {
        (str(order), kind): int(units)
        for order, kind, units in registry.ask(
            'SELECT "order", kind, sum(upper(serials) - lower(serials)) FROM registry_entry '
            'WHERE "order" IS NOT NULL GROUP BY 1, 2'
        )
    }
    codes = dict(registry.ask("SELECT code, id FROM registry_retirement"))
    asked = {
        (str(codes.get(each.id, each.id)), each.kind): each.quantity for each in books.acknowledged
    }
    for (order, kind), quantity in asked.items():
        found = moved.get((order, kind), 0)
        if found < quantity:
            tally.lost.append(f"{kind} {order}: {found} of {quantity} units")
        elif found > quantity:
            tally.doubled.append(f"{kind} {order}: {found} for {quantity} units")
    first = stage["first_transfer"]
    for order, kind in moved:
        is_asked_for = kind in ("propose", "accept", "retire") and order != first
        if is_asked_for and (order, kind) not in asked:
            tally.doubled.append(f"{kind} {order} that nobody was told of")
    keys = {each.key for each in books.acknowledged}
    kept = {key for (key,) in registry.ask("SELECT key FROM registry_writerequest")}
    tally.lost += [f"key {key}" for key in sorted(keys - kept)]
    _count_lapses(registry, moved, tally)
    _count_units(registry, stage, tally)


def _count_lapses(registry: Registry, moved: dict[tuple[str, str], int], tally: Tally) -> None:
    """Each lapsed offer gave back exactly what it had reserved, once; none is forgotten."""
    for order, state in registry.ask("SELECT id, state FROM registry_transfer"):
        proposed, lapsed = moved.get((str(order), "propose")), moved.get((str(order), "lapse"), 0)
        if state == "expired":
            tally.lapsed += 1
            if lapsed != proposed:
                tally.lost.append(f"{order} lapsed with {lapsed} of {proposed} units")
        elif lapsed:
            tally.doubled.append(f"{order} is {state}, and lapsed")
        elif state == "offered":
            tally.lost.append(f"{order}: its last day has passed, and it did not lapse")


def _count_units(registry: Registry, stage: dict[str, Any], tally: Tally) -> None:
    """Every unit is in one place, and each holding stands where its last entry put it."""
    ((held, distinct),) = registry.ask(
        "SELECT sum(upper(serials) - lower(serials)), (SELECT sum(upper(r) - lower(r)) FROM "
        "(SELECT unnest(range_agg(serials)) AS r FROM registry_holding GROUP BY issuance_id, copy)"
        " AS each) FROM registry_holding"
    )
    if int(held) != int(stage["units"]) or int(distinct) != int(held):
        tally.lost.append(f"{stage['units']} units were issued, {held} are held, {distinct} apart")
    entries = registry.ask(
        "SELECT issuance_id, copy, lower(serials), upper(serials), to_account_id, to_state "
        "FROM registry_entry ORDER BY version DESC"
    )
    holdings = registry.ask(
        "SELECT issuance_id, copy, lower(serials), upper(serials), account_id, state "
        "FROM registry_holding"
    )
    tally.lost += [
        f"{each[0]} {each[2]} to {each[3] - 1} stands where no entry put it"
        for each in holdings
        if not is_where_put(each, [entry for entry in entries if entry[:2] == each[:2]])
    ]


def is_where_put(holding: tuple[Any, ...], entries: list[tuple[Any, ...]]) -> bool:
    """Whether the last entry over each of its units, newest first, put it there.

    A holding joined with a neighbour keeps the newer version of both, so versions alone do not
    say which entry was a unit's last.
    """
    left = [(holding[2], holding[3])]
    for _, _, first, end, *place in entries:
        if any(first < above and below < end for below, above in left):
            if place != list(holding[4:]):
                return False
            cuts = [
                piece
                for below, above in left
                for piece in ((below, min(above, first)), (max(below, end), above))
            ]
            left = [(below, above) for below, above in cuts if below < above]
    return not left


def _children(pid: int) -> list[int]:
    return list(_offspring(pid))


def _offspring(parent: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name of the program stands in brackets and may hold anything.
            fields = entry.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent and fields[0] != "Z":
                yield int(entry.parent.name)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    started = time.monotonic()
    found = campaign(int(sys.argv[1]))
    print(found, f"{time.monotonic() - started:.0f} s")  # noqa: T201
