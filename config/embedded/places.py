"""Where the embedded servers keep their things, and who may be there."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent

# A unix socket's path is limited to 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET_PATH = 103


class ServiceError(RuntimeError):
    """One line that says what is wrong with an embedded server and what to do."""


@dataclass(frozen=True)
class Places:
    """The files of one checkout's servers for one user of the machine."""

    run: Path
    sockets: Path

    @property
    def postgres_sockets(self) -> Path:
        return self.sockets / "pg"

    @property
    def postgres_socket(self) -> Path:
        return self.postgres_sockets / ".s.PGSQL.5432"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def logs(self) -> Path:
        return self.run / "log"

    def lease(self, server: str) -> Path:
        """Held shared by every process that uses the server."""
        return self.run / f"{server}.lease"

    def start_lock(self, server: str) -> Path:
        """Held while the server is being started, joined or stopped."""
        return self.run / f"{server}.start"

    def keeper_lock(self, server: str) -> Path:
        """Held for life by the process that keeps the server."""
        return self.run / f"{server}.keeper"


def find_places(run: Path | None = None) -> Places:
    """This checkout's places; makes the run directory, but starts and trusts nothing.

    Two checkouts, or two users of one checkout, get different places.
    """
    chosen = run or _choose_run_directory()
    private_directory(chosen)
    real = chosen.resolve()
    digest = hashlib.sha256(f"{os.geteuid()}:{real}".encode()).hexdigest()[:10]
    # Always /tmp: $TMPDIR and $XDG_RUNTIME_DIR differ between a shell, sudo and cron,
    # and every process of this checkout has to arrive at the same path.
    sockets = Path(f"/tmp/billet-{os.geteuid()}-{digest}")
    return Places(run=real, sockets=sockets)


def _choose_run_directory() -> Path:
    named = os.environ.get("BILLET_RUN_DIR")
    if named:
        return Path(named)
    inside = CHECKOUT / ".run"
    try:
        usable = inside.lstat().st_uid == os.geteuid()
    except FileNotFoundError:
        usable = os.access(CHECKOUT, os.W_OK)
    if usable:
        return inside
    digest = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:10]
    return Path(f"/var/tmp/billet-{os.geteuid()}-{digest}")


def private_directory(path: Path, *, mode: int | None = None, owner: int | None = None) -> None:
    """Make `path` a directory that only its owner may write; refuse one that somebody else made.

    Without `mode` it is 0700 when made, and afterwards whatever its owner set that others
    can neither read nor write.

    Raises:
        ServiceError: it cannot be made, or exists and is a link or another user's.
    """
    expected = os.geteuid() if owner is None else owner
    try:
        path.mkdir(mode=0o700)
        os.chown(path, expected, -1)
    except FileExistsError:
        pass
    except OSError as error:
        raise ServiceError(
            f"Cannot create {path} ({error.strerror}): make its parent writable, "
            "or name another directory in BILLET_RUN_DIR."
        ) from error
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected:
        raise ServiceError(
            f"{path} is not a directory of user id {expected}, so it is not trusted: "
            "remove it, or find out who made it."
        )
    wanted = mode or (0o700 if found.st_mode & 0o066 else stat.S_IMODE(found.st_mode))
    if stat.S_IMODE(found.st_mode) != wanted:
        path.chmod(wanted)


def check_socket_length(path: Path) -> None:
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        raise ServiceError(f"The socket path {path} is too long: set BILLET_RUN_DIR elsewhere.")


@contextmanager
def open_lock(path: Path) -> Iterator[int]:
    """A file to flock, closed at the end, which frees whatever was locked through it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
