"""Emptying the database after a transactional test: quickly, and although guards refuse it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations

# What migrating itself writes, so that it need not be written again after every test.
KEPT = {
    "django_content_type",
    "auth_permission",
    "claims_programmeacceptance",
    "claims_programmeacceptanceevent",
}


@pytest.fixture(scope="session", autouse=True)
def _quick_flush() -> Iterator[None]:
    """Delete from the few tables a test filled, rather than truncate them all.

    As replica no trigger fires: neither the ledger's guards nor foreign keys, so the order
    of the tables does not matter.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", _delete)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield


def _delete(operations: Any, truncate: list[str]) -> None:
    asked = set(re.findall(r'"(\w+)"', " ".join(truncate))) - KEPT
    with operations.connection.cursor() as cursor, _triggers_off(cursor):
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_relation_size(oid) > 0",
            [list(asked)],
        )
        filled = [name for (name,) in cursor.fetchall()]
        if filled:
            cursor.execute("; ".join(f'DELETE FROM "{name}"' for name in filled))


@contextmanager
def _triggers_off(cursor: Any) -> Iterator[None]:
    cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        cursor.execute("SET session_replication_role = DEFAULT")
