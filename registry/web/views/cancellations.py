"""Cancellations: units given up for good, by one person or by two."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.permissions import Right, accounts_with, can, is_operator
from accounts.ui.formats import day, moment, tonnes
from accounts.ui.parts import Cell, SummaryRow
from registry import queries, scope
from registry.models import Cancellation
from registry.services import cancellations as service
from registry.transitions import CANCELLATION_STEPS, actions
from registry.web import tables
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.forms.endings import CancelExpiredForm, CancelForm
from registry.web.forms.units import FIELDS
from registry.web.pages import SUGGESTIONS, acting_accounts, any_demonstration, form_page, page_of
from registry.web.views.transfers import units_asked_for

_LINES = 100
ACTIONS: dict[str, tuple[Any, str]] = {
    "approve": (service.approve_cancellation, "Approved: the units are cancelled."),
    "withdraw": (service.withdraw_cancellation, "Withdrawn: the units stay as they are."),
}


@access(Access.SIGNED_IN)
@require_safe
def cancellations(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    page = page_of(request, scope.cancellations_of(user).order_by("-asked_at", "-id"))
    context = {
        "page": page,
        "columns": ["Cancellation", "Asked", "#Quantity", "Reason", "State"],
        "rows": [
            [
                Cell(each.code, reverse("portal:cancellation", args=[each.code])),
                day(each.asked_at),
                tonnes(each.quantity),
                each.reason,
                Cell("", state=each.state),
            ]
            for each in page
        ],
        "may_act": accounts_with(user, Right.INITIATE).exists(),
        "is_operator": is_operator(user),
        "is_demonstration": any(each.is_demonstration for each in page),
    }
    return render(request, "registry/cancellations.html", context)


@access(Access.HOLDER)
def cancellation_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    accounts = acting_accounts(user)
    form = CancelForm(
        posted(request), accounts=queries.with_amounts(accounts), initial=units_asked_for(request)
    )
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: service.cancel_units(
                by=user,
                now=timezone.now(),
                key=key,
                account=form.cleaned_data["account"],
                units=form.units(),
                reason=form.cleaned_data["reason"],
            ),
            fields=FIELDS,
        )
        if tried.result:
            waits = tried.result.state == "awaiting_approval"
            done = "wait for a second person" if waits else "are cancelled for ever"
            messages.success(request, f"{tonnes(tried.result.quantity)} {done}.")
            return redirect("portal:cancellation", tried.result.code)
        status = tried.status
    return form_page(
        request,
        form,
        title="Cancel units",
        submit="Cancel the units",
        submit_tone="warning",
        warning="Cancellation is for ever, and nobody can claim cancelled units.",
        back=reverse("portal:cancellations"),
        status=status,
        template="registry/units_form.html",
        is_demonstration=any_demonstration(accounts),
        issuances=queries.active_issuances(accounts, most=SUGGESTIONS),
    )


@access(Access.OPERATOR)
def cancellation_expired(request: HttpRequest) -> HttpResponse:
    """Expired units of anybody's account; a second operator approves."""
    user: Any = request.user
    form = CancelExpiredForm(posted(request))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: service.cancel_as_operator(
                by=user,
                now=timezone.now(),
                key=key,
                account=form.cleaned_data["account"],
                units=form.units(),
                reason=form.cleaned_data["reason"],
            ),
            fields={"units": "first"},
        )
        if tried.result:
            messages.success(request, "Asked for: a second operator approves it.")
            return redirect("portal:cancellation", tried.result.code)
        status = tried.status
    return form_page(
        request,
        form,
        title="Cancel expired units",
        submit="Ask for the cancellation",
        submit_tone="warning",
        intro="Of anybody's account. Suspended units are cancelled by ending their suspension so.",
        warning="Once a second operator approves, there is no way back.",
        back=reverse("portal:cancellations"),
        status=status,
    )


@access(Access.SIGNED_IN)
@require_safe
def cancellation(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    return _page(request, scope.cancellation(user, code))


@access(Access.SIGNED_IN)
def cancellation_act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """action: approve or withdraw."""
    user: Any = request.user
    found = scope.cancellation(user, code)
    if request.method != "POST":
        return redirect("portal:cancellation", found.code)
    act, done = ACTIONS[action]
    form = ActionForm(request.POST)
    tried = attempt(form, lambda key: act(by=user, now=timezone.now(), key=key, cancellation=found))
    if tried.done:
        messages.success(request, done)
        return redirect("portal:cancellation", found.code)
    return _page(request, found, refused=form, status=tried.status)


def _page(
    request: HttpRequest,
    found: Cancellation,
    *,
    refused: ActionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    lines = found.lines.select_related("issuance__site").order_by(
        "issuance__vintage_start", "issuance__code", "copy", "serials"
    )
    page = page_of(request, lines, _LINES)
    context = {
        "title": f"Cancellation {found.code}",
        "found": found,
        "back": reverse("portal:cancellations"),
        "summary": [
            SummaryRow("Units", tonnes(found.quantity)),
            SummaryRow("Out of account", str(found.account)),
            SummaryRow("Asked", f"{moment(found.asked_at)} by {found.asked_by}"),
            SummaryRow("Reason", found.reason),
        ],
        "page": page,
        "columns": tables.LINES,
        "rows": tables.lines(page),
        "caption": "Units",
        "refused": refused,
        "buttons": _buttons(user, found),
        "public_url": reverse("public:cancellation", args=[found.code])
        if found.state == "cancelled"
        else "",
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "registry/order.html", context, status=status)


def _buttons(user: Any, found: Cancellation) -> list[tuple[str, str, str, ActionForm]]:
    """The actions this person may try now; the services judge them again."""
    second = is_operator(user) if found.by_operator else can(user, Right.APPROVE, found.account)
    own = found.asked_by_id == user.pk
    may = {"approve": second and not own, "withdraw": second or own}
    return [
        (
            reverse(f"portal:cancellation_{action}", args=[found.code]),
            action.capitalize(),
            "" if action == "approve" else "secondary",
            ActionForm(),
        )
        for action in actions(CANCELLATION_STEPS, found.state)
        if may[action]
    ]
