"""Every constraint and trigger of our tables, fired alone by raw SQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, models
from django.db.models.fields import PositiveIntegerRelDbTypeMixin

from tests.registry.guards.bare import Bare, bare
from tests.registry.guards.rows import DELETED, PROTECTED, REFUSED, TOGETHER

pytestmark = pytest.mark.django_db

APPS = ("accounts", "registry", "claims")
_VALUES = {"uuid": "00000000-0000-7000-8000-000000000001", "boolean": True, "smallint": 1}
_VALUES |= {"integer": 1, "bigint": 1}


def names(cases: Any) -> list[str]:
    return [".".join(each) for each in cases]


@pytest.mark.parametrize(("table", "name"), list(REFUSED), ids=names(REFUSED))
def test_a_row_that_must_not_be_is_refused(table: str, name: str) -> None:
    for row in REFUSED[table, name]:
        with bare(table, keep=name) as only:
            _refuses(name, only, row)


@pytest.mark.parametrize(("table", "name"), list(TOGETHER), ids=names(TOGETHER))
def test_two_rows_that_must_not_be_together_are_refused(table: str, name: str) -> None:
    one, other = TOGETHER[table, name]
    with bare(table, keep=name) as only:
        only.insert(one)
        _refuses(name, only, other)


def _refuses(name: str, only: Bare, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError) as refusal:
        only.insert(row)
    assert f'"{name}"' in str(refusal.value)


def our_models() -> Iterator[type[models.Model]]:
    for app in APPS:
        yield from apps.get_app_config(app).get_models(include_auto_created=True)


def counters() -> list[str]:
    return [
        f"{model._meta.db_table}.{field.column}"
        for model in our_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, PositiveIntegerRelDbTypeMixin)
    ]


@pytest.mark.parametrize("column", counters())
def test_a_count_below_zero_is_refused(column: str) -> None:
    table, _, name = column.partition(".")
    guard = f"{table}_{name}_check"
    with bare(table, keep=guard) as only:
        _refuses(guard, only, {name: -1})


def unique_columns() -> list[str]:
    found = []
    for model in our_models():
        meta = model._meta
        sets = [[field] for field in meta.local_concrete_fields if field.unique]
        sets += [[meta.get_field(each) for each in names] for names in meta.unique_together]
        sets += [
            [meta.get_field(each) for each in one.fields]
            for one in meta.constraints
            if isinstance(one, models.UniqueConstraint) and one.condition is None
        ]
        for fields in sets:
            if not any(field.primary_key for field in fields):
                found.append(f"{meta.db_table}.{','.join(sorted(f.column for f in fields))}")
    return sorted(set(found))


@pytest.mark.parametrize("columns", unique_columns())
def test_what_is_unique_is_refused_twice(columns: str) -> None:
    table, _, listed = columns.partition(".")
    named = listed.split(",")
    with bare(table, keep=_guard_of(table, named)) as only:
        kinds = {name: kind for name, kind, *_ in only.columns}
        row = {name: _VALUES.get(kinds[name], "1") for name in named}
        only.insert(row)
        with pytest.raises(IntegrityError, match="duplicate key"):
            only.insert({**row, **only.another_key()})


def _guard_of(table: str, columns: list[str]) -> str | None:
    """The unique constraint over exactly these columns; none where it was removed."""
    found = Bare(table).ask(
        "SELECT conname FROM pg_constraint c WHERE conrelid = %s::regclass AND contype = 'u'"
        ' AND (SELECT array_agg(attname::text ORDER BY attname::text COLLATE "C")'
        "        FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey))"
        " = %s",
        [table, columns],
    )
    return found[0][0] if found else None


@pytest.mark.parametrize(("table", "name"), list(PROTECTED), ids=names(PROTECTED))
def test_what_stands_stays(table: str, name: str) -> None:
    row, statements = PROTECTED[table, name]
    for statement in statements:
        with bare(table) as only:
            only.insert(row)
            only.only_trigger(name)
            with pytest.raises(DatabaseError) as refusal:
                only.ask(statement.format(table=table, change=only.change()))
            assert name in str(refusal.value)


def tracked() -> list[str]:
    return sorted(
        each._meta.get_field("pgh_obj").related_model._meta.db_table
        for each in our_models()
        if any(field.name == "pgh_obj" for field in each._meta.fields)
    )


@pytest.mark.parametrize("verb", ["insert", "update"])
@pytest.mark.parametrize("table", tracked())
def test_each_version_of_a_record_is_kept(table: str, verb: str) -> None:
    with bare(f"{table}event") as history, bare(table) as only:
        # What migrations wrote is in the way of counting.
        history.ask(f"DELETE FROM {history.table}")
        only.ask(f"DELETE FROM {table}")
        if verb == "update":
            only.insert({})
        only.only_trigger(f"{verb}_{verb}")
        if verb == "insert":
            only.insert({})
        else:
            only.ask(f"UPDATE {table} SET {only.change()}")
        assert history.ask(f"SELECT count(*) FROM {history.table}") == [(1,)]


@pytest.mark.parametrize("table", DELETED)
def test_what_is_deleted_is_kept(table: str) -> None:
    with bare(f"{table}event") as history, bare(table) as only:
        history.ask(f"DELETE FROM {history.table}")
        only.insert({})
        only.only_trigger("delete_delete")
        only.ask(f"DELETE FROM {table}")
        assert history.ask(f"SELECT count(*) FROM {history.table}") == [(1,)]
