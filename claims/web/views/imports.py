"""Bringing lines as a table: the form, its preview, its progress, and templates to fill."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access
from accounts.permissions import require_initiator
from claims import scope
from claims.models import Inventory, LineImport
from claims.queries import category_totals, sum_of
from claims.services.imports import bring_lines, confirm_import, discard_import
from claims.services.line_columns import COLUMNS
from claims.web import figures
from claims.web.forms.imports import ImportForm
from registry.tabular import template_csv, template_xlsx
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.pages import may_act, page_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_FAULTS = 50


@access(Access.CLAIMANT)
def import_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.inventory(user, pk)
    require_initiator(user, found.organisation)
    form = ImportForm(posted(request), request.FILES or None)
    status = 200
    if request.method == "POST":
        tried = attempt(form, lambda key: _bring(request, found, form, key))
        if tried.result:
            return redirect("claims:import", found.pk, tried.result.pk)
        status = tried.status
    context = {
        "form": form,
        "inventory": found,
        "columns": COLUMNS,
        "templates": [
            (f"Lines, {ending.upper()}", reverse(f"claims:template_{ending}"))
            for ending in ("xlsx", "csv")
        ],
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "claims/import_new.html", context, status=status)


@access(Access.CLAIMANT)
@require_safe
def import_page(request: HttpRequest, pk: UUID, line_import: UUID) -> HttpResponse:
    """What was read, what is wrong with it, and the button that takes it in."""
    user: Any = request.user
    return _page(request, scope.line_import(user, pk, line_import), ActionForm())


@access(Access.CLAIMANT)
@require_safe
def import_state(request: HttpRequest, pk: UUID, line_import: UUID) -> HttpResponse:
    """The part of the page that changes while a worker reads."""
    user: Any = request.user
    found = scope.line_import(user, pk, line_import)
    if not found.is_open:
        # Reading is over: the whole page says what came of it.
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "claims/import_progress.html", {"found": found})


@access(Access.CLAIMANT)
@require_POST
def import_confirm(request: HttpRequest, pk: UUID, line_import: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.line_import(user, pk, line_import)
    form = ActionForm(request.POST)
    tried = attempt(
        form,
        lambda key: confirm_import(by=user, now=timezone.now(), key=key, line_import=found),
    )
    if tried.done:
        count = found.line_count
        are = "line is" if count == 1 else "lines are"
        messages.success(request, f"{count:,} {are} in the inventory.")
        return redirect("claims:inventory", found.inventory_id)
    return _page(request, found, form, tried.status)


@access(Access.CLAIMANT)
@require_POST
def import_discard(request: HttpRequest, pk: UUID, line_import: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.line_import(user, pk, line_import)
    form = ActionForm(request.POST)
    tried = attempt(
        form,
        lambda key: discard_import(by=user, now=timezone.now(), key=key, line_import=found),
    )
    if tried.done:
        messages.success(request, "The table is discarded; the inventory is as it was.")
        return redirect("claims:inventory", found.inventory_id)
    return _page(request, found, form, tried.status)


@access(Access.CLAIMANT)
@require_safe
def template(request: HttpRequest, ending: str) -> HttpResponse:
    is_csv = ending == "csv"
    content = template_csv(COLUMNS) if is_csv else template_xlsx(COLUMNS, "Lines")
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8" if is_csv else _XLSX)
    answer["Content-Disposition"] = f'attachment; filename="lines.{ending}"'
    return answer


def _bring(request: HttpRequest, found: Inventory, form: ImportForm, key: str) -> LineImport:
    name, content = form.table()
    user: Any = request.user
    return bring_lines(
        by=user,
        now=timezone.now(),
        key=key,
        inventory=found,
        name=name,
        content=content,
        mode=form.cleaned_data["mode"],
    )


def _page(
    request: HttpRequest, found: LineImport, form: ActionForm, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    page = page_of(request, found.lines.order_by("row", "id"))
    totals = category_totals(found.lines.all())
    context = {
        "found": found,
        "inventory": found.inventory,
        "lines": figures.by_line(page, []),
        "page": page,
        "totals": totals,
        "total": sum_of(totals),
        "faults": found.faults[:_MOST_FAULTS],
        "more_faults": max(found.fault_count - _MOST_FAULTS, 0),
        "existing": found.inventory.lines.count() if found.mode == found.Mode.REPLACE else 0,
        "may_act": may_act(user, found.inventory.organisation),
        "form": form,
        "confirm": ActionForm(),
        "discard": ActionForm(),
        "is_demonstration": found.inventory.is_demonstration,
    }
    return render(request, "claims/import.html", context, status=status)
