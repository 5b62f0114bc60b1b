"""Making a claim: looked at first, then made. And the claim as it was made."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from claims import scope
from claims.accounting.statement import MadeClaim, claim_figures
from claims.models import Inventory
from claims.queries import lines_of, unclaimed
from claims.services.claiming import Preview, make_claim, preview_claim
from claims.web.document import figures_of, unit_runs
from claims.web.forms.claims import FIELDS, ClaimForm
from claims.web.queries import MOST_RUNS, issuances_by_code, issuances_of
from registry.errors import RulesBroken
from registry.public.record import stored_findings
from registry.web.attempt import Attempt, attempt, posted

CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class _Asked:
    """One sending of the form."""

    user: Any
    inventory: Inventory
    form: ClaimForm


@access(Access.CLAIMANT)
def claim_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A form whose first sending shows what the claim would be, and whose second makes it."""
    user: Any = request.user
    found = scope.inventory(user, pk)
    runs = unclaimed(found.organisation_id)
    form = ClaimForm(
        posted(request),
        inventory_lines=lines_of(found),
        runs=runs[:MOST_RUNS],
        issuances=issuances_of(runs[:MOST_RUNS]),
    )
    asked = _Asked(user, found, form)
    context: dict[str, Any] = {"form": form, "inventory": found, "has_units": bool(runs)}
    status = 200
    if request.method == "POST" and request.POST.get("step") == CONFIRM and _was_shown(form):
        tried = _make(asked)
        if tried.result:
            messages.success(request, f"Claim {tried.result.code} is made.")
            return redirect("claims:claim", found.pk, tried.result.code)
        status = tried.status
    elif request.method == "POST":
        context["is_changed"] = request.POST.get("step") == CONFIRM and form.is_valid()
        looked = _preview(asked)
        status = looked.status
        if looked.result:
            form.confirm()
            context |= _shown(looked.result)
    context |= {"is_demonstration": found.is_demonstration, "has_more": len(runs) > MOST_RUNS}
    return render(request, "claims/claim_new.html", context, status=status)


@access(Access.CLAIMANT)
@require_safe
def claim(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    user: Any = request.user
    found = scope.claim(user, code)
    runs = unit_runs([found.result])
    context = {
        "claim": found,
        "inventory": found.inventory,
        "figures": figures_of(found.result, issuances_by_code(run["issuance"] for run in runs)),
        "findings": stored_findings(found.findings),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "claims/claim.html", context)


def _was_shown(form: ClaimForm) -> bool:
    """Whether what is confirmed is what the preview showed."""
    return form.is_valid() and form.cleaned_data["previewed"] == form.digest


def _make(asked: _Asked) -> Attempt[Any]:
    return attempt(
        asked.form,
        lambda key: make_claim(
            by=asked.user,
            now=timezone.now(),
            key=key,
            inventory=asked.inventory,
            lines=asked.form.chosen_lines,
            units=asked.form.units,
            terms=asked.form.terms,
        ),
        fields=FIELDS,
    )


def _preview(asked: _Asked) -> Attempt[Preview]:
    """What the claim would be; one that rules refuse is refused here as it would be there."""

    def look(key: str) -> Preview:
        shown = preview_claim(
            by=asked.user,
            now=timezone.now(),
            inventory=asked.inventory,
            lines=asked.form.chosen_lines,
            units=asked.form.units,
            terms=asked.form.terms,
        )
        if shown.result is None:
            raise RulesBroken(shown.findings)
        return shown

    return attempt(asked.form, look, fields=FIELDS)


def _shown(shown: Preview) -> dict[str, Any]:
    assert shown.result is not None  # refused otherwise
    figures = claim_figures(MadeClaim(code="", case=shown.case), shown.result)
    codes = issuances_by_code(run["issuance"] for run in unit_runs([figures]))
    return {"figures": figures_of(figures, codes), "findings": shown.findings}
