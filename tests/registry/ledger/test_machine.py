"""Thousands of operations in any order: the ledger does what the model does, nothing else."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.cast import cast, issue
from tests.registry.ledger.machine import LedgerMachine

# STEPS=20000 for a longer campaign: on two idle cores about a minute and a half.
STEPS = int(os.environ.get("STEPS", "5000"))
STEPS_EACH = 100
REACHED = (
    "issue",
    "reserved",
    "reserved: refused",
    "retired",
    "retired: refused",
    "accept",
    "accept: refused",
    "decline",
    "decline: refused",
    "withdraw",
    "withdraw: refused",
    "lapse",
    "lapse: refused",
    "expire",
    "expire: nothing due",
)


@pytest.mark.django_db
def test_the_ledger_does_what_the_model_does() -> None:
    LedgerMachine.people = cast()
    LedgerMachine.first = issue(LedgerMachine.people, tonnes=1_000, steel=True)
    LedgerMachine.reached.clear()
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            # Some examples end early and some draws are idle, so more of them.
            max_examples=max(STEPS * 2 // STEPS_EACH, 1),
            stateful_step_count=STEPS_EACH,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    reached = LedgerMachine.reached
    print(f"\n{sum(reached.values())} operations: {dict(sorted(reached.items()))}")  # noqa: T201
    assert sum(reached.values()) >= STEPS
    for name in REACHED:
        assert reached[name] >= min(50, STEPS // 250), f"{name} was reached {reached[name]} times"
