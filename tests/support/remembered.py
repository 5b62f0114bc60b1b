"""What the services made once in this process, put back as rows the next time it is asked for.

A cast with issued units takes hundreds of statements through the services, and hundreds of tests
begin with the same one. The first is made; its rows and its result are kept; later ones are
inserted in one go, with triggers off as they were on the first time. Only what begins from an
empty registry is kept, so that nothing depends on what came before.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import time_machine
from django.db import connection
from django.utils import timezone

R = TypeVar("R")
Rows = dict[str, Any]

# Written by migrating alone, and never by a test's cast.
_STANDING = {"django_content_type", "auth_permission", "django_migrations"}


@dataclass(frozen=True, slots=True)
class _Kept:
    """The rows by table as JSON, and the result pickled: each caller gets objects of its own."""

    rows: dict[str, str]
    result: bytes


_KEPT: dict[tuple[object, ...], _Kept | None] = {}


def remembered(key: tuple[object, ...], make: Callable[[], R]) -> R:
    """make(), or what it made before under this key, in the database and as the result.

    For a `make` that only adds rows: one that changes any that were there is made each time.
    """
    if time_machine.escape_hatch.is_travelling() or connection.vendor != "postgresql":
        return make()
    dated = (*key, timezone.now().date(), connection.settings_dict["NAME"])
    if dated not in _KEPT:
        return _make(dated, make)
    kept = _KEPT[dated]
    if kept is None:
        return make()
    _insert(kept.rows)
    result: R = pickle.loads(kept.result)  # noqa: S301
    return result


def _make(key: tuple[object, ...], make: Callable[[], R]) -> R:
    before = _rows(_filled())
    result = make()
    after = _rows(_filled())
    changed = any(not set(rows) <= set(after.get(table, ())) for table, rows in before.items())
    added = {
        table: [row for row in rows if row not in set(before.get(table, ()))]
        for table, rows in after.items()
    }
    _KEPT[key] = None
    if not changed:
        texts = {table: f"[{','.join(rows)}]" for table, rows in added.items() if rows}
        _KEPT[key] = _Kept(texts, pickle.dumps(result))
    return result


def _filled() -> list[str]:
    """Tables of ours with anything in them, as far as this transaction sees."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname = 'public' AND pg_relation_size(c.oid) > 0"
        )
        return sorted({name for (name,) in cursor.fetchall()} - _STANDING)


def _rows(tables: list[str]) -> dict[str, list[str]]:
    """Every row as JSON text. jsonb writes a value one way only, so texts can be compared."""
    if not tables:
        return {}
    found: dict[str, list[str]] = {table: [] for table in tables}
    each = " UNION ALL ".join(
        f"SELECT '{table}', to_jsonb(t)::text FROM \"{table}\" t" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(each)
        for table, row in cursor.fetchall():
            found[table].append(row)
    return found


def _insert(rows: dict[str, str]) -> None:
    statements = "; ".join(
        f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_recordset(NULL::"{table}", %s::jsonb)'
        for table in rows
    )
    with connection.cursor() as cursor:
        # As in flushing: no trigger fires and the order of the tables does not matter.
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(statements, list(rows.values()))
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")
