"""Accounts and what they hold."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access, admits
from accounts.permissions import Right, accounts_with, can
from registry import queries, scope
from registry.models.ledger import HoldingState
from registry.provisional import provisional_among
from registry.services.retirements import settle_due
from registry.web import tables
from registry.web.pages import page_of

_HOLDINGS = 50


@access(Access.HOLDER)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rows = queries.with_amounts(accounts_with(user, Right.VIEW))
    page = page_of(request, rows)
    context = {
        "page": page,
        "columns": tables.ACCOUNTS,
        "rows": tables.accounts(page),
        "is_demonstration": any(each.organisation.is_demonstration for each in page),
    }
    return render(request, "registry/accounts.html", context)


@access(Access.HOLDER)
@require_safe
def account(request: HttpRequest, number: str) -> HttpResponse:
    """The holdings of one account in one state, by the identifiers of their units."""
    user: Any = request.user
    found = scope.account(user, number)
    settle_due(now=timezone.now(), organisation=found.organisation)
    amounts = queries.amounts_by_state(found)
    state = request.GET.get("state", "")
    if state not in HoldingState.values:
        state = next(iter(amounts), HoldingState.ACTIVE.value)
    page = page_of(request, queries.holdings_in(found, state), _HOLDINGS)
    may_act = can(user, Right.INITIATE, found)
    is_movable = may_act and state == HoldingState.ACTIVE
    context = {
        "account": found,
        "amounts": amounts,
        "state": state,
        "state_label": HoldingState(state).label,
        "page": page,
        "columns": [*tables.HOLDINGS, "Name these units"] if is_movable else tables.HOLDINGS,
        "rows": tables.holdings(
            page,
            found.number if is_movable else "",
            provisional=provisional_among(each.issuance for each in page),
        ),
        "may_act": may_act,
        "may_retire": may_act and admits(Access.CLAIMANT, user),
        "is_demonstration": found.organisation.is_demonstration
        or any(each.issuance.is_demonstration for each in page),
    }
    return render(request, "registry/account.html", context)
