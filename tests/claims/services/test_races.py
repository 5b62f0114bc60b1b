"""Two claims at the same moment, with real commits on connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from threading import Barrier, Event
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
from registry.models import CoolingOff, Notice, Suspension
from registry.services.retirements import settle_due, withdraw_retirement
from registry.services.suspensions import Scope, approve_suspension, propose_suspension
from registry.tracing import covered, trace
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


def test_a_claim_and_a_suspension_in_one_instant_come_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = set_stage()
    people = stage.people

    def suspend(first: int) -> Callable[[], Suspension]:
        scope = Scope(ranges=(run(stage.steel, first, first + 4),))
        row = propose_suspension(by=people.olga, now=NOW, key=key(), scope=scope, reason="Doubt.")
        return lambda: approve_suspension(by=people.oscar, now=NOW, key=key(), suspension=row)

    # The claim is judged and not yet committed: the suspension waits, and traces it.
    row, made_claim = _one_waits_for_the_other(
        monkeypatch, "claims.services.claiming.record",
        first=lambda: claim(stage, 1, 10), then=suspend(6),
    )  # fmt: skip
    assert isinstance(row, Suspension)
    assert isinstance(made_claim, Claim)
    told = Notice.objects.get(
        kind="suspension.begun", about_id=row.pk, organisation=people.auto_werke
    )
    assert told.at == NOW
    assert [each.code for each in trace(covered(row)).said] == [made_claim.code]

    # The suspension is written and not yet committed: the claim waits, and is refused.
    refused, row = _one_waits_for_the_other(
        monkeypatch, "registry.services.suspensions._tell",
        first=suspend(26), then=lambda: claim(stage, 21, 30),
    )  # fmt: skip
    assert isinstance(refused, RulesBroken)
    assert isinstance(row, Suspension)
    assert trace(covered(row)).said == ()


def _one_waits_for_the_other(
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    *,
    first: Callable[[], Any],
    then: Callable[[], Any],
) -> tuple[Any, Any]:
    """What `then` came to, and `first`, which was held back at `where` while it began."""
    module, _, name = where.rpartition(".")
    go_on = getattr(import_module(module), name)
    reached, go = Event(), Event()

    def held_back(*args: Any, **values: Any) -> Any:
        reached.set()
        assert go.wait(timeout=30)
        return go_on(*args, **values)

    def alone(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except (NotNow, RulesBroken) as refusal:
            return refusal
        finally:
            connection.close()

    with monkeypatch.context() as patch, ThreadPoolExecutor(max_workers=2) as threads:
        patch.setattr(where, held_back)
        before = threads.submit(alone, first)
        assert reached.wait(timeout=30)
        after = threads.submit(alone, then)
        with pytest.raises(TimeoutError):
            after.result(timeout=1)
        go.set()
        return after.result(timeout=30), before.result(timeout=30)


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
