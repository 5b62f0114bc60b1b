"""A kept plan applied as a whole by a worker: its units retired where they are held, and claimed.

It is judged like any other claim, and recorded whole or not at all.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.permissions import Right, require, require_initiator
from claims.accounting.codec import decode, encode
from claims.models import Claim, InventoryLine, Job, PlannedUnits
from claims.services import jobs
from claims.services.claiming import make_claim
from claims.services.inventories import lock_inventory, require_claimant
from claims.services.making import Terms, walked
from claims.services.pending import Claiming, retire_and_claim
from claims.services.plans import wish_of
from claims.transitions import JobState
from registry.errors import BadInput, NotNow
from registry.ledger import MOST_LINES, Line
from registry.services.requests import once, retrying


@retrying
def ask_to_claim(*, by: User, now: datetime, key: str, plan: Job, terms: Terms) -> Job:
    """Have a worker claim everything that a plan suggests, in one claim.

    terms: their method and cap are the plan's. Raises NotVisible, Refused, BadInput, NotNow for a
    plan that is not made, or put away.
    """
    inventory = plan.inventory
    require_initiator(by, inventory.organisation)
    require_claimant(inventory.organisation, now.date())
    if plan.kind != Job.Kind.PLAN:
        raise BadInput({"plan": [f"Choose a plan; this is a {plan.kind}."]})
    wish = wish_of(plan)
    if wish.account is not None:
        require(by, Right.INITIATE, wish.account)
    meant = replace(terms, method=wish.method, cap=wish.cap)
    walked(meant)
    asked = {"plan": str(plan.pk), "terms": encode(meant)}
    with once(by=by, key=key, kind="inventory.plan.claim", now=now, input=asked) as request:
        if request.is_repeat:
            return Job.objects.get(pk=request.answer["job"])
        lock_inventory(inventory)
        _require_made(plan)
        _require_unclaimed(plan)
        job = jobs.ask(by=by, now=now, kind=Job.Kind.CLAIM, inventory=inventory, asked=asked)
        request.answer = {"job": str(job.pk)}
        return job


def claim_for(job: Job, *, clock: jobs.Clock, progress: jobs.Progress) -> None:
    """The worker's part. The key is the job's, so one that died after its claim makes no other."""
    progress.stage("reading the plan", None)
    plan = Job.objects.select_related("inventory__organisation").get(pk=job.asked["plan"])
    _require_made(plan)
    wish = wish_of(plan)
    ids = {id for group in plan.groups.all() for id in group.lines}
    mine = InventoryLine.objects.filter(inventory=plan.inventory).only("pk", "inventory")
    lines = [line for line in mine.iterator() if line.pk in ids]
    if len(lines) < len(ids):
        raise BadInput({"lines": ["Lines of the plan were removed since. Plan again."]})
    given: dict[str, Any] = {
        "by": job.asked_by,
        "now": clock(),
        "key": f"job {job.pk}",
        "inventory": plan.inventory,
        "lines": lines,
        "units": runs_of(plan.units.order_by("place")),
        "terms": decode(Terms, job.asked["terms"], "terms"),
    }
    progress.stage("judging and recording the claim", len(lines))
    made: Claiming
    if wish.account is None:
        made = make_claim(**given)
    else:
        made = retire_and_claim(account=wish.account, **given)
    result = {"code": made.code, "is_pending": not isinstance(made, Claim)}
    jobs.finish(job, clock(), result=result)


def runs_of(units: Iterable[PlannedUnits]) -> list[Line]:
    """The plan's units, neighbours joined: an order takes a limited number of runs.

    Raises BadInput for more.
    """
    ordered = sorted(units, key=lambda each: (each.issuance_id, each.copy, each.first))
    runs: list[Line] = []
    for each in ordered:
        before = runs[-1] if runs else None
        if (
            before is not None
            and (before.issuance, before.copy) == (each.issuance_id, each.copy)
            and before.last + 1 == each.first
        ):
            runs[-1] = replace(before, last=each.last)
        else:
            runs.append(Line(each.issuance_id, each.copy, each.first, each.last))
    if not 1 <= len(runs) <= MOST_LINES:
        raise BadInput(
            {"units": [f"The plan has {len(runs):,} runs of units; 1 to {MOST_LINES:,} at a time."]}
        )
    return runs


def _require_made(plan: Job) -> None:
    if plan.state != JobState.DONE:
        raise NotNow(
            found=f"The plan is {plan.state}.",
            allowed="A plan is claimed while it is kept.",
            action="Wait for the plan, or make it again.",
        )


def _require_unclaimed(plan: Job) -> None:
    """Asked for again after it was claimed, the plan has nothing left to claim."""
    before = Job.objects.filter(
        inventory=plan.inventory, kind=Job.Kind.CLAIM, state=JobState.DONE, asked__plan=str(plan.pk)
    ).first()
    if before is not None and before.result is not None:
        raise NotNow(
            found=f"The plan was claimed already: {before.result['code']}.",
            allowed="A plan is claimed once.",
            action="Make another plan for what is left.",
        )
