"""One guard of one table alone: whatever else would refuse a row is out of the way.

Foreign keys are checked at commit, which never comes: everything is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

_CONSTRAINTS = """
SELECT conname, false FROM pg_constraint
 WHERE contype IN ('c', 'u', 'x') AND conrelid = %s::regclass
 UNION ALL
SELECT indexrelid::regclass::text, true FROM pg_index
 WHERE indrelid = %s::regclass AND indisunique
   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
_COLUMNS = """
SELECT a.attname, a.atttypid::regtype::text, a.attnotnull,
       EXISTS (SELECT FROM pg_index i
                WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)),
       a.atthasdef OR a.attidentity <> ''
  FROM pg_attribute a
 WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_OTHER = {"uuid": "gen_random_uuid()", "text": "'1'", "character varying": "'1'", "boolean": "true"}
_OTHER |= {"smallint": "7", "integer": "7", "bigint": "7", "numeric": "7"}
_OTHER |= {"jsonb": "'{}'", "timestamp with time zone": "now()", "date": "'2025-01-31'"}


class Bare:
    """A table without any guard but those kept."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.columns = self.ask(_COLUMNS, [table])

    def ask(self, statement: str, values: Any = None) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []

    def strip(self, kept: str | None) -> None:
        self.ask("SET LOCAL session_replication_role = replica")
        for name, is_index in self.ask(_CONSTRAINTS, [self.table, self.table]):
            if name == kept:
                continue
            if is_index:
                self.ask(f'DROP INDEX "{name}"')
            else:
                self.ask(f'ALTER TABLE {self.table} DROP CONSTRAINT "{name}" CASCADE')
        for name, _, is_not_null, is_key, _ in self.columns:
            if is_not_null and not is_key:
                self.ask(f'ALTER TABLE {self.table} ALTER "{name}" DROP NOT NULL')

    def only_trigger(self, name: str) -> None:
        """Of the triggers this one alone fires, from now on. name: without what pgtrigger adds."""
        for (trigger,) in self.ask(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [self.table],
        ):
            if plain_name(trigger) != name:
                self.ask(f'ALTER TABLE {self.table} DISABLE TRIGGER "{trigger}"')
        self.ask("SET LOCAL session_replication_role = origin")

    def insert(self, row: Mapping[str, Any]) -> None:
        row = {**self._key(), **row}
        if not row:
            self.ask(f"INSERT INTO {self.table} DEFAULT VALUES")
            return
        names = ", ".join(f'"{name}"' for name in row)
        places = ", ".join("%s" for _ in row)
        self.ask(f"INSERT INTO {self.table} ({names}) VALUES ({places})", list(row.values()))

    def change(self) -> str:
        """An assignment that changes any row of nulls."""
        return next(
            f'"{name}" = {_OTHER[kind]}'
            for name, kind, _, is_key, _ in self.columns
            if kind in _OTHER and not is_key
        )

    def another_key(self) -> dict[str, Any]:
        """A key beside that of the first row."""
        return {
            name: uuid4() if isinstance(each, UUID) else 2 for name, each in self._key().items()
        }

    def _key(self) -> dict[str, Any]:
        return {
            name: uuid4() if kind == "uuid" else 1
            for name, kind, _, is_key, has_default in self.columns
            if is_key and not has_default
        }


@contextmanager
def bare(table: str, *, keep: str | None = None) -> Iterator[Bare]:
    """The table with this guard alone, for the length of the block."""
    with transaction.atomic():
        stripped = Bare(table)
        stripped.strip(keep)
        yield stripped
        transaction.set_rollback(True)


def plain_name(trigger: str) -> str:
    """pgtrigger puts its own word before a name and a hash behind it."""
    if not trigger.startswith("pgtrigger_"):
        return trigger
    return trigger.removeprefix("pgtrigger_").rpartition("_")[0]
