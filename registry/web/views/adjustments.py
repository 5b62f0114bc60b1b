"""Adjustments: corrected figures of an issuance beside its record, two operators each time."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.ui.formats import intensity, moment, tonnes
from accounts.ui.parts import SummaryRow
from registry.models import Adjustment
from registry.provisional import differing
from registry.services import adjustments as service
from registry.transitions import ADJUSTMENT_STEPS
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.forms.endings import AdjustForm
from registry.web.pages import form_page
from registry.web.views.suspensions import order_buttons

ACTIONS: dict[str, Any] = {
    "approve": service.approve_adjustment,
    "withdraw": service.withdraw_adjustment,
}


@access(Access.OPERATOR)
def adjustment_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = AdjustForm(posted(request), initial=_of_audit(request.GET.get("issuance", "")))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: service.propose_adjustment(
                by=user,
                now=timezone.now(),
                key=key,
                issuance=form.cleaned_data["issuance"],
                intensity=form.cleaned_data["intensity"],
                adjusted_intensity=form.cleaned_data["adjusted_intensity"],
                shortfall=form.cleaned_data["shortfall"] or 0,
                reason=form.cleaned_data["reason"],
            ),
        )
        if tried.result:
            messages.success(request, "Proposed: a second operator approves it.")
            return redirect("portal:adjustment", tried.result.code)
        status = tried.status
    return form_page(
        request,
        form,
        title="Correct an issuance's figures",
        submit="Propose the correction",
        back=reverse("portal:suspensions"),
        status=status,
        intro="Of conditional units (Exhibit 9), and of provisional ones whose audit differs. The "
        "record stays; what is not yet claimed takes the corrected figure.",
    )


def _of_audit(code: str) -> dict[str, Any]:
    """What the audit of provisional units says, where it did not confirm them."""
    audit = differing().filter(issuance__code=code[:12].upper()).first()
    if audit is None:
        return {"issuance": code[:12]} if code else {}
    issuance = audit.issuance
    return {
        "issuance": issuance.code,
        "intensity": max(audit.verified_intensity, issuance.intensity),
        "adjusted_intensity": issuance.adjusted_intensity,
        "shortfall": audit.shortfall,
        "reason": f"The ex-post audit of {audit.at:%d %B %Y} verified "
        f"{audit.verified_tonnes:,} t delivered at {audit.verified_intensity.normalize():f} "
        "t CO2e/t.",
    }


@access(Access.OPERATOR)
@require_safe
def adjustment(request: HttpRequest, code: str) -> HttpResponse:
    return _adjustment_page(request, _adjustment(code))


@access(Access.OPERATOR)
def adjustment_act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """action: approve or withdraw."""
    user: Any = request.user
    found = _adjustment(code)
    if request.method != "POST":
        return redirect("portal:adjustment", found.code)
    form = ActionForm(request.POST)
    act = ACTIONS[action]
    tried = attempt(form, lambda key: act(by=user, now=timezone.now(), key=key, adjustment=found))
    if tried.done:
        messages.success(request, "Done.")
        return redirect("portal:adjustment", found.code)
    return _adjustment_page(request, found, refused=form, status=tried.status)


def _adjustment(code: str) -> Adjustment:
    related = ("issuance", "proposed_by", "decided_by", "suspension")
    return get_object_or_404(Adjustment.objects.select_related(*related), code=code)


def _adjustment_page(
    request: HttpRequest, found: Adjustment, *, refused: ActionForm | None = None, status: int = 200
) -> HttpResponse:
    rows = [
        ("Issuance", found.issuance.code),
        ("Intensity", f"{intensity(found.previous_intensity)} to {intensity(found.intensity)}"),
        ("Units issued too many", tonnes(found.shortfall)),
        ("Reason", found.reason),
        ("Proposed", f"{moment(found.proposed_at)} by {found.proposed_by}"),
    ]
    if found.adjusted_intensity is not None:
        rows.insert(2, ("Scrap-adjusted", intensity(found.adjusted_intensity)))
    if found.decided_at:
        rows.append(("Decided", f"{moment(found.decided_at)} by {found.decided_by}"))
    context = {
        "title": f"Adjustment {found.code}",
        "found": found,
        "back": reverse("portal:suspensions"),
        "summary": [SummaryRow(*row) for row in rows],
        "public_url": reverse("public:issuance", args=[found.issuance.code]),
        "refused": refused,
        "buttons": order_buttons("adjustment", found, ADJUSTMENT_STEPS, ACTIONS),
        "is_demonstration": found.issuance.is_demonstration,
    }
    return render(request, "registry/order.html", context, status=status)
