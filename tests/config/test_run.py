"""`make run` from the outside: it starts everything, and takes everything along when it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout import Checkout, wait_until

# One process for all of these: the first start makes what the others find made.
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
    pytest.mark.xdist_group("run"),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    made = Checkout(tmp_path_factory.mktemp("checkout") / "run")
    yield made
    made.close()


def _start(checkout: Checkout, port: int) -> tuple[subprocess.Popen[str], str]:
    """Start it and return it with its address."""
    run = checkout.start("-m", "config.run", PORT=str(port), BILLET_WEB_WORKERS="1")
    assert run.stdout is not None
    said = ""
    for line in run.stdout:
        said += line
        found = re.search(r"http://localhost:\d+/", line)
        if found:
            return run, found.group()
    pytest.fail(f"It did not start:\n{said}")


def _processes(checkout: Checkout) -> dict[int, str]:
    """Every process whose environment names this checkout's run directory, by pid."""
    mark = b"BILLET_RUN_DIR=" + os.fsencode(checkout.places.run) + b"\0"
    found = {}
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in entry.read_bytes():
                command = entry.with_name("cmdline").read_bytes()
                found[int(entry.parent.name)] = command.replace(b"\0", b" ").decode()
        except OSError:
            continue
    return {pid: command for pid, command in found.items() if command}


def _get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our own address)
        return int(answer.status)


def test_it_serves_outlives_a_killed_postgres_and_stops_whole(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        taken = occupied.getsockname()[1]
        run, address = _start(checkout, taken)
    assert f":{taken}/" not in address
    commands = " ".join(_processes(checkout).values())
    os.kill(checkout.postmaster(), signal.SIGKILL)
    wait_until(lambda: not (checkout.answers()))
    wait_until(checkout.answers)

    health = _get(f"{address}healthz")
    run.send_signal(signal.SIGINT)
    run.communicate()

    assert health == 200
    assert all(name in commands for name in ("granian", "celery", " beat", "postgres", "redis"))
    assert run.returncode == 0
    assert _processes(checkout) == {}
    assert checkout.is_silent()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_other_ways_of_asking_it_to_stop_are_heard(
    checkout: Checkout, sent: signal.Signals
) -> None:
    run, _ = _start(checkout, 24300)

    run.send_signal(sent)
    said, _ = run.communicate()

    assert f"Stopping, as asked by {sent.name}." in said
    assert run.returncode == 0
    assert _processes(checkout) == {}


def test_when_one_process_ends_the_rest_are_stopped(checkout: Checkout) -> None:
    run, _ = _start(checkout, 24000)
    beat = next(pid for pid, command in _processes(checkout).items() if " beat " in command)

    os.kill(beat, signal.SIGKILL)
    said, _ = run.communicate()

    assert "The beat ended with -9: stopping the rest." in said
    assert run.returncode == 1
    assert _processes(checkout) == {}


def test_killed_with_9_it_still_takes_its_processes_along(checkout: Checkout) -> None:
    run, _ = _start(checkout, 24100)

    run.kill()

    wait_until(lambda: _processes(checkout) == {})
    wait_until(checkout.is_silent)


def test_the_web_cannot_take_back_what_the_ledger_recorded(checkout: Checkout) -> None:
    """It connects under a role that holds no such grant."""
    run, _ = _start(checkout, 24200)
    known = json.loads((checkout.places.run / "prepared.json").read_text())
    web = next(pid for pid, command in _processes(checkout).items() if "granian" in command)
    environment = Path(f"/proc/{web}/environ").read_bytes()
    run.terminate()
    run.communicate()

    assert known["role"] == "billet_web"
    assert b"BILLET_DB_ROLE=billet_web\0" in environment
