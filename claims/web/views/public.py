"""Published statements, for anybody: the two inventories of 9.1 and all it takes to check them."""

import json
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from claims.models import Statement
from claims.tracing import marks_of
from claims.transitions import PUBLIC
from claims.web.document import figures_of, side_by_side, totals, unit_runs
from claims.web.queries import claims_by_code, issuances_by_code, published_statements
from registry.public.record import stored_findings
from registry.web.pages import page_of


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
def statement(request: HttpRequest, code: str) -> HttpResponse:
    related = ("organisation", "inventory", "supersedes", "superseded_by")
    found = get_object_or_404(_public().select_related(*related), code=code)
    document: dict[str, Any] = found.summary or found.document or {}
    issuances = issuances_by_code(run["issuance"] for run in unit_runs(document["claims"]))
    made = claims_by_code(each["code"] for each in document["claims"])
    claims = [
        {
            "claim": made[each["code"]],
            "figures": figures_of(each, issuances),
            "findings": stored_findings(made[each["code"]].findings),
        }
        for each in document["claims"]
    ]
    context = {
        "statement": found,
        "marks": marks_of([found])[found.pk],
        "document": document,
        "categories": side_by_side(document),
        "total": totals(document),
        "claims": claims,
        "findings": stored_findings(found.findings),
        "superseded_by": getattr(found, "superseded_by", None),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "claims/statement.html", context)


@access(Access.PUBLIC)
@require_safe
def statement_json(request: HttpRequest, code: str) -> HttpResponse:
    """The document itself: enough to recompute every figure in it.

    Beside it, where its units came under suspension or were corrected since, the marks.
    """
    found = get_object_or_404(_public(), code=code)
    document = {**(found.document or {})}
    if marks := marks_of([found])[found.pk]:
        document["marks"] = [mark.as_dict() for mark in marks]
    text = json.dumps(document, ensure_ascii=False, indent=2)
    response = HttpResponse(text + "\n", content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="billet-statement-{found.code}.json"'
    return response


def _public() -> QuerySet[Statement]:
    return Statement.objects.filter(state__in=PUBLIC)
