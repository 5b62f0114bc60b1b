"""What beat starts. Each task reads the clock once and calls one service."""

from celery import shared_task
from django.utils import timezone

from registry.log.at_work import audit_here, sequence_here
from registry.services import sweeps
from registry.services.notices import send_notices as send


@shared_task
def sweep_verification_deadlines() -> int:
    return sweeps.mark_overdue_verifications(now=timezone.now())


@shared_task
def sweep_retirements() -> int:
    return sweeps.finish_retirements(now=timezone.now())


@shared_task
def sweep_offers() -> int:
    return sweeps.lapse_offers(now=timezone.now())


@shared_task
def sweep_vintage_expiry() -> int:
    return sweeps.expire_vintages(now=timezone.now())


@shared_task
def send_notices() -> int:
    return send(now=timezone.now())


@shared_task
def sequence_log() -> int:
    """Number, sign and publish what has been booked; how many events."""
    signed = sequence_here(now=timezone.now())
    return signed.added if signed else 0


@shared_task
def audit_log() -> int:
    return audit_here()


@shared_task
def sweep_co_claims() -> int:
    return sweeps.lapse_open_co_claims(now=timezone.now())
