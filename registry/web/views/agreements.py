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
from accounts.models import Organisation
from accounts.permissions import Right, accounts_with, organisations_of, require_initiator
from accounts.ui.parts import SummaryRow
from registry import scope
from registry.models import Additionality
from registry.services.additionality import add_criterion
from registry.services.agreements import confirm_agreement, record_agreement
from registry.web import claim_rows, tables
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.forms.agreements import AgreementForm, CriterionForm
from registry.web.pages import PRODUCERS, acting, form_page, may_act, page_of
from registry.web.rows import agreement_rows
from registry.web.technology_rows import additionality_rows


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
                rights=form.rights(),
                seats=form.seats(),
                commercial_terms=form.cleaned_data["commercial_terms"],
            ),
            fields={"seats": "seat_1_role", "extent_share": "seat_1_role"},
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
    return _page(request, scope.agreement(user, pk))


@access(Access.PRODUCER)
def agreement_criterion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The issuer records what the buyers ask beyond eligibility."""
    user: Any = request.user
    found = scope.agreement(user, pk)
    require_initiator(user, found.issuer)
    form, status = CriterionForm(posted(request)), 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: add_criterion(
                by=user,
                now=timezone.now(),
                key=key,
                agreement=found,
                kind=form.cleaned_data["kind"],
                text=form.cleaned_data["text"],
            ),
        )
        if tried.done:
            messages.success(request, "The criterion is recorded.")
            return redirect("portal:agreement", found.pk)
        status = tried.status
    return form_page(
        request,
        form,
        title=f"What buyers ask under agreement {found.reference}",
        submit="Record the criterion",
        back=reverse("portal:agreement", args=[found.pk]),
        status=status,
        is_demonstration=found.issuer.is_demonstration,
    )


@access(Access.HOLDER)
def agreement_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A buyer confirms that the agreement was executed as recorded."""
    user: Any = request.user
    found = scope.agreement(user, pk)
    if request.method != "POST":
        return redirect("portal:agreement", found.pk)
    organisation = _to_confirm(user, found) or _buyer_of(user, found)
    form = ActionForm(request.POST)
    tried = attempt(
        form,
        lambda key: confirm_agreement(
            by=user, now=timezone.now(), key=key, agreement=found, organisation=organisation
        ),
    )
    if tried.done:
        messages.success(request, f"Agreement {found.reference} is confirmed.")
        return redirect("portal:agreement", found.pk)
    return _page(request, found, refused=form, status=tried.status)


def _page(
    request: HttpRequest, found: Any, *, refused: ActionForm | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    seats = list(found.seats.select_related("organisation").order_by("copy"))
    confirmed = found.confirmations.select_related("organisation", "by").order_by("at")
    context = {
        "agreement": found,
        "summary": agreement_rows(found, list(found.parties.select_related("organisation"))),
        "issuances": list(found.issuances.order_by("-issued_at", "-id")[:100]),
        "may_determine": admits(Access.PRODUCER, user) and may_act(user, found.issuer),
        "is_demonstration": found.issuer.is_demonstration,
    }
    context |= {
        "seat_columns": claim_rows.AGREED_SEATS,
        "seats": claim_rows.agreed_seats(seats, found),
        "confirmations": list(confirmed),
        "commercial": getattr(found, "commercial", None),
        "criteria": list(found.criteria.order_by("pk")),
        "additionality": _additionality(found),
        "confirm_form": ActionForm() if _to_confirm(user, found) else None,
        "refused": refused,
    }
    return render(request, "registry/agreement.html", context, status=status)


def _additionality(found: Any) -> list[SummaryRow]:
    """What was determined for every delivery under it; nothing where it is not yet (R042)."""
    rows = Additionality.objects.filter(agreement=found).prefetch_related("obligations")
    determined = rows.first()
    return [] if determined is None else additionality_rows(determined)


def _buyer_of(user: Any, found: Any) -> Organisation:
    """As whom the person asks; the service says that it is confirmed, or who may."""
    mine = organisations_of(user).filter(agreements_joined__agreement=found)
    return mine.order_by("name").first() or found.issuer


def _to_confirm(user: Any, found: Any) -> Organisation | None:
    """The buyer that the person may act for and that has not confirmed yet, if there is one."""
    waiting = Organisation.objects.filter(
        agreements_joined__agreement=found,
        pk__in=accounts_with(user, Right.INITIATE).values("organisation"),
    ).exclude(agreements_confirmed__agreement=found)
    return waiting.order_by("name").first()
