"""The choice of the accounting method (9.2, Exhibit 11)."""

from claims.accounting.facts import ClaimCase, Match, Method
from claims.accounting.rules.figures import method_faults, several
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned

SPEND = "spend"


@rule(
    "R120",
    section="9.2",
    modality="shall",
    subject=ClaimCase,
    parameters=("claim_methods",),
)
def method_is_direct_or_enhanced(case: ClaimCase, edition: Edition) -> Verdict:
    """R120 (9.2): Units are applied by direct or enhanced substitution to activity-based lines.

    A spend-based line is claimed only through an activity estimation of the AIM QAR guidance.
    """
    methods = ", ".join(edition.claim_methods)
    allowed = f"{methods}, on lines in tonnes; spend only through activity estimation (11.7)"
    if not case.matches:
        return not_applicable("Nothing is matched.")
    used = {match.method for match in case.matches}
    unknown = [f"method {each!r}" for each in sorted(used - set(edition.claim_methods))]
    unknown = unknown or method_faults(case)
    if unknown:
        return failed(several(unknown), allowed, f"Choose one of: {methods}.", field="method")
    spend = [line.label for line in case.lines if line.data_tier == SPEND]
    if spend:
        return failed(
            f"spend-based data: {several(spend)}",
            allowed,
            "Estimate the tonnes by the intervention baseline or the unit cost approach.",
            field="lines",
        )
    return passed(", ".join(sorted(used)), allowed, field="method")


@rule("R121", section="9.2", modality="should", subject=ClaimCase)
def direct_only_when_aligned(case: ClaimCase, edition: Edition) -> Verdict:
    """R121 (9.2): Direct substitution is used where factor, boundary and product type align.

    Otherwise enhanced substitution is proposed; direct all the same needs a recorded reason.
    """
    allowed = "a reliable factor, an aligned boundary and the same flat or long type, all confirmed"
    direct = [match for match in case.matches if match.method == Method.DIRECT]
    if not direct:
        return not_applicable("No direct substitution.")
    doubts = [(match, missing) for match in direct if (missing := unconfirmed(match))]
    if not doubts:
        return passed("all three confirmed", allowed, field="method")
    found = several([f"not confirmed: {', '.join(missing)}" for _, missing in doubts])
    reasons = [match.alignment.reason.strip() for match, _ in doubts]
    if not all(reasons):
        return failed(
            found,
            allowed,
            "Use enhanced substitution, or record why direct substitution is right here.",
            field="method",
        )
    return warned(
        f"{found}; reason given: {several(reasons)}",
        allowed,
        "Enhanced substitution is proposed; the auditor reads the reason.",
        field="method",
    )


def unconfirmed(match: Match) -> list[str]:
    """Which of the three conditions of direct substitution a match does not meet.

    The product type is confirmed by the user, and denied by the data where both are known.
    """
    answers = match.alignment
    missing = []
    if not answers.reliable_factor:
        missing.append("reliable factor")
    if not answers.aligned_boundary:
        missing.append("aligned boundary")
    lines = {line.product_type for line in match.lines if line.product_type}
    lots = {lot.product_type for lot in match.lots if lot.product_type}
    if not answers.same_product_type or len(lines | lots) > 1:
        missing.append("same product type")
    return missing
