"""A hundred thousand lines against ten thousand holdings, as a worker does it: through services,
on a database of its own. Units are suggested and kept as a plan, the plan is retired and claimed
as a whole, and the statement's document is made and recorded.

Measured in a process of its own, so that its peak memory is that of this work alone.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claims.models import Inventory, Job
    from tests.cast import Cast

GROUP = "claims"
_LINES, _HOLDINGS = 100_000, 10_000
_ADD_LINES = """
INSERT INTO claims_inventoryline
SELECT (jsonb_populate_record(l, jsonb_build_object(
           'id', gen_random_uuid(),
           'name', 'Line ' || n,
           'category', CASE WHEN n %% 5 > 0 THEN 'scope_3_1' ELSE 'scope_3_2' END,
           'tonnes', (10000 + n) / 100.0,
           'factor_intensity', (1500 + n %% 500) / 1000.0,
           'product_type', CASE WHEN n %% 2 > 0 THEN 'flat' ELSE 'long' END,
           'region', (ARRAY['DE', 'SE', 'CN', 'US', 'BR', 'IN'])[1 + n %% 7 %% 6],
           'scrap_share', n %% 100 / 100.0))).*
  FROM claims_inventoryline l, generate_series(1, %s) AS n WHERE l.id = %s
"""
# Every issuance has figures of its own: lines of 2,000 kinds, units of 10,000.
_VARY = """
UPDATE registry_issuance i
   SET quantity = 500 + n.number %% 1000,
       intensity = (200 + n.number %% 600) / 1000.0,
       baseline_intensity = (1400 + n.number %% 700) / 1000.0,
       scrap_share = n.number %% 90 / 100.0,
       country = (ARRAY['DE', 'SE', 'CN', 'US', 'BR', 'IN'])[1 + n.number %% 6],
       product = CASE WHEN n.number %% 3 > 0 THEN 'slab' ELSE 'billet' END,
       adjusted_intensity = NULL, is_no_reduction = false
  FROM unnest(%s::uuid[]) WITH ORDINALITY AS n(id, number) WHERE i.id = n.id
"""


def run() -> Iterator[tuple[str, float, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "tools.benches.claims"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    yield "claims_plan_s", found["plan_s"], "s"
    yield "claims_claim_s", found["claim_s"], "s"
    yield "claims_statement_s", found["statement_s"], "s"
    yield "claims_plan_and_statement_s", found["plan_s"] + found["statement_s"], "s"
    yield "claims_peak_mib", found["peak_mib"], "MiB"


def measure(lines: int = _LINES, holdings: int = _HOLDINGS) -> dict[str, float]:
    """Plan, claim and state, each by the job that a worker would take."""
    from claims.accounting.wording import DISCLOSURE
    from claims.models import Job
    from claims.services.making import Terms
    from claims.services.planned import ask_to_claim
    from claims.services.planning import Wish
    from claims.services.plans import ask_for_plan
    from claims.services.statements import draft_statement, submit_statement
    from claims.services.stating import Words

    people, inventory = _seed(lines, holdings)
    asked = {"by": people.carl, "now": _now(), "inventory": inventory}
    wish = Wish(method="enhanced", account=people.auto_account)
    plan = ask_for_plan(**asked, key="plan", wish=wish)
    found = {"plan_s": _done(plan)}
    assert plan.result is not None
    assert plan.result["volume"] > 0
    claim = ask_to_claim(
        by=people.carl, now=_now(), key="claim", plan=plan, terms=Terms(method="enhanced")
    )
    found["claim_s"] = _done(claim)
    draft = draft_statement(**asked, key="draft", words=Words(DISCLOSURE))
    submit_statement(by=people.carl, now=_now(), key="submit", statement=draft)
    found["statement_s"] = _done(Job.objects.get(statement=draft))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found | {"peak_mib": peak}


def _done(job: Job) -> float:
    """Seconds from the worker's message to the end on record."""
    from django.utils import timezone

    from claims.services.running import run_job

    started = time.perf_counter()
    assert run_job(pk=job.pk, clock=timezone.now)
    taken = time.perf_counter() - started
    job.refresh_from_db()
    assert job.state == "done", job.refusal
    return taken


def _seed(lines: int, holdings: int) -> tuple[Cast, Inventory]:
    """Carl's inventory, and as many issuances in his account; every line and unit varies."""
    from django.db import connection

    from tests.cast import cast, issue
    from tests.claims.services.stage import inventory, line
    from tools.workload import add_copies, nth

    people = cast()
    first = issue(people, tonnes=1_000, steel=True)
    made = add_copies(first, [nth(number) for number in range(holdings)])
    mine = inventory(people.carl, people.auto_werke)
    model = line(people.carl, mine)
    with connection.cursor() as cursor:
        # An issuance never changes; these are made up.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_VARY, [made])
        cursor.execute("RESET session_replication_role")
        cursor.execute(
            "SELECT count(ledger_issue(id, %s, quantity, %s, now())) FROM registry_issuance"
            " WHERE id = ANY (%s)",
            [people.auto_account.pk, people.carl.pk, made],
        )
        cursor.execute(_ADD_LINES, [lines - 1, model.pk])
        cursor.execute("ANALYZE")
    return people, mine


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


def main() -> None:
    from tools.measure import set_up_django

    set_up_django()
    from tools.scratch import scratch_database

    sizes = [int(each) for each in sys.argv[1:]]
    with scratch_database():
        print(json.dumps(measure(*sizes)))


if __name__ == "__main__":
    main()
