"""The registry's places in the main navigation, each shown to who may follow it."""

from typing import Any

from accounts.permissions import roles_of_user
from accounts.roles import Role
from accounts.ui.navigation import Condition, NavEntry

_PRODUCERS = frozenset({Role.IRON_PRODUCER, Role.STEEL_PRODUCER})
_CLAIMANTS = frozenset({Role.INTERMEDIARY, Role.CORPORATE_END_USER})


def for_roles(*roles: Role) -> Condition:
    """Visible to members of organisations with one of these roles; with none named, to all
    who are signed in."""

    def visible(user: Any) -> bool:
        if user is None or not user.is_authenticated:
            return False
        return not roles or not seen_roles(user).isdisjoint(roles)

    return visible


def seen_roles(user: Any) -> frozenset[Role]:
    """The user's roles, read once for a page: every entry asks for them."""
    if not hasattr(user, "_roles_in_navigation"):
        user._roles_in_navigation = roles_of_user(user)
    found: frozenset[Role] = user._roles_in_navigation
    return found


_HOLDERS = for_roles(*_PRODUCERS, *_CLAIMANTS)

ENTRIES = (
    NavEntry("Home", "portal:home", for_roles(), order=0),
    NavEntry("Notices", "portal:notices", for_roles(), order=910),
    NavEntry("Sites", "portal:sites", for_roles(*_PRODUCERS), order=10),
    NavEntry("Productions", "portal:productions", for_roles(*_PRODUCERS), order=11),
    NavEntry("Baselines", "portal:baselines", for_roles(*_PRODUCERS), order=12),
    NavEntry("Engagements", "portal:engagements", for_roles(Role.AUDITOR), order=20),
    NavEntry("Applications", "portal:applications", for_roles(Role.OPERATOR), order=21),
    NavEntry("Accreditations", "portal:accreditations", for_roles(Role.OPERATOR), order=22),
    NavEntry("Other registries", "portal:elsewhere", for_roles(Role.OPERATOR), order=23),
    NavEntry("Editions", "portal:editions", for_roles(Role.OPERATOR), order=24),
    NavEntry("Agreements", "portal:agreements", _HOLDERS, order=30),
    NavEntry("Accounts", "portal:accounts", _HOLDERS, order=31),
    NavEntry("Transfers", "portal:transfers", _HOLDERS, order=32),
    NavEntry("Co-claims", "portal:co_claims", _HOLDERS, order=32),
    NavEntry("Deliveries", "portal:deliveries", _HOLDERS, order=34),
    NavEntry("Retirements", "portal:retirements", for_roles(*_CLAIMANTS), order=33),
    NavEntry(
        "Cancellations",
        "portal:cancellations",
        for_roles(*_PRODUCERS, *_CLAIMANTS, Role.OPERATOR),
        order=34,
    ),
    NavEntry("Suspensions", "portal:suspensions", for_roles(Role.OPERATOR), order=905),
)
