#!/usr/bin/env python3
"""Check Billet's log without trusting Billet: python verify_log.py FOLDER-OR-URL --key KEY

Signature, consistency with the checkpoints you have kept, every tile, the inclusion of your
certificates, and a replay of every event through the ledger's invariants. Needs Python ≥ 3.11 and
the package `cryptography`; copy this file and the folder logcheck beside it. Exits with 0 when
all is well, 1 when something is wrong, 2 when it could not look.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from logcheck.certificate import check_certificate
from logcheck.fetch import fetch
from logcheck.note import Checkpoint, Key, WrongError, open_checkpoint, read_key
from logcheck.tree import WIDTH, Log, Roots, path_of, subtree
from logcheck.worker import Found, together, work

# Below this a second process costs more than it brings.
_FEW = 20_000


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        key = read_key(_key_text(given.key))
        with tempfile.TemporaryDirectory() as scratch:
            report = _verify(given, key, Path(scratch))
    except (WrongError, OSError, UnicodeDecodeError) as error:
        print(json.dumps({"error": str(error)}) if given.json else f"cannot verify: {error}")
        return 2
    _print(report, as_json=given.json)
    return 1 if report["problems"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify_log.py", description="Check Billet's log without trusting Billet."
    )
    parser.add_argument("log", nargs="?", help="the log's folder or URL; none: certificates only")
    parser.add_argument(
        "--key", required=True, help="the log's public key, name+id+base64, or a file that holds it"
    )
    parser.add_argument(
        "--checkpoint",
        action="append",
        default=[],
        metavar="FILE",
        help="a checkpoint you kept: the log must still begin with it (repeatable)",
    )
    parser.add_argument(
        "--certificate",
        action="append",
        default=[],
        metavar="FILE",
        help="a retirement's proof file (repeatable)",
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _key_text(given: str) -> str:
    return given if "+" in given and not os.path.exists(given) else Path(given).read_text("utf-8")


def _verify(given: argparse.Namespace, key: Key, scratch: Path) -> dict[str, Any]:
    report: dict[str, Any] = {"problems": [], "certificates": [], "checkpoints": 0}
    roots = None
    if given.log:
        root = given.log
        if "://" in root:
            fetch(root, key, scratch)
            root = str(scratch)
        roots = _verify_log(Log(root), key, given.jobs, report)
        kept = [Path(each) for each in given.checkpoint]
        kept += sorted(each for each in Path(root, "checkpoints").rglob("*") if each.is_file())
        for path in kept:
            _verify_kept(path, key, roots, report)
    elif given.checkpoint or not given.certificate:
        raise WrongError("name the log's folder or URL, or certificates to check alone")
    for path in given.certificate:
        _verify_certificate(Path(path), key, roots, report)
    return report


def _verify_log(log: Log, key: Key, jobs: int, report: dict[str, Any]) -> Roots | None:
    """The newest checkpoint against tiles and events; the roots of every smaller size."""
    try:
        signed = open_checkpoint(log.read("checkpoint").decode(), key)
    except WrongError as wrong:
        report["problems"].append(f"checkpoint: {wrong}")
        return None
    found = _work(log.root, signed.size, max(1, jobs) if signed.size > _FEW else 1)
    report["problems"] += found.problems
    report |= {
        "log": signed.origin,
        "size": signed.size,
        "entries": found.entries,
        "issuances": found.issuances,
        "retirements": len(found.records),
        "units": dict(sorted(found.states.items())),
    }
    full = signed.size // WIDTH
    if any(index not in found.tops for index in range(full)):
        return None
    tops = [found.tops[index] for index in range(full)]
    roots = Roots(log, tops, signed)
    try:
        is_right = roots.at(signed.size) == signed.root
    except WrongError:
        # What cannot be read has been named above.
        return None
    if not is_right:
        report["problems"].append(
            f"the {signed.size} events do not give the root that was signed: the log was changed "
            "after it was signed, or its events before"
        )
    _verify_upper_tiles(log, tops, report)
    return roots


def _work(root: str, size: int, jobs: int) -> Found:
    if jobs == 1:
        return together([work(root, size, 0, 1)])
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        shares = [pool.submit(work, root, size, share, jobs) for share in range(jobs)]
        return together([each.result() for each in shares])


def _verify_upper_tiles(log: Log, row: list[bytes], report: dict[str, Any]) -> None:
    """The tiles above level 0 hold the roots of those below."""
    level = 1
    while row:
        above = []
        for at in range(0, len(row), WIDTH):
            wanted = row[at : at + WIDTH]
            try:
                tile = log.tile(level, at // WIDTH, len(wanted))
                if tile[: 32 * len(wanted)] != b"".join(wanted):
                    raise WrongError(f"{path_of(level, at // WIDTH, len(wanted))} is wrong")
            except WrongError as wrong:
                report["problems"].append(str(wrong))
            if len(wanted) == WIDTH:
                above.append(subtree(wanted))
        level, row = level + 1, above


def _verify_kept(path: Path, key: Key, roots: Roots | None, report: dict[str, Any]) -> None:
    """A checkpoint from before must be a beginning of the log."""
    try:
        kept = open_checkpoint(path.read_text("utf-8"), key)
        if roots is None:
            raise WrongError("cannot be compared with a log in this state")
        _compare(kept, roots)
    except WrongError as wrong:
        report["problems"].append(f"{path}: {wrong}")
    else:
        report["checkpoints"] += 1


def _compare(kept: Checkpoint, roots: Roots) -> None:
    if kept.size > roots.signed.size:
        raise WrongError(f"size {kept.size} was signed, the log has only {roots.signed.size}")
    if roots.at(kept.size) != kept.root:
        raise WrongError(f"the log does not begin with what was signed at size {kept.size}")


def _verify_certificate(path: Path, key: Key, roots: Roots | None, report: dict[str, Any]) -> None:
    try:
        text = path.read_text("utf-8")
        summary, signed = check_certificate(text, key)
        if roots:
            _compare(signed, roots)
        report["certificates"].append(summary)
    except WrongError as wrong:
        report["problems"].append(f"{path}: {wrong}")


def _print(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report, indent=1))
        return
    for problem in report["problems"]:
        print(f"WRONG  {problem}")
    for each in report["certificates"]:
        print(f"ok     retirement {each['retirement']}: {each['units']} units, in the log")
    if "size" in report:
        states = ", ".join(f"{units} {state}" for state, units in report["units"].items())
        print(
            f"{report['log']}: {report['size']} events, {report['entries']} entries replayed, "
            f"{report['issuances']} issuances ({states}), {report['retirements']} retirements, "
            f"{report['checkpoints']} checkpoints kept."
        )
    count = len(report["problems"])
    print(f"{count} wrong." if count else "All of it verifies.")


if __name__ == "__main__":
    sys.exit(main())
