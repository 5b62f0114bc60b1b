"""A hundred thousand lines against ten thousand holdings: plan, claim and statement, no database.

Measured in a process of its own, so that its peak memory is that of this work alone.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from claims.accounting.claim import compute
from claims.accounting.facts import ClaimCase, Line, Match, PurposeCase, UnitLot
from claims.accounting.plan import suggest
from claims.accounting.rules import judge_claim, judge_statement
from claims.accounting.statement import (
    MadeClaim,
    StatementFacts,
    build,
    purpose_case,
    statement_case,
)
from claims.accounting.wording import DISCLOSURE
from registry.rulebook.edition import edition
from registry.rulebook.findings import failures

GROUP = "claims"
_LINES, _LOTS = 100_000, 10_000
_CLAIMANT = "Meridian Consulting"
_PERIOD = (date(2025, 1, 1), date(2025, 12, 31))
_ON = date(2026, 2, 1)
_REGIONS = ("DE", "SE", "CN", "US", "BR", "IN")


def run() -> Iterator[tuple[str, float, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "tools.benches.claims"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    yield "claims_plan_s", found["plan_s"], "s"
    yield "claims_judge_s", found["judge_s"], "s"
    yield "claims_statement_s", found["statement_s"], "s"
    yield "claims_peak_mib", found["peak_mib"], "MiB"


def measure() -> dict[str, float]:
    """Plan, judge, compute and state; every line and lot has figures of its own."""
    judged_by = edition("rmi-2026-03")
    lines = tuple(_line(n) for n in range(_LINES))
    lots = [_lot(n) for n in range(_LOTS)]
    started = time.perf_counter()
    template = Match(lines=lines, lots=(), method="enhanced")
    plan = suggest(template, lots, period=_PERIOD, on=_ON, edition=judged_by)
    planned = time.perf_counter()
    case = ClaimCase(_ON, _CLAIMANT, *_PERIOD, matches=plan.matches)
    assert not failures(judge_claim(case, PurposeCase("corporate_inventory"), judged_by))
    assert compute(case).volume == plan.volume > 0
    judged = time.perf_counter()
    facts = StatementFacts(
        registry="Billet",
        claimant=_CLAIMANT,
        inventory="2025",
        period_start=_PERIOD[0],
        period_end=_PERIOD[1],
        lines=lines,
        claims=(MadeClaim("CLAIM", case),),
        claim_type="corporate_inventory",
        text=DISCLOSURE,
        stated_on=_ON,
    )
    assert not failures(judge_statement(statement_case(facts), purpose_case(facts), judged_by))
    document = json.dumps(build(facts, judged_by))
    assert len(document) > _LINES
    return {
        "plan_s": planned - started,
        "judge_s": judged - planned,
        "statement_s": time.perf_counter() - judged,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _line(number: int) -> Line:
    """Lines of 2,000 kinds: 500 factors, two types, two categories."""
    return Line(
        id=f"L{number:06}",
        category="scope_3_1" if number % 5 else "scope_3_2",
        material="steel",
        tonnes=Decimal(10_000 + number) / 100,
        factor_intensity=Decimal(1_500 + number % 500) / 1_000,
        product_type="flat" if number % 2 else "long",
        region=_REGIONS[number % 7 % 6],
        scrap_share=Decimal(number % 100) / 100,
    )


def _lot(number: int) -> UnitLot:
    month = date(2023 + number % 3, 1 + number % 12, 1)
    return UnitLot(
        issuance=f"I{number:05}",
        copy=1,
        first=1,
        last=500 + number % 1_000,
        functional_unit="crude_steel",
        intensity=Decimal(200 + number % 600) / 1_000,
        baseline_intensity=Decimal(1_400 + number % 700) / 1_000,
        vintage_start=month,
        vintage_end=month.replace(day=28),
        issued_on=date(2026, 1, 2),
        state="retired",
        product_type="flat" if number % 3 else "long",
        region=_REGIONS[number % 6],
        scrap_share=Decimal(number % 90) / 100,
        retired_on=date(2026, 1, 15),
        retired_by=_CLAIMANT,
    )


if __name__ == "__main__":
    print(json.dumps(measure()))
