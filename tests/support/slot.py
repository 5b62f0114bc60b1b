"""Several runs of the tests side by side: each takes a slot, and with it databases of its own."""

from __future__ import annotations

import fcntl
import os
from typing import IO

from config import services

VARIABLE = "BILLET_TEST_SLOT"
_MOST = 32
_held: list[IO[str]] = []


def take_slot() -> str:
    """This run's slot. Its first process holds the lock; the others hear of it by name."""
    given = os.environ.get(VARIABLE)
    if given is not None:
        return given
    for slot in range(_MOST):
        path = services.run_directory() / f"test-slot-{slot}.lock"
        lock = path.open("a")  # held until the process ends
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        _held.append(lock)
        os.environ[VARIABLE] = str(slot)
        return str(slot)
    raise RuntimeError(f"{_MOST} runs of the tests at once: wait for one to end.")
