"""The fingerprint of a statement's document, the same wherever it is taken."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

# Entries of a list that are written out at a time.
_PIECE = 1_000


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 over the document in one way of writing it: sorted keys, no spaces, UTF-8.

    Taken piece by piece, so that the text of 100,000 lines is never held.
    """
    taken = hashlib.sha256()
    for piece in _written(document):
        taken.update(piece.encode())
    return taken.hexdigest()


def _written(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for place, name in enumerate(sorted(value)):
            yield f"{',' if place else '{'}{_text(name)}:"
            yield from _written(value[name])
        yield "}" if value else "{}"
    elif isinstance(value, list) and len(value) > _PIECE:
        for start in range(0, len(value), _PIECE):
            yield f"{',' if start else '['}{_text(value[start : start + _PIECE])[1:-1]}"
        yield "]"
    else:
        yield _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
