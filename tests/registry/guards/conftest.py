"""What the tests of locks need: a world that other connections see, and another connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command


@pytest.fixture(scope="module")
def committed_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Whatever a module commits, gone after its last test.

    Its tests are marked `django_db` all the same: without the mark no database is made for them.
    """
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
