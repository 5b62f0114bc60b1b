"""Plans that a worker makes: asked for, kept for their asker, put away after some days."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.errors import NotVisible
from accounts.models import Account, User
from claims.models import Inventory, Job, PlannedGroup, PlannedUnits
from claims.services import jobs
from claims.services.inventories import lock_inventory
from claims.services.planning import Suggested, Told, Wish, permit_plan, suggest_units
from registry.services.requests import once, retrying

# Of what was passed by, so many are kept with why.
_MOST_NAMED = 200
_BATCH = 2_000


@retrying
def ask_for_plan(*, by: User, now: datetime, key: str, inventory: Inventory, wish: Wish) -> Job:
    """Have a worker suggest units. The same wish, asked for again meanwhile, is the same job.

    Raises NotVisible, Refused, BadInput.
    """
    permit_plan(by=by, now=now, inventory=inventory, wish=wish)
    asked = _plain(wish)
    given = {"inventory": inventory.pk, **asked}
    with once(by=by, key=key, kind="inventory.plan", now=now, input=given) as request:
        if request.is_repeat:
            return Job.objects.get(pk=request.answer["job"])
        lock_inventory(inventory)
        job = jobs.ask(by=by, now=now, kind=Job.Kind.PLAN, inventory=inventory, asked=asked)
        request.answer = {"job": str(job.pk)}
        return job


def plan_for(job: Job, *, clock: jobs.Clock, progress: jobs.Progress) -> None:
    """The worker's part. Raises as suggest_units, and Lost."""
    made = suggest_units(
        by=job.asked_by,
        now=clock(),
        inventory=job.inventory,
        wish=wish_of(job),
        told=Told(progress.stage, progress.reached),
    )
    progress.stage("keeping the plan", None)
    with transaction.atomic():
        held = jobs.hold(job)
        _keep(held, made)
        jobs.end(held, "finish", clock(), result=_figures(made))


def wish_of(job: Job) -> Wish:
    """What the plan was asked for. Raises NotVisible for an account that is gone."""
    asked = job.asked
    account = None
    if asked["account"]:
        account = Account.objects.filter(pk=asked["account"]).first()
        if account is None:
            raise NotVisible(f"account {asked['account']}")
    return Wish(
        method=asked["method"],
        cap=asked["cap"],
        functional_unit=asked["functional_unit"],
        account=account,
        lines=frozenset(UUID(each) for each in asked["lines"]),
    )


def _plain(wish: Wish) -> dict[str, Any]:
    return {
        "method": wish.method,
        "cap": wish.cap,
        "functional_unit": wish.functional_unit,
        "account": "" if wish.account is None else str(wish.account.pk),
        "lines": sorted(str(each) for each in wish.lines),
    }


def _keep(job: Job, made: Suggested) -> None:
    """The suggestions as rows; the lines of a group once."""
    groups: dict[int, PlannedGroup] = {}
    rows = []
    for place, each in enumerate(made.plan.suggestions, 1):
        group = groups.get(id(each.group))
        if group is None:
            lines = [UUID(standing.line.id) for standing in each.group.standings]
            group = PlannedGroup(job=job, label=each.group.key.label[:400], lines=lines)
            groups[id(each.group)] = group
        lot = each.lot
        rows.append(
            PlannedUnits(
                job=job,
                group=group,
                place=place,
                issuance_id=made.issuances[lot.issuance],
                copy=lot.copy,
                first=lot.first,
                last=lot.last,
                reasons=list(each.reasons),
            )
        )
    PlannedGroup.objects.bulk_create(groups.values(), batch_size=_BATCH)
    PlannedUnits.objects.bulk_create(rows, batch_size=_BATCH)


def _figures(made: Suggested) -> dict[str, Any]:
    plan = made.plan
    left_out = [{"what": lot.label, "why": why} for lot, why in plan.left_out[:_MOST_NAMED]]
    passed_by = [{"what": name, "why": why} for name, why in made.passed_by[:_MOST_NAMED]]
    return {
        "volume": plan.volume,
        "suggestions": len(plan.suggestions),
        "left": sum(lot.quantity for lot in plan.left),
        "left_out": left_out,
        "left_out_count": len(plan.left_out),
        "passed_by": passed_by,
        "passed_by_count": len(made.passed_by),
    }
