"""Services run with the rights of the web's role, as they do behind `make run`.

A test itself is the owner of the tables, who may do anything: a grant that a service lacks would
be seen by nobody before its users.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from registry.services import requests

_ROLE = "SELECT current_user <> session_user"


@pytest.fixture(autouse=True)
def _services_have_the_rights_of_the_web(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "transaction", SimpleNamespace(atomic=_as_the_web))


@contextmanager
def _as_the_web() -> Iterator[None]:
    with transaction.atomic():
        # Past Django's cursors, so that nobody who counts queries counts these.
        connection.ensure_connection()
        link = connection.connection
        if link.execute(_ROLE).fetchone()[0]:
            yield  # within another service
            return
        link.execute("SET LOCAL ROLE billet_web")
        yield
        link.execute("SET LOCAL ROLE NONE")
