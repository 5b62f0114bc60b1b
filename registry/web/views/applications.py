"""The operators' queue: verified applications, approved by two people or sent back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.ui.parts import SummaryRow
from registry import scope
from registry.models import Approval, Production, Verification
from registry.provisional import differing
from registry.services.audit_facts import ex_ante_audit
from registry.services.early import decline_early
from registry.services.issuing import (
    APPROVALS_NEEDED,
    approve_production,
    case_at_issuance,
    is_early,
    send_back,
)
from registry.services.productions import case_of, judged
from registry.transitions import ProductionState
from registry.web import tables
from registry.web.attempt import ActionForm, attempt
from registry.web.forms.verifications import DeclineForm, ReasonForm
from registry.web.pages import page_of
from registry.web.rows import (
    application_groups,
    ex_ante_rows,
    life_of,
    site_rows,
    verification_rows,
)

_SIGNED = Verification.State.SIGNED
_MOST_DIFFERING = 20


@access(Access.OPERATOR)
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    rows = scope.verified_productions().select_related("site", "producer")
    page = page_of(request, rows.order_by("created_at", "id"))
    approvals = list(
        Approval.objects.filter(_counting(), production__in=[each.pk for each in page])
        .select_related("by")
        .order_by("at")
    )
    context = {
        "page": page,
        "columns": tables.APPLICATIONS,
        "rows": tables.applications(page, approvals),
        "differing": list(differing()[:_MOST_DIFFERING]),
        "is_demonstration": any(each.is_demonstration for each in page),
    }
    return render(request, "registry/applications.html", context)


@access(Access.OPERATOR)
@require_safe
def application(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, scope.application(pk))


@access(Access.OPERATOR)
def application_approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.application(pk)
    if request.method != "POST":
        return redirect("portal:application", found.pk)
    form = ActionForm(request.POST)
    tried = attempt(
        form,
        lambda key: approve_production(by=user, now=timezone.now(), key=key, production=found),
    )
    if tried.result:
        is_issued = tried.result.state == ProductionState.ISSUED
        messages.success(
            request,
            "The second approval is given: the units are issued."
            if is_issued
            else "The second approval is given: the units are issued, provisionally."
            if tried.result.state == ProductionState.PROVISIONAL
            else "Your approval is recorded. Another operator gives the second.",
        )
        return redirect("portal:application", found.pk)
    return _page(request, found, approve=form, status=tried.status)


@access(Access.OPERATOR)
def application_send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.application(pk)
    if request.method != "POST":
        return redirect("portal:application", found.pk)
    form = ReasonForm(request.POST)
    tried = attempt(
        form,
        lambda key: send_back(
            by=user,
            now=timezone.now(),
            key=key,
            production=found,
            reason=form.cleaned_data["reason"],
        ),
    )
    if tried.done:
        messages.success(request, "The application is back with its producer.")
        return redirect("portal:applications")
    return _page(request, found, give_back=form, status=tried.status)


@access(Access.OPERATOR)
def application_decline_early(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The request for provisional units alone: the application stays with its auditor."""
    user: Any = request.user
    found = scope.application(pk)
    if request.method != "POST":
        return redirect("portal:application", found.pk)
    form = DeclineForm(request.POST)
    tried = attempt(
        form,
        lambda key: decline_early(
            by=user,
            now=timezone.now(),
            key=key,
            production=found,
            reason=form.cleaned_data["reason"],
        ),
    )
    if tried.done:
        messages.success(request, "Declined: the producer is told, and the audit goes on.")
        return redirect("portal:applications")
    return _page(request, found, decline=form, status=tried.status)


def _page(
    request: HttpRequest,
    found: Production,
    *,
    approve: ActionForm | None = None,
    give_back: ReasonForm | None = None,
    decline: DeclineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    early = is_early(found)
    is_waiting = early or found.state == ProductionState.VERIFIED
    statement = (
        found.verifications.filter(state=_SIGNED).select_related("auditor", "signed_by").first()
    )
    given = (
        found.approvals.filter(is_provisional=True)
        if early
        else found.approvals.filter(verification=statement)
    )
    approvals = list(given.select_related("by").order_by("at"))
    today = timezone.now().date()
    case = case_at_issuance(found, on=today) if is_waiting else case_of(found, on=today)
    context = {
        "production": found,
        "is_waiting": is_waiting,
        "approvals": approvals,
        "approvals_needed": APPROVALS_NEEDED,
        "has_approved": any(each.by_id == request.user.pk for each in approvals),
        "approve_form": (approve or ActionForm()) if is_waiting else approve,
        "is_early": early,
        "expected": _expected_rows(found) if early else None,
        "return_form": (give_back or ReasonForm()) if is_waiting and not early else give_back,
        "decline_form": decline or (DeclineForm() if early else None),
        "statement": verification_rows(statement) if statement else None,
        "groups": application_groups(found, case),
        "site": site_rows(found.site),
        "evidence_columns": tables.EVIDENCE,
        "evidence_rows": tables.evidence(found.evidence.order_by("uploaded_at", "id")),
        "findings": judged(case) if is_waiting else None,
        "life": life_of(found),
        "issuance": getattr(found, "issuance", None),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "registry/application.html", context, status=status)


def _counting() -> Q:
    """Approvals that count where an application stands: of provisional units, or of signed ones."""
    early = Q(production__state__in=(ProductionState.SUBMITTED, ProductionState.IN_VERIFICATION))
    return early & Q(is_provisional=True) | Q(verification__state=_SIGNED, is_provisional=False)


def _expected_rows(found: Production) -> list[SummaryRow] | None:
    audit = ex_ante_audit(found)
    return ex_ante_rows(audit) if audit else None
