"""A retirement's proof file: that its events are in the log, and that they say what it says."""

from __future__ import annotations

import json
from typing import Any

from .events import entry_groups, other_event
from .note import Checkpoint, Key, WrongError, open_checkpoint
from .tree import decoded, is_included, leaf

FORMAT = "billet-proof-v1"


def check_certificate(text: str, key: Key) -> tuple[dict[str, Any], Checkpoint]:
    """A summary, and the checkpoint that the log must begin with. Raises WrongError."""
    try:
        proof = json.loads(text)
        code, events = proof["retirement"], proof["events"]
        given = [(int(each["number"]), each["event"].encode(), each["path"]) for each in events]
        if proof["format"] != FORMAT:
            raise WrongError(f"the proof's format is not {FORMAT}")
        note = proof["checkpoint"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongError("this is no proof file of the log") from error
    signed = open_checkpoint(note, key)
    for number, event, path in given:
        if not is_included(leaf(event), number, signed.size, _steps(path), signed.root):
            raise WrongError(f"leaf {number} is not in the tree that was signed")
    if len({number for number, _, _ in given}) != len(given):
        raise WrongError("one leaf is counted twice")
    units, ranges = _read([event for _, event, _ in given], code)
    return {"retirement": code, "units": str(units), "ranges": ranges}, signed


def _read(events: list[bytes], code: str) -> tuple[int, list[dict[str, str]]]:
    """What the events say: units, ranges. The record comes with exactly its units."""
    matches = [(event, entry_groups(event)) for event in events]
    records = [other_event(event) for event, match in matches if match is None]
    if len(records) != 1 or (records[0]["type"], records[0]["code"]) != ("retirement", code):
        raise WrongError(f"it does not hold exactly the record of retirement {code}")
    record, ranges, units = records[0], [], 0
    for _, match in matches:
        if match is None:
            continue
        _, copy, first, _, _, _, issuance, _, last, _, order, account, state, *_ = (
            each.decode() for each in match.groups()
        )
        if (order, account, state) != (record["id"], record["account"], "retired"):
            raise WrongError(f"an entry in it is no retirement by {code}")
        units += int(last) - int(first) + 1
        ranges.append({"issuance": issuance, "copy": copy, "first": first, "last": last})
    if str(units) != record["quantity"]:
        raise WrongError(f"retirement {code} has {record['quantity']} units, its entries {units}")
    return units, ranges


def _steps(path: list[str]) -> list[bytes]:
    try:
        return decoded(path)
    except (ValueError, TypeError) as error:
        raise WrongError("a path is not base64") from error
