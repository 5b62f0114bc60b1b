"""The living style page: every component, on made-up data. Shown in development only."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import Access, access
from accounts.ui import sample


@access(Access.PUBLIC)
def style(request: HttpRequest) -> HttpResponse:
    """GET draws empty components; POST shows the form as it comes back with errors."""
    if not settings.DEBUG:
        raise Http404
    form = sample.SampleForm(request.POST or None, request.FILES or None)
    if form.is_bound:
        form.add_findings(sample.FINDINGS)
    else:
        messages.success(request, "The transfer of 600 t was accepted.")
        messages.warning(request, "The 2024 vintage expires on 31 December 2026.")
    context = {
        "form": form,
        "filters": sample.SampleFilter(request.GET, prefix="filter"),
        "findings": sample.FINDINGS,
        "summary": sample.SUMMARY,
        "columns": sample.COLUMNS,
        "rows": sample.ROWS,
        "events": sample.EVENTS,
        "states": sample.STATES,
        "page": Paginator(range(200), 10).get_page(request.GET.get("page", 3)),
        "is_demonstration": True,
        "values": sample.VALUES,
    }
    return render(request, "components/style_page.html", context)
