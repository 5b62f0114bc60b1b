"""Reconciling a large ledger: two million entries replayed, a million holdings compared.

The entries are made up by SQL and follow from one another as the ledger's own do: a range is
proposed, accepted and retired, again and again, in two hundred issuances. Takes some minutes, so
it runs only when it is asked for: `make bench ONLY=reconcile`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

GROUP = "reconcile"
ALONE = True
_ISSUANCES, _PIECES = 200, 2_500
# Of each piece: what happens to it, from where to where, under which order.
_ENTRIES = """
INSERT INTO registry_entry (id, issuance_id, copy, serials, version, kind, "order",
                            from_account_id, from_state, to_account_id, to_state, transfers, at)
SELECT gen_random_uuid(), i.id, 1, int8range(n * 20 + 1, n * 20 + 11), step.version, step.kind,
       step."order"::uuid, step.source::uuid, step.before, step.target::uuid, step.after, 0, now()
  FROM unnest(%(ids)s::uuid[]) AS i(id), generate_series(1, %(pieces)s) AS n,
       (VALUES (2, 'propose', %(offer)s, %(home)s, 'active', %(home)s, 'reserved'),
               (3, 'accept', %(offer)s, %(home)s, 'reserved', %(away)s, 'active'),
               (4, 'begin_retirement', %(end)s, %(away)s, 'active', %(away)s, 'retiring'),
               (5, 'finish_retirement', %(end)s, %(away)s, 'retiring', %(away)s, 'retired'))
           AS step(version, kind, "order", source, before, target, after)
"""
_HOLDINGS = """
INSERT INTO registry_holding
    (id, issuance_id, copy, serials, account_id, state, transfers, version, "order")
SELECT gen_random_uuid(), i.id, 1, piece.serials, piece.account::uuid, piece.state, 0,
       piece.version, piece."order"::uuid
  FROM unnest(%(ids)s::uuid[]) AS i(id), generate_series(1, %(pieces)s) AS n,
       LATERAL (VALUES
           (int8range(n * 20 + 1, n * 20 + 11), %(away)s, 'retired', 5, %(end)s),
           (int8range(n * 20 + 11, CASE WHEN n < %(pieces)s THEN n * 20 + 21
                                        ELSE %(quantity)s + 1 END), %(home)s, 'active', 1, NULL))
           AS piece(serials, account, state, version, "order")
 UNION ALL
SELECT gen_random_uuid(), id, 1, int8range(1, 21), %(home)s::uuid, 'active', 0, 1, NULL
  FROM unnest(%(ids)s::uuid[]) AS i(id)
"""


def run() -> Iterator[tuple[str, float, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "tools.benches.reconcile"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    yield "reconcile_entries", found["entries"], ""
    yield "reconcile_holdings", found["holdings"], ""
    yield "reconcile_million_s", found["seconds"], "s"
    yield "reconcile_peak_mib", found["peak_mib"], "MiB"


def measure(issuances: int = _ISSUANCES, pieces: int = _PIECES) -> dict[str, float]:
    from django.utils import timezone

    from registry.services.reconciling import reconcile

    _seed(issuances, pieces)
    started = time.perf_counter()
    report = reconcile(now=timezone.now())
    seconds = time.perf_counter() - started
    assert report.is_sound, report.breaks[:3]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "entries": report.entries,
        "holdings": report.holdings,
        "seconds": seconds,
        "peak_mib": peak,
    }


def _seed(issuances: int, pieces: int) -> None:
    from django.db import connection

    from tools.workload import QUANTITY, build

    made = build(issuances)
    values = {
        "ids": made.copies,
        "pieces": pieces,
        "quantity": QUANTITY,
        "home": str(made.people.steel_account.pk),
        "away": str(made.people.broker_account.pk),
        "offer": str(uuid4()),
        "end": str(uuid4()),
    }
    with connection.cursor() as cursor:
        # These rows follow from one another; triggers and keys would be asked row by row.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("ALTER TABLE registry_holding DROP CONSTRAINT no_unit_is_in_two_places")
        cursor.execute("DELETE FROM registry_holding WHERE issuance_id = ANY (%s)", [made.copies])
        cursor.execute(_ENTRIES, values)
        cursor.execute(_HOLDINGS, values)
        cursor.execute("RESET session_replication_role")
        cursor.execute("ANALYZE registry_entry, registry_holding")


def main() -> None:
    from tools.measure import set_up_django

    set_up_django()
    from tools.scratch import scratch_database

    sizes = [int(each) for each in sys.argv[1:]]
    with scratch_database():
        print(json.dumps(measure(*sizes)))


if __name__ == "__main__":
    main()
