"""Recompute a statement's JSON without Django, database or network.

    python tools/recompute_claim.py billet-statement-CODE.json

Standard library and the two pure packages of this project, claims.accounting and
registry.rulebook. Exit codes: 0 every figure is right, 1 at least one is not, 2 not readable.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

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
        document = json.loads(data)
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
    result = f"{count} differences" if count != 1 else "1 difference"
    print(f"{found.figures} figures recomputed, {result if count else 'no difference'}.")
    return WRONG if count else RIGHT


def _unreadable(file: str, error: Exception) -> int:
    print(f"{file}: no statement that can be recomputed: {error}", file=sys.stderr)
    return UNREADABLE


if __name__ == "__main__":
    sys.exit(main())
