"""Each lock of a service: it waits where it reads, before it judges what it read.

Another connection holds the whole table, which stands for whichever row: plain reads go on, and
the first statement that has to wait must be the read that locks, never a write after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import psycopg
import pytest
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone

from accounts.models import Account
from claims.accounting import tree
from claims.models import DecisionPath, Inventory, Job, LineImport, PendingClaim, Statement
from claims.services import imports, inventories, jobs, paths, pending, statement_steps
from registry import models as records
from registry.ledger import NotThere
from registry.models import CoClaim, IronLot, Notice, Production
from registry.queries import Wanted
from registry.services import (
    accreditations,
    additionality,
    adjustments,
    cancellations,
    care,
    closing,
    co_claim_steps,
    co_claims,
    dialogue,
    ex_ante,
    issuing,
    measured,
    notices,
    pathways,
    policies,
    productions,
    recipients,
    retirements,
    selection,
    suspensions,
    transfer_rows,
)
from registry.services.verifications import Figures
from tests.cast import cast, key
from tests.claims.services.stage import inventory
from tests.registry.services.sharing import Sharing, confirm, consent, propose, sharing
from tests.support.template import database_url

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("service locks")]

NOW = timezone.now()
TODAY = NOW.date()


@dataclass(frozen=True)
class World:
    """Sharing's people and units, with a co-claim that only waits for the issuer."""

    scene: Sharing
    co_claim: CoClaim

    @property
    def production(self) -> Production:
        return self.scene.issuance.production


@pytest.fixture(scope="module")
def world(committed_database: None) -> World:
    scene = sharing(cast())
    co_claim = propose(scene)
    consent(scene, co_claim)
    of = World(scene, co_claim)
    _draw_iron(of)
    _forget_a_table(of)
    return of


def _draw_iron(world: World) -> None:
    """An allocation that draws on iron of this registry, and on iron from elsewhere."""
    by = world.scene.people.erik
    allocation = records.Allocation.objects.create(
        production=world.production, saved_at=NOW, saved_by=by
    )
    lot = partial(IronLot.objects.create, allocation=allocation, kind="dri", is_green=True)
    lot(position=0, name="Ours", origin="here", iron_production=world.production)
    lot(position=1, name="Theirs", origin="other_registry", reference="LOT 1")


def _forget_a_table(world: World) -> None:
    """Lines that somebody brought a year ago, and never confirmed; and a plan as old."""
    carl, long_ago = world.scene.people.carl, NOW - timedelta(days=365)
    mine = inventory(carl, world.scene.people.auto_werke)
    Job.objects.create(
        inventory=mine,
        kind="plan",
        state="done",
        asked={},
        asked_by=carl,
        asked_at=long_ago,
        touched_at=long_ago,
        expires_at=long_ago,
    )
    LineImport.objects.create(
        inventory=mine,
        mode="add",
        size=1,
        created_at=long_ago,
        created_by=carl,
        touched_at=long_ago,
    )


@contextmanager
def held(statement: str, *values: object) -> Iterator[None]:
    """Another connection holds what this locks; who waits for it is told so after a moment."""
    url = database_url(connection.settings_dict["NAME"])
    with psycopg.connect(url) as other, connection.cursor() as cursor:
        other.execute(statement, values)
        cursor.execute("SET LOCAL lock_timeout = '150ms'")
        try:
            yield
        finally:
            other.rollback()


def waits_where_it_reads(model: type[models.Model], act: Callable[[], Any]) -> None:
    table, stuck = model._meta.db_table, []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        try:
            return execute(sql, params, many, context)
        except OperationalError:
            stuck.append(sql)
            raise

    with (
        held(f"LOCK TABLE {table} IN EXCLUSIVE MODE"),
        connection.execute_wrapper(watch),
        transaction.atomic(),
    ):
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            act()
        read = " ".join(stuck[0].replace('"', "").split())
        assert read.startswith("SELECT")
        assert f"FROM {table}" in read


def unsaved(model: type[models.Model], **values: Any) -> Any:
    """A record whose key alone matters: the lock comes before anything is read of it."""
    return model(pk=uuid4(), **values)


def _written(world: World) -> dict[str, Any]:
    return {"now": NOW, "key": key()}


def _verification(world: World) -> Any:
    people = world.scene.people
    return unsaved(records.Verification, production=world.production, auditor=people.veritas)


def end_accreditation(world: World) -> Any:
    row = records.Accreditation.objects.get()
    by = world.scene.people.olga
    return accreditations.end_accreditation(by=by, accreditation=row, on=TODAY, **_written(world))


def answer_criterion(world: World) -> Any:
    return additionality.answer_criterion(
        by=world.scene.people.erik,
        production=world.production,
        criterion=unsaved(records.AgreementCriterion),
        met=True,
        **_written(world),
    )


def needs_second_person(world: World) -> Any:
    policy = policies.Policy(approval_above=1)
    account = world.scene.people.steel_account
    return care.needs_second_person(account, policy, 5, on=TODAY)


def respond(world: World) -> Any:
    return dialogue.respond(
        by=world.scene.people.erik,
        finding=unsaved(records.AuditFinding, verification=_verification(world)),
        response="accepted",
        **_written(world),
    )


def answer(world: World) -> Any:
    return dialogue.answer(
        by=world.scene.people.erik,
        asked=unsaved(records.EvidenceRequest, verification=_verification(world)),
        text="Here it is.",
        **_written(world),
    )


def resolve(world: World) -> Any:
    # Who may is asked elsewhere.
    with patch.object(dialogue, "_require_auditor"):
        return dialogue.resolve(
            by=world.scene.people.vera,
            finding=unsaved(records.AuditFinding, verification=_verification(world)),
            resolution="Seen.",
            **_written(world),
        )


def open_ex_ante(world: World) -> Any:
    return ex_ante.open_ex_ante(
        by=world.scene.people.erik,
        site=world.production.site,
        auditor=world.scene.people.veritas,
        functional_unit="crude_steel",
        recurrence="annual",
        **_written(world),
    )


def sign_ex_ante(world: World) -> Any:
    with patch.object(ex_ante, "_require_engaged"):
        return ex_ante.sign_ex_ante(
            by=world.scene.people.vera,
            audit=unsaved(records.ExAnteAudit, site=world.production.site),
            figures=Figures(*[Decimal(1)] * 4),
            statement="Expected.",
            **_written(world),
        )


def withdraw_ex_ante(world: World) -> Any:
    audit = unsaved(records.ExAnteAudit, site=world.production.site)
    by = world.scene.people.erik
    return ex_ante.withdraw_ex_ante(by=by, audit=audit, **_written(world))


def approve_production(world: World) -> Any:
    by = world.scene.people.olga
    return issuing.approve_production(by=by, production=world.production, **_written(world))


def record_pathway(world: World) -> Any:
    by, site = world.scene.people.erik, world.production.site
    return pathways.record_pathway(by=by, site=site, values={}, **_written(world))


def propose_policy(world: World) -> Any:
    people = world.scene.people
    change = records.PolicyChange(account=people.steel_account, kind="limits")
    return policies._propose(people.erik, NOW, key(), change)


def withdraw_retirement(world: World) -> Any:
    people = world.scene.people
    order = unsaved(records.RetirementOrder, account=people.auto_account)
    return retirements.withdraw_retirement(by=people.carl, order=order, **_written(world))


def plan_again(world: World) -> Any:
    """Others were always faster: from some plan on, the account is locked."""

    def too_late(*_: Any) -> Any:
        raise NotThere(left=(), wanted=1)

    account = world.scene.people.auto_account.pk
    return selection.with_lines(Wanted(1), account, on=TODAY, act=too_late)


def answer_question(world: World) -> Any:
    question, asked = next(iter(tree.QUESTIONS.items()))
    people = world.scene.people
    return paths.answer_question(
        by=people.carl,
        inventory=unsaved(Inventory, organisation=people.auto_werke),
        answer=tree.Answer(question, next(iter(asked.answers)), "Our books."),
        **_written(world),
    )


def _iron(world: World) -> None:
    measured.lock_iron(world.production)


def _close(world: World) -> Any:
    by = world.scene.people.olga
    return closing.close_orders([uuid4()], by=by, now=NOW, why="Doubt.")


def _of(function: Callable[[Any], Any], model: type[models.Model]) -> Callable[[World], Any]:
    return lambda _: function(unsaved(model))


# Lock: the module and function that read, and what they read. Then the way there.
WAYS: dict[str, tuple[type[models.Model], Callable[[World], Any]]] = {
    "accreditations:end_accreditation Accreditation": (records.Accreditation, end_accreditation),
    "additionality:answer_criterion Production": (Production, answer_criterion),
    "additionality:_locked Production": (Production, _of(additionality._locked, Production)),
    "additionality:_locked Agreement": (
        records.Agreement,
        _of(additionality._locked, records.Agreement),
    ),
    "adjustments:_lock Adjustment": (
        records.Adjustment,
        _of(adjustments._lock, records.Adjustment),
    ),
    "cancellations:_lock Cancellation": (
        records.Cancellation,
        _of(cancellations._lock, records.Cancellation),
    ),
    "care:needs_second_person Account": (Account, needs_second_person),
    "closing:close_orders Transfer": (records.Transfer, _close),
    "closing:close_orders RetirementOrder": (records.RetirementOrder, _close),
    "co_claim_steps:lock CoClaim": (CoClaim, _of(co_claim_steps.lock, CoClaim)),
    "co_claims:_execute AgreementRights": (
        records.AgreementRights,
        lambda world: confirm(world.scene, world.co_claim),
    ),
    "dialogue:answer EvidenceRequest": (records.EvidenceRequest, answer),
    "dialogue:respond AuditFinding": (records.AuditFinding, respond),
    "dialogue:resolve AuditFinding": (records.AuditFinding, resolve),
    "ex_ante:open_ex_ante Site": (records.Site, open_ex_ante),
    "ex_ante:sign_ex_ante ExAnteAudit": (records.ExAnteAudit, sign_ex_ante),
    "ex_ante:withdraw_ex_ante ExAnteAudit": (records.ExAnteAudit, withdraw_ex_ante),
    "jobs:begin Job": (Job, lambda _: jobs.begin(uuid4(), NOW)),
    "jobs:expire old": (Job, lambda _: jobs.expire(now=NOW)),
    "jobs:hold Job": (Job, lambda _: jobs.hold(unsaved(Job))),
    "imports:discard_forgotten old": (
        LineImport,
        lambda _: imports.discard_forgotten(now=NOW),
    ),
    "imports:_keep LineImport": (
        LineImport,
        lambda _: imports._keep(unsaved(LineImport), [], None, NOW),  # type: ignore[arg-type]
    ),
    "imports:_locked LineImport": (LineImport, _of(imports._locked, LineImport)),
    "imports:_taken LineImport": (LineImport, lambda _: imports._taken(uuid4(), NOW)),
    "paths:answer_question DecisionPath": (DecisionPath, answer_question),
    "pending:order_ended PendingClaim": (
        PendingClaim,
        lambda _: pending.order_ended(unsaved(records.RetirementOrder), None, NOW),
    ),
    "statement_steps:lock rows": (Statement, _of(statement_steps.lock, Statement)),
    "issuing:approve_production Site": (records.Site, approve_production),
    "measured:lock_iron Production": (Production, _iron),
    "measured:lock_iron IronLot": (IronLot, _iron),
    "pathways:record_pathway Site": (records.Site, record_pathway),
    "policies:_propose Account": (Account, propose_policy),
    "policies:_lock PolicyChange": (
        records.PolicyChange,
        _of(policies._lock, records.PolicyChange),
    ),
    "productions:lock Production": (Production, _of(productions.lock, Production)),
    "recipients:_lock DeliveryNotice": (
        records.DeliveryNotice,
        _of(recipients._lock, records.DeliveryNotice),
    ),
    "retirements:withdraw_retirement RetirementOrder": (
        records.RetirementOrder,
        withdraw_retirement,
    ),
    "retirements:_finish RetirementOrder": (
        records.RetirementOrder,
        lambda _: retirements._finish(uuid4()),
    ),
    "selection:with_lines Account": (Account, plan_again),
    "suspensions:_lock Suspension": (
        records.Suspension,
        _of(suspensions._lock, records.Suspension),
    ),
    "transfer_rows:_LOCK FOR UPDATE": (
        records.Transfer,
        lambda _: transfer_rows.lock(records.Transfer(id=uuid4())),
    ),
    "inventories:lock_inventory Inventory": (
        Inventory,
        _of(inventories.lock_inventory, Inventory),
    ),
}


@pytest.mark.parametrize("lock", list(WAYS))
def test_who_would_judge_waits_where_it_reads(world: World, lock: str) -> None:
    model, way = WAYS[lock]
    waits_where_it_reads(model, partial(way, world))


def test_a_notice_somebody_sends_just_now_is_passed_over(world: World) -> None:
    many = Notice.objects.filter(sent_at=None).count()
    one = Notice.objects.filter(sent_at=None).earliest("id")
    with held("SELECT FROM registry_notice WHERE id = %s FOR UPDATE", one.pk):
        assert notices.send_notices(now=NOW) == many - 1


def test_a_co_claim_somebody_decides_just_now_does_not_lapse(world: World) -> None:
    late = NOW + timedelta(days=365)
    with held("SELECT FROM registry_coclaim WHERE id = %s FOR UPDATE", world.co_claim.pk):
        assert co_claims.lapse_co_claims(now=late) == 0
    assert co_claims.lapse_co_claims(now=late) == 1
