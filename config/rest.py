"""What every endpoint starts from: nobody may, lists come in pages, errors are problems."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import IntegrityError, OperationalError
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import NotVisible, Refused
from accounts.rest.problems import KINDS, MEDIA_TYPE, NAME_OF_STATUS
from config.away import is_away, sqlstate_of
from registry.errors import BadInput, KeyReused, NotNow, RulesBroken
from registry.ledger import CoClaimed, NotThere

if TYPE_CHECKING:
    # The views import these settings' classes, so they cannot be imported here.
    from rest_framework.views import APIView

    from registry.rulebook.findings import Finding

_log = logging.getLogger(__name__)

# One answer names at most so many ranges of what is left; the quantity is always of all.
_MOST_LEFT = 100
_BUSY = {"40001", "40P01", "55P03", "57014"}
_WORST_FIRST = {"fail": 0, "warn": 1, "pass": 2, "not applicable": 3}
_OF_THE_REQUEST = ("non_field_errors", "__all__")


class DenyUnlessDeclared(BasePermission):
    """Refuse: an endpoint is open only to those its view names."""

    message = "This endpoint declares no permission, so it is closed: report it."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class Pages(PageNumberPagination):
    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    page_size_query_description = "Rows on a page: 50 if not given, at most 500."

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """As OpenAPI 3.1 says that something may be null."""
        described: dict[str, Any] = super().get_paginated_response_schema(schema)
        for name in ("next", "previous"):
            described["properties"][name] = {"type": ["string", "null"], "format": "uri"}
        return described


def problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """An exception as application/problem+json (RFC 9457); None for what nobody foresaw."""
    if isinstance(error, RulesBroken):
        return _answer("rules-broken", _in_brief(error), findings=_ordered(error.findings))
    if isinstance(error, NotThere):
        return _units_gone(error)
    if isinstance(error, BadInput):
        return _bad_input(error)
    if isinstance(error, Refused):
        named: dict[str, Any] = {"rule": error.rule, "section": error.section} if error.rule else {}
        said = f"{error.found} {error.allowed} {error.action}".strip()
        return _answer("refused", said, **named)
    for kind, name in (
        (NotVisible, "not-found"),
        (NotNow, "not-now"),
        (CoClaimed, "not-now"),
        (KeyReused, "key-reused"),
    ):
        if isinstance(error, kind):
            return _answer(name, str(error))
    return _of_the_framework(error, context)


def _of_the_framework(error: Exception, context: Mapping[str, Any]) -> Response | None:
    if isinstance(error, ValidationError):
        errors = dict(_by_field(error.detail))
        return _answer("bad-input", _words_of(errors), errors=errors)
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _answer("too-large", str(error))
    if isinstance(error, SuspiciousOperation):
        return _answer("malformed", str(error))
    if isinstance(error, IntegrityError):
        # The database refused what another request wrote between the check and the write.
        _log.warning("A constraint refused a request: %s", error)
        return _answer("conflict", KINDS["conflict"].meaning)
    if isinstance(error, OperationalError) and sqlstate_of(error) in _BUSY:
        return _answer("try-again", KINDS["try-again"].meaning, headers={"Retry-After": "1"})
    if is_away(error):
        return _answer("unreachable", "", headers={"Retry-After": "1"})
    return _of_rest_framework(error, context)


def _of_rest_framework(error: Exception, context: Mapping[str, Any]) -> Response | None:
    from rest_framework.views import exception_handler

    plain = exception_handler(error, dict(context))
    if plain is None:
        return None
    name = NAME_OF_STATUS.get(plain.status_code, "malformed")
    said = str(error.detail) if isinstance(error, APIException) else KINDS[name].meaning
    return _answer(name, said, headers={key: plain[key] for key in plain.headers})


def _answer(
    name: str, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
) -> Response:
    kind = KINDS[name]
    body = {
        "type": f"/api/v1/problems/{name}/",
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.meaning,
        **members,
    }
    return Response(body, kind.status, headers=headers, content_type=MEDIA_TYPE)


def _bad_input(error: BadInput) -> Response:
    from registry.api.writing import KeyMissing

    errors = {_field(name): texts for name, texts in error.errors.items()}
    name = "key-missing" if isinstance(error, KeyMissing) else "bad-input"
    return _answer(name, _words_of(errors), errors=errors)


def _units_gone(error: NotThere) -> Response:
    from registry.models import Issuance

    shown = error.left[:_MOST_LEFT]
    codes = dict(
        Issuance.objects.filter(pk__in={line.issuance for line in shown}).values_list("pk", "code")
    )
    left = [
        {
            "issuance": codes[line.issuance],
            "copy": line.copy,
            "first": line.first,
            "last": line.last,
            "quantity": line.quantity,
        }
        for line in shown
    ]
    return _answer("units-gone", f"{error}.", left=left, left_quantity=error.quantity_left)


def _in_brief(error: RulesBroken) -> str:
    failed = [f"{each.rule} ({each.section})" for each in error.failures]
    return f"{len(failed)} of {len(error.findings)} rules fail: {', '.join(failed)}."


def _ordered(findings: Sequence[Finding]) -> list[dict[str, object]]:
    worst_first = sorted(findings, key=lambda each: _WORST_FIRST.get(str(each.outcome), 9))
    return [finding.as_dict() for finding in worst_first]


def _by_field(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Nested errors, flat: units.ranges.0.first."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = str(name) not in _OF_THE_REQUEST
            yield from _by_field(inner, f"{path}.{name}".strip(".") if own else path)
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        texts = [str(each) for each in detail if isinstance(each, str)]
        if texts:
            yield path or "request", texts
        for place, inner in enumerate(detail):
            if not isinstance(inner, str):
                yield from _by_field(inner, f"{path}.{place}".strip("."))
    else:
        yield path or "request", [str(detail)]


def _field(name: str) -> str:
    return "request" if name in _OF_THE_REQUEST else name


def _words_of(errors: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{field}: {' '.join(texts)}" for field, texts in errors.items())[:2_000]
