"""Thousands of operations in any order: the ledger does what the model does, nothing else."""

import os
from collections import Counter
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from registry import ledger
from registry.ledger import Line
from tests.cast import cast, issue
from tests.registry.ledger.machine import LedgerMachine

# STEPS=1000000 for a campaign; the parts run side by side.
STEPS = int(os.environ.get("STEPS", "20000"))
# SEED=… for other plays.
SEED = int(os.environ.get("SEED", "1"))
PARTS = 2
STEPS_EACH = 100
# How often every operation and refusal has to be reached, in as many operations as are enough.
LEAST = 50
ENOUGH = 20_000
REACHED = (
    "issue",
    "propose",
    "propose: NotThere",
    "retire",
    "retire: NotThere",
    "begin_retirement",
    "begin_retirement: NotThere",
    "cancel",
    "cancel: NotThere",
    "accept",
    "accept: LedgerError",
    "accept: CoClaimed",
    "own move",
    "decline",
    "decline: LedgerError",
    "withdraw",
    "withdraw: LedgerError",
    "lapse",
    "lapse: LedgerError",
    "finish_retirement",
    "finish_retirement: LedgerError",
    "withdraw_retirement",
    "withdraw_retirement: LedgerError",
    "suspend lines",
    "suspend lines: OrdersOpen",
    "suspend account",
    "suspend account: OrdersOpen",
    "suspend issuance",
    "suspend issuance: OrdersOpen",
    "lift",
    "co_claim with 1",
    "co_claim with 2",
    "co_claim with 1: NotThere",
    "co_claim with 2: NotThere",
    "name_seat",
    "name_seat: LedgerError",
    "expire",
    "expire: nothing due",
)


def least_of(steps: int) -> int:
    """How often at least, in so many operations: nothing is said of plays too short for it."""
    return LEAST * min(steps, ENOUGH) // ENOUGH if steps * PARTS >= ENOUGH else 0


def play(steps: int, start: int) -> Counter[str]:
    """So many operations at least, and more while some are rare; how often each was reached.

    start: where chance begins, so that a play can be repeated; another one is another play.
    """
    LedgerMachine.people = cast()
    LedgerMachine.first = issue(LedgerMachine.people, tonnes=1_000, steel=True)
    LedgerMachine.reached.clear()
    _clear_the_table()
    least = least_of(steps)
    while (done := sum(LedgerMachine.reached.values())) < steps or (
        done < 2 * steps and min(LedgerMachine.reached[name] for name in REACHED) < least
    ):
        left = max(steps - done, steps // 10)
        # Else every round would be the first again wherever Hypothesis takes chance away (CI).
        start += 1
        run_state_machine_as_test(
            seed(start)(LedgerMachine),
            settings=settings(
                max_examples=max(left // STEPS_EACH, 1),
                stateful_step_count=STEPS_EACH,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
        )
    return LedgerMachine.reached


def _clear_the_table() -> None:
    """The one true issuance is a pattern for copies, no part of the play: out of the way."""
    people, order, at = LedgerMachine.people, uuid4(), timezone.now()
    lines = [Line(LedgerMachine.first.pk, 1, 1, 1_000)]
    home, away = people.steel_account.pk, people.iron_account.pk
    ledger.reserve(transfer=order, account=home, lines=lines, by=people.erik.pk, at=at)
    ledger.accept(transfer=order, to_account=away, sender=None, by=people.erik.pk, at=at)


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_the_ledger_does_what_the_model_does(part: int) -> None:
    start = SEED + 1_000 * part
    reached = play(STEPS // PARTS, start)
    print(f"\nSEED={start}, {sum(reached.values())} operations: {dict(sorted(reached.items()))}")  # noqa: T201
    for name in REACHED:
        least = least_of(STEPS // PARTS)
        assert reached[name] >= least, f"{name} was reached {reached[name]} times"
