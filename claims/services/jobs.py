"""Jobs: what a worker does because its asker cannot wait for it. Asked for, told of, ended.

The row is the truth: it is written with the wish and a message only wakes a worker. One that
falls silent is followed by another, which begins anew under a higher attempt; what the silent one
still writes is then refused. What a job makes is written in the transaction that ends it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.errors import NotVisible, Refused
from accounts.models import User
from claims.models import Inventory, Job, Statement
from claims.services.waking import PATIENCE, SILENCE, wake
from claims.transitions import JOB_OPEN, JOB_STEPS, JobState
from registry.errors import BadInput, NotNow, RulesBroken
from registry.ledger import NotThere
from registry.transitions import after

Clock = Callable[[], datetime]

# A job that killed so many workers is given up.
_MOST_ATTEMPTS = 3
# Progress is written down so often.
_EVERY = timedelta(seconds=1)
_AT_A_TIME = 100

# What a service may say instead of doing what it is asked for.
REFUSALS = (RulesBroken, BadInput, NotNow, NotThere, Refused, NotVisible)


class Lost(Exception):
    """Another worker is at the job by now, or it is over."""


@dataclass
class Progress:
    """Tells how far a job is: a stage in words, and how many of how many. Raises Lost."""

    job: Job
    clock: Clock
    _written_at: datetime | None = field(default=None, init=False)

    def stage(self, words: str, of: int | None = None) -> None:
        self.job.stage, self.job.done, self.job.of = words, 0, of
        self._write(self.clock())

    def reached(self, done: int) -> None:
        now = self.clock()
        self.job.done = done
        if self._written_at is None or now - self._written_at >= _EVERY:
            self._write(now)

    def _write(self, now: datetime) -> None:
        self._written_at = now
        mine = Job.objects.filter(
            pk=self.job.pk, attempt=self.job.attempt, state=JobState.RUNNING.value
        )
        job = self.job
        if not mine.update(stage=job.stage, done=job.done, of=job.of, touched_at=now):
            raise Lost(f"job {job.pk}")


def is_large(number: int) -> bool:
    """Whether so many lines, or runs of units, are for a worker."""
    return bool(number > settings.BILLET_MOST_AT_ONCE)


def ask(
    *,
    by: User,
    now: datetime,
    kind: str,
    inventory: Inventory,
    asked: Mapping[str, Any],
    statement: Statement | None = None,
) -> Job:
    """The open job for this wish, or a new one, which a worker is told of after the commit.

    Inside the caller's transaction, with the inventory locked, so that two clicks give one job.
    """
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    same = Q(inventory=inventory, kind=kind, asked_by=by, asked_sha256=digest)
    if statement is not None:
        same = Q(statement=statement)
    found = Job.objects.filter(same, state__in=JOB_OPEN).first()
    if found is not None:
        return found
    job = Job.objects.create(
        kind=kind,
        inventory=inventory,
        statement=statement,
        asked=dict(asked),
        asked_sha256=digest,
        asked_by=by,
        asked_at=now,
        touched_at=now,
        expires_at=now + PATIENCE,
    )
    transaction.on_commit(lambda: wake("claims.tasks.run_job", job.pk))
    return job


def begin(pk: UUID, now: datetime) -> Job | None:
    """The job, begun for this worker; None where another one is at it, or it is over."""
    with transaction.atomic():
        rows = Job.objects.select_for_update(of=("self",), skip_locked=True)
        job = rows.filter(pk=pk, state__in=JOB_OPEN).first()
        if job is None or (job.state == JobState.RUNNING and job.touched_at > now - SILENCE):
            return None
        if job.attempt >= _MOST_ATTEMPTS:
            end(job, "give up", now, refusal=_given_up(job))
            return None
        _step(job, "begin")
        job.attempt, job.touched_at = job.attempt + 1, now
        job.stage, job.done, job.of = "", 0, None
        job.save()
        return job


def hold(job: Job) -> Job:
    """The job as it stands, locked: it is still this worker's. Raises Lost."""
    rows = Job.objects.select_for_update(of=("self",))
    held = rows.filter(pk=job.pk, attempt=job.attempt, state=JobState.RUNNING.value).first()
    if held is None:
        raise Lost(f"job {job.pk}")
    return held


def end(
    job: Job,
    action: str,
    now: datetime,
    *,
    result: Mapping[str, Any] | None = None,
    refusal: Mapping[str, Any] | None = None,
) -> None:
    """Take the last step: finish, refuse or give up."""
    _step(job, action)
    job.result = None if result is None else dict(result)
    job.refusal = None if refusal is None else dict(refusal)
    job.touched_at = job.ended_at = now
    job.expires_at = now + PATIENCE
    job.save()


def finish(job: Job, now: datetime, *, result: Mapping[str, Any]) -> None:
    """End a job whose work is on record already. Raises Lost."""
    with transaction.atomic():
        end(hold(job), "finish", now, result=result)


def refusal_of(error: Exception) -> dict[str, Any]:
    """A service's refusal as the page and the interface for programs give it."""
    if isinstance(error, RulesBroken):
        findings = [each.as_dict() for each in error.findings]
        return {"status": 422, "texts": [str(error)], "findings": findings}
    status = {BadInput: 400, Refused: 403, NotVisible: 404}.get(type(error), 409)
    return {"status": status, "texts": [str(error)], "findings": []}


def left_behind(now: datetime) -> list[UUID]:
    """Jobs that wait, or whose worker fell silent, the longest first."""
    silent = Q(state=JobState.RUNNING.value, touched_at__lt=now - SILENCE)
    rows = Job.objects.filter(Q(state=JobState.WAITING.value) | silent).order_by("touched_at")
    return list(rows.values_list("pk", flat=True)[:_AT_A_TIME])


def expire(*, now: datetime) -> int:
    """Put away what came of jobs long ago: the plan's rows, never what was recorded; how many."""
    over = (JobState.DONE.value, JobState.REFUSED.value, JobState.FAILED.value)
    old = Job.objects.filter(state__in=over, expires_at__lte=now)
    count = 0
    for pk in list(old.values_list("pk", flat=True)[:_AT_A_TIME]):
        with transaction.atomic():
            job = old.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if job is not None:
                job.units.all().delete()
                job.groups.all().delete()
                _step(job, "expire")
                job.result = None
                job.save()
                count += 1
    return count


def _step(job: Job, action: str) -> None:
    state = after(JOB_STEPS, job.state, action)
    assert state is not None, f"a job that is {job.state} does not {action}"
    job.state = state


def _given_up(job: Job) -> dict[str, Any]:
    text = (
        f"It was begun {job.attempt} times and never came to its end; the last word of it was "
        f"“{job.stage or 'none'}”. Ask again, for fewer lines where that can be, and tell the "
        "operator if it happens again."
    )
    return {"status": 500, "texts": [text], "findings": []}
