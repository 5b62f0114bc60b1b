"""Retirements: units taken out of circulation for good."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.permissions import Right, accounts_with
from accounts.ui.formats import tonnes
from registry import queries, scope
from registry.public.queries import lines_of
from registry.services.retirements import retire
from registry.web import tables
from registry.web.attempt import attempt, posted
from registry.web.forms.units import FIELDS, RetireForm
from registry.web.pages import SUGGESTIONS, acting_accounts, any_demonstration, form_page, page_of
from registry.web.rows import retirement_rows
from registry.web.views.transfers import units_asked_for

_LINES = 100


@access(Access.HOLDER)
@require_safe
def retirements(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    page = page_of(request, scope.retirements_of(user).order_by("-retired_at", "-id"))
    context = {
        "page": page,
        "columns": tables.RETIREMENTS,
        "rows": tables.retirements(page),
        "may_act": accounts_with(user, Right.INITIATE).exists(),
        "is_demonstration": any(each.is_demonstration for each in page),
    }
    return render(request, "registry/retirements.html", context)


@access(Access.HOLDER)
def retirement_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    accounts = acting_accounts(user)
    form = RetireForm(
        posted(request), accounts=queries.with_amounts(accounts), initial=units_asked_for(request)
    )
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: retire(
                by=user,
                now=timezone.now(),
                key=key,
                account=form.cleaned_data["account"],
                units=form.units(),
                purpose=form.cleaned_data["purpose"],
                beneficiary=form.cleaned_data["beneficiary"],
            ),
            fields=FIELDS,
        )
        if tried.result:
            messages.success(request, f"{tonnes(tried.result.quantity)} are retired for ever.")
            return redirect("portal:retirement", tried.result.code)
        status = tried.status
    return form_page(
        request,
        form,
        title="Retire units",
        submit="Retire the units",
        submit_tone="warning",
        warning="Retirement is for ever: retired units never move again.",
        back=reverse("portal:retirements"),
        status=status,
        template="registry/units_form.html",
        is_demonstration=any_demonstration(accounts),
        issuances=queries.active_issuances(accounts, most=SUGGESTIONS),
    )


@access(Access.HOLDER)
@require_safe
def retirement(request: HttpRequest, code: str) -> HttpResponse:
    """The record with every range of serials."""
    user: Any = request.user
    found = scope.retirement(user, code)
    page = page_of(request, lines_of(found), _LINES)
    context = {
        "retirement": found,
        "summary": retirement_rows(found),
        "page": page,
        "columns": tables.LINES,
        "rows": tables.lines(page),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "registry/retirement.html", context)
