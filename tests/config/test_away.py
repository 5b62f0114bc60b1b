"""While the database is away: 503 and a way out, for people and for programs."""

from types import SimpleNamespace

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from config.away import handler500, is_away
from config.rest import problem


def lost(sqlstate: str | None = None) -> OperationalError:
    error = OperationalError("the connection was lost")
    error.__cause__ = Exception()
    if sqlstate:
        error.__cause__.sqlstate = sqlstate  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (lost(), True),
        (lost("08006"), True),
        (lost("57P01"), True),
        (lost("57P03"), True),
        (InterfaceError("the connection is closed"), True),
        (lost("40P01"), False),
        (lost("53100"), False),
        (ValueError("another fault"), False),
        (None, False),
    ],
)
def test_a_lost_connection_is_told_from_other_faults(
    error: Exception | None, expected: bool
) -> None:
    assert is_away(error) is expected


def answer_to(error: Exception, path: str) -> HttpResponse:
    request = RequestFactory().get(path)
    try:
        raise error
    except Exception:
        return handler500(request)


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [(lost(), 503, "unreachable"), (ValueError("a fault of ours"), 500, "our-fault")],
)
def test_a_program_gets_a_problem_from_outside_the_endpoints_too(
    error: Exception, status: int, kind: str
) -> None:
    answer = answer_to(error, "/api/v1/transfers/")

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert kind in answer.content.decode()
    assert ("Retry-After" in answer.headers) is (status == 503)


@pytest.mark.parametrize(("error", "status"), [(lost(), 503), (ValueError("ours"), 500)])
def test_a_person_gets_a_page_that_asks_the_database_for_nothing(
    error: Exception, status: int
) -> None:
    answer = answer_to(error, "/transfers/")

    assert answer.status_code == status
    assert "done completely or not at all" in answer.content.decode()


@pytest.mark.parametrize("error", [lost(), InterfaceError("closed")])
def test_an_endpoint_says_that_the_outcome_is_not_known(error: Exception) -> None:
    answer = problem(error, {"request": SimpleNamespace()})

    assert answer is not None
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert "not known" in answer.data["detail"]
