"""Whom the header says a user acts for."""

from typing import Any

from django.http import HttpRequest

from accounts.permissions import organisations_of, roles_of_user
from accounts.ui.context import set_organisation_lookup
from accounts.ui.navigation import NavEntry, register_footer


def organisation_shown(request: HttpRequest) -> str:
    """The name of the user's organisation, or all their names."""
    user: Any = request.user
    names = organisations_of(user).order_by("name").values_list("name", flat=True)
    return ", ".join(names)


def register() -> None:
    set_organisation_lookup(organisation_shown)
    register_footer(NavEntry("Your organisation", "organisation", _is_member, order=10))


def _is_member(user: Any) -> bool:
    return user is not None and bool(roles_of_user(user))
