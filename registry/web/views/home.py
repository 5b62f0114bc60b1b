"""The home page: what needs you now, then the position."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access, admits
from accounts.permissions import Right, accounts_with, organisations_of
from registry.queries import Position, positions
from registry.services.retirements import settle_due
from registry.web import tables
from registry.web.needs import needs_of

# What a position is made of, in this order.
_STATES = {
    "active": "active units",
    "reserved": "reserved for transfers",
    "retiring": "retiring, can be withdrawn",
    "suspended": "suspended by the operator",
}


@access(Access.SIGNED_IN)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    on = timezone.now().date()
    is_holder = admits(Access.HOLDER, user)
    organisations = list(organisations_of(user).order_by("name"))
    if is_holder:
        settle_due(now=timezone.now(), organisation=organisations_of(user))
    held = positions(accounts_with(user, Right.VIEW)) if is_holder else []
    shown: list[Any] = [*organisations, *held]
    context = {
        "organisations": organisations,
        "needs": needs_of(user, on),
        "is_holder": is_holder,
        "columns": tables.POSITIONS,
        "rows": tables.positions(held, on),
        "bars": _bars(held),
        "figures": _figures(held),
        "is_demonstration": any(each.is_demonstration for each in shown),
    }
    return render(request, "registry/home.html", context)


def _figures(held: list[Position]) -> list[tuple[str, str, int]]:
    """Each state with its words and units; active and reserved are always named."""
    sums = {state: sum(getattr(each, state) for each in held) for state in _STATES}
    return [
        (state, words, sums[state])
        for state, words in _STATES.items()
        if sums[state] or state in ("active", "reserved")
    ]


def _bars(held: list[Position]) -> list[dict[str, Any]]:
    """Each position as a bar, a part for each state; the largest is 1,000 wide."""
    most = max((position.total for position in held), default=0)
    return [
        {"position": each, "vintage": tables.vintage(each), "parts": _parts(each, most)}
        for each in held
        if most
    ]


def _parts(position: Position, most: int) -> list[tuple[str, int, int]]:
    """State, where it begins, and how wide it is; what has no units has no part."""
    found, before = [], 0
    for state in _STATES:
        upto = before + getattr(position, state)
        begins, ends = before * 1000 // most, upto * 1000 // most
        if ends > begins:
            found.append((state, begins, ends - begins))
        before = upto
    return found
