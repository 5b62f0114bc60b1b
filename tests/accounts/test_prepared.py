"""Statements prepared by hand: what goes in comes out, and errors are Django's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from accounts.prepared import Asked, rows, together

pytestmark = pytest.mark.django_db

ONE = UUID("00000000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 'a "b" \\ {c}, NULL é\n'),
        ("text", ""),
        ("text", None),
        ("boolean", True),
        ("boolean", False),
        ("bigint", 2**62),
        ("uuid", ONE),
        ("date", date(2026, 3, 6)),
        ("timestamptz", datetime(2026, 3, 6, 12, 0, 0, 1, tzinfo=UTC)),
        ("text[]", ['a "b" \\', "", "NULL", "{}", ",", None]),
        ("uuid[]", [ONE, None]),
        ("bigint[]", []),
        ("smallint[]", [1, 2, 3]),
    ],
)
def test_a_value_comes_back_as_it_went(kind: str, value: Any) -> None:
    assert rows(f"SELECT %s::{kind}", [value]) == [(value,)]


def test_an_argument_may_be_named_and_used_twice() -> None:
    statement = "SELECT %(b)s::int, %(a)s::int, %(b)s::int, 7 %% 4"
    assert rows(statement, {"a": 1, "b": 2}) == [(2, 1, 2, 3)]


def test_a_value_that_no_statement_takes_is_refused() -> None:
    with pytest.raises(TypeError, match="dict"):
        rows("SELECT %s::jsonb", [{}])


@pytest.mark.parametrize("value", ["a\0b", ["whole", "a\0b"]])
def test_a_text_is_never_sent_in_part(value: object) -> None:
    with pytest.raises(DataError, match="NUL"):
        rows("SELECT %s::text", [value])


def test_a_write_without_returning_has_no_rows() -> None:
    assert rows("UPDATE accounts_user SET email = email WHERE id = %s", [ONE]) == []


def test_an_error_is_djangos_and_names_its_cause() -> None:
    with pytest.raises(DataError) as error, transaction.atomic():
        rows("SELECT 1 / %s::int", [0])
    assert error.value.__cause__.sqlstate == "22012"  # type: ignore[union-attr]


def test_nothing_runs_in_a_transaction_that_is_broken() -> None:
    with transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic():
            raise IntegrityError
        assert rows("SELECT 1", []) == [(1,)]
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            rows("SELECT 1", [])
        transaction.set_rollback(False)


def test_wrappers_and_the_list_of_queries_see_the_statement() -> None:
    seen = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, context["cursor"].name))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look), CaptureQueriesContext(connection) as queries:
        rows("SELECT %s::int", [1])
    assert seen == [("SELECT %s::int", "prepared")]
    assert [query["sql"] for query in queries.captured_queries] == ["SELECT %s::int"]


@pytest.mark.django_db(transaction=True)
def test_the_first_statement_opens_the_transaction_and_may_fail() -> None:
    for divisor in (0, 1):
        try:
            with transaction.atomic():
                rows("CREATE TEMPORARY TABLE IF NOT EXISTS once (n int)", [])
                rows("INSERT INTO once VALUES (%s)", [divisor])
                rows("SELECT 1 / %s::int", [divisor])
        except DataError:
            continue
    with pytest.raises(DataError), transaction.atomic():
        rows("SELECT 1 / %s::int", [0])
    assert rows("SELECT n FROM once", []) == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_anew() -> None:
    assert rows("SELECT %s::int", [1]) == [(1,)]
    connection.close()
    assert rows("SELECT %s::int", [2]) == [(2,)]
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_a_pool_lends_again_knows_what_it_prepared() -> None:
    assert rows("SELECT %s::int", [1]) == [(1,)]
    first = connection.connection
    connection.connect()
    second = connection.connection
    assert rows("SELECT %s::int", [2]) == [(2,)]
    connection.connection = first
    assert rows("SELECT %s::int", [3]) == [(3,)]
    connection.close()
    second.close()


@pytest.mark.django_db(transaction=True)
def test_a_server_that_goes_away_is_told_and_left() -> None:
    with pytest.raises(OperationalError), transaction.atomic():
        rows("SELECT pg_terminate_backend(pg_backend_pid())", [])
    connection.close()
    assert rows("SELECT %s::int", [3]) == [(3,)]
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_statements_that_go_together_see_each_other_and_stand_together() -> None:
    with transaction.atomic():
        rows("CREATE TEMPORARY TABLE many (n int)", [])
    with transaction.atomic():
        write, read = Asked("INSERT INTO many VALUES (%s)", [7]), Asked("SELECT n FROM many", [])
        together([write, read])
        assert (write.found, read.rows()) == ([], [(7,)])
        rows("DELETE FROM many", [])
        assert read.rows() == [(7,)]
    for before in ([], [Asked("SELECT 1", [])]):
        late = Asked("SELECT 1", [])
        with pytest.raises(DataError), transaction.atomic():
            together([*before, write, Asked("SELECT 1 / %s::int", [0]), late])
        assert late.found is None
    assert rows("SELECT n FROM many", []) == []


def _is_idle() -> bool:
    return bool(connection.connection.info.transaction_status == TransactionStatus.IDLE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [[], [Asked("SELECT %s::int", [1])]])
def test_the_last_take_the_commit_along(before: list[Asked]) -> None:
    hooks: list[str] = []
    with transaction.atomic():
        rows("CREATE TEMPORARY TABLE kept (n int)", [])
    with transaction.atomic():
        transaction.on_commit(lambda: hooks.append("done"))
        together([*before, Asked("INSERT INTO kept VALUES (%s)", [7])], last=True)
        assert _is_idle()
        assert not hooks
    assert hooks == ["done"]
    connection.rollback()
    assert rows("SELECT n FROM kept", []) == [(7,)]


@pytest.mark.django_db(transaction=True)
def test_within_anothers_transaction_the_last_leaves_the_commit_to_it() -> None:
    with transaction.atomic():
        with transaction.atomic():
            together([Asked("CREATE TEMPORARY TABLE lost (n int)", [])], last=True)
            assert not _is_idle()
        transaction.set_rollback(True)
    assert rows("SELECT to_regclass('lost')::text", []) == [(None,)]


@pytest.mark.django_db(transaction=True)
def test_what_fails_before_the_commit_or_by_it_keeps_nothing() -> None:
    with transaction.atomic():
        rows("CREATE TEMPORARY TABLE few (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)", [])
    write = Asked("INSERT INTO few VALUES (%s)", [7])
    with pytest.raises(DataError), transaction.atomic():
        together([write, Asked("SELECT 1 / %s::int", [0])], last=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        together([write, write], last=True)
    assert rows("SELECT n FROM few", []) == []


def test_wrappers_see_each_of_those_that_go_together_and_which_failed() -> None:
    seen: list[str] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        try:
            return execute(sql, params, many, context)
        except DataError:
            sql += " failed"
            raise
        finally:
            seen.append(sql)

    asked = [Asked(sql, [0]) for sql in ("SELECT %s::int", "SELECT 1 / %s::int", "SELECT %s::text")]
    with (
        connection.execute_wrapper(look),
        CaptureQueriesContext(connection) as queries,
        pytest.raises(DataError),
        transaction.atomic(),
    ):
        together(asked)
    assert seen[1:3] == ["SELECT %s::int", "SELECT 1 / %s::int failed"]
    assert len(queries.captured_queries) == 5  # with a savepoint and the two that end it
