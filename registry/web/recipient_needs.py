"""What physical recipients need of somebody now: an EPD's update, an undertaking (10.1)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Right, accounts_with
from registry.models import DeliveryNotice, Disclosure, EpdDuty
from registry.services.recipient_cases import first_transfer_on
from registry.transitions import NoticeState
from registry.web.needs import MOST, Need


def epd_updates(user: User, on: date) -> Iterator[Need]:
    """EPDs of issued products that do not say yet that the attributes were sold (R143)."""
    said = Disclosure.objects.filter(
        issuance=OuterRef("issuance"), kind=Disclosure.Kind.EPD, says_sold=True
    )
    rows = (
        EpdDuty.objects.filter(~Exists(said), issuance__producer__in=_acting_for(user))
        .select_related("issuance")
        .order_by("due_on", "id")
    )
    for row in rows[:MOST]:
        issuance = row.issuance
        sold_on = first_transfer_on(issuance)
        yield Need(
            title=f"Update {issuance.record['epd']} to the baseline factor",
            text=f"Issuance {issuance.code}: by its first transfer, with a note of the sale (10.1)",
            url=reverse("portal:recipients", args=[issuance.production_id]),
            due_on=min(row.due_on, sold_on) if sold_on else row.due_on,
        )


def undertakings(user: User, on: date) -> Iterator[Need]:
    """Delivery notices whose recipient has not undertaken yet."""
    rows = (
        DeliveryNotice.objects.filter(state=NoticeState.SENT, recipient__in=_acting_for(user))
        .select_related("producer")
        .order_by("sent_at", "id")
    )
    for row in rows[:MOST]:
        yield Need(
            title=f"Give the undertaking for delivery {row.delivery_reference}",
            text=f"{row.producer.name} sold its attributes; a default factor applies",
            url=reverse("portal:delivery", args=[row.pk]),
        )


def _acting_for(user: User) -> Any:
    return accounts_with(user, Right.INITIATE).values("organisation")
