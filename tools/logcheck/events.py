"""The events of the log: canonical JSON (RFC 8785) in which every value is a string.

An entry, which is nearly all of them, has one shape and no text that could need an escape; so one
pattern both reads it and proves it canonical.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .note import WrongError

_ID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ENTRY = re.compile(
    rb'\{"at":"([0-9T:.Z-]{27})","by":"(?:[0-9a-f]{64})?","copy":"([123])",'
    rb'"first":"([1-9][0-9]*)","from_account":"((?:%(id)s)?)","from_state":"([a-z]*)",'
    rb'"id":"(%(id)s)","issuance":"(%(id)s)","kind":"([a-z_]+)","last":"([1-9][0-9]*)",'
    rb'"layer":"([1-9]?[0-9]*)","order":"((?:%(id)s)?)","to_account":"((?:%(id)s)?)",'
    rb'"to_state":"([a-z]+)","transfers":"(0|[1-9][0-9]*)","type":"entry",'
    rb'"version":"([1-9][0-9]*)"\}' % {b"id": _ID}
)
entry_groups = _ENTRY.fullmatch

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
_FIELDS = {
    "account": {"id", "organisation", "type"},
    "issuance": {"account", "claims_agreed", "code", "id", "producer", "quantity", "type"},
    "retirement": {"account", "code", "id", "organisation", "quantity", "retired_on", "type"},
}


def other_event(raw: bytes) -> dict[str, str]:
    """An event that is no entry. Raises WrongError."""
    try:
        event: Any = json.loads(raw)
    except ValueError as error:
        raise WrongError("not JSON") from error
    if not isinstance(event, dict) or not all(isinstance(each, str) for each in event.values()):
        raise WrongError("not an object of strings")
    if canonical(event) != raw:
        raise WrongError("not in canonical form")
    kind = event.get("type", "")
    if kind not in _FIELDS:
        raise WrongError(f"no well-formed event: type {kind!r}")
    missing = _FIELDS[kind] - event.keys()
    if missing:
        raise WrongError(f"{kind} without {', '.join(sorted(missing))}")
    return event


def canonical(event: dict[str, str]) -> bytes:
    """RFC 8785 for an object of strings with ASCII names: sorted, no spaces, shortest escapes."""
    if not all(name.isascii() for name in event):
        raise WrongError("a name is not ASCII")
    try:
        return _ENCODER.encode(event).encode()
    except UnicodeEncodeError as error:
        raise WrongError("not in canonical form: half a surrogate pair") from error
