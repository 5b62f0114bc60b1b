"""Every view and endpoint declares who may reach it; a test refuses one that does not.

The declaration is the door, not the whole house: services ask for rights in accounts and
objects on their first lines, whoever calls them.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.errors import Refused
from accounts.permissions import Someone, is_operator, roles_of_user
from accounts.roles import Role


class Access(StrEnum):
    """Who may reach a page or endpoint at all."""

    PUBLIC = "anyone"
    SIGNED_IN = "anyone signed in"
    PRODUCER = "iron or steel producers"
    AUDITOR = "auditors"
    HOLDER = "producers, intermediaries and end users"
    CLAIMANT = "intermediaries and end users"
    OPERATOR = "the operator"


_ROLES = {
    Access.PRODUCER: {Role.IRON_PRODUCER, Role.STEEL_PRODUCER},
    Access.AUDITOR: {Role.AUDITOR},
    Access.CLAIMANT: {Role.INTERMEDIARY, Role.CORPORATE_END_USER},
    Access.HOLDER: {
        Role.IRON_PRODUCER,
        Role.STEEL_PRODUCER,
        Role.INTERMEDIARY,
        Role.CORPORATE_END_USER,
    },
}

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def admits(who: Access, user: Someone) -> bool:
    """Whether a person may reach a page so declared."""
    if who is Access.PUBLIC:
        return True
    if not user.is_authenticated:
        return False
    if who is Access.SIGNED_IN:
        return True
    if who is Access.OPERATOR:
        return is_operator(user)
    return bool(_ROLES[who] & roles_of_user(user))


def access(who: Access) -> Callable[[View], View]:
    """Declare who may reach a function view: others sign in, or get 403."""

    def declare(view: View) -> View:
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user: Any = request.user
            if not admits(who, user):
                if not user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                raise _refusal(who)
            return view(request, *args, **kwargs)

        door.__name__ = view.__name__
        door.__doc__ = view.__doc__
        door.__module__ = view.__module__
        door.access = who  # type: ignore[attr-defined]  # read by test_architecture
        return door  # type: ignore[return-value]  # same call signature by construction

    return declare


class Declared(BasePermission):
    """DRF's side of the same door: the view class carries `access`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        who: Access = view.access  # type: ignore[attr-defined]  # absent is a programming error
        user: Any = request.user
        if admits(who, user):
            return True
        if user.is_authenticated:
            raise _refusal(who)
        return False


def _refusal(who: Access) -> Refused:
    return Refused(
        found="Your organisations do not have the role for this.",
        allowed=f"It is for {who.value}.",
        action="Ask the registry's operator if the role is missing.",
    )
