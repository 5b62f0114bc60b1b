"""32 threads contend for one holding, one range, one proposal and one key.

`make torture` makes 100,000 attempts.
"""

import pytest

from tests.campaigns.races import ATTEMPTS_A_ROUND, Races
from tests.cast import Cast, cast, issue
from tests.registry.ledger.invariants import assert_sound

ROUNDS = 6
# 270 units beside those of the one key, at most 9 for each.
LEAST_SERVED = 30


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.mark.django_db(transaction=True)
def test_whatever_32_threads_contend_for_goes_to_one_of_them(people: Cast) -> None:
    pattern = issue(people, tonnes=1_000, steel=True)

    outcome = Races(people, pattern).run(ROUNDS * ATTEMPTS_A_ROUND)

    assert (outcome.doubled, outcome.faults) == ([], [])
    reached = outcome.reached
    # Of each round: one of each that can be had once; who asked for any units got them while
    # there were some, and one key made one transfer for all who sent it.
    assert (reached["take range"], reached["settle"]) == (ROUNDS, ROUNDS)
    assert reached["same key"] >= ROUNDS
    assert reached["take some"] >= ROUNDS * LEAST_SERVED
    assert_sound()
