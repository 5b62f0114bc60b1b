"""Statements that Postgres plans once a session: for the few that every move of units runs.

The ORM writes a statement anew for every call, and Postgres then plans it anew; together they
cost several times what the statement itself does. These go to libpq by psycopg's own generators,
past its cursors, which look at every argument's type anew. What can be asked at once goes in one
round trip (`together`), as does the BEGIN of a transaction with its first statement. Everything
else is better off with the ORM.
"""

import hashlib
import re
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, DataError, connections
from psycopg import generators
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, TransactionStatus

Arguments = Mapping[str, Any] | Sequence[Any]
Row = tuple[Any, ...]

_PLACE = re.compile(r"%(?:\((\w+)\))?s|%%")
_QUOTED = re.compile(r'(["\\])')
_READ = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class _Named:
    """What wrappers of execution see as the cursor.

    Within a request django-pghistory would put a second statement before each write, which
    cannot be prepared. It leaves cursors with a name alone; nothing tracked is written here.
    """

    name = "prepared"


@dataclass(frozen=True)
class _Statement:
    """A statement as Postgres reads it. arguments: their names in order, where they have any."""

    text: bytes
    name: bytes
    arguments: tuple[str, ...]


@dataclass(eq=False)
class Asked:
    """A statement that goes together with others; found: what it returned, once it has run."""

    statement: str
    arguments: Arguments
    found: list[Row] | None = None

    def rows(self) -> list[Row]:
        """What it returned; it runs by itself where it has not gone with others."""
        if self.found is None:
            together([self])
        assert self.found is not None  # else `together` has raised
        return self.found


@dataclass
class _Session:
    """What one connection has prepared, and how it reads results."""

    link: psycopg.Connection[Any]
    reader: Any
    known: set[bytes] = field(default_factory=set)


def rows(statement: str, arguments: Arguments) -> list[Row]:
    """What a query returns, or an INSERT, UPDATE or DELETE with RETURNING.

    Prepared at its first run in a session. Raises Django's database errors.
    """
    return Asked(statement, arguments).rows()


def together(asked: Sequence[Asked], *, last: bool = False) -> None:
    """Run these in their order and in one round trip: each sees what those before it have written.

    The first error is raised, and what stands behind it does not run. last: nothing follows in
    the transaction, so COMMIT goes along, unless this is within another's transaction. What is
    refused after that is too late: whoever says so refuses in SQL.
    """
    # The proxy `django.db.connection` looks the connection up again for every attribute.
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    database.validate_no_broken_transaction()
    flight = _Flight(database, asked, commits=last and _is_outermost(database))
    for number, each in enumerate(asked):
        # Wrappers of execution expect no result, or a cursor.
        run: Callable[..., None] = partial(flight.outcome_of, number)
        for wrapper in reversed(database.execute_wrappers):
            run = partial(wrapper, run)
        started = time.monotonic() if database.queries_logged else 0
        try:
            run(each.statement, each.arguments, False, {"connection": database, "cursor": _CURSOR})
        finally:
            if started:
                took = f"{time.monotonic() - started:.3f}"
                database.queries_log.append({"sql": each.statement, "time": took})
    flight.end()


def _is_outermost(database: Any) -> bool:
    """Whether the innermost `atomic` is the one that commits."""
    return bool(database.in_atomic_block and not database.savepoint_ids)


_CURSOR = _Named()


class _Flight:
    """Statements on their way: sent when the first is due, then each has its own outcome."""

    def __init__(self, database: Any, asked: Sequence[Asked], *, commits: bool) -> None:
        self.database, self.asked, self.commits = database, asked, commits
        self.session: _Session
        self.results: list[Any] | None = None

    def outcome_of(self, number: int, *_: object) -> None:
        """Keep what a statement returned, or raise its error."""
        if self.results is None:
            self.session = session = _session(self.database)
            with self.database.wrap_database_errors, session.link.lock:
                self.results = session.link.wait(self._exchange(session))
        session, result = self.session, self.results[number]
        if result.status not in _READ:
            with self.database.wrap_database_errors:
                _good(result, session.link)
        session.reader.set_pgresult(result)
        count = result.ntuples if result.nfields else 0
        self.asked[number].found = session.reader.load_rows(0, count, tuple) if count else []

    def end(self) -> None:
        """Raise the error of a COMMIT that went along, such as a deferred constraint's."""
        if self.commits and self.results is not None:
            with self.database.wrap_database_errors:
                _good(self.results[-1], self.session.link)

    def _exchange(self, session: _Session) -> Generator[Any, Any, list[Any]]:
        """Send what has to be sent in one go, and read what comes back."""
        link, pgconn = session.link, session.link.pgconn
        sent = []
        for each in self.asked:
            read = _statement(each.statement)
            arguments: Any = each.arguments
            named = [arguments[name] for name in read.arguments] if read.arguments else arguments
            sent.append((read.name, [_plain(value) for value in named]))
            if read.name not in session.known:
                pgconn.send_prepare(read.name, read.text)
                _good((yield from generators.execute(pgconn))[-1], link)
                session.known.add(read.name)
        begins = not link.autocommit and pgconn.transaction_status == TransactionStatus.IDLE
        if len(sent) == 1 and not begins and not self.commits:
            pgconn.send_query_prepared(*sent[0])
            return [(yield from generators.execute(pgconn))[-1]]
        try:
            pgconn.enter_pipeline_mode()
            if begins:
                pgconn.send_query_params(b"BEGIN", None)
            for name, values in sent:
                pgconn.send_query_prepared(name, values)
            if self.commits:
                pgconn.send_query_params(b"COMMIT", None)
            pgconn.pipeline_sync()
            yield from generators.send(pgconn)
            results = []
            for _ in range(begins + len(sent) + self.commits):
                results.append((yield from generators.fetch_many(pgconn))[-1])
            yield from generators.fetch_many(pgconn)
        except BaseException:
            # Left in the middle of the exchange, by a server that went away or by whoever stopped
            # waiting: what comes next could not be told from what was asked before.
            pgconn.finish()
            raise
        pgconn.exit_pipeline_mode()
        if begins:
            _good(results.pop(0), link)
        return results


def _session(database: Any) -> _Session:
    """What this connection has prepared. A pool lends others, and the same again."""
    link = database.connection
    session: _Session | None = getattr(link, "billet_prepared", None)
    if session is None:
        session = link.billet_prepared = _Session(link, Transformer.from_context(link))
    return session


def _good(result: Any, link: psycopg.Connection[Any]) -> None:
    if result.status not in _READ:
        raise psycopg.errors.error_from_result(result, encoding=link.info.encoding)


@lru_cache(maxsize=256)
def _statement(text: str) -> _Statement:
    """Placeholders as Postgres numbers them; one that is named twice keeps its number."""
    names: list[str] = []
    count = 0

    def numbered(place: re.Match[str]) -> str:
        nonlocal count
        if place[0] == "%%":
            return "%"
        if place[1] is None:
            count += 1
            return f"${count}"
        if place[1] not in names:
            names.append(place[1])
        return f"${names.index(place[1]) + 1}"

    sql = _PLACE.sub(numbered, text)
    name = "billet_" + hashlib.sha256(sql.encode()).hexdigest()[:32]
    return _Statement(sql.encode(), name.encode(), tuple(names))


def _plain(value: Any) -> bytes | None:
    """A value as Postgres reads it, whatever the type that the statement gives it."""
    write = _WRITTEN.get(type(value))
    if write is not None:
        return write(value)
    # Kinds of these types, such as a state's name.
    for kind, write in _WRITTEN.items():
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"no value of a prepared statement: {type(value).__name__}")


def _text(value: str) -> bytes:
    if "\0" in value:
        # libpq would send what stands before it, and say nothing.
        raise DataError("A text holds a NUL character, which Postgres cannot keep.")
    return value.encode()


def _array(values: Sequence[Any]) -> bytes:
    return ("{" + ",".join(map(_element, values)) + "}").encode()


def _element(value: Any) -> str:
    kind = type(value)
    if kind is UUID:
        return str(value.hex)
    if kind is int:
        return str(value)
    plain = _plain(value)
    if plain is None:
        return "NULL"
    text = plain.decode()
    return '"' + _QUOTED.sub(r"\\\1", text) + '"' if isinstance(value, str) else text


# In this order, since a truth is a number too.
_WRITTEN: dict[type, Callable[[Any], bytes | None]] = {
    str: _text,
    type(None): lambda _: None,
    bool: lambda value: b"t" if value else b"f",
    int: lambda value: str(int(value)).encode(),
    UUID: lambda value: value.hex.encode(),
    date: lambda value: value.isoformat().encode(),
    datetime: lambda value: value.isoformat().encode(),
    list: _array,
    tuple: _array,
}
