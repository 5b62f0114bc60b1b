"""The log: what it costs an entry, how fast it is sequenced, how fast an outsider verifies it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from registry.log.folder import Folder
from registry.log.keys import SigningKey
from registry.log.sequencer import sequence
from tools.log_history import million, publish
from tools.scratch import scratch_database

GROUP = "log"
_KEY = SigningKey("bench.example/log", bytes(range(32)))
_EVENTS = 50_000
_ENTRIES = 5_000
_MILLION = 1_000_000

# The same entry again and again, one statement each as the ledger's own operations write them.
_INSERT = """
DO $$ DECLARE e registry_entry; BEGIN
    SELECT * INTO e FROM registry_entry WHERE kind = 'propose' LIMIT 1;
    FOR n IN 1..{count} LOOP
        e.id := gen_random_uuid();
        INSERT INTO registry_entry SELECT e.*;
    END LOOP;
END $$
"""
_PENDING = """
INSERT INTO registry_logpending (event)
SELECT log_of_entry(e, NULL) FROM registry_entry e, generate_series(1, %s) n
 WHERE e.id = (SELECT id FROM registry_entry WHERE kind = 'propose' LIMIT 1)
"""


def run() -> Iterator[tuple[str, float, str]]:
    with scratch_database(), tempfile.TemporaryDirectory() as folder:
        call_command("demo", stdout=io.StringIO())
        yield "log_trigger_us", _trigger_us(), "µs an entry"
        yield "log_sequencer_per_s", _sequenced_per_s(Folder(Path(folder, "log"))), "events/s"
    with tempfile.TemporaryDirectory() as folder:
        publish(Path(folder), million(_MILLION), _KEY)
        yield "log_verify_million_s", _verify_s(Path(folder)), "s"


def _trigger_us() -> float:
    """The best of five, with the trigger less without."""
    best = {"ENABLE": 1e9, "DISABLE": 1e9}
    with connection.cursor() as cursor:
        for _ in range(5):
            for state in best:
                cursor.execute(f"ALTER TABLE registry_entry {state} TRIGGER every_entry_is_logged")
                started = time.perf_counter()
                cursor.execute(_INSERT.format(count=_ENTRIES))
                best[state] = min(best[state], time.perf_counter() - started)
        cursor.execute("ALTER TABLE registry_entry ENABLE TRIGGER every_entry_is_logged")
    return (best["ENABLE"] - best["DISABLE"]) / _ENTRIES * 1e6


def _sequenced_per_s(folder: Folder) -> float:
    """From committed to published, a backlog of many; the first run takes what was there."""
    sequence(folder=folder, key=_KEY, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_PENDING, [_EVENTS])
    started = time.perf_counter()
    signed = sequence(folder=folder, key=_KEY, now=timezone.now())
    seconds = time.perf_counter() - started
    assert signed is not None
    assert signed.added == _EVENTS
    return _EVENTS / seconds


def _verify_s(folder: Path) -> float:
    """The tool as an outsider starts it."""
    tool = Path(__file__).parent.parent / "verify_log.py"
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(tool), str(folder), "--key", str(_KEY.public), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    report = json.loads(done.stdout)
    assert report["problems"] == [], report["problems"][:3]
    assert report["size"] == _MILLION
    return seconds
