"""The ledger's long campaign: random operations against the model. STEPS=1000000 for more.

It plays in a database of its own, and ends at the first operation that breaks an invariant.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.db import transaction

from tests.registry.ledger.test_machine import LEAST, REACHED, play
from tools.scratch import scratch_database

GROUP = "ledger"
STEPS = int(os.environ.get("STEPS", "200000"))
# So many in one play: it keeps its people, and no more of its units than one transaction holds.
_PLAY = 20_000

Figure = tuple[str, float, str]


def run() -> Iterator[Figure]:
    done = breaks = 0
    reached = dict.fromkeys(REACHED, 0)
    with scratch_database():
        while done < STEPS and not breaks:
            with transaction.atomic():
                try:
                    counts = play(min(_PLAY, STEPS - done))
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
