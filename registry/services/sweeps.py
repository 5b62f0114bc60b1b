"""What is due: set-based or one by one, safe to run twice or to miss for days.

Dates rule, not run times: rules look at the stored dates even when no sweep has run.
"""

from datetime import datetime

from django.db import transaction

from registry import ledger
from registry.models import Verification
from registry.queries import issuances_due_to_expire
from registry.services.co_claims import lapse_co_claims
from registry.services.retirements import settle_due
from registry.services.transfers import due_to_lapse, lapse_transfer


def mark_overdue_verifications(*, now: datetime) -> int:
    """Mark open verifications past their due date; how many."""
    return Verification.objects.filter(state=Verification.State.OPEN, due_on__lt=now.date()).update(
        state=Verification.State.OVERDUE
    )


def lapse_offers(*, now: datetime) -> int:
    """Expire open offers whose last day, or whose units' last day, has passed; how many."""
    return sum(
        lapse_transfer(now=now, transfer=transfer) for transfer in due_to_lapse(on=now.date())
    )


def finish_retirements(*, now: datetime) -> int:
    """Make final the retirements whose cooling-off is over; how many."""
    return settle_due(now=now)


def lapse_open_co_claims(*, now: datetime) -> int:
    """Expire proposed co-claims whose last day has passed; how many."""
    return lapse_co_claims(now=now)


def expire_vintages(*, now: datetime) -> int:
    """Expire active units past their last day (GAP-4), open offers of them first; units expired."""
    lapse_offers(now=now)
    due = issuances_due_to_expire(on=now.date())
    if not due:
        return 0
    with transaction.atomic():
        return ledger.expire(issuances=due, at=now)
