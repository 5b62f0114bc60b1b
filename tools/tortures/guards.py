"""Each lock, constraint and trigger removed in turn: a named test has to fail without it.

    make torture ONLY=guards

One line a guard: `proven`, or `UNPROVEN` with what happened instead.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

GROUP = "guards"
ROOT = Path(__file__).resolve().parents[2]
# Where the named tests are.
_TESTS = (
    "tests/registry/guards",
    "tests/registry/ledger/test_guards.py",
    "tests/registry/log/test_events.py",
    "tests/registry/log/test_sequencer.py",
    "tests/registry/services/test_sweeps_locked.py",
    "tests/claims/services/test_guards.py",
)

Figure = tuple[str, float, str]


def run() -> Iterator[Figure]:
    guards = proven = 0
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "tests.campaigns.proofs", *_TESTS],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as tests:
        assert tests.stdout is not None
        for line in tests.stdout:
            print(f"  {line}", end="", flush=True)
            if counted := re.fullmatch(r"guards (\d+) proven (\d+)\n", line):
                guards, proven = map(int, counted.groups())
    yield "guards", guards, "locks, constraints and triggers"
    yield "guards_proven", proven, "by a test that fails without it"
    # Where nothing was counted, nothing is proven.
    yield "guards_unproven", guards - proven if guards else 1, "guards"
