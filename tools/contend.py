"""One process of the races: 32 threads for so many attempts, in a database of its own.

    python -m tools.contend ATTEMPTS SEED

Prints one JSON object.
"""

from __future__ import annotations

import json
import sys

from tools.measure import set_up_django


def main(attempts: int, seed: int) -> None:
    set_up_django()
    from tests.campaigns.races import Races
    from tests.cast import cast, issue
    from tools.scratch import scratch_database

    with scratch_database():
        people = cast()
        outcome = Races(people, issue(people, tonnes=1_000, steel=True)).run(attempts, seed=seed)
    print(
        json.dumps(
            {
                "attempts": outcome.attempts,
                "doubled": outcome.doubled,
                "faults": outcome.faults,
                "reached": outcome.reached,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
