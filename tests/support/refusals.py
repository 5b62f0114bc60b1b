"""Refusals as tests state them: of which kind, and that nothing at all was written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from django.apps import apps
from django.db import connection

E = TypeVar("E", bound=BaseException)


@contextmanager
def refused(kind: type[E], match: str | None = None) -> Iterator[pytest.ExceptionInfo[E]]:
    """The block raises `kind` and leaves every row as it was."""
    with writes_nothing(), pytest.raises(kind, match=match) as caught:
        yield caught


@contextmanager
def writes_nothing() -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


def everything() -> dict[str, str]:
    """A digest of every row, by table."""
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label in ("accounts", "registry", "claims")
    )
    parts = " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(row::text, '' ORDER BY row::text)) FROM {table} AS row"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(parts)
        return dict(cursor.fetchall())
