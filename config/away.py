"""The database is away: restarting, killed or unreachable. An answer that needs none of it."""

from __future__ import annotations

import json
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error

from accounts.rest.problems import KINDS, MEDIA_TYPE

RETRY_SECONDS = "1"
# Classes of SQLSTATE in which Postgres ended the session or took none: connection exceptions, and
# an operator's intervention (shutdown, crash, still starting).
_AWAY = ("08", "57P")


def sqlstate_of(error: BaseException) -> str | None:
    state: str | None = getattr(error.__cause__, "sqlstate", None)
    return state


def is_away(error: BaseException | None) -> bool:
    """Whether this says that the database was not to be reached, or was lost on the way."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    state = sqlstate_of(error)
    # Without a SQLSTATE no answer of the server came: the connection failed or was lost.
    return state is None or state.startswith(_AWAY)


def handler500(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, else 500; for programs as a problem, for people as a page."""
    name = "unreachable" if is_away(sys.exc_info()[1]) else "our-fault"
    kind = KINDS[name]
    if request.path.startswith("/api/"):
        body = {
            "type": f"/api/v1/problems/{name}/",
            "title": kind.title,
            "status": kind.status,
            "detail": kind.meaning,
        }
        answer = HttpResponse(json.dumps(body), content_type=MEDIA_TYPE, status=kind.status)
    else:
        answer = server_error(request)
        answer.status_code = kind.status
    if kind.status == 503:
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer
