"""An auditor's engagements: take up, sign with own figures, or return."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from registry import scope
from registry.models import Verification
from registry.services.productions import case_of, judged
from registry.services.verifications import (
    return_production,
    sign_verification,
    start_verification,
)
from registry.transitions import PRODUCTION_STEPS, after
from registry.web import tables
from registry.web.attempt import ActionForm, attempt
from registry.web.forms.verifications import ReasonForm, SignForm
from registry.web.pages import page_of
from registry.web.rows import application_groups, site_rows, verification_rows

_MOST_EX_ANTE = 50
_OPEN_FIRST = F("signed_on").desc(nulls_first=True)


@access(Access.AUDITOR)
@require_safe
def engagements(request: HttpRequest) -> HttpResponse:
    """Those of one's own firm only, open ones first, by due date."""
    user: Any = request.user
    rows = scope.engagements_of(user).select_related("production__site", "production__producer")
    page = page_of(request, rows.order_by(_OPEN_FIRST, "due_on", "-id"))
    context = {
        "page": page,
        "columns": tables.ENGAGEMENTS,
        "rows": tables.engagements(page),
        "ex_ante_columns": tables.EX_ANTE,
        "ex_ante_rows": tables.ex_ante_audits(
            scope.ex_ante_audits_of(user)
            .select_related("site", "auditor")
            .order_by("state", "-opened_at")[:_MOST_EX_ANTE]
        ),
        "is_demonstration": any(each.production.is_demonstration for each in page),
    }
    return render(request, "registry/engagements.html", context)


@access(Access.AUDITOR)
@require_safe
def engagement(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    return _page(request, scope.engagement(user, pk))


@access(Access.AUDITOR)
def engagement_start(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.engagement(user, pk)
    if request.method != "POST":
        return redirect("portal:engagement", found.pk)
    form = ActionForm(request.POST)
    tried = attempt(
        form,
        lambda key: start_verification(by=user, now=timezone.now(), key=key, verification=found),
    )
    if tried.done:
        messages.success(request, "The verification has begun.")
        return redirect("portal:engagement", found.pk)
    return _page(request, found, start=form, status=tried.status)


@access(Access.AUDITOR)
def engagement_sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.engagement(user, pk)
    if request.method != "POST":
        return redirect("portal:engagement", found.pk)
    form = SignForm(request.POST, production=found.production)
    tried = attempt(
        form,
        lambda key: sign_verification(
            by=user,
            now=timezone.now(),
            key=key,
            verification=found,
            figures=form.figures(),
            review=form.review(),
            statement=form.cleaned_data["statement"],
        ),
    )
    if tried.done:
        messages.success(request, "Your statement is signed. The operators decide next.")
        return redirect("portal:engagement", found.pk)
    return _page(request, found, sign=form, status=tried.status)


@access(Access.AUDITOR)
def engagement_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.engagement(user, pk)
    if request.method != "POST":
        return redirect("portal:engagement", found.pk)
    form = ReasonForm(request.POST)
    tried = attempt(
        form,
        lambda key: return_production(
            by=user,
            now=timezone.now(),
            key=key,
            verification=found,
            reason=form.cleaned_data["reason"],
        ),
    )
    if tried.done:
        messages.success(request, "The application is back with its producer.")
        return redirect("portal:engagement", found.pk)
    return _page(request, found, give_back=form, status=tried.status)


def _page(
    request: HttpRequest,
    found: Verification,
    *,
    start: ActionForm | None = None,
    sign: SignForm | None = None,
    give_back: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The workspace: what can be done next, then everything the application rests on."""
    user: Any = request.user
    production = found.production
    is_open = found.state in (Verification.State.OPEN, Verification.State.OVERDUE)
    may_start = is_open and bool(after(PRODUCTION_STEPS, production.state, "start"))
    may_sign = is_open and bool(after(PRODUCTION_STEPS, production.state, "verify"))
    context: dict[str, Any] = {
        "engagement": found,
        "production": production,
        "is_open": is_open,
        "start_form": (start or ActionForm()) if may_start else start,
        "sign_form": (sign or SignForm(production=production)) if may_sign else sign,
        "return_form": (give_back or ReasonForm()) if may_sign else give_back,
        "statement": None if is_open else verification_rows(found),
        "is_demonstration": production.is_demonstration,
    }
    if scope.may_read_application(user, found):
        case = case_of(production, on=timezone.now().date())
        context |= {
            "groups": application_groups(production, case),
            "site": site_rows(production.site),
            "evidence_columns": tables.EVIDENCE,
            "evidence_rows": tables.evidence(production.evidence.order_by("uploaded_at", "id")),
            "findings": judged(case),
        }
    return render(request, "registry/engagement.html", context, status=status)
