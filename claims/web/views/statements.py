"""A statement in its claimant's hands: words, submission, assurance, publication."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access
from claims import scope
from claims.models import Statement
from claims.queries import inventory_totals, latest_job, sum_of
from claims.services.assurance import engage_auditor
from claims.services.statements import (
    discard_statement,
    draft_statement,
    publish,
    publish_statement,
    revise_statement,
    submit_statement,
    take_back,
    words_of,
)
from claims.tracing import marks_of
from claims.transitions import STATEMENT_STEPS, StatementState
from claims.web.beside import sourcing_rows
from claims.web.document import side_by_side, totals
from claims.web.forms.statements import EngageForm, FileForm, StatementForm, initial_of
from claims.web.views.jobs import progress
from registry.public.record import stored_findings
from registry.transitions import actions
from registry.web.attempt import ActionForm, Attempt, attempt, posted
from registry.web.pages import may_act

DRAFT = "draft"
_STEPS: dict[str, tuple[Callable[..., Statement], str]] = {
    "submit": (submit_statement, "The statement is submitted. Its document stands still now."),
    "take-back": (take_back, "The statement is a draft again."),
    "discard": (discard_statement, "The draft is discarded."),
    "publish": (publish, "The statement is published."),
}


@access(Access.CLAIMANT)
def statement_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Two buttons: publish at once, without assurance, or keep a draft to submit."""
    user: Any = request.user
    found = scope.inventory(user, pk)
    form = StatementForm(posted(request))
    status = 200
    if request.method == "POST":
        as_draft = request.POST.get("then") == DRAFT
        tried = attempt(form, lambda key: _state(user, found, key, form, as_draft=as_draft))
        if tried.result:
            code = tried.result.code
            if as_draft:
                messages.success(request, f"Statement {code} is a draft.")
                return redirect("claims:statement", code)
            if tried.result.state == StatementState.DRAFT:
                messages.success(request, f"Statement {code} is being made, then published.")
                return redirect("claims:statement", code)
            messages.success(request, f"Statement {code} is published.")
            return redirect("statements:statement", code)
        status = tried.status
    totals_now = inventory_totals(found)
    context = {
        "form": form,
        "inventory": found,
        "categories": totals_now,
        "total": sum_of(totals_now),
        "latest": found.statements.filter(state=StatementState.PUBLISHED).first(),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "claims/statement_new.html", context, status=status)


@access(Access.CLAIMANT)
@require_safe
def statement(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    return own_page(request, scope.statement(user, code))


@access(Access.CLAIMANT)
@require_safe
def statement_state(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the page that changes while a worker makes the document."""
    user: Any = request.user
    found = scope.statement(user, code)
    return progress(request, latest_job(found), request.path)


@access(Access.CLAIMANT)
def statement_edit(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    found = scope.statement(user, code)
    form = StatementForm(posted(request), initial=initial_of(words_of(found)))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: revise_statement(
                by=user, now=timezone.now(), key=key, statement=found, words=form.words
            ),
        )
        if tried.done:
            messages.success(request, "The draft is changed.")
            return redirect("claims:statement", found.code)
        status = tried.status
    context = {"form": form, "statement": found, "is_demonstration": found.is_demonstration}
    return render(request, "claims/statement_edit.html", context, status=status)


@access(Access.CLAIMANT)
@require_POST
def statement_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """One button of the page: submit, take back, discard or publish."""
    user: Any = request.user
    found = scope.statement(user, code)
    service, done = _STEPS[step]
    form = ActionForm(request.POST)
    tried: Attempt[Statement] = attempt(
        form, lambda key: service(by=user, now=timezone.now(), key=key, statement=found)
    )
    if tried.result:
        if latest_job(tried.result) is None:
            messages.success(request, done)
        if tried.result.state == StatementState.DISCARDED:
            return redirect("claims:inventory", found.inventory_id)
        if tried.result.state == StatementState.PUBLISHED:
            return redirect("statements:statement", found.code)
        return redirect("claims:statement", found.code)
    return own_page(request, scope.statement(user, code), tried=form, status=tried.status)


@access(Access.CLAIMANT)
@require_POST
def statement_engage(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    found = scope.statement(user, code)
    form = EngageForm(request.POST)
    tried = attempt(
        form,
        lambda key: engage_auditor(
            by=user,
            now=timezone.now(),
            key=key,
            statement=found,
            auditor=form.cleaned_data["auditor"],
        ),
    )
    if tried.done:
        messages.success(request, "The auditor is asked, and can read the statement now.")
        return redirect("claims:statement", found.code)
    return own_page(request, found, engage=form, status=tried.status)


def _state(
    user: Any, inventory: Any, key: str, form: StatementForm, *, as_draft: bool
) -> Statement:
    words, now = form.words, timezone.now()
    if as_draft:
        return draft_statement(by=user, now=now, key=key, inventory=inventory, words=words)
    return publish_statement(
        by=user,
        now=now,
        key=key,
        inventory=inventory,
        text=words.text,
        claim_type=words.claim_type,
        audience=words.audience,
        jurisdictions=words.jurisdictions,
        sourcing=words.sourcing,
    )


def own_page(
    request: HttpRequest,
    found: Statement,
    *,
    tried: ActionForm | None = None,
    engage: EngageForm | None = None,
    attach: FileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Where the statement stands and what may follow."""
    user: Any = request.user
    assurances = list(found.assurances.select_related("auditor").order_by("opened_at"))
    is_engaged = any(each.state == "open" for each in assurances)
    may = may_act(user, found.organisation)
    steps = {each.replace(" ", "-") for each in actions(STATEMENT_STEPS, found.state)}
    context: dict[str, Any] = {
        "statement": found,
        "inventory": found.inventory,
        "words": words_of(found),
        "tried": tried,
        "steps": [(each, ActionForm()) for each in _STEPS if each in steps and may],
        "may_edit": may and found.state == StatementState.DRAFT,
        "engage_form": engage or EngageForm(),
        "may_engage": may and found.state == StatementState.SUBMITTED and not is_engaged,
        **_sourcing(found, attach, may=may),
        "assurances": assurances,
        "marks": marks_of([found])[found.pk],
        "history": found.steps.select_related("by").order_by("at", "id"),
        "is_demonstration": found.is_demonstration,
    }
    job = latest_job(found) if found.state == StatementState.DRAFT else None
    if job is not None:
        refusal = job.refusal or {}
        context |= {
            "job": job,
            "progress_url": reverse("claims:statement_state", args=[found.code]),
            "texts": [] if refusal.get("findings") else refusal.get("texts", []),
            "findings": stored_findings(refusal.get("findings", [])),
            "steps": [] if job.is_open else context["steps"],
        }
    if found.summary:
        context |= {
            "categories": side_by_side(found.summary),
            "total": totals(found.summary),
            "findings": stored_findings(found.findings),
        }
    elif tried is not None and tried.findings:
        context["findings"] = tried.findings
    return render(request, "claims/statement_own.html", context, status=status)


def _sourcing(found: Statement, attach: FileForm | None, *, may: bool) -> dict[str, Any]:
    """What is recorded for SBTi V2, and the files that show it."""
    return {
        "sourcing": sourcing_rows(found.sourcing),
        "files": list(found.files.order_by("uploaded_at", "id")),
        "attach_form": attach or FileForm(),
        "may_attach": may and found.state == StatementState.DRAFT and found.sourcing is not None,
    }
