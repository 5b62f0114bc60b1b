"""A plugin that proves guards: each guard's test passes with it, and fails without it.

    pytest -p tests.campaigns.proofs tests/registry/guards …

One guard is removed at a time and put back at once. A test that fails while it is set up, or
before its guard is removed, proves nothing.
"""

from __future__ import annotations

import secrets
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from _pytest.runner import runtestprotocol
from django.db import connection
from django.db.models import QuerySet

from tests.campaigns.guards import Guard, find_guards, without_lock
from tests.support.remembered import _KEPT
from tests.support.template import database_url


class Proofs:
    """guards: by the test that is to fail without them."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.guards: dict[str, list[Guard]] = defaultdict(list)
        self.items: list[pytest.Item] = []
        self.proven = 0
        self.unproven: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = session.items

    def find(self) -> None:
        """The guards of the database as the tests have it."""
        known = {_name(item) for item in self.items}
        for guard in find_guards():
            self.guards[guard.test].append(guard)
            if guard.test not in known:
                self._say(guard, "no such test")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool:
        name = _name(item)
        if self.guards and name not in self.guards:
            return True
        # Each run promises another test next than the one that comes.
        item.session._setupstate.teardown_exact(item)
        others = [each for each in self.items if each is not item]
        elsewhere = next(each for each in others if each.parent is not item.parent)
        beside = next((each for each in others if each.parent is item.parent), elsewhere)
        with_it = _failed(runtestprotocol(item, log=False, nextitem=elsewhere))
        for guard in self.guards.get(name, []):
            if with_it:
                self._say(guard, f"the test fails with it ({with_it})")
                continue
            # A module's world may hold the tables that removing has to change.
            with _without(guard):
                next_ = elsewhere if guard.remove else beside
                failed = _failed(runtestprotocol(item, log=False, nextitem=next_))
            self._say(guard, "" if failed == "call" else f"without it: {failed or 'passes'}")
        return True

    def _say(self, guard: Guard, objection: str) -> None:
        if objection:
            self.unproven.append(guard.name)
        else:
            self.proven += 1
        word = "UNPROVEN" if objection else "proven"
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        terminal.write_line(f"{word}  {guard.name}  {guard.test}  {objection}".rstrip())

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        everything = self.proven + len(self.unproven)
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        terminal.write_line(f"guards {everything} proven {self.proven}")
        session.exitstatus = int(bool(self.unproven) or not everything)


@pytest.fixture(scope="session", autouse=True)
def _known(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        request.config.pluginmanager.get_plugin("proofs").find()  # type: ignore[union-attr]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Proofs(config), "proofs")


def _name(item: pytest.Item) -> str:
    """xdist's groups add a word behind an @."""
    return item.nodeid.partition("@")[0]


def _failed(reports: list[pytest.TestReport]) -> str:
    """The phase in which it failed, or nothing."""
    return next((each.when or "" for each in reports if each.failed), "")


@contextmanager
def _without(guard: Guard) -> Iterator[None]:
    if not guard.remove:
        with _unlocked(guard):
            yield
        return
    url = database_url(connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("SET lock_timeout = '10s'")
        session.execute(guard.remove)  # type: ignore[call-overload]
        # What was made while the guard stood would be put back as rows, past it; and the reverse.
        _KEPT.clear()
        try:
            yield
        finally:
            _KEPT.clear()
            session.execute(guard.restore)  # type: ignore[call-overload]


def _unlocked(guard: Guard) -> Any:
    """While this function asks, what it reads is not locked."""
    if guard.on == "advisory":
        module = sys.modules[guard.module]
        return patch.object(module, "_LOCK", secrets.randbelow(2**31))
    if guard.on == "FOR UPDATE":
        module = sys.modules[guard.module]
        return patch.object(module, guard.function, without_lock(getattr(module, guard.function)))
    lock = QuerySet.select_for_update

    def select_for_update(rows: QuerySet[Any], *args: Any, **options: Any) -> Any:
        is_named = guard.on in (rows.model.__name__, guard.on.lower())
        if is_named and _asks(guard):
            return rows.all()
        return lock(rows, *args, **options)

    return patch.object(QuerySet, "select_for_update", select_for_update)


def _asks(guard: Guard) -> bool:
    frame = sys._getframe(2)
    while frame is not None and frame.f_globals["__name__"].startswith("django."):
        frame = frame.f_back  # type: ignore[assignment]
    return (frame.f_globals["__name__"], frame.f_code.co_name) == (guard.module, guard.function)
