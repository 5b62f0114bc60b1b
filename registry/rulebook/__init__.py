"""The rulebook: which rules hold, judged over plain facts. Pure standard library.

Importing any module of the package registers every rule of this package, so that no caller can
judge a case by half the rules.
"""

from registry.rulebook import (
    additionality,
    allocation,
    audits,
    baseline,
    baseline_choice,
    capture,
    chain,
    co_claim,
    contract,
    double,
    fuels,
    issuance,
    labels,
    measurement,
    pathway,
    recipients,
    retirement,
    route,
    scrap_adjustment,
    threshold,
    transfer,
    unit,
    verification,
)

__all__ = [
    "additionality",
    "allocation",
    "audits",
    "baseline",
    "baseline_choice",
    "capture",
    "chain",
    "co_claim",
    "contract",
    "double",
    "fuels",
    "issuance",
    "labels",
    "measurement",
    "pathway",
    "recipients",
    "retirement",
    "route",
    "scrap_adjustment",
    "threshold",
    "transfer",
    "unit",
    "verification",
]
