"""The lines of a statement's document, a page at a time: the database reads them out of it."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from claims.models import Statement
from claims.streams import document_pieces, is_long

SIZE = 50

_LINES = """
SELECT jsonb_path_query_array(document, %s::jsonpath),
       jsonb_path_query_array(document, %s::jsonpath), document #> '{inputs,names}'
  FROM claims_statement WHERE id = %s
"""


def lines_of(statement: UUID, first: int, size: int = SIZE) -> list[dict[str, Any]]:
    """Lines `first` (from 0) and on, in the order of the document: input, figures and name."""
    span = f"[{first} to {first + size - 1}]"
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [f"$.lines{span}", f"$.inputs.lines{span}", statement])
        figures, inputs, names = (
            json.loads(each) if isinstance(each, str) else each for each in cursor.fetchone()
        )
    return rows(figures, inputs, names or {})


def rows(figures: Any, inputs: Any, names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {**given, **figure, "name": names.get(given["id"], "") or given["id"]}
        for figure, given in zip(figures or [], inputs or [], strict=True)
    ]


def as_json(statement: Statement, more: Mapping[str, Any] | None = None) -> HttpResponseBase:
    """The document as a file, with what stands beside it; a long one in pieces."""
    kind = "application/json"
    if is_long(statement):
        return StreamingHttpResponse(document_pieces(statement.pk, more), content_type=kind)
    document = {**(statement.document or {}), **(more or {})}
    return HttpResponse(
        json.dumps(document, ensure_ascii=False, indent=1) + "\n", content_type=kind
    )
