"""The claims' places in the main navigation."""

from accounts.roles import Role
from accounts.ui.navigation import NavEntry
from registry.public.navigation import is_visitor
from registry.web.navigation import for_roles

ENTRIES = (
    NavEntry(
        "Inventories",
        "claims:inventories",
        for_roles(Role.INTERMEDIARY, Role.CORPORATE_END_USER),
        order=60,
    ),
    NavEntry("Assurance", "claims:assurances", for_roles(Role.AUDITOR), order=61),
    NavEntry("Statements", "statements:statements", is_visitor, order=30),
)
