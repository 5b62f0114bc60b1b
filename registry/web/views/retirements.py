"""Retirements: units taken out of circulation for good, and those that can still be withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.permissions import Right, accounts_with, can, organisations_of
from accounts.ui.formats import moment, tonnes
from accounts.ui.parts import Cell, SummaryRow
from registry import queries, scope
from registry.models import CoolingOff, RetirementOrder
from registry.public.queries import lines_of
from registry.services import retirements as service
from registry.transitions import RetirementState
from registry.web import tables
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.forms.endings import CoolingOffForm
from registry.web.forms.units import FIELDS, RetireForm
from registry.web.pages import SUGGESTIONS, acting_accounts, any_demonstration, form_page, page_of
from registry.web.rows import retirement_rows
from registry.web.views.transfers import units_asked_for

_LINES = 100
# A list shows so many open orders above the final ones; there are rarely more.
_MOST_OPEN = 50


@access(Access.HOLDER)
@require_safe
def retirements(request: HttpRequest) -> HttpResponse:
    """Final ones, below those that can still be withdrawn."""
    user: Any = request.user
    service.settle_due(now=timezone.now(), organisation=organisations_of(user))
    page = page_of(request, scope.retirements_of(user).order_by("-retired_at", "-id"))
    held = scope.retirement_orders_of(user).filter(state=RetirementState.RETIRING)
    orders = list(held.order_by("due_at", "id")[:_MOST_OPEN])
    context = {
        "page": page,
        "columns": tables.RETIREMENTS,
        "rows": tables.retirements(page),
        "order_columns": ["Retirement", "Final from", "#Quantity", "Purpose"],
        "orders": [
            [
                Cell(each.code, reverse("portal:retirement", args=[each.code])),
                moment(each.due_at),
                tonnes(each.quantity),
                each.purpose or "–",
            ]
            for each in orders
        ],
        "may_act": accounts_with(user, Right.INITIATE).exists(),
        "is_demonstration": any(each.is_demonstration for each in [*page, *orders]),
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
            lambda key: service.retire(
                by=user,
                now=timezone.now(),
                key=key,
                account=form.cleaned_data["account"],
                units=form.units(),
                purpose=form.cleaned_data["purpose"],
                beneficiary=form.cleaned_data["beneficiary"],
                period_start=form.cleaned_data["period_start"],
                period_end=form.cleaned_data["period_end"],
            ),
            fields=FIELDS,
        )
        if tried.result:
            messages.success(request, _done(tried.result))
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
    """The record with every range of serials, or the order whose cooling-off runs."""
    user: Any = request.user
    service.settle_due(now=timezone.now(), code=code)
    if not scope.retirements_of(user).filter(code=code).exists():
        return _order_page(request, scope.retirement_order(user, code))
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


@access(Access.HOLDER)
def retirement_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    found = scope.retirement_order(user, code)
    if request.method != "POST":
        return redirect("portal:retirement", found.code)
    form = ActionForm(request.POST)
    tried = attempt(
        form,
        lambda key: service.withdraw_retirement(by=user, now=timezone.now(), key=key, order=found),
    )
    if tried.done:
        messages.success(request, "Withdrawn: the units are yours to use again.")
        return redirect("portal:retirement", found.code)
    found.refresh_from_db()
    return _order_page(request, found, refused=form, status=tried.status)


@access(Access.SIGNED_IN)
def cooling_off(request: HttpRequest, number: str) -> HttpResponse:
    """How long retirements out of an account can be withdrawn."""
    user: Any = request.user
    account = scope.account_to_set_up(user, number)
    before = CoolingOff.objects.filter(account=account).first()
    form = CoolingOffForm(posted(request), initial={"minutes": before.minutes if before else 0})
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: service.set_cooling_off(
                by=user,
                now=timezone.now(),
                key=key,
                account=account,
                minutes=form.cleaned_data["minutes"],
            ),
        )
        if tried.result:
            messages.success(request, f"Set to {tried.result.minutes} minutes from now on.")
            return redirect("portal:cooling_off", account.number)
        status = tried.status
    return form_page(
        request,
        form,
        title=f"Cooling-off of account {account.number}",
        submit="Set it",
        back=reverse("portal:home"),
        status=status,
        intro="A retirement is for ever. In these minutes it can still be withdrawn; the units are "
        "held, and nobody can claim them yet.",
        is_demonstration=account.organisation.is_demonstration,
    )


def _done(made: service.Retiring) -> str:
    if isinstance(made, RetirementOrder):
        return f"{tonnes(made.quantity)} are held. The retirement is final from " + moment(
            made.due_at
        )
    return f"{tonnes(made.quantity)} are retired for ever."


def _order_page(
    request: HttpRequest,
    found: RetirementOrder,
    *,
    refused: ActionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    lines = found.lines.select_related("issuance__site").order_by(
        "issuance__vintage_start", "issuance__code", "copy", "serials"
    )
    page = page_of(request, lines, _LINES)
    is_open = found.state == RetirementState.RETIRING and can(user, Right.INITIATE, found.account)
    url = reverse("portal:retirement_withdraw", args=[found.code])
    context = {
        "title": f"Retirement {found.code}",
        "found": found,
        "text": "Until it is final it can be withdrawn. Then there is no way back."
        if is_open
        else "",
        "back": reverse("portal:retirements"),
        "summary": _about(found),
        "page": page,
        "columns": tables.LINES,
        "rows": tables.lines(page),
        "caption": "Units",
        "refused": refused,
        "buttons": [(url, "Withdraw", "secondary", ActionForm())] if is_open else [],
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "registry/order.html", context, status=status)


def _about(found: RetirementOrder) -> list[SummaryRow]:
    rows = [
        ("Units", tonnes(found.quantity)),
        ("By", found.organisation.name),
        ("Out of account", str(found.account)),
        ("Ordered", f"{moment(found.ordered_at)} by {found.ordered_by}"),
        ("Final from", moment(found.due_at)),
        ("Purpose", found.purpose or "not stated"),
        ("Beneficiary", found.beneficiary or "not stated"),
    ]
    if found.ended_at and found.ended_by:
        rows.append(("Withdrawn", f"{moment(found.ended_at)} by {found.ended_by}"))
    return [SummaryRow(*row) for row in rows]
