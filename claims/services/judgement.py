"""The total-emissions cap is subject to an auditor's judgement (9.2, R123), not to a quotation.

At the claim the claimant records its reason and what its auditor says. Before the world reads it,
an engaged auditor has given an opinion on the very document that holds the claim.
"""

from collections.abc import Mapping
from typing import Any

from claims.accounting.facts import Cap
from claims.models import Opinion, Statement
from claims.transitions import AssuranceState
from registry.errors import NotNow


def uses_total_cap(document: Mapping[str, Any]) -> bool:
    """Whether some claim in a document, or its summary, was made under that cap."""
    groups = (group for claim in document["claims"] for group in claim["groups"])
    return any(group["cap"] == Cap.TOTAL and group["cap_applied"] for group in groups)


def require_judgement(statement: Statement) -> None:
    """Raises NotNow where the cap was used and no auditor judged this document."""
    if not statement.summary or not uses_total_cap(statement.summary):
        return
    given = statement.assurances.filter(
        state=AssuranceState.GIVEN.value, sha256=statement.sha256
    ).exclude(opinion=Opinion.ADVERSE.value)
    if not given.exists():
        raise NotNow(
            found="A claim in it uses the total-emissions cap, and no auditor of this registry has "
            "given a reasonable or limited opinion on it.",
            allowed="That cap is subject to an auditor's judgement (9.2, R123); what the claimant "
            "quotes of its auditor is not that.",
            action="Keep a draft, submit it and engage an auditor; or claim anew under the "
            "BCU-baseline cap.",
        )
