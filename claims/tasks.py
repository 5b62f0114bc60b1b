"""What beat and the web start. Each task hands on the clock and calls one service."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from claims.services import imports, jobs, running


@shared_task
def read_import(pk: str) -> bool:
    return imports.read_import(pk=UUID(pk), clock=timezone.now)


@shared_task
def sweep_imports() -> int:
    """Read what no message told of, and put away what nobody confirmed."""
    return imports.read_waiting(clock=timezone.now) + imports.discard_forgotten(now=timezone.now())


@shared_task
def run_job(pk: str) -> bool:
    return running.run_job(pk=UUID(pk), clock=timezone.now)


@shared_task
def sweep_jobs() -> int:
    """Do what no message told of or a dead worker left, and put away what is old."""
    return running.run_waiting(clock=timezone.now) + jobs.expire(now=timezone.now())
