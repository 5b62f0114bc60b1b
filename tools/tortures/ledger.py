"""The ledger's long campaigns, one after the other, each in databases of its own.

Random operations against the model, to the first that breaks an invariant (STEPS=1000000 for
more). 32 threads contending for the same units (RACES=). kill -9 under load (KILLS=1000).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.campaigns.kills import campaign
from tests.registry.ledger.test_machine import LEAST, REACHED

GROUP = "ledger"
ROOT = Path(__file__).resolve().parents[2]
STEPS = int(os.environ.get("STEPS", "200000"))
RACES = int(os.environ.get("RACES", "100000"))
KILLS = int(os.environ.get("KILLS", "300"))
# Another campaign is another play, unless one is to be repeated.
SEED = int(os.environ.get("SEED", str(random.SystemRandom().randrange(10**9))))
Figure = tuple[str, float, str]


def run() -> Iterator[Figure]:
    yield from _play_operations()
    yield from _run_races()
    yield from _kill()


def _play_operations() -> Iterator[Figure]:
    # A billion apart, since each play of a process begins at a seed of its own.
    found, faults = _side_by_side("tools.play", STEPS, [SEED, SEED + 10**9])
    differences = [each["difference"] for each in found if each["difference"]]
    _say([f"SEED={SEED}", *differences, *faults])
    reached = _reached(found)
    yield "operations", sum(reached.values()), "operations"
    yield "breaks", len(differences) + len(faults), "breaks"
    rarest = min(reached[name] for name in REACHED)
    yield "rarest_reached", rarest, f"times, at least {LEAST} wanted from 20,000 operations"


def _run_races() -> Iterator[Figure]:
    # Python runs one thread at a time, so each process has 32 of its own.
    found, failed = _side_by_side("tools.contend", RACES, [SEED, SEED + 1])
    doubled = [what for each in found for what in each["doubled"]]
    faults = failed + [what for each in found for what in each["faults"]]
    _say(doubled + faults)
    _reached(found)
    yield "race_attempts", sum(each["attempts"] for each in found), "attempts by 32 threads"
    yield "race_doubled", len(doubled), "things had twice"
    yield "race_faults", len(faults), "errors that were no refusal"


def _side_by_side(module: str, many: int, seeds: list[int]) -> tuple[list[Any], list[str]]:
    """What one process a seed found, each with its share; and which of them failed."""
    share = str(-(-many // len(seeds)))
    running = [
        subprocess.Popen(
            [sys.executable, "-m", module, share, str(seed)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in seeds
    ]
    answers = [each.communicate()[0] for each in running]
    failed = [f"a process ended with {each.returncode}" for each in running if each.returncode]
    return [json.loads(answer) for answer in answers if answer], failed


def _reached(found: list[Any]) -> Counter[str]:
    """How often each operation and each refusal was reached, said as well."""
    reached: Counter[str] = Counter()
    for each in found:
        reached.update(each["reached"])
    _say([f"{name}: {many}" for name, many in sorted(reached.items())])
    return reached


def _kill() -> Iterator[Figure]:
    tally = campaign(KILLS, seed=SEED)
    _say(tally.lost + tally.doubled + tally.faults)
    yield "kills", tally.kills, "of Postgres, web and worker under load"
    yield "kill_acknowledged", tally.acknowledged, "acts"
    yield "lost", len(tally.lost), "acknowledged acts"
    yield "doubled", len(tally.doubled), "acts"
    yield "kill_faults", len(tally.faults), "answers that were neither done nor try again"


def _say(lines: list[str]) -> None:
    """The first of them: one cause often has thousands."""
    for line in lines[:50]:
        print(f"  {line}", flush=True)
