"""A producer's sites."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from registry import scope
from registry.services.sites import register_site
from registry.services.technology import in_force, technologies_of
from registry.web import tables
from registry.web.attempt import attempt, posted
from registry.web.forms.sites import SiteForm
from registry.web.pages import PRODUCERS, acting, form_page, may_act, page_of
from registry.web.rows import site_rows
from registry.web.technology_rows import technology_rows


@access(Access.PRODUCER)
@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    page = page_of(request, scope.sites_of(user).order_by("name", "code"))
    context = {
        "page": page,
        "columns": tables.SITES,
        "rows": tables.sites(page),
        "is_demonstration": any(each.is_demonstration for each in page),
    }
    return render(request, "registry/sites.html", context)


@access(Access.PRODUCER)
def site_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = SiteForm(posted(request), organisations=acting(user, *PRODUCERS))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: register_site(
                by=user,
                now=timezone.now(),
                key=key,
                organisation=form.acting,
                values=form.values(),
            ),
        )
        if tried.result:
            messages.success(request, f"{tried.result.name} is registered.")
            return redirect("portal:site", tried.result.code)
        status = tried.status
    return form_page(
        request,
        form,
        title="Register a site",
        submit="Register the site",
        back=reverse("portal:sites"),
        status=status,
    )


@access(Access.PRODUCER)
@require_safe
def site(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    found = scope.site(user, code)
    page = page_of(
        request, found.productions.select_related("site").order_by("-period_start", "-id")
    )
    context = {
        "site": found,
        "summary": site_rows(found),
        "technology": technology_rows(in_force(technologies_of(found))),
        "page": page,
        "columns": tables.PRODUCTIONS,
        "rows": tables.productions(page),
        "may_act": may_act(user, found.organisation),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "registry/site.html", context)
