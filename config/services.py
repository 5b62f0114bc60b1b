"""The door to Postgres and Redis: named by DATABASE_URL and REDIS_URL, or embedded.

A process calls `ensure()` before it uses either. Without the URLs this joins the
checkout's running servers or starts them, and holds a lease on them until it ends.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from config.embedded import postgres, redis
from config.embedded.places import (
    CHECKOUT,
    Places,
    ServiceError,
    find_places,
    open_lock,
    private_directory,
)

# Longer than the keeper's own patience with Postgres after a hard kill.
PATIENCE_SECONDS = 150

__all__ = [
    "CHECKOUT",
    "ServiceError",
    "broker_url",
    "database_parameters",
    "embedded_names",
    "ensure",
    "redis_url",
    "release",
    "run_directory",
]


@dataclass(frozen=True)
class Lease:
    """A shared lock on one server, and the process that may give it back."""

    descriptor: int
    process: int


_leases: dict[str, Lease] = {}
# Kept so that Python does not complain of children that are meant to outlive us.
_keepers: list[subprocess.Popen[bytes]] = []


def ensure() -> list[str]:
    """Join or start the embedded servers this process needs; safe to call again.

    Returns:
        The names of the embedded servers in use: none, one or both.

    Raises:
        ServiceError: a server could not be started; one line that says what to do.
    """
    names = embedded_names()
    if not names:
        return names
    places = find_places()
    private_directory(places.sockets)
    for name in names:
        if name not in _leases:
            _leases[name] = _acquire(name, places)
    return names


def release(*, wait: bool = False) -> None:
    """Give back this process's leases; with `wait`, until servers nobody else uses have ended.

    A forked child holds the lease with its parent and must not end it for both.
    """
    held = [name for name, lease in _leases.items() if lease.process == os.getpid()]
    for name in held:
        os.close(_leases.pop(name).descriptor)
    if wait and held:
        places = find_places()
        for name in held:
            _wait_until_stopped_or_shared(name, places)


def embedded_names() -> list[str]:
    """Which of postgres and redis are ours to run, as no URL names another."""
    urls = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
    return [name for name, variable in urls.items() if not os.environ.get(variable)]


def database_parameters() -> dict[str, Any]:
    """NAME, USER, PASSWORD, HOST, PORT and OPTIONS as Django's DATABASES wants them."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        socket_directory = str(find_places().postgres_sockets)
        return {
            "NAME": postgres.DATABASE,
            "USER": postgres.USER,
            "HOST": socket_directory,
            "OPTIONS": {},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ServiceError(
            "DATABASE_URL is not of the form postgresql://user:password@host:port/name: correct it."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket's directory does not fit into a URL's host, so libpq's ?host= is honoured.
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def redis_url(database: int = 0) -> str:
    """The URL of one of Redis's numbered databases, in redis-py's form."""
    url = os.environ.get("REDIS_URL")
    if not url:
        return f"unix://{find_places().redis_socket}?db={database}"
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={database}"
    return parts._replace(path=f"/{database}").geturl() if database else url


def broker_url(database: int = 0) -> str:
    """The same database in kombu's form, which names a socket differently."""
    url = redis_url(database)
    if not url.startswith("unix://"):
        return url
    parts = urlsplit(url)
    return f"redis+socket://{parts.path}?virtual_host={database}"


def run_directory() -> Path:
    """Where this checkout keeps what it makes at run time: private, never in git."""
    return find_places().run


def _acquire(name: str, places: Places) -> Lease:
    with open_lock(places.start_lock(name)) as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        descriptor = os.open(places.lease(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # Before the keeper starts, which would find nobody and leave again.
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            if _is_kept(name, places):
                _wait_until_it_answers(name, places)
            else:
                _start_keeper(name, places)
        except BaseException:
            os.close(descriptor)
            raise
        return Lease(descriptor=descriptor, process=os.getpid())


def _is_kept(name: str, places: Places) -> bool:
    with open_lock(places.keeper_lock(name)) as keeper:
        try:
            fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _start_keeper(name: str, places: Places) -> None:
    places.logs.mkdir(mode=0o700, exist_ok=True)
    own_log = places.logs / f"{name}-keeper.log"
    with open(own_log, "ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "config.embedded.keeper", name, str(places.run)],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    _keepers.append(keeper)
    assert keeper.stdout is not None
    with keeper.stdout as status:
        said = status.readline().decode().strip()
    if said != "ready":
        reason = said.removeprefix("error: ") or f"See {own_log}."
        raise ServiceError(f"The embedded {name} did not start. {reason}")


def _wait_until_it_answers(name: str, places: Places) -> None:
    """The keeper may just be starting again a server that died."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _answers(name, places):
        if time.monotonic() > deadline or not _is_kept(name, places):
            raise ServiceError(
                f"The embedded {name} does not answer: see {places.logs / f'{name}.log'}."
            )
        time.sleep(0.05)


def _answers(name: str, places: Places) -> bool:
    return postgres.answers(places) if name == "postgres" else redis.answers(places)


def _wait_until_stopped_or_shared(name: str, places: Places) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    shared = 0
    # The keeper itself tries the lease for an instant, so one refusal proves nothing.
    while shared < 3 and time.monotonic() < deadline and _is_kept(name, places):
        with open_lock(places.lease(name)) as lease:
            try:
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shared = 0
            except BlockingIOError:
                shared += 1
        time.sleep(0.05)
