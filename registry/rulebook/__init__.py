"""The rulebook: which rules hold, judged over plain facts. Pure standard library.

Importing any module of the package registers every rule of this package, so that no caller can
judge a case by half the rules.
"""

from registry.rulebook import (
    baseline,
    baseline_choice,
    co_claim,
    issuance,
    recipients,
    retirement,
    scrap_adjustment,
    threshold,
    transfer,
    unit,
)

__all__ = [
    "baseline",
    "baseline_choice",
    "co_claim",
    "issuance",
    "recipients",
    "retirement",
    "scrap_adjustment",
    "threshold",
    "transfer",
    "unit",
]
