"""The embedded Postgres: one cluster per checkout, on one unix socket."""

from __future__ import annotations

import os
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .places import Places, ServiceError, check_socket_length, private_directory
from .privileges import Privileges, unprivileged
from .server import command_line, exchange, is_running, open_log, stop_process

USER = DATABASE = "billet"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Many short runs: a checkpoint at every stop is the slowest part of one.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
}


@dataclass(frozen=True)
class Postgres:
    """The server, its cluster and the identity under which it may run."""

    places: Places
    privileges: Privileges
    major: int
    name: str = "postgres"
    # Fast, then immediate: the write-ahead log makes both safe.
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)

    @classmethod
    def find(cls, places: Places) -> Postgres:
        privileges = unprivileged(places)
        return cls(places=places, privileges=privileges, major=privileges.major)

    @property
    def log(self) -> Path:
        return self.places.logs / "postgres.log"

    @property
    def data(self) -> Path:
        return self.privileges.home / f"postgres-{self.major}"

    def prepare(self) -> None:
        check_socket_length(self.places.postgres_socket)
        if (self.data / "global" / "pg_control").exists():
            self._clear_former_postmaster()
        else:
            self._create_cluster()
        # Made anew each time: root may have run Postgres under another identity before.
        shutil.rmtree(self.places.postgres_sockets, ignore_errors=True)
        private_directory(self.places.postgres_sockets, owner=self.privileges.user)

    def start(self) -> subprocess.Popen[bytes]:
        # The directory of the socket goes through the command line so that a checkout
        # that was moved or copied still finds its own.
        settings = SETTINGS | {"unix_socket_directories": str(self.places.postgres_sockets)}
        options = [word for pair in settings.items() for word in ("-c", "=".join(pair))]
        return subprocess.Popen(
            self._command("postgres", "-D", str(self.data), "-p", "5432", *options),
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=open_log(self.places, self.name),
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **self.privileges.popen,
        )

    def answers(self) -> bool:
        return answers(self.places)

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [*self.privileges.prefix, str(self.privileges.binaries / program), *arguments]

    def _create_cluster(self) -> None:
        """Make the cluster beside its place and move it there whole, so none is ever half made."""
        home = self.privileges.home
        for abandoned in home.glob("postgres.new-*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        if self.data.exists():
            self.data.rename(home / f"{self.data.name}.broken-{time.time_ns()}")
        new = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=home))
        if self.privileges.user is not None:
            os.chown(new, self.privileges.user, -1)
        locale = ["--locale=C"]
        if self.major >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run("initdb", "-D", str(new), "-U", USER, "-A", "trust", "-E", "UTF8", *locale)
        self._run(
            *("postgres", "--single", "-D", str(new), "postgres"), say=f"CREATE DATABASE {DATABASE}"
        )
        new.rename(self.data)

    def _run(self, *command: str, say: str = "") -> None:
        done = subprocess.run(
            self._command(*command),
            cwd="/",
            env=_environment(),
            input=say,
            capture_output=True,
            text=True,
            check=False,
            **self.privileges.popen,
        )
        if done.returncode != 0 or "ERROR" in done.stderr:
            lines = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
            raise ServiceError(
                f"{command[0]} failed ({lines[-1]}): set BILLET_RUN_DIR to a directory on a "
                "local file system, or set DATABASE_URL."
            )

    def _clear_former_postmaster(self) -> None:
        """Stop a postmaster whose keeper was killed, and forget a pid that is now another's."""
        pid_file = self.data / "postmaster.pid"
        try:
            written = re.match(r"\d+", pid_file.read_text())
        except FileNotFoundError:
            return
        pid = int(written.group()) if written else 0
        if pid and is_running(pid) and str(self.data) in command_line(pid):
            stop_process(pid, self.stop_signals)
        # Postgres itself leaves a file alone whose pid answers, whosever it is.
        pid_file.unlink(missing_ok=True)


def answers(places: Places) -> bool:
    """Whether the database accepts sessions, not only connections."""
    fields = f"user\0{USER}\0database\0{DATABASE}\0\0".encode()
    startup = struct.pack("!ii", 8 + len(fields), 196608) + fields
    terminate = struct.pack("!ci", b"X", 4)
    return exchange(places.postgres_socket, startup, farewell=terminate).startswith(b"R")


def _environment() -> dict[str, str]:
    """Ours without what would lead Postgres elsewhere."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
