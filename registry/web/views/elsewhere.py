"""Units on other registries: the operator's lists and aliases, a producer's declarations (6.2)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access
from accounts.permissions import require_initiator
from accounts.ui.formats import day, tonnes
from registry import scope
from registry.models import ElsewhereIssuance, Site, SiteAlias
from registry.services.audit_facts import issued_elsewhere
from registry.services.elsewhere import (
    LIST,
    Change,
    compare,
    declare_elsewhere,
    record_alias,
    record_list,
    remove_alias,
    sites_named,
    units_doubled,
)
from registry.tabular import template_csv, template_xlsx
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.forms.elsewhere import AliasForm, DeclareForm, ListForm
from registry.web.pages import form_page, page_of
from registry.words import unit_name

COLUMNS = ["Issuance", "Registry", "Site there", "Site here", "Unit", "Period", "#Units", "Source"]
DECLARED = ["Issuance", "Registry", "Unit", "Period", "#Units", "Source"]
_CHANGES = ["Issuance", "What happens", "Site there", "Site here", "Unit", "Period", "#Units"]
_MOST_SHOWN = 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@access(Access.OPERATOR)
@require_safe
def elsewhere(request: HttpRequest) -> HttpResponse:
    return _page(request)


@access(Access.OPERATOR)
def list_new(request: HttpRequest) -> HttpResponse:
    """First look at what a list would change, then record it."""
    user: Any = request.user
    form, status = ListForm(posted(request), request.FILES or None), 200
    context: dict[str, Any] = {}
    if request.method == "POST":
        if request.POST.get("step") == "record":
            tried = attempt(
                form,
                lambda key: record_list(
                    by=user,
                    now=timezone.now(),
                    key=key,
                    registry=form.cleaned_data["registry"],
                    lines=form.lines,
                ),
            )
            if tried.result:
                messages.success(request, f"The list is recorded: {_counts(tried.result)}.")
                _warn(request, tried.result)
                return redirect("portal:elsewhere")
            status = tried.status
        elif form.is_valid():
            form, context = _preview(request, form)
        else:
            status = 400
    return form_page(
        request,
        form,
        title="List of another registry",
        submit="Look at what it changes",
        back=reverse("portal:elsewhere"),
        status=status,
        template="registry/elsewhere_list.html",
        **context,
    )


@access(Access.OPERATOR)
@require_safe
def list_template(request: HttpRequest, ending: str) -> HttpResponse:
    is_csv = ending == "csv"
    content = template_csv(LIST) if is_csv else template_xlsx(LIST, "Issuances elsewhere")
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8" if is_csv else _XLSX)
    answer["Content-Disposition"] = f'attachment; filename="issuances-elsewhere.{ending}"'
    return answer


@access(Access.OPERATOR)
@require_POST
def alias_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = AliasForm(request.POST)
    tried = attempt(
        form,
        lambda key: record_alias(
            by=user,
            now=timezone.now(),
            key=key,
            site=form.cleaned_data["site"],
            identifier=form.cleaned_data["identifier"],
        ),
    )
    if tried.result:
        messages.success(request, f"{tried.result.identifier} is {tried.result.site}.")
        return redirect("portal:elsewhere")
    return _page(request, alias_form=form, status=tried.status)


@access(Access.OPERATOR)
@require_POST
def alias_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    alias = get_object_or_404(SiteAlias, pk=pk)
    form = ActionForm(request.POST)
    tried = attempt(
        form, lambda key: remove_alias(by=user, now=timezone.now(), key=key, alias=alias)
    )
    if tried.done:
        messages.success(request, f"{alias.identifier} names no site any more.")
        return redirect("portal:elsewhere")
    return _page(request, failed=form, status=tried.status)


@access(Access.PRODUCER)
def declare(request: HttpRequest, code: str) -> HttpResponse:
    """What is known of a site's units elsewhere, and a form to declare more."""
    user: Any = request.user
    site = scope.site(user, code)
    require_initiator(user, site.organisation)
    form, status = DeclareForm(posted(request)), 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: declare_elsewhere(
                by=user, now=timezone.now(), key=key, site=site, values=form.values()
            ),
        )
        if tried.result:
            messages.success(request, f"{tried.result.reference} is declared.")
            return redirect("portal:site_elsewhere", site.code)
        status = tried.status
    page = page_of(request, issued_elsewhere(site).order_by("-period_start", "-id"))
    return form_page(
        request,
        form,
        title=f"Units of {site.name} on other registries",
        submit="Declare the units",
        back=reverse("portal:site", args=[site.code]),
        status=status,
        template="registry/elsewhere_site.html",
        intro="A tonne that is a unit on another registry cannot become one here (R086). "
        "What you declare counts at once; the operator corrects a mistake.",
        columns=DECLARED,
        rows=[[row.reference, row.registry, *_what(row), _source(row)] for row in page],
        page=page,
        is_demonstration=site.is_demonstration,
    )


def _page(
    request: HttpRequest,
    *,
    alias_form: AliasForm | None = None,
    failed: ActionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = ElsewhereIssuance.objects.select_related("site")
    page = page_of(request, rows.order_by("-recorded_at", "registry", "reference"))
    sites = sites_named({row.identifier for row in page if not row.site_id})
    aliases = SiteAlias.objects.select_related("site").order_by("identifier")[:200]
    context = {
        "page": page,
        "columns": COLUMNS,
        "rows": [
            [row.reference, row.registry, *_places(row, sites), *_what(row), _source(row)]
            for row in page
        ],
        "aliases": [(each, ActionForm()) for each in aliases],
        "alias_form": alias_form or AliasForm(),
        "failed_form": failed or alias_form,
    }
    return render(request, "registry/elsewhere.html", context, status=status)


def _preview(request: HttpRequest, form: ListForm) -> tuple[ListForm, dict[str, Any]]:
    """The form again, with the rows in it as they were read, and what they would change."""
    user: Any = request.user
    change = compare(form.cleaned_data["registry"], form.lines, by=user, now=timezone.now())
    again = ListForm(initial={"registry": form.cleaned_data["registry"], "text": form.as_text()})
    lines = [
        [row.reference, word, *_places(row, change.sites), *_what(row)]
        for word, row in change.lines[:_MOST_SHOWN]
    ]
    return again, {
        "preview": _counts(change),
        "unmatched": ", ".join(change.unmatched[:20]),
        "columns": _CHANGES,
        "rows": lines,
        "more": max(len(change.lines) - _MOST_SHOWN, 0),
    }


def _warn(request: HttpRequest, change: Change) -> None:
    """Say where the list shows that units exist twice already."""
    named = {
        (change.sites[row.identifier], row.functional_unit)
        for _, row in change.lines
        if row.identifier in change.sites
    }
    for site, unit in sorted(named, key=lambda each: (each[0].code, each[1]))[:20]:
        for window in units_doubled(site, unit)[:1]:
            messages.warning(
                request, f"{site}, {unit_name(unit)}, {window}. Look into it, and suspend them."
            )


def _counts(change: Change) -> str:
    return (
        f"{len(change.new)} new, {len(change.changed)} changed, "
        f"{len(change.removed)} gone, {change.same} as before"
    )


def _places(row: ElsewhereIssuance, sites: dict[str, Site]) -> list[Any]:
    here = row.site or sites.get(row.identifier)
    return [row.identifier or "–", str(here) if here else "none"]


def _what(row: ElsewhereIssuance) -> list[str]:
    period = f"{day(row.period_start)} to {day(row.period_end)}"
    return [unit_name(row.functional_unit), period, tonnes(row.units)]


def _source(row: ElsewhereIssuance) -> Any:
    return row.get_source_display()
