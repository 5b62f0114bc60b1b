"""The rulebook: which rules hold, judged over plain facts. Pure standard library.

Importing any module of the package registers every rule of this package, so that no caller can
judge a case by half the rules.
"""

from registry.rulebook import (
    additionality,
    allocation,
    baseline,
    baseline_choice,
    capture,
    chain,
    co_claim,
    contract,
    fuels,
    issuance,
    labels,
    measurement,
    recipients,
    retirement,
    route,
    scrap_adjustment,
    threshold,
    transfer,
    unit,
)

__all__ = [
    "additionality",
    "allocation",
    "baseline",
    "baseline_choice",
    "capture",
    "chain",
    "co_claim",
    "contract",
    "fuels",
    "issuance",
    "labels",
    "measurement",
    "recipients",
    "retirement",
    "route",
    "scrap_adjustment",
    "threshold",
    "transfer",
    "unit",
]
