"""Claims on lines of spend: how spend becomes tonnes, what the claim would be, then made (11.7)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from claims import scope
from claims.accounting.facts import Material
from claims.accounting.tree import SPEND, walk
from claims.models import Inventory, InventoryLine
from claims.queries import unclaimed
from claims.services.inventories import change_line
from claims.services.paths import path_of
from claims.services.spending import SpendPreview, claim_spend, preview_spend_claim, spend_figures
from claims.web.estimates import estimate_of
from claims.web.forms.runs import FIELDS
from claims.web.forms.spending import EstimationForm, SpendClaimForm
from claims.web.queries import MOST_RUNS, issuances_of, shares_on, shown_figures
from registry.errors import RulesBroken
from registry.rulebook.facts import FunctionalUnit
from registry.services.retirements import settle_due
from registry.web.attempt import Attempt, attempt, posted
from registry.web.pages import may_act, page_of

CONFIRM = "confirm"


@access(Access.CLAIMANT)
@require_safe
def spend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The lines of steel in spend, each with its tonnes or with what is missing for them."""
    user: Any = request.user
    found = scope.inventory(user, pk)
    rows = found.lines.filter(spend__isnull=False, material=Material.STEEL).order_by("id")
    page = page_of(request, rows)
    context = {
        "inventory": found,
        "page": page,
        "estimates": [estimate_of(each) for each in page],
        "may_act": may_act(user, found.organisation),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "claims/spend.html", context)


@access(Access.CLAIMANT)
def spend_tonnes(request: HttpRequest, pk: UUID, line: UUID) -> HttpResponse:
    """How one line's spend becomes tonnes."""
    user: Any = request.user
    found = scope.spend_line(user, pk, line)
    form = EstimationForm(posted(request), line=found)
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: change_line(
                by=user, now=timezone.now(), key=key, line=found, values=form.values()
            ),
        )
        if tried.done:
            messages.success(request, f"“{found.name}” has its tonnes.")
            return redirect("claims:spend_claim", pk, found.pk)
        status = tried.status
    context = _context(found) | {"form": form}
    return render(request, "claims/spend_tonnes.html", context, status=status)


@access(Access.CLAIMANT)
def spend_claim(request: HttpRequest, pk: UUID, line: UUID) -> HttpResponse:
    """A form whose first sending shows what the claim would be, and whose second makes it."""
    user: Any = request.user
    found = scope.spend_line(user, pk, line)
    settle_due(now=timezone.now(), organisation=found.inventory.organisation)
    runs = unclaimed(found.inventory.organisation_id)[:MOST_RUNS]
    issuances = issuances_of([run.line for run in runs])
    steel = [
        run
        for run in runs
        if issuances[run.line.issuance].functional_unit == FunctionalUnit.CRUDE_STEEL
    ]
    form = SpendClaimForm(posted(request), runs=steel, issuances=issuances)
    context = _context(found) | {
        "form": form,
        "has_units": bool(steel),
        "applied": sum(share.volume for share in shares_on([found])),
        "may_act": may_act(user, found.inventory.organisation),
    }
    status = 200
    if request.method == "POST":
        given = _given(user, found.inventory, found, form)
        if request.POST.get("step") == CONFIRM and _was_shown(form):
            tried = attempt(form, lambda key: claim_spend(key=key, **given()), fields=FIELDS)
            if tried.result:
                messages.success(request, f"Claim {tried.result.code} is made.")
                return redirect("claims:claim", pk, tried.result.code)
            status = tried.status
        else:
            context["is_changed"] = request.POST.get("step") == CONFIRM and form.is_valid()
            looked: Attempt[SpendPreview] = attempt(form, lambda _: _looked(given()), fields=FIELDS)
            status = looked.status
            if looked.result and looked.result.result:
                form.confirm()
                figures = spend_figures("", looked.result.case, looked.result.result)
                shown = shown_figures([figures])[0]
                context |= {"figures": shown, "findings": looked.result.findings}
    return render(request, "claims/spend_claim.html", context, status=status)


def _given(user: Any, inventory: Inventory, line: InventoryLine, form: SpendClaimForm) -> Any:
    """What both services of claiming on spend take, read once the form is valid."""

    def given() -> dict[str, Any]:
        walked = walk(path_of(user, inventory))
        leads_here = walked.proposal is not None and walked.proposal.method == SPEND
        return {
            "by": user,
            "now": timezone.now(),
            "inventory": inventory,
            "line": line,
            "units": form.units,
            "claim_type": form.cleaned_data["claim_type"],
            "path": tuple(answer for _, answer in walked.steps) if leads_here else (),
        }

    return given


def _looked(given: dict[str, Any]) -> SpendPreview:
    found = preview_spend_claim(**given)
    if found.result is None:
        raise RulesBroken(found.findings)
    return found


def _was_shown(form: SpendClaimForm) -> bool:
    return form.is_valid() and form.cleaned_data["previewed"] == form.digest


def _context(line: InventoryLine) -> dict[str, Any]:
    return {
        "inventory": line.inventory,
        "line": line,
        "estimate": estimate_of(line),
        "is_demonstration": line.inventory.is_demonstration,
    }
