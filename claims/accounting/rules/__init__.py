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


def judge_claim(case: ClaimCase, purpose: PurposeCase, edition: Edition) -> list[Finding]:
    """Every rule for a claim and what it is for, in the order of the rules."""
    return _in_order(judge(case, edition) + judge(purpose, edition))


def judge_spend_claim(case: SpendCase, purpose: PurposeCase, edition: Edition) -> list[Finding]:
    """Every rule for a claim on a spend-based line (11.7) and what it is for."""
    return _in_order(judge(case, edition) + judge(purpose, edition))


def judge_statement(case: StatementCase, purpose: PurposeCase, edition: Edition) -> list[Finding]:
    """Every rule for a statement about to be submitted, its words included."""
    return _in_order(judge(case, edition) + judge(purpose, edition))


def _in_order(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.rule)
