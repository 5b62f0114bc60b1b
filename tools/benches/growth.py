"""Whether the ledger stays as fast when it grows: at ten million holdings and at 100 thousand.

The holdings in the way lie beside the ranges that are moved, in the same issuances and accounts,
with gaps so that nothing joins. Both are in databases of their own, measured by turns. Takes some
minutes and a few gigabytes, so it runs only when it is asked for: `make bench ONLY=growth`.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from django.db import connection

from tools.benches.ledger import split_transfer
from tools.pgbench import CLIENTS, PgBench
from tools.scratch import scratch_copy, scratch_database, use_database
from tools.workload import QUANTITY, Ledger, build

GROUP = "growth"
ALONE = True
SECONDS = 10
_ISSUANCES = CLIENTS * 25
_FEW, _MANY = 100_000, 10_000_000
_RUNS = 5
# Every other one in the sender's account, the rest in the recipient's.
_SEED = """
INSERT INTO registry_holding
    (id, issuance_id, copy, serials, account_id, state, transfers, version)
SELECT gen_random_uuid(), i.id, 1, int8range(%(after)s + n * 20, %(after)s + n * 20 + 10),
       (ARRAY[%(home)s, %(away)s]::uuid[])[1 + n %% 2], 'active', 0, 1
  FROM generate_series(%(first)s::bigint, %(last)s) AS n, unnest(%(copies)s::uuid[]) AS i(id)
"""
_KEYS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE conrelid = 'registry_holding'::regclass AND contype IN ('x', 'p') ORDER BY contype, conname
"""
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
 WHERE tablename = 'registry_holding' AND indexname LIKE 'holding_by%%'
"""

Figure = tuple[str, float, str]


def run() -> Iterator[Figure]:
    with scratch_database():
        made = build(_ISSUANCES)
        _seed(made, 0, _FEW // _ISSUANCES)
        few = connection.settings_dict["NAME"]
        with scratch_copy() as many:
            use_database(many)
            _seed(made, _FEW // _ISSUANCES, _MANY // _ISSUANCES)
            rates = _by_turns(made, few, many)
            yield "ledger_100_thousand_per_s", statistics.median(rates[few]), "1/s"
            yield "ledger_10_million_per_s", statistics.median(rates[many]), "1/s"
            ratio = statistics.median(rates[many]) / statistics.median(rates[few])
            yield "ledger_growth_ratio", ratio, "of 100 thousand"


def _by_turns(made: Ledger, *databases: str) -> dict[str, list[float]]:
    """Split transfers a second in each database, turn by turn, since a machine's mood changes."""
    bench = PgBench(SECONDS)
    rates: dict[str, list[float]] = {name: [] for name in databases}
    for turn in range(1, 1 + _RUNS):
        for name in databases:
            use_database(name)
            rates[name].append(bench.script(split_transfer(made, turn)))
    return rates


def _seed(made: Ledger, before: int, after: int) -> None:
    """Holdings number before + 1 to after of each issuance; keys and indexes are built anew."""
    people = made.people
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        keys = cursor.fetchall()
        cursor.execute(_INDEXES)
        indexes = cursor.fetchall()
        for name, _ in keys:
            cursor.execute(f"ALTER TABLE registry_holding DROP CONSTRAINT {name}")
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        # Foreign keys would be looked at one by one; these rows copy what is there.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            _SEED,
            {
                "after": QUANTITY,
                "first": before + 1,
                "last": after,
                "copies": made.copies,
                "home": people.steel_account.pk,
                "away": people.broker_account.pk,
            },
        )
        cursor.execute("RESET session_replication_role")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for name, definition in keys:
            cursor.execute(f"ALTER TABLE registry_holding ADD CONSTRAINT {name} {definition}")
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE registry_holding")
        cursor.execute("CHECKPOINT")
