"""What a worker does for a person: its progress, a plan that was made, and its claim."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access
from accounts.permissions import Right, accounts_with
from claims import scope
from claims.accounting.tree import walk
from claims.models import Job
from claims.services.paths import path_of
from claims.services.planned import ask_to_claim
from claims.services.plans import ask_for_plan, wish_of
from claims.transitions import JobState
from claims.web.forms.guiding import PlanForm
from claims.web.forms.jobs import ClaimPlanForm
from registry.public.record import stored_findings
from registry.web.attempt import ActionForm, attempt
from registry.web.pages import may_act, page_of


@access(Access.CLAIMANT)
@require_POST
def plan_start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The button by which a worker is asked for a plan."""
    user: Any = request.user
    found = scope.inventory(user, pk)
    accounts = accounts_with(user, Right.INITIATE).filter(organisation=found.organisation)
    wished = PlanForm(request.POST, accounts=accounts.order_by("number"))
    if not wished.is_valid():
        return redirect("claims:plan", found.pk)
    form = ActionForm(request.POST)
    tried = attempt(
        form,
        lambda key: ask_for_plan(
            by=user, now=timezone.now(), key=key, inventory=found, wish=wished.wish
        ),
    )
    if tried.result:
        return redirect("claims:job", found.pk, tried.result.pk)
    for text in form.non_field_errors():
        messages.error(request, str(text))
    return redirect("claims:plan", found.pk)


@access(Access.CLAIMANT)
@require_safe
def job(request: HttpRequest, pk: UUID, job: UUID) -> HttpResponse:
    """How far it is, or what came of it."""
    user: Any = request.user
    return _page(request, scope.job(user, pk, job))


@access(Access.CLAIMANT)
@require_safe
def job_state(request: HttpRequest, pk: UUID, job: UUID) -> HttpResponse:
    """The part of the page that changes while a worker is at it."""
    user: Any = request.user
    found = scope.job(user, pk, job)
    return progress(request, found, _progress_url(found))


def progress(request: HttpRequest, found: Job | None, address: str) -> HttpResponse:
    """How far it is; where it is over, the whole page is asked for, which says what came of it."""
    if found is None or not found.is_open:
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "claims/job_progress.html", {"job": found, "progress_url": address})


@access(Access.CLAIMANT)
@require_POST
def plan_claim(request: HttpRequest, pk: UUID, job: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.job(user, pk, job)
    form = _claim_form(request, found)
    tried = attempt(
        form,
        lambda key: ask_to_claim(
            by=user, now=timezone.now(), key=key, plan=found, terms=form.terms
        ),
    )
    if tried.result:
        return redirect("claims:job", found.inventory_id, tried.result.pk)
    return _page(request, found, form, tried.status)


def _progress_url(found: Job) -> str:
    return reverse("claims:job_state", args=[found.inventory_id, found.pk])


def _claim_form(request: HttpRequest, found: Job) -> ClaimPlanForm:
    user: Any = request.user
    return ClaimPlanForm(
        request.POST if request.method == "POST" else None,
        wish=wish_of(found),
        walked=walk(path_of(user, found.inventory)),
    )


def _page(
    request: HttpRequest, found: Job, form: ClaimPlanForm | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    refusal = found.refusal or {}
    context: dict[str, Any] = {
        "job": found,
        "progress_url": _progress_url(found),
        "inventory": found.inventory,
        "texts": [] if refusal.get("findings") else refusal.get("texts", []),
        "findings": stored_findings(refusal.get("findings", [])),
        "is_demonstration": found.inventory.is_demonstration,
    }
    if found.kind == Job.Kind.PLAN and found.state == JobState.DONE:
        rows = found.units.select_related("group", "issuance").defer("group__lines")
        context |= {
            "page": page_of(request, rows.order_by("place")),
            "wish": wish_of(found),
            "form": form or _claim_form(request, found),
            "may_act": may_act(user, found.inventory.organisation),
        }
    return render(request, "claims/job.html", context, status=status)
