"""The public register's place in the navigation: spelt out for visitors, one entry for members."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.ui.navigation import NavEntry


def is_visitor(user: Any) -> bool:
    return user is None or not user.is_authenticated


def is_member(user: Any) -> bool:
    return not is_visitor(user)


LOG = NavEntry(_("The log"), "public:log", order=30)
ENTRIES = (
    NavEntry(_("Issuances"), "public:issuances", is_visitor, order=10),
    NavEntry(_("Retirements"), "public:retirements", is_visitor, order=20),
    NavEntry(_("Look up units"), "public:units", is_visitor, order=40),
    NavEntry(_("Check a certificate"), "public:verify", is_visitor, order=41),
    NavEntry(_("Look up a delivery"), "public:deliveries", is_visitor, order=41),
    NavEntry(_("Baselines"), "public:baselines", is_visitor, order=42),
    NavEntry(_("Public register"), "public:issuances", is_member, prefix="/register/", order=900),
)
