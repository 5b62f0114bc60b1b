"""A world that the tests of one module share: made once, and rolled back after the last of them.

    @pytest.fixture(scope="module")
    def world(shared_database: None) -> World:
        return World(...)

Each test still has its own savepoint, so none sees what another wrote. Not for modules with
`transaction=True`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction


@pytest.fixture(scope="module")
def shared_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    # Without the mark django_db no test database is made, and the real one would be written to.
    name = str(connection.settings_dict["NAME"])
    assert name.startswith("test_"), "Mark the module with pytest.mark.django_db."
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
