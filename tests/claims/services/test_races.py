"""Two claims at the same moment, with real commits on connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection

from claims.accounting.recompute import recompute
from claims.accounting.wording import DISCLOSURE
from claims.models import Claim, ClaimedRange, PendingClaim, Statement
from claims.services.inventories import remove_line
from claims.services.pending import retire_and_claim
from claims.services.reconciling import claimed_but_not_retired
from claims.services.statements import publish_statement
from registry.errors import BadInput, NotNow, RulesBroken
from registry.ledger import NotThere
from registry.models import CoolingOff
from registry.services.retirements import settle_due, withdraw_retirement
from tests import cast
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import DIRECT, ENHANCED, NOW, claim, run, set_stage
from tests.registry.services.acts import put

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")


def at_once(*acts: Callable[[], T]) -> list[T | Exception]:
    """Run the acts together, each on its own connection; what each returned or raised."""
    together = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Exception:
        try:
            connection.ensure_connection()
            together.wait(timeout=30)
            return act()
        except (BadInput, NotNow, NotThere, RulesBroken) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return list(threads.map(run, acts))


def made(outcomes: list[Any]) -> list[Any]:
    return [each for each in outcomes if isinstance(each, Claim | PendingClaim)]


def test_claims_at_the_same_moment_never_share_a_unit_a_tonne_or_a_line() -> None:
    stage = set_stage()
    carl, ours = stage.people.carl, stage.people.auto_werke
    # The same units on two inventories: no lock in common but the units themselves.
    inventories = [act.inventory(carl, ours, name=f"Half {n}") for n in (1, 2)]
    lines = [act.line(carl, each) for each in inventories]
    for pair in range(5):
        units = [run(stage.steel, pair * 10 + 1, pair * 10 + 10)]
        outcomes = at_once(
            *[
                lambda n=n, units=units: claim(
                    stage, 1, 1, inventory=inventories[n], lines=[lines[n]], units=units
                )
                for n in (0, 1)
            ]
        )
        assert len(made(outcomes)) == 1, outcomes
        refusal = next(each for each in outcomes if isinstance(each, Exception))
        assert isinstance(refusal, NotNow | RulesBroken)
    assert ClaimedRange.objects.count() == 5

    # Other units on the same line: together more than its tonnes.
    small = act.line(carl, stage.inventory, tonnes=Decimal(100))
    outcomes = at_once(
        lambda: claim(stage, 101, 160, DIRECT, lines=[small]),
        lambda: claim(stage, 201, 260, ENHANCED, lines=[small]),
    )
    assert len(made(outcomes)) == 1, outcomes
    refusal = next(each for each in outcomes if isinstance(each, RulesBroken))
    assert "R125" in {finding.rule for finding in refusal.failures}

    # A line removed and claimed: either, not both.
    doomed = act.line(carl, stage.inventory, name="Doomed")
    outcomes = at_once(
        lambda: claim(stage, 301, 310, lines=[doomed]),
        lambda: remove_line(by=carl, now=NOW, key=key(), line=doomed),  # type: ignore[arg-type,return-value]
    )
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert len(refused) == 1, outcomes
    assert bool(made(outcomes)) == stage.inventory.lines.filter(pk=doomed.pk).exists()

    # Statements at once: one chain, each replacing the one before.
    def publish() -> Statement:
        return publish_statement(
            by=carl, now=NOW, key=key(), inventory=stage.inventory, text=DISCLOSURE
        )

    assert not [each for each in at_once(publish, publish, publish) if isinstance(each, Exception)]
    statements = Statement.objects.filter(inventory=stage.inventory)
    assert statements.filter(supersedes=None).count() == 1
    assert statements.filter(superseded_by=None).count() == 1
    assert all(recompute(each.document) == [] for each in statements)


def test_the_same_units_are_retired_and_claimed_by_one_of_two_people() -> None:
    """Pending claims on two inventories, then the sweep and a withdrawal at one moment."""
    stage = set_stage()
    carl, ours, account = stage.people.carl, stage.people.auto_werke, stage.people.auto_account
    more = cast.issue(stage.people, tonnes=100, steel=True)
    put(more, account)
    CoolingOff.objects.create(account=account, minutes=60, set_at=NOW, set_by=carl)
    inventories = [act.inventory(carl, ours, name=f"Half {n}") for n in (1, 2)]
    lines = [act.line(carl, each) for each in inventories]

    def step(n: int, first: int, last: int) -> Any:
        return retire_and_claim(
            by=carl,
            now=NOW,
            key=key(),
            account=account,
            inventory=inventories[n],
            lines=[lines[n]],
            units=[run(more, first, last)],
            terms=DIRECT,
        )

    outcomes = at_once(lambda: step(0, 1, 60), lambda: step(1, 41, 100))
    (pending,) = made(outcomes)
    assert PendingClaim.objects.count() == 1

    # The same line at once, by two people, with units that differ.
    free = 1 - inventories.index(pending.inventory)
    first, last = (61, 100) if pending.order.lines.get().serials.lower == 1 else (1, 40)
    outcomes = at_once(lambda: step(free, first, first + 9), lambda: step(free, first + 10, last))
    assert len(made(outcomes)) == 1, outcomes

    # Final and withdrawn at once: a claim or none, never half.
    late = NOW + timedelta(hours=1)
    at_once(
        lambda: settle_due(now=late),
        lambda: withdraw_retirement(by=carl, now=NOW, key=key(), order=pending.order),  # type: ignore[arg-type,return-value]
        lambda: settle_due(now=late),
    )
    pending.refresh_from_db()
    assert (pending.state == "made") == Claim.objects.filter(code=pending.code).exists()
    assert pending.state in ("made", "fallen")
    assert list(claimed_but_not_retired()) == []
