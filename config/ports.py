"""A TCP port for the web process that no other checkout of this user takes at the same moment."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.embedded.places import ServiceError, open_lock, private_directory

TRIED = 50


@contextmanager
def claim_port(host: str, first: int) -> Iterator[int]:
    """The first free port from `first` on, held until the end of the block.

    Our web server shares its port between its workers, and so would silently share it
    with another checkout's; the lock is what keeps the two apart.
    """
    locks = Path(f"/tmp/billet-{os.geteuid()}-ports")  # noqa: S108 (private, and refused if not ours)
    private_directory(locks)
    with ExitStack() as held:
        for port in range(first, min(first + TRIED, 65536)):
            lock = held.enter_context(open_lock(locks / str(port)))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if _is_free(host, port):
                yield port
                return
    raise ServiceError(f"No free port from {first} to {first + TRIED - 1}: set PORT to another.")


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as attempt:
        # As servers do: a connection of the former server that is closing is no obstacle.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError:
            return False
        return True
