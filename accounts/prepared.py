"""Statements that Postgres plans once a session: for the few that every move of units runs.

The ORM writes a statement anew for every call, and Postgres then plans it anew; together they
cost several times what the statement itself does. Everything else is better off with the ORM.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor


def rows(statement: str, arguments: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """What a query returns, or an INSERT, UPDATE or DELETE with RETURNING.

    Prepared at its first run: the setting `prepare_threshold` is 0, and the ORM's own cursors
    bind on our side, where nothing can be prepared.
    """
    connection.ensure_connection()
    cursor = cast(Any, ServerBindingCursor)(connection.connection)
    # Within a request django-pghistory would put a second statement before each write, which
    # cannot be prepared. It leaves cursors with a name alone; nothing tracked is written here.
    cursor.name = "prepared"
    # Django's own wrapper: its exceptions, and its list of queries where one is kept.
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(cursor) as ready:
        ready.execute(statement, arguments)
        return ready.fetchall() if cursor.description is not None else []
