"""Claims on spend-based lines (11.7)."""

from collections.abc import Iterator

from claims.accounting.numbers import INTENSITY_PLACES, decimal_fault, text
from claims.accounting.rules.figures import several
from claims.accounting.spend import (
    Estimation,
    SpendCase,
    SpendFacts,
    substitute_spend,
    units_left,
)
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.findings import Verdict, failed, passed
from registry.rulebook.names import counted

_MONEY_PLACES = 9
_NEEDED = {
    Estimation.INTERVENTION_BASELINE: ("spend", "factor"),
    Estimation.UNIT_COST: ("spend", "price_index_spend", "price_index_reference", "unit_price"),
}


@rule("R126", section="11.7", modality="shall", subject=SpendCase)
def spend_becomes_estimated_tonnes(case: SpendCase, edition: Edition) -> Verdict:
    """R126 (11.7): Units are applied to spend through tonnes estimated by the AIM QAR guidance.

    The baseline is named with its source and above the units' intensity; no more units than
    estimated tonnes.
    """
    allowed = "spend × factor / B or deflated spend / unit price; B with its source and above "
    allowed += "the units' intensity; at most the whole estimated tonnes"
    faults = estimation_faults(case.line)
    if faults:
        return failed(several(faults), allowed, "Give or correct these figures.", field="lines")
    baseline = case.line.baseline_intensity
    high = [
        f"{lot.label}: {text(lot.claim_intensity)} not below the baseline {baseline} t CO2e/t"
        for lot in case.lots
        if baseline is None or lot.claim_intensity >= baseline or lot.no_reduction
    ]
    if high:
        return failed(several(high), allowed, "Choose units of a lower intensity.", field="units")
    claimed = [f"{lot.label}: already in a claim" for lot in case.lots if lot.claimed]
    if claimed:
        return failed(several(claimed), allowed, "Choose units in no other claim.", field="units")
    most = units_left(case)
    if not 1 <= case.volume <= most:
        found = f"{counted(case.volume, 'unit')}, {counted(most, 'whole estimated tonne')} left"
        numbers = {"volume": case.volume, "most": most}
        return failed(found, allowed, "Apply from one unit up to these.", field="units", **numbers)
    result = substitute_spend(case)
    return passed(
        f"{counted(case.volume, 'unit')} on {text(result.estimated_tonnes)} estimated t",
        allowed,
        field="units",
        volume=case.volume,
        estimated_tonnes=text(result.estimated_tonnes),
        physical_emissions=text(result.physical_emissions),
        adjusted_emissions=text(result.adjusted_emissions),
    )


def estimation_faults(line: SpendFacts) -> list[str]:
    """What keeps a line's spend from becoming tonnes; nothing when all is there."""
    return list(_faults(line))


def _faults(line: SpendFacts) -> Iterator[str]:
    if line.method not in list(Estimation):
        yield f"method {line.method!r}"
        return
    for name in _NEEDED[Estimation(line.method)]:
        fault = decimal_fault(getattr(line, name), places=_MONEY_PLACES, positive=True)
        if fault:
            yield f"{name.replace('_', ' ')} {fault}"
    fault = decimal_fault(line.baseline_intensity, places=INTENSITY_PLACES, positive=True)
    if fault:
        yield f"baseline {fault}"
    if not line.baseline_source.strip():
        yield "the baseline has no source"
