"""A statement's document out of the database piece by piece, so that no process holds it whole."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import StreamingHttpResponse

from claims.models import Statement

# A document of more lines is read in pieces.
MOST_AT_ONCE = 500
_PIECE = 1024 * 1024
_ROWS = 1_000

_TEXT = """
WITH whole AS MATERIALIZED (
    SELECT convert_to(document::text, 'UTF8') AS bytes FROM claims_statement WHERE id = %s
)
SELECT substr(bytes, at, %s) FROM whole, generate_series(1, octet_length(bytes), %s) AS at
"""
# OFFSET 0: the parts are taken out once, not for each line anew.
_LINES = """
SELECT line.input, line.figure, said.names ->> (line.input ->> 'id')
  FROM (SELECT document -> 'lines' AS figures, document #> '{inputs,lines}' AS inputs,
               coalesce(document #> '{inputs,names}', '{}'::jsonb) AS names
          FROM claims_statement WHERE id = %s OFFSET 0) AS said,
       ROWS FROM (jsonb_array_elements(said.inputs), jsonb_array_elements(said.figures))
           AS line(input, figure)
"""


def is_long(statement: Statement) -> bool:
    return int((statement.summary or {}).get("line_count", 0)) > MOST_AT_ONCE


def document_pieces(statement: UUID, more: Mapping[str, Any] | None = None) -> Iterator[bytes]:
    """The document as JSON, with `more` beside what it holds itself."""
    held = b""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_TEXT, [statement, _PIECE, _PIECE])
        while rows := cursor.fetchmany(1):
            if held:
                yield held
            held = bytes(rows[0][0])
    beside = json.dumps(dict(more or {}), ensure_ascii=False)[1:-1].encode()
    yield held[:-1] + (b", " + beside if beside else b"") + b"}"


def within(whole: Mapping[str, Any], name: str, statement: UUID) -> StreamingHttpResponse:
    """A JSON answer that has the document under this name, after all the rest."""

    def pieces() -> Iterator[bytes]:
        rest = json.dumps({key: value for key, value in whole.items() if key != name})[:-1]
        yield f"{rest}, {json.dumps(name)}: ".encode()
        yield from document_pieces(statement)
        yield b"}"

    return StreamingHttpResponse(pieces(), content_type="application/json")


def every_line(statement: UUID) -> Iterator[dict[str, Any]]:
    """Each line in the order of the document: its input, its figures and its name."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LINES, [statement])
        while rows := cursor.fetchmany(_ROWS):
            for given, figure, name in rows:
                line = _object(given) | _object(figure)
                yield {**line, "name": name or line["id"]}


def _object(value: Any) -> dict[str, Any]:
    return dict(json.loads(value) if isinstance(value, str) else value)
