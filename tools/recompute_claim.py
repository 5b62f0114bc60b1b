"""Recompute a statement's JSON without Django, database or network.

    python tools/recompute_claim.py billet-statement-CODE.json

Standard library and the two pure packages of this project, claims.accounting and
registry.rulebook. The claims are judged by the rules again, so that no unit counts twice and none
that is not retired. Exit codes: 0 every figure is right, 1 something is not, 2 not readable.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from claims.accounting.codec import DocumentInvalid
from claims.accounting.recompute import check
from registry.rulebook.edition import EditionInvalid

RIGHT, WRONG, UNREADABLE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Recompute every figure of a claim statement.")
    parser.add_argument("file", help="a statement's JSON; - for standard input")
    parser.add_argument("--most", type=int, default=50, help="differences to print (50)")
    given = parser.parse_args(arguments)
    try:
        data = sys.stdin.buffer.read() if given.file == "-" else Path(given.file).read_bytes()
        document = _own(json.loads(data, object_pairs_hook=_once))
    except (OSError, ValueError, RecursionError) as error:
        return _unreadable(given.file, error)
    try:
        found = check(document)
    except (DocumentInvalid, EditionInvalid) as error:
        return _unreadable(given.file, error)
    for each in found.differences[: given.most]:
        print(f"{each.path}: printed {each.printed!r}, recomputed {each.recomputed!r}")
    count = len(found.differences)
    if count > given.most:
        print(f"… and {count - given.most} more")
    for wrong in found.contradictions[: given.most]:
        print(f"{wrong.path}: {wrong.why}")
    result = f"{count} differences" if count != 1 else "1 difference"
    print(f"{found.figures} figures recomputed, {result if count else 'no difference'}.")
    if found.contradictions:
        print(f"Not to be relied on: {len(found.contradictions)} things no statement may say.")
    return RIGHT if found.is_right else WRONG


def _own(found: Any) -> Any:
    """The document itself, from an answer of the interface for programs too."""
    if not isinstance(found, dict) or not isinstance(found.get("document"), dict):
        return found
    return found["document"] | {name: found[name] for name in ("sha256",) if name in found}


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose names stand once: programs differ in which of two values they read."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands twice")
    return found


def _unreadable(file: str, error: Exception) -> int:
    print(f"{file}: no statement that can be recomputed: {error}", file=sys.stderr)
    return UNREADABLE


if __name__ == "__main__":
    sys.exit(main())
