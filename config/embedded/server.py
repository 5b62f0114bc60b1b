"""What the keeper asks of a server, and what Postgres and Redis have in common."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Protocol

from .places import Places

LONGEST_LOG = 5_000_000


class Server(Protocol):
    """One embedded server, before and after it runs."""

    @property
    def name(self) -> str: ...

    @property
    def log(self) -> Path: ...

    # Sent one after the other until the server ends.
    @property
    def stop_signals(self) -> tuple[signal.Signals, ...]: ...

    def prepare(self) -> None:
        """Make the data and clear what an earlier hard kill left behind."""

    def start(self) -> subprocess.Popen[bytes]: ...

    def answers(self) -> bool: ...


def open_log(places: Places, name: str) -> int:
    """The server's log, for a child's standard output; begun anew when it has grown long."""
    places.logs.mkdir(mode=0o700, exist_ok=True)
    path = places.logs / f"{name}.log"
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    if path.exists() and path.stat().st_size > LONGEST_LOG:
        flags |= os.O_TRUNC
    return os.open(path, flags, 0o600)


def exchange(path: Path, message: bytes, *, farewell: bytes = b"") -> bytes:
    """Send one message to a unix socket and return the start of the answer, or nothing."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
            connection.sendall(message)
            answer = connection.recv(8192)
            connection.sendall(farewell)
            return answer
        except OSError:
            return b""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_line(pid: int) -> list[str]:
    """The process's arguments, so that a pid used again by another program is not mistaken."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        pass
    if Path("/proc/self").exists():
        return []
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.split()


def stop_process(pid: int, signals: tuple[signal.Signals, ...], *, patience: float = 10) -> None:
    """Stop a process that is not our child, more firmly each time it does not end."""
    for each in signals:
        try:
            os.kill(pid, each)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not is_running(pid):
                return
            time.sleep(0.05)
