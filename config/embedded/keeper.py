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
REFUSAL_SECONDS = 15
# Once it runs it may have to recover, which takes as long as the disk does.
RECOVERY_SECONDS = 120
GRACE_SECONDS = 10
POLL_SECONDS = 0.1


def main(arguments: list[str]) -> int:
    name, run = arguments
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
        self.process: subprocess.Popen[bytes] | None = None
        self.is_asked_to_stop = False

    def keep(self) -> None:
        """Run the server until the last lease is given back; start it again if it dies."""
        signal.signal(signal.SIGTERM, self._note_request)
        try:
            self._start()
            _report("ready")
            while not self.is_asked_to_stop:
                if self.process is None or self.process.poll() is not None:
                    _note(f"{self.server.name} ended by itself: starting it again")
                    self._start_again()
                if self._is_unused() and self._stop_unless_joined():
                    return
                time.sleep(POLL_SECONDS)
        finally:
            self._stop()

    def _note_request(self, number: int, frame: FrameType | None) -> None:
        # Only noted: an exception could come between starting a server and knowing it.
        self.is_asked_to_stop = True

    def _start(self) -> None:
        """Start the server, more than once while what a hard kill left still is in its way."""
        self.server.prepare()
        began = time.monotonic()
        self.process = self.server.start()
        while not self.is_asked_to_stop:
            if self.server.answers():
                return
            waited = time.monotonic() - began
            has_ended = self.process.poll() is not None
            if waited > (REFUSAL_SECONDS if has_ended else RECOVERY_SECONDS):
                break
            time.sleep(0.02 if waited < 1 else 0.25)
            if has_ended:
                self.process = self.server.start()
        raise ServiceError(f"It said: {_last_words(self.server.log)}; see {self.server.log}.")

    def _start_again(self) -> None:
        """As the first time, but its users are waiting: a failure is noted, and tried again."""
        try:
            self._start()
        except ServiceError as error:
            _note(str(error))

    def _stop(self) -> None:
        for each in self.server.stop_signals:
            if self.process is None or self.process.poll() is not None:
                return
            self.process.send_signal(each)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE_SECONDS)

    def _stop_unless_joined(self) -> bool:
        """Stop under the start lock: a newcomer either keeps the server or waits for its end."""
        with open_lock(self.start_lock) as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            if not self._is_unused():
                return False
            self._stop()
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
