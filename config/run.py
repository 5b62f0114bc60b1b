"""`make run`: servers, schema and demonstration, then web, worker and beat until stopped.

Every process started here leads a process group of its own, so that stopping reaches
all it started in turn, and nothing else.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

from config import services
from config.environment import development_key, number
from config.ports import claim_port

HOST = "127.0.0.1"
FIRST_PORT = 8000
PATIENCE_SECONDS = 60
GRACE_SECONDS = 10
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class AskedToStopError(Exception):
    """A signal asked for the end."""


class EndedByItselfError(Exception):
    """One of the processes ended, so the others must not go on as if nothing were wrong."""


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]


def main() -> int:
    for each in STOPPING:
        signal.signal(each, _ask_to_stop)
    children: list[Child] = []
    code = 1
    try:
        run(children)
    except AskedToStopError as asked:
        _say(f"\n{asked}")
        code = 0
    except (ImproperlyConfigured, services.ServiceError, EndedByItselfError) as error:
        _say(str(error))
    finally:
        # From here on nothing interrupts: a second Ctrl-C would leave processes behind.
        for each in STOPPING:
            signal.signal(each, signal.SIG_IGN)
        _stop(children)
        services.release(wait=True)
    return code


def run(children: list[Child]) -> NoReturn:
    """Start everything, adding to `children` as it goes, and watch it until something ends."""
    started = time.monotonic()
    parent = os.getppid()
    wanted = number("PORT", default=FIRST_PORT)
    _say_servers(services.ensure())
    with claim_port(HOST, wanted) as port:
        if port != wanted:
            _say(f"Port {wanted} is taken, so this is on {port}.")
        role, sign_ins = _prepare(children)
        web, *others = commands(port, role)
        children.append(_start(*web))
        _wait_for_first_page(port, children)
        # After the first page, or they would compete with it for the processors.
        for other in others:
            children.append(_start(*other))
        _say(f"\nBillet runs at http://localhost:{port}/ ({time.monotonic() - started:.1f} s).")
        _say(f"{sign_ins}Ctrl-C stops it.")
        while os.getppid() == parent:
            _check(children)
            time.sleep(0.25)
        raise EndedByItselfError("What started this has gone: stopping.")


def _ask_to_stop(number: int, frame: FrameType | None) -> NoReturn:
    raise AskedToStopError(f"Stopping, as asked by {signal.Signals(number).name}.")


def _say(line: str) -> None:
    # A terminal that has gone must not keep us from stopping what we started.
    with contextlib.suppress(OSError):
        print(line, flush=True)


def _say_servers(embedded: list[str]) -> None:
    for name in ("postgres", "redis"):
        how = "embedded" if name in embedded else "from its URL"
        note = ", not for production" if how == "embedded" else ""
        _say(f"{name.capitalize()}: {how}{note}.")


def _prepare(children: list[Child]) -> tuple[str | None, str]:
    """Migrate and load the demonstration; return the web's database role and the sign-ins."""
    result = services.run_directory() / "prepared.json"
    result.unlink(missing_ok=True)
    child = _start("preparation", ["-m", "config.prepare", str(result)], {})
    children.append(child)
    if child.process.wait() != 0:
        raise EndedByItselfError("The preparation failed: what it said is above.")
    children.remove(child)
    known = json.loads(result.read_text())
    return known["role"], known["sign_ins"]


def commands(port: int, role: str | None) -> list[tuple[str, list[str], dict[str, str]]]:
    """Name, command and further environment of each process."""
    workers = number("BILLET_WEB_WORKERS", default=min(os.cpu_count() or 1, 4))
    web = [
        *("-m", "granian", "config.wsgi:application", "--interface", "wsgi"),
        *("--host", HOST, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "1", "--respawn-failed-workers"),
        *("--workers-kill-timeout", "5", "--log-level", "warning", "--no-access-log"),
    ]
    # Celery advises against root, which on a machine of one's own is no news.
    quietly = ["-W", "ignore:You're running the worker with superuser"]
    celery = [*quietly, "-m", "celery", "--quiet", "-A", "config"]
    return [
        ("web", web, {"BILLET_PROCESS": "web"} | ({"BILLET_DB_ROLE": role} if role else {})),
        (
            "worker",
            [*celery, "worker", "-c", "1", "-l", "WARNING", "--without-mingle", "--without-gossip"],
            {"BILLET_PROCESS": "worker"},
        ),
        ("beat", [*celery, "beat", "-l", "WARNING"], {"BILLET_PROCESS": "beat"}),
    ]


def environment() -> dict[str, str]:
    """As in production, but for this machine's browser alone and so without TLS."""
    return {
        "BILLET_DEBUG": "0",
        "BILLET_HTTPS": "0",
        "BILLET_DEMONSTRATION": "1",
        "BILLET_ALLOWED_HOSTS": "localhost,127.0.0.1",
        "BILLET_EMAIL_VERIFICATION": "none",
        "BILLET_SECRET_KEY": development_key(services.run_directory()),
    } | dict(os.environ)


def _start(name: str, arguments: list[str], more: dict[str, str]) -> Child:
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=services.CHECKOUT,
        env=environment() | more,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent if sys.platform == "linux" else None,
    )
    return Child(name, process)


def die_with_parent() -> None:
    """Even a supervisor killed with -9 takes its processes along."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def _wait_for_first_page(port: int, children: list[Child]) -> None:
    page = f"http://{HOST}:{port}/healthz"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        _check(children)
        with contextlib.suppress(OSError), urllib.request.urlopen(page, timeout=5):
            return
        time.sleep(0.05)
    raise EndedByItselfError(f"The web did not answer within {PATIENCE_SECONDS} s: stopping.")


def _check(children: list[Child]) -> None:
    for child in children:
        code = child.process.poll()
        if code is not None:
            raise EndedByItselfError(f"The {child.name} ended with {code}: stopping the rest.")


def _stop(children: list[Child]) -> None:
    """Ask every group to end, then end what has not."""
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.1, deadline - time.monotonic()))
    for child in children:
        # The leader's own children may have outlived it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


if __name__ == "__main__":
    sys.exit(main())
