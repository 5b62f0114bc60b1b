"""One process of the random operations: so many against the model, in a database of its own.

    python -m tools.play STEPS SEED

Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

from tools.measure import set_up_django

# So many in one play: it keeps its people, and no more of its units than one transaction holds.
_PLAY = 20_000


def main(steps: int, start: int) -> None:
    set_up_django()
    from django.db import transaction

    from tests.registry.ledger.test_machine import play
    from tools.scratch import scratch_database

    reached: Counter[str] = Counter()
    difference = ""
    with scratch_database():
        while (done := sum(reached.values())) < steps and not difference:
            with transaction.atomic():
                try:
                    reached.update(play(min(_PLAY, steps - done), start + done))
                except AssertionError as error:
                    difference = f"after {done} operations: {error}"
                transaction.set_rollback(True)
    print(json.dumps({"reached": reached, "difference": difference}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
