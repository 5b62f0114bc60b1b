"""The consequence of a baseline, before it is chosen: the form's and the interface's answer."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.models import Baseline, Production
from registry.rulebook.consequence import Consequence, consequence
from registry.rulebook.edition import edition_on
from registry.rulebook.engine import judge
from registry.rulebook.facts import Stage
from registry.rulebook.findings import Finding
from registry.rulebook.given import Unusable
from registry.services.cases import issuance_case

RULES = ("R050", "R051", "R052", "R053", "R054", "R056")


@dataclass(frozen=True, slots=True)
class Preview:
    """baseline: None while none is chosen. missing: what has to be given first, else empty.

    value_intensity: the baseline's value here, known before the product's own figures are.
    """

    baseline: Baseline | None
    value_intensity: Decimal | None
    consequence: Consequence | None
    missing: str
    findings: tuple[Finding, ...]


def preview_baseline(
    production: Production, *, on: date, baseline: Baseline | None = None
) -> Preview:
    """What this baseline, or the production's own, would mean. Writes nothing."""
    if baseline is not None:
        production.baseline = baseline
    edition = edition_on(on)
    case = issuance_case(production, stage=Stage.APPLICATION, on=on)
    findings = tuple(each for each in judge(case, edition) if each.rule in RULES)
    if production.baseline is None:
        return Preview(None, None, None, "Choose a baseline.", findings)
    value = case.baseline.value_intensity
    try:
        found = consequence(case, edition)
    except Unusable as fact:
        return Preview(production.baseline, value, None, fact.action, findings)
    return Preview(production.baseline, value, found, "", findings)
