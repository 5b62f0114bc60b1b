"""The rules of claiming (8.1, 9.1, 9.2): importing this package registers them all.

A claim is judged as a whole, never stopping at the first rule that fails.
"""

from claims.accounting.facts import ClaimCase, PurposeCase, StatementCase
from claims.accounting.rules import (
    method,
    scope,
    spend,
    statement,
    substitution,
    vintage,
    volume,
)
from claims.accounting.spend import SpendCase
from registry.rulebook.edition import Edition
from registry.rulebook.engine import judge
from registry.rulebook.findings import Finding

__all__ = [
    "judge_claim",
    "judge_spend_claim",
    "judge_statement",
    "method",
    "scope",
    "spend",
    "statement",
    "substitution",
    "vintage",
    "volume",
]

# What is asked of the units of any claim, whatever they are applied to (8.1).
_OF_UNITS = frozenset({"R100", "R101", "R102", "R105"})


def judge_claim(case: ClaimCase, purpose: PurposeCase, edition: Edition) -> list[Finding]:
    """Every rule for a claim and what it is for, in the order of the rules."""
    return _in_order(judge(case, edition) + judge(purpose, edition))


def judge_spend_claim(
    case: SpendCase, purpose: PurposeCase, edition: Edition, units: ClaimCase | None = None
) -> list[Finding]:
    """Every rule for a claim on a spend-based line (11.7) and what it is for.

    units: the same units as a claim without lines, for what 8.1 asks of units in any claim.
    """
    of_units = [] if units is None else judge(units, edition)
    asked = [finding for finding in of_units if finding.rule in _OF_UNITS]
    return _in_order(judge(case, edition) + judge(purpose, edition) + asked)


def judge_statement(case: StatementCase, purpose: PurposeCase, edition: Edition) -> list[Finding]:
    """Every rule for a statement about to be submitted, its words included."""
    return _in_order(judge(case, edition) + judge(purpose, edition))


def _in_order(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.rule)
