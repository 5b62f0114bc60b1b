"""The baseline library, and a producer's own additions to it."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from registry import scope, words
from registry.services.sites import add_baseline
from registry.web import tables
from registry.web.attempt import attempt, posted
from registry.web.forms.fields import ActingForm
from registry.web.forms.sites import ScaleBaselineForm, ValueBaselineForm
from registry.web.pages import PRODUCERS, acting, form_page, page_of


@access(Access.PRODUCER)
@require_safe
def baselines(request: HttpRequest) -> HttpResponse:
    """Own ones first; q narrows the library: a country's code or name, else name and source."""
    user: Any = request.user
    q = request.GET.get("q", "").strip()
    rows = scope.baselines_of(user).select_related("organisation")
    if q:
        rows = rows.filter(_matches(q))
    page = page_of(request, rows.order_by("organisation_id", "name", "id"))
    context = {
        "q": q,
        "page": page,
        "columns": tables.BASELINES,
        "rows": tables.baselines(page),
        "is_demonstration": any(
            each.organisation and each.organisation.is_demonstration for each in page
        ),
    }
    return render(request, "registry/baselines.html", context)


@access(Access.PRODUCER)
def value_new(request: HttpRequest) -> HttpResponse:
    return _new(request, ValueBaselineForm, "Add a reference value")


@access(Access.PRODUCER)
def scale_new(request: HttpRequest) -> HttpResponse:
    return _new(request, ScaleBaselineForm, "Add a sliding scale")


def _new(request: HttpRequest, form_class: type[ActingForm], title: str) -> HttpResponse:
    user: Any = request.user
    form = form_class(posted(request), organisations=acting(user, *PRODUCERS))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: add_baseline(
                by=user,
                now=timezone.now(),
                key=key,
                organisation=form.acting,
                values=form.values(),
            ),
        )
        if tried.result:
            messages.success(request, f"{tried.result.name} is in your library.")
            return redirect("portal:baselines")
        status = tried.status
    return form_page(
        request,
        form,
        title=title,
        submit="Add the baseline",
        back=reverse("portal:baselines"),
        status=status,
    )


def _matches(q: str) -> Q:
    if len(q) == 2:
        return Q(country__iexact=q)
    named = [code for code, name in words.countries() if q.lower() in name.lower()]
    return Q(name__icontains=q) | Q(source__icontains=q) | Q(country__in=named)
