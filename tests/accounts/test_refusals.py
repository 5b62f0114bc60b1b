"""Who may not is told why, and who may not even know is told nothing."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory

from accounts.errors import NotVisible, Refused
from accounts.middleware import RefusalMiddleware
from tests.cast import cast

pytestmark = pytest.mark.django_db


def answered(error: Exception) -> HttpResponse | None:
    request: Any = RequestFactory().get("/somewhere/")
    request.user, request.session = AnonymousUser(), SessionStore()
    return RefusalMiddleware(lambda request: HttpResponse()).process_exception(request, error)


def test_a_refusal_is_a_page_with_the_rule_and_the_way_out() -> None:
    page = answered(Refused("Found this.", "Allowed is that.", "Do so.", "R011", "2.3"))

    assert page is not None
    assert page.status_code == 403
    for words in ("Found this. Allowed is that.", "Do so.", "R011, section 2.3"):
        assert words in page.content.decode()


def test_what_is_not_visible_is_not_there() -> None:
    page = answered(NotVisible("account AC-SECRET"))

    assert page is not None
    assert page.status_code == 404
    assert "AC-SECRET" not in page.content.decode()


def test_any_other_error_stays_an_error() -> None:
    assert answered(RuntimeError("a fault of ours")) is None


def test_nothing_is_posted_without_the_pages_own_token() -> None:
    people = cast()
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.alice)

    response = client.post("/sites/new/", {"name": "Forged"})

    assert response.status_code == 403
    assert "too old to be sent" in response.content.decode()
