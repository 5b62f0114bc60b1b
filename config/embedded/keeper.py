"""The keeper: parent of one server, which lives as long as somebody holds its lease.

A kernel lock is the lease, so a process that is killed with -9 gives it back like any
other, and no process has to remember to stop anything.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from .places import ServiceError, find_places, open_lock, private_directory
from .postgres import Postgres
from .redis import Redis
from .server import Server

# After a hard kill Postgres refuses to start until the former backends have gone.
PATIENCE_SECONDS = 15
GRACE_SECONDS = 10
POLL_SECONDS = 0.1


def main(arguments: list[str]) -> int:
    name, run = arguments
    signal.signal(signal.SIGTERM, _stop_on_signal)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(0o077)
    try:
        places = find_places(Path(run))
        private_directory(places.sockets)
        server: Server = Postgres.find(places) if name == "postgres" else Redis(places)
        with open_lock(places.keeper_lock(name)) as own, open_lock(places.lease(name)) as lease:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
            Keeper(server, places.start_lock(name), own=own, lease=lease).keep()
    except ServiceError as error:
        _report(f"error: {error}")
        return 1
    except BlockingIOError:
        _report("error: Another keeper is running: wait for it to end, then try again.")
        return 1
    except OSError as error:
        _report(f"error: {error}; see {run}/log, or set BILLET_RUN_DIR to another directory.")
        return 1
    return 0


class Keeper:
    """One server, the lock that says it is kept (own) and the lease of its users."""

    def __init__(self, server: Server, start_lock: Path, *, own: int, lease: int) -> None:
        self.server = server
        self.start_lock = start_lock
        self.own = own
        self.lease = lease

    def keep(self) -> None:
        """Run the server until the last lease is given back; start it again if it dies."""
        self.server.prepare()
        process = _start_until_it_answers(self.server)
        _report("ready")
        try:
            while True:
                if process.poll() is not None:
                    _note(f"{self.server.name} ended with {process.returncode}: starting it again")
                    self.server.prepare()
                    process = _start_until_it_answers(self.server)
                if self._is_unused() and self._stop_unless_joined(process):
                    return
                time.sleep(POLL_SECONDS)
        finally:
            _stop(self.server, process)

    def _stop_unless_joined(self, process: subprocess.Popen[bytes]) -> bool:
        """Stop under the start lock: a newcomer either keeps the server or waits for its end."""
        with open_lock(self.start_lock) as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            if not self._is_unused():
                return False
            _stop(self.server, process)
            # Before the start lock, or a newcomer would join a keeper that is leaving.
            fcntl.flock(self.own, fcntl.LOCK_UN)
            return True

    def _is_unused(self) -> bool:
        try:
            fcntl.flock(self.lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        fcntl.flock(self.lease, fcntl.LOCK_UN)
        return True


def _start_until_it_answers(server: Server) -> subprocess.Popen[bytes]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    process = server.start()
    try:
        while time.monotonic() < deadline:
            if server.answers():
                return process
            if process.poll() is not None:
                time.sleep(0.25)
                process = server.start()
            time.sleep(0.02)
    except BaseException:
        _stop(server, process)
        raise
    _stop(server, process)
    raise ServiceError(f"It said: {_last_words(server.log)}; see {server.log}.")


def _stop(server: Server, process: subprocess.Popen[bytes]) -> None:
    for each in server.stop_signals:
        if process.poll() is not None:
            return
        process.send_signal(each)
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def _stop_on_signal(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _report(line: str) -> None:
    """Tell the starter, who reads one line and then may be gone."""
    with contextlib.suppress(BrokenPipeError):
        os.write(1, f"{line}\n".encode())
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)


def _note(line: str) -> None:
    print(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {line}", file=sys.stderr)


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    fatal = [line for line in lines[-40:] if "FATAL" in line or "error" in line.lower()]
    return (fatal or lines or ["it said nothing"])[-1].strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
