"""A checkout's servers of their own, apart from those the tests themselves run on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import services
from config.embedded import postgres, redis
from config.embedded.places import Places, find_places
from config.embedded.privileges import nobody_directory

USE = """
import sys
from config import services
services.ensure()
print("ready", flush=True)
sys.stdin.read()
"""


class Checkout:
    """One run directory, and processes that use the servers in it."""

    def __init__(self, run: Path) -> None:
        self.places: Places = find_places(run)
        self.processes: list[subprocess.Popen[str]] = []

    @property
    def environment(self) -> dict[str, str]:
        # What the tests set for themselves, and whatever names other servers.
        others = {"DATABASE_URL", "REDIS_URL", "BILLET_REDIS_DATABASE"}
        others |= {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"}
        ours = {key: value for key, value in os.environ.items() if key not in others}
        return ours | {"BILLET_RUN_DIR": str(self.places.run), "BILLET_DEBUG": "1"}

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=services.CHECKOUT,
            env=self.environment | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def use(self, **environment: str) -> subprocess.Popen[str]:
        """A process that uses the servers until its input ends."""
        user = self.start("-c", USE, **environment)
        assert user.stdout is not None
        said = user.stdout.readline().strip()
        assert said == "ready", said + user.stdout.read()
        return user

    def answers(self) -> bool:
        return postgres.answers(self.places) and redis.answers(self.places)

    def is_silent(self) -> bool:
        return not postgres.answers(self.places) and not redis.answers(self.places)

    @property
    def home(self) -> Path:
        """Where Postgres keeps its data: outside the checkout where root has to be nobody."""
        outside = nobody_directory(self.places) / "home"
        return outside if outside.exists() else self.places.run

    def data(self) -> Path:
        return next(self.home.glob("postgres-??"))

    def postmaster(self) -> int:
        return int((self.data() / "postmaster.pid").read_text().split()[0])

    def keepers(self) -> list[int]:
        """The keepers' pids, found by their command lines."""
        marks = {b"config.embedded.keeper", os.fsencode(self.places.run)}
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = set(entry.read_bytes().split(b"\0"))
            except OSError:
                continue
            if marks <= words:
                found.append(int(entry.parent.name))
        return found

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.communicate()
        if not self.is_silent() and not self.keepers():
            # A test that failed half way may leave servers without a keeper to stop them.
            leave(self.use())
        wait_until(self.is_silent)
        wait_until(lambda: not self.keepers())
        shutil.rmtree(self.places.sockets, ignore_errors=True)
        shutil.rmtree(nobody_directory(self.places), ignore_errors=True)


def leave(user: subprocess.Popen[str]) -> None:
    """End a user of `use` as a command ends, by itself."""
    user.communicate("")
    assert user.returncode == 0


def wait_until(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not come about in time."
        time.sleep(0.05)


@pytest.fixture
def new_checkout(tmp_path: Path) -> Iterator[Callable[[str], Checkout]]:
    made: list[Checkout] = []

    def make(name: str) -> Checkout:
        made.append(Checkout(tmp_path / name))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def checkout(new_checkout: Callable[[str], Checkout]) -> Checkout:
    return new_checkout("run")
