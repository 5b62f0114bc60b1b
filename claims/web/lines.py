"""The lines of a statement's document, a page at a time: the database reads them out of it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

SIZE = 50
_CHUNK = 500

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


def every_line(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return rows(document["lines"], document["inputs"]["lines"], document["inputs"].get("names", {}))


def rows(figures: Any, inputs: Any, names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {**given, **figure, "name": names.get(given["id"], "") or given["id"]}
        for figure, given in zip(figures or [], inputs or [], strict=True)
    ]


def as_json(document: Mapping[str, Any]) -> HttpResponseBase:
    """The document as a file; a long one in pieces, so that the whole text is never held."""
    kind = "application/json"
    if len(document.get("lines", ())) > _CHUNK:
        return StreamingHttpResponse(written(document), content_type=kind)
    return HttpResponse("".join(written(document)) + "\n", content_type=kind)


def written(value: Any, indent: str = "") -> Iterator[str]:
    """JSON in pieces: long lists are written some hundred entries at a time."""
    deeper = indent + "  "
    if isinstance(value, dict) and value and not indent.startswith("    "):
        yield "{"
        for place, (name, each) in enumerate(value.items()):
            yield f"{',' if place else ''}\n{deeper}{json.dumps(name)}: "
            yield from written(each, deeper)
        yield f"\n{indent}}}"
    elif isinstance(value, list) and len(value) > _CHUNK:
        yield "["
        for start in range(0, len(value), _CHUNK):
            chunk = json.dumps(value[start : start + _CHUNK], ensure_ascii=False)[1:-1]
            yield f"{',' if start else ''}\n{deeper}{chunk}"
        yield f"\n{indent}]"
    else:
        yield json.dumps(value, ensure_ascii=False)
