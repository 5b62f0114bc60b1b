"""Making a claim: looked at first, then made. And the claim as it was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.models import Account
from claims import scope
from claims.accounting.statement import MadeClaim, claim_figures
from claims.accounting.tree import Walk, walk
from claims.models import Inventory, PendingClaim
from claims.queries import Retired, lines_of, unclaimed
from claims.services.claiming import Preview, make_claim, preview_claim
from claims.services.paths import path_of
from claims.services.pending import Claiming, preview_retire_and_claim, retire_and_claim
from claims.transitions import PendingState
from claims.web.document import total_cap_words
from claims.web.forms.claims import ClaimForm
from claims.web.forms.runs import FIELDS, Run, posted_runs, run_value
from claims.web.guided import held_runs, initial_of, path_shown
from claims.web.queries import MOST_RUNS, issuances_of, shown_figures
from registry import scope as registry_scope
from registry.errors import RulesBroken
from registry.models import Issuance
from registry.public.record import stored_findings
from registry.services.retirements import settle_due
from registry.web.attempt import Attempt, attempt, posted

CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class _Asked:
    """One sending of the form."""

    user: Any
    inventory: Inventory
    form: ClaimForm
    walked: Walk

    @property
    def account(self) -> Account:
        return registry_scope.account(self.user, self.form.account)

    @property
    def given(self) -> dict[str, Any]:
        """What every service of claiming takes. Valid forms only."""
        terms = self.form.terms
        if self.form.cleaned_data["use_path"] and self.walked.proposal is not None:
            terms = replace(terms, path=tuple(answer for _, answer in self.walked.steps))
        return {
            "by": self.user,
            "now": timezone.now(),
            "inventory": self.inventory,
            "lines": self.form.chosen_lines,
            "units": self.form.units,
            "terms": terms,
        }


@access(Access.CLAIMANT)
def claim_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A form whose first sending shows what the claim would be, and whose second makes it."""
    user: Any = request.user
    found = scope.inventory(user, pk)
    settle_due(now=timezone.now(), organisation=found.organisation)
    runs = unclaimed(found.organisation_id)
    held = held_runs(user, found, on=timezone.now().date())
    offered, issuances = _offered(request, runs[:MOST_RUNS], held)
    walked = walk(path_of(user, found))
    form = ClaimForm(
        posted(request),
        inventory_lines=lines_of(found),
        runs=runs[:MOST_RUNS],
        held=offered,
        issuances=issuances,
        initial=initial_of(walked) if "path" in request.GET else {},
    )
    asked = _Asked(user, found, form, walked)
    context: dict[str, Any] = {
        "form": form,
        "inventory": found,
        "has_units": bool(runs or offered),
        "proposal": walked.proposal,
    }
    status = 200
    if request.method == "POST" and request.POST.get("step") == CONFIRM and _was_shown(form):
        tried = _make(asked)
        if tried.result:
            waits = isinstance(tried.result, PendingClaim)
            done = "waits until its retirement is final" if waits else "is made"
            messages.success(request, f"Claim {tried.result.code} {done}.")
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
    inventory = scope.inventory(user, pk)
    settle_due(now=timezone.now(), organisation=inventory.organisation)
    waiting = scope.pending_claim(user, inventory.pk, code)
    if waiting is not None and waiting.claim_id is None:
        return _pending_page(request, waiting)
    found = scope.claim(user, code)
    context = {
        "claim": found,
        "inventory": found.inventory,
        "figures": shown_figures([found.result])[0],
        "path": path_shown(getattr(found, "path", None)),
        "findings": stored_findings(found.findings),
        "total_cap": total_cap_words([found]),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "claims/claim.html", context)


def _was_shown(form: ClaimForm) -> bool:
    """Whether what is confirmed is what the preview showed."""
    return form.is_valid() and form.cleaned_data["previewed"] == form.digest


def _pending_page(request: HttpRequest, waiting: PendingClaim) -> HttpResponse:
    """A claim that waits for its retirement, or one that came to nothing."""
    context = {
        "waiting": waiting,
        "is_waiting": waiting.state == PendingState.WAITING,
        "inventory": waiting.inventory,
        "figures": shown_figures([waiting.result])[0],
        "findings": stored_findings(waiting.refusal or waiting.findings),
        "is_demonstration": waiting.is_demonstration,
    }
    return render(request, "claims/pending.html", context)


def _offered(
    request: HttpRequest, runs: Sequence[Retired], held: Sequence[Run]
) -> tuple[list[Run], Mapping[UUID, Issuance]]:
    """The units held, and what was chosen in a plan: a part of some run; with all issuances."""
    listed = [*held]
    known = {run_value(run.line) for run in runs}
    known |= {run_value(run.line, run.account) for run in held}
    for run in posted_runs(request.POST):
        value = run_value(run.line, run.account)
        if value not in known:
            known.add(value)
            listed.append(run)
    there = issuances_of([*(run.line for run in listed), *(run.line for run in runs)])
    return [run for run in listed if run.line.issuance in there], there


def _make(asked: _Asked) -> Attempt[Any]:
    return attempt(asked.form, lambda key: _act(asked, key), fields=FIELDS)


def _act(asked: _Asked, key: str) -> Claiming:
    if asked.form.account:
        return retire_and_claim(key=key, account=asked.account, **asked.given)
    return make_claim(key=key, **asked.given)


def _preview(asked: _Asked) -> Attempt[Preview]:
    """What the claim would be; one that rules refuse is refused here as it would be there."""

    def look(key: str) -> Preview:
        if asked.form.account:
            shown = preview_retire_and_claim(account=asked.account, **asked.given)
        else:
            shown = preview_claim(**asked.given)
        if shown.result is None:
            raise RulesBroken(shown.findings)
        return shown

    return attempt(asked.form, look, fields=FIELDS)


def _shown(shown: Preview) -> dict[str, Any]:
    assert shown.result is not None  # refused otherwise
    figures = claim_figures(MadeClaim(code="", case=shown.case), shown.result)
    return {"figures": shown_figures([figures])[0], "findings": shown.findings}
