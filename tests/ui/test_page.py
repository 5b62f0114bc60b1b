"""The frame round every page: navigation, account, demonstration banner, errors, signing in."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults

from accounts.ui import context, navigation
from accounts.ui.navigation import NavEntry, footer_for, nav_for, register_footer, register_nav

NOBODY = AnonymousUser()


@pytest.fixture(autouse=True)
def _own_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "NAVIGATION", [])
    monkeypatch.setattr(navigation, "FOOTER", [])
    monkeypatch.setattr(context, "_lookups", list(context._lookups))


def test_entries_are_shown_in_their_order_and_once() -> None:
    last = NavEntry("Last", "account_logout", order=200)
    register_nav(last, NavEntry("First", "account_login", order=1))
    register_nav(last)
    assert [item["label"] for item in nav_for(NOBODY)] == ["First", "Last"]


def test_an_entry_is_shown_only_to_who_may_follow_it() -> None:
    register_nav(NavEntry("Admin", "account_login", visible=lambda user: user.is_authenticated))
    assert nav_for(NOBODY) == []


def test_an_address_that_does_not_exist_is_left_out() -> None:
    register_nav(NavEntry("Later", "not-there-yet"))
    register_footer(NavEntry("Later", "not-there-yet"))
    assert nav_for(NOBODY) == footer_for(NOBODY) == []


def test_the_longest_matching_address_is_the_active_one() -> None:
    register_nav(
        NavEntry("Claims", "account_login", prefix="/claims/"),
        NavEntry("Statements", "account_logout", prefix="/claims/statements/"),
        NavEntry("Home", "account_inactive", prefix="/"),
    )
    active = [item["label"] for item in nav_for(NOBODY, "/claims/statements/7/") if item["active"]]
    assert active == ["Statements"]
    assert [item["label"] for item in nav_for(NOBODY, "/") if item["active"]] == ["Home"]


def test_a_demonstration_is_announced_on_the_page_of_a_demonstration_record() -> None:
    assert "these units are not real" in page(is_demonstration=True)
    assert "these units are not real" not in page()


def test_a_demonstration_registry_announces_it_everywhere(settings: Any) -> None:
    settings.BILLET_DEMONSTRATION = True
    assert "these units are not real" in page()
    settings.BILLET_DEMONSTRATION = False
    assert "these units are not real" not in page()


def test_who_is_signed_in_sees_their_organisation_and_signs_out_by_post() -> None:
    context.set_organisation_lookup(lambda request: "Demonstration Steel <AB>")
    html = page(user=SimpleNamespace(is_authenticated=True, __str__=lambda self: "Ada"))
    assert "Demonstration Steel &lt;AB&gt;" in html
    assert '<form method="post" action="/auth/logout/">' in html


def test_a_visitor_is_offered_to_sign_in_and_sent_back_afterwards() -> None:
    html = page(path="/register/?country=SE")
    assert 'href="/auth/login/?next=/register/%3Fcountry%3DSE"' in html
    assert "Sign out" not in html
    assert "csrf" not in html.lower()


def test_sources_and_language_are_on_every_page() -> None:
    html = page()
    for words in ("Global Energy Monitor", "CC BY 4.0", "6 March 2026", 'lang="en"', "#main"):
        assert words in html


def test_htmx_may_not_evaluate_code() -> None:
    html = page()
    assert '"allowEval":false' in html
    assert '"includeIndicatorStyles":false' in html


def test_an_error_page_needs_neither_request_nor_context() -> None:
    request = RequestFactory().get("/")
    assert b"on our side" in defaults.server_error(request).content
    for name in ("400.html", "403_csrf.html"):
        assert "Nothing was changed" in render_to_string(name)


def test_a_refusal_tells_rule_and_way_out() -> None:
    refusal = SimpleNamespace(
        found="You asked.", allowed="Others may.", action="Ask them.", rule="R001", section="2.3"
    )
    html = render_to_string("403.html", {"refusal": refusal}, request("/"))
    for words in ("You asked. Others may.", "Ask them.", "R001, section 2.3"):
        assert words in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/auth/login/", "Sign in"),
        ("/auth/password/reset/", "Reset your password"),
        ("/auth/password/reset/done/", "Check your e-mail"),
        ("/auth/password/reset/key/1-bad/", "This link no longer works"),
        ("/auth/password/reset/key/done/", "Your password is set"),
    ],
)
def test_the_pages_of_signing_in_are_drawn(client: Client, path: str, heading: str) -> None:
    answer = client.get(path)
    assert heading in answer.content.decode()
    assert "app-header" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/auth/logout/", "Sign out of Billet?"),
        ("/auth/password/change/", "Change your password"),
        ("/auth/2fa/", "Two-Factor"),
        ("/auth/email/", "Email Address"),
    ],
)
def test_the_pages_of_ones_own_account_are_drawn(client: Client, path: str, heading: str) -> None:
    user = get_user_model().objects.create_user(
        email="ada@example.org", password="correct horse battery", name="Ada"
    )
    client.force_login(user)
    assert heading in client.get(path).content.decode()


@pytest.mark.django_db
def test_a_failed_sign_in_keeps_the_address_and_never_the_password(client: Client) -> None:
    data = {"login": "ada@example.org", "password": "wrong horse"}
    html = client.post("/auth/login/", data).content.decode()
    assert "There is a problem" in html
    assert html.count("There is a problem") == 1
    assert 'value="ada@example.org"' in html
    assert "wrong horse" not in html


def page(path: str = "/", **context: Any) -> str:
    user = context.pop("user", NOBODY)
    return render_to_string("base.html", context, request(path, user))


def request(path: str, user: Any = NOBODY) -> Any:
    asked: Any = RequestFactory().get(path)
    asked.user = user
    asked.session = {}
    asked._messages = []
    return asked
