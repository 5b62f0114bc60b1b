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

from django.db import transaction

from tests.campaigns.kills import campaign
from tests.registry.ledger.test_machine import LEAST, REACHED, play
from tools.scratch import scratch_database

GROUP = "ledger"
ROOT = Path(__file__).resolve().parents[2]
STEPS = int(os.environ.get("STEPS", "200000"))
RACES = int(os.environ.get("RACES", "100000"))
KILLS = int(os.environ.get("KILLS", "300"))
# Another campaign is another play, unless one is to be repeated.
SEED = int(os.environ.get("SEED", str(random.SystemRandom().randrange(10**9))))
# Python runs one thread at a time, so each process has 32 of its own.
_PROCESSES = 2
# So many in one play: it keeps its people, and no more of its units than one transaction holds.
_PLAY = 20_000

Figure = tuple[str, float, str]


def run() -> Iterator[Figure]:
    yield from _play_operations()
    yield from _run_races()
    yield from _kill()


def _play_operations() -> Iterator[Figure]:
    done = breaks = 0
    reached = dict.fromkeys(REACHED, 0)
    print(f"  SEED={SEED}", flush=True)
    with scratch_database():
        while done < STEPS and not breaks:
            with transaction.atomic():
                try:
                    counts = play(min(_PLAY, STEPS - done), SEED + done)
                except AssertionError as difference:
                    print(f"A difference after {done} operations:\n{difference}", flush=True)
                    breaks = 1
                else:
                    done += sum(counts.values())
                    for name, many in counts.items():
                        reached[name] = reached.get(name, 0) + many
                transaction.set_rollback(True)
    for name, many in sorted(reached.items()):
        print(f"  {name}: {many}")
    yield "operations", done, "operations"
    yield "breaks", breaks, "breaks"
    rarest = min(reached[name] for name in REACHED)
    yield "rarest_reached", rarest, f"times, at least {LEAST} wanted from 20,000 operations"


def _run_races() -> Iterator[Figure]:
    races = [
        subprocess.Popen(
            [sys.executable, "-m", "tools.contend", str(-(-RACES // _PROCESSES)), str(seed)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(1, _PROCESSES + 1)
    ]
    answers = [each.communicate()[0] for each in races]
    failed = [f"a process ended with {each.returncode}" for each in races if each.returncode]
    found = [json.loads(answer) for answer in answers if answer]
    doubled = [what for each in found for what in each["doubled"]]
    faults = failed + [what for each in found for what in each["faults"]]
    _say(doubled + faults)
    reached: Counter[str] = Counter()
    for each in found:
        reached.update(each["reached"])
    _say([f"{name}: {many}" for name, many in sorted(reached.items())])
    yield "race_attempts", sum(each["attempts"] for each in found), "attempts by 32 threads"
    yield "race_doubled", len(doubled), "things had twice"
    yield "race_faults", len(faults), "errors that were no refusal"


def _kill() -> Iterator[Figure]:
    tally = campaign(KILLS)
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
