"""Signed-in visitors of the portal, and posting a form with its key."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from registry.models import WriteRequest
from tests.cast import Cast, cast

As = Callable[[User], Client]


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def as_() -> As:
    """A browser of its own for each person."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def send(client: Client, url: str, data: Mapping[str, Any] | None = None, key: str = "") -> Any:
    """POST a form as its page would: with a key."""
    return client.post(url, {"idempotency_key": key or str(uuid4()), **(data or {})})


def summary(response: Any) -> str:
    """What the error summary of a page says, all of it."""
    page = response.content.decode()
    assert "govuk-error-summary" in page, "the page shows no error summary"
    start = page.index("govuk-error-summary__list")
    return page[start : page.index("</ul>", start)]


def queries_of(client: Client, path: str) -> int:
    """How many queries a page takes; it has to come."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def writes() -> int:
    return WriteRequest.objects.count()
