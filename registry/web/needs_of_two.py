"""What waits for a second person: cancellations of one's accounts, and the operators' decisions."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Right, accounts_with, is_operator
from accounts.ui.formats import tonnes
from registry.models import Adjustment, Cancellation, Suspension
from registry.provisional import differing
from registry.transitions import AdjustmentState, CancellationState, SuspensionState
from registry.web.needs import MOST, Need


def second_persons_needs(user: User, on: date) -> Iterator[Need]:
    """The first few of each kind, in a few queries."""
    may = Q(by_operator=False, account__in=accounts_with(user, Right.APPROVE).values("pk"))
    operator = is_operator(user)
    if operator:
        may |= Q(by_operator=True)
    waiting = Cancellation.objects.filter(may, state=CancellationState.AWAITING_APPROVAL)
    for each in waiting.exclude(asked_by=user).order_by("asked_at", "id")[:MOST]:
        yield Need(
            title=f"Approve the cancellation of {tonnes(each.quantity)}",
            text=each.reason,
            url=reverse("portal:cancellation", args=[each.code]),
        )
    if operator:
        yield from _of_operator(user)


def _of_operator(user: User) -> Iterator[Need]:
    begins = Q(state=SuspensionState.PROPOSED) & ~Q(proposed_by=user)
    ends = Q(state__in=(SuspensionState.LIFTING, SuspensionState.CANCELLING))
    rows = Suspension.objects.filter(begins | ends & ~Q(end_proposed_by=user))
    for each in rows.order_by("proposed_at", "id")[:MOST]:
        word = "Approve" if each.state == SuspensionState.PROPOSED else "Approve the end of"
        yield Need(
            title=f"{word} suspension {each.code}",
            text=each.reason,
            url=reverse("portal:suspension", args=[each.code]),
        )
    waits = Adjustment.objects.filter(state=AdjustmentState.PROPOSED).values("issuance")
    for audit in differing().exclude(issuance__in=waits)[:MOST]:
        yield Need(
            title=f"Correct provisional issuance {audit.issuance.code}: its audit differs",
            text=f"{tonnes(audit.shortfall)} may not stand",
            url=f"{reverse('portal:adjustment_new')}?issuance={audit.issuance.code}",
        )
    proposed = Adjustment.objects.filter(state=AdjustmentState.PROPOSED).exclude(proposed_by=user)
    for row in proposed.select_related("issuance").order_by("proposed_at", "id")[:MOST]:
        yield Need(
            title=f"Approve the correction of issuance {row.issuance.code}",
            text=row.reason,
            url=reverse("portal:adjustment", args=[row.code]),
        )
