"""`make check`: one line a step, and what it said where it failed."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# As on a server: what the deployment check has to find in order.
PRODUCTION = {
    "BILLET_DEBUG": "0",
    "BILLET_SECRET_KEY": secrets.token_urlsafe(64),
    "BILLET_ALLOWED_HOSTS": "registry.example",
}


@dataclass(frozen=True)
class Step:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    step: Step
    seconds: float
    code: int
    said: str


def main() -> int:
    """Run every step, two at a time, even after one failed: all failures at once."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = []
        for outcome in pool.map(_run, _steps()):
            mark = "ok    " if outcome.code == 0 else "FAILED"
            print(f"{mark} {outcome.step.name} ({outcome.seconds:.1f} s)", flush=True)
            if outcome.code != 0:
                print(outcome.said.rstrip() + "\n", flush=True)
            outcomes.append(outcome)
    failed = [outcome.step.name for outcome in outcomes if outcome.code != 0]
    print(
        f"{len(failed)} of {len(outcomes)} checks failed: {', '.join(failed)}."
        if failed
        else f"All {len(outcomes)} checks passed."
    )
    return 1 if failed else 0


def _steps() -> list[Step]:
    manage = [sys.executable, "manage.py"]
    steps = [
        Step("types: mypy, strict on the core", [_tool("mypy")]),
        Step("lint: ruff", [_tool("ruff"), "check", "--quiet", "--output-format", "concise"]),
        Step("format: ruff", [_tool("ruff"), "format", "--check"]),
        Step("architecture: import-linter", [_tool("lint-imports"), "--no-cache"]),
        Step("migrations: complete", [*manage, "makemigrations", "--check", "--dry-run"]),
        Step(
            "deployment: check --deploy",
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            PRODUCTION,
        ),
        Step(
            "interface: OpenAPI",
            [*manage, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
        ),
    ]
    if any(ROOT.glob("*/management/commands/rulebook.py")):
        steps.append(Step("documents: docs/rulebook.md is fresh", [*manage, "rulebook", "--check"]))
    return steps


def _tool(name: str) -> str:
    return str(BIN / name)


def _run(step: Step) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env=os.environ | step.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(step, time.monotonic() - started, done.returncode, done.stdout)


if __name__ == "__main__":
    sys.exit(main())
