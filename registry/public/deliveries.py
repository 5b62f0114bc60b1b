"""Look up a physical delivery: were its attributes sold, and which default factor applies?

Nothing beyond that is told: no recipient, no tonnage, no date, and only by the exact reference.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from registry.models import DeliveryNotice, Issuance
from registry.rulebook.findings import Finding
from registry.rulebook.recipients import DECOUPLING_NOTICE
from registry.services.recipient_cases import findings_on_recipients
from registry.transitions import NoticeState

LONGEST = 60
# Two producers may use the same reference; more than these are not shown.
MOST = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What the public page of an issuance says of the metal behind it."""

    residual_tonnes: int
    findings: list[Finding]
    notice: str


def find_deliveries(reference: str) -> list[DeliveryNotice]:
    """Every producer's delivery of exactly this reference; one query on an index."""
    text = reference.strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        return []
    rows = DeliveryNotice.objects.filter(delivery_reference=text)
    return list(
        rows.exclude(state=NoticeState.WITHDRAWN)
        .select_related("issuance__producer", "issuance__site")
        .order_by("issuance__code", "id")[:MOST]
    )


def recipients_of(issuance: Issuance, *, on: date) -> Told:
    return Told(
        residual_tonnes=issuance.delivered_tonnes - issuance.quantity,
        findings=findings_on_recipients(issuance, on=on),
        notice=DECOUPLING_NOTICE,
    )


@access(Access.PUBLIC)
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    reference = request.GET.get("reference", "").strip()
    context: dict[str, Any] = {"reference": reference, "notice": DECOUPLING_NOTICE}
    status = 200
    if reference:
        found = find_deliveries(reference)
        context |= {
            "found": found,
            "is_demonstration": any(each.issuance.is_demonstration for each in found),
        }
        if not found:
            context["problem"] = (
                "No delivery of exactly this reference is on record here. This registry knows of "
                "no attributes sold for it; ask your supplier, who may use another reference."
            )
            status = 404
    response = render(request, "public/deliveries.html", context, status=status)
    # An answer may be kept a little while, so that asking again costs nothing.
    response["Cache-Control"] = "public, max-age=60"
    return response
