"""Published statements, for anybody: the two inventories of 9.1 and all it takes to check them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.ui import formats
from claims.accounting.categories import CATEGORIES
from claims.accounting.quality import DATA_TIERS, VERIFIED
from claims.accounting.wording import NOT_ASSURED
from claims.models import ProgrammeAcceptance, Statement
from claims.queries import opinions, opinions_as_data
from claims.services.stating import summary_of
from claims.streams import every_line
from claims.tracing import marks_of
from claims.transitions import PUBLIC
from claims.web.beside import Beside, beside, sourcing_rows
from claims.web.document import quality_rows, side_by_side, total_cap_words, totals
from claims.web.lines import SIZE, as_json, lines_of
from claims.web.pictures import pictures
from claims.web.printed import pdf
from claims.web.queries import claims_by_code, published_statements, shown_figures
from claims.web.sheets import workbook
from registry.public.record import stored_findings
from registry.web.pages import page_of

UNITS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINE_COLUMNS = (
    "Line", "Category", "Data", "Verified", "#Tonnes", "#Factor", "#Physical", "#With BCUs applied",
)  # fmt: skip


@access(Access.PUBLIC)
@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    page = page_of(request, published_statements())
    marks = marks_of(page)
    marked = {pk for pk, found in marks.items() if found}
    context = {
        "page": page,
        "marked": marked,
        "is_demonstration": any(each.is_demonstration for each in page),
    }
    return render(request, "claims/statements.html", context)


@access(Access.PUBLIC)
@require_safe
def acceptance(request: HttpRequest) -> HttpResponse:
    """What each programme says of claims like those made here, as the operator keeps it today."""
    rows = ProgrammeAcceptance.objects.order_by("place", "programme", "question")
    document = {"acceptance": list(rows)}
    return render(request, "claims/acceptance_page.html", {"document": document})


@access(Access.PUBLIC)
@require_safe
def statement(request: HttpRequest, code: str) -> HttpResponse:
    found = _one(code, "supersedes", "superseded_by")
    document = _summary(found)
    codes = [each["code"] for each in [*document["claims"], *document.get("spend_claims", [])]]
    made = claims_by_code(codes)
    claims = [
        {
            "claim": made[each["code"]],
            "figures": figures,
            "findings": stored_findings(made[each["code"]].findings),
        }
        for each, figures in zip(document["claims"], shown_figures(document["claims"]), strict=True)
    ]
    units = Paginator(document.get("units", []), UNITS)
    context = {
        "statement": found,
        "marks": marks_of([found])[found.pk],
        "document": document,
        "categories": side_by_side(document),
        "total": totals(document),
        "claims": claims,
        "units": units.get_page(request.GET.get("units")),
        "pictures": pictures(document),
        "opinions": opinions(found),
        "not_assured": NOT_ASSURED,
        "sourcing": sourcing_rows(document.get("sourcing")),
        "total_cap": total_cap_words(made.values()),
        "quality": quality_rows(document),
        "quality_columns": ("Data", "#Lines", "#Emissions"),
        "findings": stored_findings(found.findings),
        "superseded_by": getattr(found, "superseded_by", None),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "claims/statement.html", context)


@access(Access.PUBLIC)
@require_safe
def statement_lines(request: HttpRequest, code: str) -> HttpResponse:
    """Every line with its data and both figures, a page at a time."""
    found = _one(code)
    document = _summary(found)
    page = Paginator(range(document.get("line_count", 0)), SIZE).get_page(request.GET.get("page"))
    rows = [
        [
            each["name"],
            CATEGORIES[each["category"]],
            DATA_TIERS.get(each["data_tier"], each["data_tier"]),
            VERIFIED.get(each["verified"], each["verified"]),
            formats.tonnes(each["tonnes"]),
            formats.intensity(each["factor_intensity"]),
            formats.emissions(each["physical_emissions"]),
            formats.emissions(each["adjusted_emissions"]),
        ]
        for each in lines_of(found.pk, max(page.start_index() - 1, 0))
    ]
    context = {
        "statement": found,
        "document": document,
        "page": page,
        "rows": rows,
        "columns": LINE_COLUMNS,
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "claims/statement_lines.html", context)


@access(Access.PUBLIC)
@require_safe
def statement_json(request: HttpRequest, code: str) -> HttpResponseBase:
    """The document itself, in pieces: enough to recompute every figure in it.

    Beside it the opinions given and, where its units came under suspension or were corrected
    since, the marks; and the code of the statement that took its place.
    """
    found = _one(code, "superseded_by")
    more: dict[str, Any] = {"sha256": found.sha256}
    more["published_on"] = found.published_on.isoformat() if found.published_on else None
    more["assurance"] = opinions_as_data(opinions(found), found)
    if marks := marks_of([found])[found.pk]:
        more["marks"] = [mark.as_dict() for mark in marks]
    if later := getattr(found, "superseded_by", None):
        more["superseded_by"] = later.code
    return _named(as_json(found, more), found, "json", "attachment")


@access(Access.PUBLIC)
@require_safe
def statement_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    found = _one(code)
    document = _summary(found)
    paper = pdf(found, document, _beside(found, document))
    return _named(HttpResponse(paper, content_type="application/pdf"), found, "pdf", "inline")


@access(Access.PUBLIC)
@require_safe
def statement_xlsx(request: HttpRequest, code: str) -> HttpResponseBase:
    found = _one(code)
    document = _summary(found)
    about = _beside(found, document)
    facts: list[tuple[str, object]] = [
        *about.facts,
        *(("Assurance", each) for each in about.assurance),
        *(("Mark", each) for each in about.marks),
    ]
    book = workbook(document, every_line(found.pk), facts)
    return _named(HttpResponse(book, content_type=XLSX), found, "xlsx", "attachment")


def _one(code: str, *related: str) -> Statement:
    """A published one. Its document, which may be long, is read only where it is asked for."""
    rows = Statement.objects.filter(state__in=PUBLIC).defer("document")
    return get_object_or_404(rows.select_related("organisation", "inventory", *related), code=code)


def _summary(found: Statement) -> dict[str, Any]:
    """What was published before summaries were kept is summed up anew."""
    summary: dict[str, Any] = found.summary or summary_of(found.document or {})
    return summary


def _beside(found: Statement, document: Any) -> Beside:
    return beside(found, document, opinions(found), marks_of([found])[found.pk])


def _named(response: HttpResponseBase, found: Statement, ending: str, how: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'{how}; filename="billet-statement-{found.code}.{ending}"'
    return response
