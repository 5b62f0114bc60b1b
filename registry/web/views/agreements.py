"""Agreements between an issuer and its buyers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access, admits
from registry import scope
from registry.services.agreements import record_agreement
from registry.web import tables
from registry.web.attempt import attempt, posted
from registry.web.forms.agreements import AgreementForm
from registry.web.pages import PRODUCERS, acting, form_page, page_of
from registry.web.rows import agreement_rows


@access(Access.HOLDER)
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rows = scope.agreements_of(user).select_related("issuer")
    page = page_of(request, rows.order_by("-executed_on", "-id"))
    context = {
        "page": page,
        "columns": tables.AGREEMENTS,
        "rows": tables.agreements(page),
        "is_producer": admits(Access.PRODUCER, user),
        "is_demonstration": any(each.issuer.is_demonstration for each in page),
    }
    return render(request, "registry/agreements.html", context)


@access(Access.PRODUCER)
def agreement_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = AgreementForm(posted(request), organisations=acting(user, *PRODUCERS))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: record_agreement(
                by=user,
                now=timezone.now(),
                key=key,
                issuer=form.acting,
                buyers=form.buyers_chosen,
                values=form.values(),
            ),
        )
        if tried.result:
            messages.success(request, f"Agreement {tried.result.reference} is recorded.")
            return redirect("portal:agreement", tried.result.pk)
        status = tried.status
    return form_page(
        request,
        form,
        title="Record an agreement",
        intro="As executed: once recorded it is never changed.",
        submit="Record the agreement",
        back=reverse("portal:agreements"),
        status=status,
    )


@access(Access.HOLDER)
@require_safe
def agreement(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.agreement(user, pk)
    context = {
        "agreement": found,
        "summary": agreement_rows(found, list(found.parties.select_related("organisation"))),
        "issuances": list(found.issuances.order_by("-issued_at", "-id")[:100]),
        "is_demonstration": found.issuer.is_demonstration,
    }
    return render(request, "registry/agreement.html", context)
