"""An auditor's engagements on statements: read, give an opinion, or decline."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access
from accounts.errors import NotVisible
from claims import scope
from claims.models import Assurance
from claims.services.assurance import decline_engagement, give_opinion, is_readable
from claims.tracing import marks_of
from claims.transitions import AssuranceState
from claims.web.beside import sourcing_rows
from claims.web.document import side_by_side, total_cap_words, totals
from claims.web.forms.statements import DeclineForm, OpinionForm
from claims.web.lines import as_json
from claims.web.pictures import pictures
from registry.public.record import stored_findings
from registry.web.attempt import attempt
from registry.web.pages import page_of


@access(Access.AUDITOR)
@require_safe
def assurances(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rows = scope.assurances_of(user).select_related("statement__organisation", "auditor")
    page = page_of(request, rows.defer("statement__document").order_by("ended_at", "-opened_at"))
    return render(request, "claims/assurances.html", {"page": page})


@access(Access.AUDITOR)
@require_safe
def assurance(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    return _page(request, scope.assurance(user, pk))


@access(Access.AUDITOR)
@require_safe
def document(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The whole document that the opinion is asked on, to recompute."""
    user: Any = request.user
    found = scope.assurance(user, pk)
    if not is_readable(found):
        raise NotVisible(f"document of assurance {pk}")
    code = found.statement.code
    response = as_json(found.statement)
    response["Content-Disposition"] = f'attachment; filename="billet-statement-{code}.json"'
    return response


@access(Access.AUDITOR)
@require_POST
def opinion(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.assurance(user, pk)
    form = OpinionForm(request.POST)
    tried = attempt(
        form,
        lambda key: give_opinion(
            by=user,
            now=timezone.now(),
            key=key,
            assurance=found,
            opinion=form.cleaned_data["opinion"],
            text=form.cleaned_data["text"],
        ),
    )
    if tried.done:
        messages.success(request, "Your opinion is signed. The claimant publishes it.")
        return redirect("claims:assurance", found.pk)
    return _page(request, found, give=form, status=tried.status)


@access(Access.AUDITOR)
@require_POST
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.assurance(user, pk)
    form = DeclineForm(request.POST)
    tried = attempt(
        form,
        lambda key: decline_engagement(
            by=user,
            now=timezone.now(),
            key=key,
            assurance=found,
            reason=form.cleaned_data["reason"],
        ),
    )
    if tried.done:
        messages.success(request, "The engagement is closed. The claimant is told why.")
        return redirect("claims:assurances")
    return _page(request, found, give_back=form, status=tried.status)


def _page(
    request: HttpRequest,
    found: Assurance,
    *,
    give: OpinionForm | None = None,
    give_back: DeclineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Everything of the document; after a decline or a closing nothing of it."""
    statement = found.statement
    is_open = found.state == AssuranceState.OPEN
    context: dict[str, Any] = {
        "assurance": found,
        "statement": statement,
        "is_open": is_open,
        "give_form": give or (OpinionForm() if is_open else None),
        "decline_form": give_back or (DeclineForm() if is_open else None),
        "is_demonstration": statement.is_demonstration,
    }
    if is_readable(found) and statement.summary:
        context |= {
            "document": statement.summary,
            "categories": side_by_side(statement.summary),
            "total": totals(statement.summary),
            "pictures": pictures(statement.summary),
            "marks": marks_of([statement])[statement.pk],
            "findings": stored_findings(statement.findings),
            "total_cap": total_cap_words(statement.inventory.claims.defer("result", "findings")),
            "sourcing": sourcing_rows(statement.summary.get("sourcing")),
            "files": list(statement.files.order_by("uploaded_at", "id")),
        }
    return render(request, "claims/assurance.html", context, status=status)
