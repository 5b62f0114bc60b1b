from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, cast
from tests.support.programs import Program


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def carl(people: Cast) -> Program:
    return Program.of(people.carl)


@pytest.fixture
def queries() -> Any:
    """How many queries a call takes: queries(lambda: …)."""

    def count(act: Any) -> int:
        with CaptureQueriesContext(connection) as seen:
            act()
        return len(seen)

    return count
