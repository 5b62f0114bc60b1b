"""What every page knows: its navigation, the organisation acted for, and whether this is real."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.ui.navigation import footer_for, nav_for

OrganisationLookup = Callable[[HttpRequest], Any]


def _from_request(request: HttpRequest) -> Any:
    return getattr(request, "organisation", None)


_lookups: list[OrganisationLookup] = [_from_request]


def set_organisation_lookup(lookup: OrganisationLookup) -> None:
    """Name the function that finds the organisation a signed-in user acts for."""
    _lookups[:] = [lookup]


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor. All lazy: a partial page that draws no header costs no query."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "service_name": "Billet",
        "nav_items": SimpleLazyObject(lambda: nav_for(user, request.path)),
        "footer_links": SimpleLazyObject(lambda: footer_for(user)),
        "organisation": SimpleLazyObject(lambda: _lookups[0](request)) if signed_in else None,
        "demonstration_everywhere": bool(getattr(settings, "BILLET_DEMONSTRATION", False)),
    }
