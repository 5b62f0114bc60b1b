"""What Postgres aborts is tried again a bounded number of times, outside any transaction."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from registry.services import requests
from registry.services.requests import retrying


@pytest.fixture(autouse=True)
def _outside_any_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "connection", SimpleNamespace(in_atomic_block=False))


class Aborted(Exception):
    """As psycopg reports it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def aborting(sqlstate: str, times: int) -> tuple[Any, list[int]]:
    """A service that Postgres aborts so often before it succeeds, and its attempts."""
    attempts: list[int] = []

    @retrying
    def service() -> str:
        attempts.append(len(attempts) + 1)
        if len(attempts) <= times:
            raise OperationalError("aborted") from Aborted(sqlstate)
        return "done"

    return service, attempts


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_what_is_aborted_for_another_is_tried_again(sqlstate: str) -> None:
    service, attempts = aborting(sqlstate, times=4)
    assert service() == "done"
    assert len(attempts) == 5


def test_the_attempts_are_bounded() -> None:
    service, attempts = aborting("40P01", times=100)
    with pytest.raises(OperationalError):
        service()
    assert len(attempts) == 5


def test_a_lost_connection_is_not_tried_again() -> None:
    service, attempts = aborting("57P01", times=1)
    with pytest.raises(OperationalError):
        service()
    assert len(attempts) == 1
