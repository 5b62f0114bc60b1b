"""The home page: what needs you now, then the position."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access, admits
from accounts.permissions import Right, accounts_with, organisations_of
from registry.queries import positions
from registry.web import tables
from registry.web.needs import needs_of


@access(Access.SIGNED_IN)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    on = timezone.now().date()
    is_holder = admits(Access.HOLDER, user)
    held = positions(accounts_with(user, Right.VIEW)) if is_holder else []
    organisations = list(organisations_of(user).order_by("name"))
    shown: list[Any] = [*organisations, *held]
    context = {
        "organisations": organisations,
        "needs": needs_of(user, on),
        "is_holder": is_holder,
        "columns": tables.POSITIONS,
        "rows": tables.positions(held, on),
        "bars": _bars(held),
        "active": sum(position.active for position in held),
        "reserved": sum(position.reserved for position in held),
        "is_demonstration": any(each.is_demonstration for each in shown),
    }
    return render(request, "registry/home.html", context)


def _bars(held: list[Any]) -> list[dict[str, Any]]:
    """Each position as a bar of its active and reserved units; the largest is 1,000 wide."""
    most = max((position.total for position in held), default=0)
    return [
        {
            "position": position,
            "vintage": tables.vintage(position),
            "active": position.active * 1000 // most,
            "reserved": position.reserved * 1000 // most,
        }
        for position in held
        if most
    ]
