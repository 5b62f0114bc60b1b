"""One production judged by every rule, and ten thousand of them in one process; no database.

The case is the fullest there is: sixty lines of emissions, twenty metallic inputs, green iron from
four sources, and every fact that the tests' own passing case carries. It passes every rule, so
none of them stops early.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from registry.rulebook.engine import judge
from registry.rulebook.facts import EmissionLine, IssuanceCase
from registry.rulebook.facts.measurement import SOURCES
from tests.rulebook.cases import EDITION, an_iron_case
from tests.rulebook.test_allocation import GREEN, OTHER, allocated

GROUP = "rulebook"
CASES = 10_000


def run() -> Iterator[tuple[str, float, str]]:
    case = full_case(0)
    assert not [each.rule for each in judge(case, EDITION) if each.failed]
    times = []
    for _ in range(200):
        started = time.perf_counter()
        judge(case, EDITION)
        times.append(time.perf_counter() - started)
    yield "rulebook_judge_ms", statistics.median(times) * 1_000, "ms"
    cases = [full_case(n) if n % 4 else an_iron_case(tonnes=n + 1) for n in range(CASES)]
    started = time.perf_counter()
    for each in cases:
        judge(each, EDITION)
    yield "rulebook_10k_s", time.perf_counter() - started, "s"


def full_case(number: int) -> IssuanceCase:
    """Steel with green iron, its lines spread over every source; `number` makes it another."""
    half = {"tonnes": Decimal(1_000), "declaration": GREEN.declaration}
    iron = (
        replace(GREEN, name="a", **half),
        replace(GREEN, name="b", **half),
        replace(OTHER, name="c", tonnes=Decimal(1_500)),
        replace(OTHER, name="d", tonnes=Decimal(1_500)),
    )
    case = allocated(*iron, changes={"tonnes": 1_000 + number % 2_000})
    measurement = case.measurement
    assert measurement is not None
    (line,) = measurement.emissions
    sources = [(part, each) for part, some in SOURCES.items() if part != "credit" for each in some]
    assert line.emissions is not None
    # Whole kilograms on each line, and what is left on the last.
    each = (line.emissions / 60).quantize(Decimal("0.001"))
    emissions = tuple(EmissionLine(*sources[n % len(sources)], each) for n in range(59))
    emissions = (*emissions, replace(line, emissions=line.emissions - 59 * each))
    metals = tuple(
        replace(metal, tonnes=(metal.tonnes or Decimal(0)) / 4)
        for metal in measurement.metals
        for _quarter in range(4)
    )
    return replace(case, measurement=replace(measurement, emissions=emissions, metals=metals))
