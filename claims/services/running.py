"""A worker at a job: begun, done by the service that it was asked of, ended one way or another."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from claims.models import Job
from claims.services import jobs
from claims.services.jobs import REFUSALS, Clock, Lost, Progress
from claims.services.planned import claim_for
from claims.services.plans import plan_for
from claims.services.statements import submit_for

_DOERS: dict[str, Callable[..., None]] = {
    Job.Kind.PLAN: plan_for,
    Job.Kind.CLAIM: claim_for,
    Job.Kind.SUBMIT: submit_for,
    Job.Kind.PUBLISH: submit_for,
}


def run_job(*, pk: UUID, clock: Clock) -> bool:
    """Do one job that waits, or that its worker left. Whether this call brought it to its end."""
    job = jobs.begin(pk, clock())
    if job is None:
        return False
    try:
        _DOERS[job.kind](job, clock=clock, progress=Progress(job, clock))
    except Lost:
        return False
    except REFUSALS as error:
        with transaction.atomic():
            try:
                held = jobs.hold(job)
            except Lost:
                return False
            jobs.end(held, "refuse", clock(), refusal=jobs.refusal_of(error))
    return True


def run_waiting(*, clock: Clock) -> int:
    """Do every job that waits, or whose worker fell silent; how many came to their end."""
    return sum(run_job(pk=pk, clock=clock) for pk in jobs.left_behind(clock()))
