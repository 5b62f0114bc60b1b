"""Transfers: proposed, approved where the account asks for it, then accepted or given up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.permissions import Right, accounts_with, can
from accounts.ui.formats import tonnes
from registry import queries, scope
from registry.models import Transfer
from registry.provisional import provisional_among
from registry.services import transfers as service
from registry.transitions import TRANSFER_STEPS, actions
from registry.web import tables
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.forms.units import FIELDS, SERIALS, TransferForm
from registry.web.pages import SUGGESTIONS, acting_accounts, any_demonstration, form_page, page_of
from registry.web.rows import transfer_rows

_LINES = 100
_OPEN_FIRST = Case(
    When(state__in=service.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()
)
# The button of each action: its service and what is said when it is done.
ACTIONS: dict[str, tuple[Any, str]] = {
    "approve": (service.approve_transfer, "Approved: the units are offered to the recipient."),
    "accept": (service.accept_transfer, "Accepted: the units are in your account."),
    "decline": (service.decline_transfer, "Declined: the units are back with their sender."),
    "withdraw": (service.withdraw_transfer, "Withdrawn: the units are yours to use again."),
}


@access(Access.HOLDER)
@require_safe
def transfers(request: HttpRequest) -> HttpResponse:
    """In and out, open ones first."""
    user: Any = request.user
    rows = scope.transfers_of(user).select_related(
        "from_account__organisation", "to_account__organisation"
    )
    direction = request.GET.get("direction", "")
    seen = accounts_with(user, Right.VIEW).values("pk")
    if direction == "in":
        rows = rows.filter(to_account__in=seen)
    elif direction == "out":
        rows = rows.filter(from_account__in=seen)
    page = page_of(request, rows.order_by(_OPEN_FIRST, "-proposed_at", "-id"))
    context = {
        "direction": direction,
        "page": page,
        "columns": tables.TRANSFERS,
        "rows": tables.transfers(page),
        "may_act": accounts_with(user, Right.INITIATE).exists(),
        "is_demonstration": any(each.from_account.organisation.is_demonstration for each in page),
    }
    return render(request, "registry/transfers.html", context)


@access(Access.HOLDER)
def transfer_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    accounts = acting_accounts(user)
    form = TransferForm(
        posted(request), accounts=queries.with_amounts(accounts), initial=units_asked_for(request)
    )
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: service.propose_transfer(
                by=user,
                now=timezone.now(),
                key=key,
                from_account=form.cleaned_data["account"],
                to_account=form.cleaned_data["to_account"],
                units=form.units(),
                surrendered=form.cleaned_data["surrendered"],
                note=form.cleaned_data["note"],
            ),
            fields={**FIELDS, "to_organisation": "to_account"},
        )
        if tried.result:
            messages.success(request, f"{tonnes(tried.result.quantity)} are reserved and proposed.")
            return redirect("portal:transfer", tried.result.pk)
        status = tried.status
    return form_page(
        request,
        form,
        title="Propose a transfer",
        submit="Propose the transfer",
        back=reverse("portal:transfers"),
        status=status,
        template="registry/units_form.html",
        is_demonstration=any_demonstration(accounts),
        issuances=queries.active_issuances(accounts, most=SUGGESTIONS),
        recipients=queries.known_recipients(accounts, most=SUGGESTIONS),
    )


@access(Access.HOLDER)
@require_safe
def transfer(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    return _page(request, scope.transfer(user, pk))


@access(Access.HOLDER)
def transfer_act(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    """action: approve, accept, decline or withdraw."""
    user: Any = request.user
    found = scope.transfer(user, pk)
    if request.method != "POST":
        return redirect("portal:transfer", found.pk)
    act, done = ACTIONS[action]
    form = ActionForm(request.POST)
    tried = attempt(form, lambda key: act(by=user, now=timezone.now(), key=key, transfer=found))
    if tried.done:
        messages.success(request, done)
        return redirect("portal:transfer", found.pk)
    return _page(request, found, refused=form, status=tried.status)


def units_asked_for(request: HttpRequest) -> dict[str, str]:
    """What a link from an account's page fills in: ?account=…&issuance=…&first=…&last=…"""
    names = ("account", "issuance", "first", "last")
    wanted = {name: request.GET[name] for name in names if name in request.GET}
    return {**wanted, "how": SERIALS} if "first" in wanted else wanted


def _page(
    request: HttpRequest, found: Transfer, *, refused: ActionForm | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    lines = found.lines.select_related("issuance__site").order_by(
        "issuance__vintage_start", "issuance__code", "copy", "serials"
    )
    page = page_of(request, lines, _LINES)
    context = {
        "transfer": found,
        "summary": transfer_rows(found),
        "page": page,
        "columns": tables.LINES,
        "rows": tables.lines(page, provisional=provisional_among(each.issuance for each in page)),
        "refused": refused,
        "buttons": {action: ActionForm() for action in _possible(user, found)},
        "is_over": timezone.now().date() > found.due_on,
        "is_demonstration": any(each.issuance.is_demonstration for each in page),
    }
    return render(request, "registry/transfer.html", context, status=status)


def _possible(user: Any, found: Transfer) -> list[str]:
    """The actions this person may try now; the services judge them again."""
    may = {
        "approve": found.proposed_by_id != user.pk and can(user, Right.APPROVE, found.from_account),
        "withdraw": can(user, Right.INITIATE, found.from_account),
        "accept": can(user, Right.INITIATE, found.to_account),
    }
    may["decline"] = may["accept"]
    return [action for action in actions(TRANSFER_STEPS, found.state) if may.get(action)]
