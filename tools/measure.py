"""`make bench` and `make torture`: run groups of figures, print them and keep them.

A group is a module of tools/benches or tools/tortures with GROUP, its name, and run(),
which yields (name, value, unit) as each figure becomes known. One with ALONE = True takes long,
and runs only when it is named.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parent.parent
RESULTS = {"benches": "bench/latest.json", "tortures": "bench/torture.json"}

Figure = tuple[str, "Decimal | float", str]


class Group(Protocol):
    GROUP: str

    def run(self) -> Iterable[Figure]: ...


def main(arguments: list[str]) -> int:
    kind, only = arguments[0], arguments[1:]
    set_up_django()
    groups = {group.GROUP: group for group in _find_groups(kind)}
    unknown = [name for name in only if name not in groups]
    if unknown:
        print(f"No group {', '.join(unknown)}: there are {', '.join(groups) or 'none'}.")
        return 2
    figures = []
    for name in only or [name for name in groups if not getattr(groups[name], "ALONE", False)]:
        for figure, value, unit in groups[name].run():
            print(f"{figure} {_plain(value)} {unit}", flush=True)
            figures.append({"group": name, "name": figure, "value": _plain(value), "unit": unit})
    _keep(ROOT / RESULTS[kind], figures)
    return 0


def _find_groups(kind: str) -> Iterator[Group]:
    package = importlib.import_module(f"tools.{kind}")
    for found in pkgutil.iter_modules(package.__path__):
        # A module that has what Group asks.
        yield importlib.import_module(f"tools.{kind}.{found.name}")  # type: ignore[misc]


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # As in production: debugging keeps every query in memory.
    os.environ.setdefault("BILLET_DEBUG", "0")
    from config import services
    from config.environment import development_key

    services.ensure()
    os.environ.setdefault("BILLET_SECRET_KEY", development_key(services.run_directory()))
    import django

    django.setup()


def _plain(value: Decimal | float) -> str:
    """A decimal string: a float's own digits are noise beyond the fourth."""
    return str(value) if isinstance(value, int | Decimal) else f"{value:.4g}"


def _keep(path: Path, figures: list[dict[str, str]]) -> None:
    """Replace the figures of the groups that ran, and keep those of the others."""
    ran = {figure["group"] for figure in figures}
    stamp = {"machine": _machine(), "commit": _commit(), "at": _now()}
    kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    others = [each for each in kept.get("figures", []) if each["group"] not in ran]
    path.parent.mkdir(exist_ok=True)
    everything = [*others, *({**figure, **stamp} for figure in figures)]
    path.write_text(json.dumps({"figures": everything}, indent=2) + "\n")


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"{system}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _commit() -> str:
    """The commit, marked when anything but the figures themselves differs from it."""
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!bench")
    return f"{commit or 'unknown'}{'-changed' if changed else ''}"


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
