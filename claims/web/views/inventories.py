"""Inventories and their lines."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access
from accounts.errors import NotVisible
from accounts.roles import Role
from claims import scope
from claims.accounting.facts import Material
from claims.models import Inventory
from claims.queries import inventory_totals, sum_of, totals_of, unclaimed
from claims.services.inventories import add_line, change_line, create_inventory, remove_line
from claims.transitions import PendingState
from claims.web import figures
from claims.web.forms.inventories import InventoryForm, LineForm, initial_of
from claims.web.periods import matching
from claims.web.queries import issuances_of, open_imports, shares_on
from registry.services.retirements import settle_due
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.pages import acting, may_act, page_of

CLAIMANTS = (Role.INTERMEDIARY, Role.CORPORATE_END_USER)


@access(Access.CLAIMANT)
@require_safe
def inventories(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    found = scope.inventories_of(user).select_related("organisation")
    page = page_of(request, found.order_by("-period_end", "-id"))
    totals = totals_of(page)
    rows = [{"inventory": each, "total": totals[each.pk]} for each in page]
    context = {
        "page": page,
        "rows": rows,
        "is_demonstration": any(each.is_demonstration for each in page),
    }
    return render(request, "claims/inventories.html", context)


@access(Access.CLAIMANT)
def inventory_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = InventoryForm(posted(request), organisations=acting(user, *CLAIMANTS))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: create_inventory(
                by=user,
                now=timezone.now(),
                key=key,
                organisation=form.acting,
                values=form.values(),
            ),
        )
        if tried.result:
            return redirect("claims:inventory", tried.result.pk)
        status = tried.status
    return render(request, "claims/inventory_new.html", {"form": form}, status=status)


@access(Access.CLAIMANT)
@require_POST
def inventory_window(request: HttpRequest) -> HttpResponse:
    """Which production would match, while the period is being typed. Changes nothing."""
    user: Any = request.user
    form = InventoryForm(request.POST, organisations=acting(user, *CLAIMANTS))
    form.is_valid()
    start, end = (form.cleaned_data.get(name) for name in ("period_start", "period_end"))
    if not start or not end or end < start:
        return render(request, "claims/window_live.html", {})
    runs = unclaimed(form.acting.pk)
    issuances = issuances_of([run.line for run in runs])
    found = matching(start, end, runs, issuances, timezone.now().date())
    return render(request, "claims/window_live.html", {"matching": found})


@access(Access.CLAIMANT)
@require_safe
def inventory(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lines, both inventories by category, what was claimed and what was said of it."""
    user: Any = request.user
    return _inventory_page(request, scope.inventory(user, pk), ActionForm())


@access(Access.CLAIMANT)
def line_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.inventory(user, pk)
    form = LineForm(posted(request))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: add_line(
                by=user, now=timezone.now(), key=key, inventory=found, values=form.values()
            ),
        )
        if tried.result:
            messages.success(request, f"The line “{tried.result.name}” is added.")
            return redirect("claims:inventory", found.pk)
        status = tried.status
    context = {"form": form, "inventory": found, "is_demonstration": found.is_demonstration}
    return render(request, "claims/line_new.html", context, status=status)


@access(Access.CLAIMANT)
def line_edit(request: HttpRequest, pk: UUID, line: UUID) -> HttpResponse:
    """The same form with what the line says; a line that a claim used stays as it is."""
    user: Any = request.user
    found = scope.line(user, pk, line)
    form = LineForm(posted(request), initial=initial_of(found))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: change_line(
                by=user, now=timezone.now(), key=key, line=found, values=form.values()
            ),
        )
        if tried.result:
            messages.success(request, f"The line “{tried.result.name}” is changed.")
            return redirect("claims:inventory", pk)
        status = tried.status
    inventory = found.inventory
    context = {
        "form": form,
        "inventory": inventory,
        "line": found,
        "is_demonstration": inventory.is_demonstration,
    }
    return render(request, "claims/line_new.html", context, status=status)


@access(Access.CLAIMANT)
@require_POST
def line_remove(request: HttpRequest, pk: UUID, line: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.inventory(user, pk)
    try:
        gone = scope.line(user, pk, line)
    except NotVisible:
        # Sent twice: there is nothing left to remove.
        return redirect("claims:inventory", found.pk)
    form = ActionForm(request.POST)
    tried = attempt(form, lambda key: remove_line(by=user, now=timezone.now(), key=key, line=gone))
    if tried.done:
        messages.success(request, "The line is removed.")
        return redirect("claims:inventory", found.pk)
    return _inventory_page(request, found, form, tried.status)


def _inventory_page(
    request: HttpRequest, found: Inventory, form: ActionForm, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    settle_due(now=timezone.now(), organisation=found.organisation)
    page = page_of(request, found.lines.order_by("id"))
    lines = figures.by_line(page, shares_on(page))
    totals = inventory_totals(found)
    runs = unclaimed(found.organisation_id)
    issuances = issuances_of([run.line for run in runs])
    context = {
        "inventory": found,
        # A key for each button: removing one line is not the request to remove another.
        "lines": [(each, ActionForm()) for each in lines],
        "page": page,
        "categories": totals,
        "total": sum_of(totals),
        "matching": matching(
            found.period_start, found.period_end, runs, issuances, timezone.now().date()
        ),
        "imports": open_imports(found),
        "pending": list(
            found.pending_claims.filter(state=PendingState.WAITING).select_related("order")
        ),
        "claims": list(found.claims.order_by("-claimed_at", "-id")),
        "statements": list(
            found.statements.exclude(state="discarded").defer("document").order_by("-id")
        ),
        "has_spend": found.lines.filter(spend__isnull=False, material=Material.STEEL).exists(),
        "unclaimed": sum(run.line.quantity for run in runs),
        "may_act": may_act(user, found.organisation),
        "form": form,
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "claims/inventory.html", context, status=status)
