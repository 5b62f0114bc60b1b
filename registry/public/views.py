"""The public register's pages. Nobody signs in, and nothing here can be changed."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe
from django_filters import FilterSet

from accounts.access import Access, access
from registry import conformance, tracing
from registry.identifiers import NotAnIdentifier, parse
from registry.models import Issuance, Retirement
from registry.provisional import provisional_among
from registry.public import queries, record
from registry.public.certificates import qr_svg
from registry.public.claims import claims_of_issuance
from registry.public.conformance import conformance_file
from registry.public.deliveries import recipients_of
from registry.public.endings import adjustments_of
from registry.public.exports import ISSUANCE_COLUMNS, RETIREMENT_COLUMNS, export
from registry.public.filters import IssuanceFilter, RetirementFilter
from registry.public.log_views import proof_url
from registry.public.settled import settle
from registry.public.units import look_up, unit_range, units_of
from registry.rulebook.edition import edition

_ROWS = 25
_LINES = 100
# An issuance names so many of its suspensions, the newest.
_MOST_NAMED = 20
_PORTAL_HOME = "portal:home"


@access(Access.PUBLIC)
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What Billet is; somebody signed in goes on to their own home page."""
    if request.user.is_authenticated:
        try:
            return redirect(reverse(_PORTAL_HOME))
        except NoReverseMatch:
            pass
    settle()
    figures = queries.figures()
    context = {"figures": figures, "is_demonstration": figures.is_demonstration}
    return render(request, "public/landing.html", context)


@access(Access.PUBLIC)
@require_safe
def issuances(request: HttpRequest) -> HttpResponse:
    settle()
    found = IssuanceFilter(request.GET, queryset=queries.listed_issuances())
    context = list_context(request, found, "public:issuances_export")
    return render(request, "public/issuances.html", context)


@access(Access.PUBLIC)
@require_safe
def issuances_export(request: HttpRequest, form: str) -> HttpResponseBase:
    settle()
    found = IssuanceFilter(request.GET, queryset=queries.listed_issuances())
    return export(found, form, "issuances", ISSUANCE_COLUMNS)


@access(Access.PUBLIC)
@require_safe
def issuance(request: HttpRequest, code: str) -> HttpResponse:
    """The record of 6.2, how it was judged, and what became of the units."""
    settle(issuance=code)
    found = get_object_or_404(
        Issuance.objects.select_related("site", "producer", "verification__auditor"), code=code
    )
    retirements = queries.retirements_of(found)
    context = {
        "issuance": found,
        "units": unit_range(found, 1, found.quantity),
        "amounts": queries.states_of(found.holdings.filter(copy=1)),
        "copies": queries.copies_of(found.pk),
        "claims": claims_of_issuance(found.pk),
        "record": record.record_rows(found),
        "about_units": record.unit_rows(found, edition(found.edition)),
        "about_site": record.site_rows(found),
        "findings": record.stored_findings(found.findings),
        "recipients": recipients_of(found, on=timezone.localdate()),
        "life": record.life_events(queries.life_of(found)),
        "retirement_columns": record.RETIREMENT_COLUMNS,
        "retirements": record.retirement_table(retirements[: queries.MOST_RETIREMENTS]),
        "suspensions": tracing.suspensions_of(found.pk)[:_MOST_NAMED],
        "adjustments": adjustments_of(found),
        "provisional_until": provisional_among([found]).get(found.pk),
        "has_more_retirements": len(retirements) > queries.MOST_RETIREMENTS,
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "public/issuance.html", context)


@access(Access.PUBLIC)
@require_safe
def issuance_conformance(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """How the units were judged, rule by rule, to keep: as JSON or as a tagged PDF."""
    found = get_object_or_404(Issuance, code=code)
    return conformance_file(conformance.of_issuance(found), form, found.code)


@access(Access.PUBLIC)
@require_safe
def retirements(request: HttpRequest) -> HttpResponse:
    settle()
    found = RetirementFilter(request.GET, queryset=queries.listed_retirements())
    return render(
        request,
        "public/retirements.html",
        list_context(request, found, "public:retirements_export"),
    )


@access(Access.PUBLIC)
@require_safe
def retirements_export(request: HttpRequest, form: str) -> HttpResponseBase:
    settle()
    rows = queries.with_lines(queries.listed_retirements())
    return export(
        RetirementFilter(request.GET, queryset=rows), form, "retirements", RETIREMENT_COLUMNS
    )


@access(Access.PUBLIC)
@require_safe
def retirement(request: HttpRequest, code: str) -> HttpResponse:
    """The record of 8.2, every range of serials by its identifier."""
    settle(code=code)
    found = get_object_or_404(Retirement.objects.select_related("organisation"), code=code)
    page = Paginator(queries.lines_of(found), _LINES).get_page(request.GET.get("page"))
    lines = [
        {"units": units_of(line), "copy": line.copy, "issuance": line.issuance} for line in page
    ]
    context = {
        "retirement": found,
        "about": record.about_retirement(found),
        "marks": tracing.marks_of_retirement(found),
        "qr": mark_safe(qr_svg(found.code)),  # noqa: S308  # drawn here from our own address
        "proof_url": proof_url(found.code),
        "page": page,
        "lines": lines,
        "findings": record.stored_findings(found.findings),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "public/retirement.html", context)


@access(Access.PUBLIC)
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Look up a unit identifier: is it well formed, does it exist, where do its units stand."""
    text = request.GET.get("identifier", "").strip()
    context: dict[str, Any] = {"identifier": text}
    status = 200
    if text:
        try:
            settle(issuance=parse(text).issuance)
            found = look_up(text)
            context |= {"found": found, "is_demonstration": found.issuance.is_demonstration}
        except NotAnIdentifier as refused:
            context["problem"] = str(refused)
            status = 404
    return render(request, "public/units.html", context, status=status)


def list_context(request: HttpRequest, found: FilterSet, export_name: str) -> dict[str, Any]:
    """One page of a list; nothing where a filter cannot be read, as its error says."""
    rows = found.qs if found.is_valid() else found.queryset.none()
    page = Paginator(rows, _ROWS).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    tail = f"?{query.urlencode()}" if query else ""
    return {
        "filter": found,
        "page": page,
        "csv_url": reverse(export_name, args=["csv"]) + tail,
        "json_url": reverse(export_name, args=["json"]) + tail,
        "is_demonstration": any(getattr(row, "is_demonstration", False) for row in page),
    }
