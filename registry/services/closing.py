"""Closing open orders over units that are about to be suspended (GAP-6)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from accounts.models import User
from registry import ledger
from registry.models import RetirementOrder, Transfer
from registry.services.notices import tell, tell_all
from registry.services.retirements import end_order, settle_due
from registry.transitions import TRANSFER_STEPS, RetirementState, after


def close_orders(orders: Iterable[UUID], *, by: User, now: datetime, why: str) -> None:
    """Give back what these transfers and retirements hold, and tell their parties why.

    A retirement whose due moment has passed is final, whoever looks first; one that somebody
    settled or withdrew meanwhile is left alone.
    """
    ids = sorted(set(orders))
    for pk in ids:
        settle_due(now=now, order=pk, even_blocked=True)
    transfers = Transfer.objects.select_for_update(of=("self",)).select_related(
        "from_account__organisation", "to_account__organisation"
    )
    for transfer in transfers.filter(pk__in=ids).order_by("id"):
        _close_transfer(transfer, by, now, why)
    held = RetirementOrder.objects.select_for_update(of=("self",)).select_related("organisation")
    for order in held.filter(pk__in=ids, state=RetirementState.RETIRING).order_by("id"):
        end_order(order, "close", by=by, now=now)
        tell(
            order.organisation,
            kind="retirement.closed",
            text=f"Retirement {order.code} of {order.quantity:,} t was closed: {why}",
            at=now,
            about=order,
            url=reverse("portal:retirement", args=[order.code]),
        )


def _close_transfer(transfer: Transfer, by: User, now: datetime, why: str) -> None:
    state = after(TRANSFER_STEPS, transfer.state, "close")
    if state is None:
        return
    ledger.release(transfer=transfer.pk, kind="withdraw", by=by.pk, at=now)
    transfer.state, transfer.settled_at, transfer.settled_by = state, now, by
    transfer.save(update_fields=["state", "settled_at", "settled_by"])
    tell_all(
        [transfer.from_account.organisation, transfer.to_account.organisation],
        kind="transfer.closed",
        text=f"The transfer of {transfer.quantity:,} t from "
        f"{transfer.from_account.organisation} to {transfer.to_account.organisation} "
        f"was closed: {why}",
        at=now,
        about=transfer,
        url=reverse("portal:transfer", args=[transfer.pk]),
    )
