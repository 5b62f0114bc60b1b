"""What guides a claim's form: units that are held, and the path that was walked."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.permissions import Right, accounts_with
from claims.accounting.facts import Cap
from claims.accounting.tree import QUESTIONS, SPEND, Walk
from claims.models import Inventory
from claims.queries import active
from claims.web.forms.runs import Run
from claims.web.queries import MOST_RUNS

_CONDITIONS = ("reliable_factor", "aligned_boundary", "same_product_type")
# A form lists the units of so many accounts; a plan reads any of them.
_MOST_ACCOUNTS = 5


def held_runs(user: Any, inventory: Inventory, *, on: date) -> list[Run]:
    """Active units that the person could retire with a claim, oldest first by account."""
    accounts = accounts_with(user, Right.INITIATE).filter(organisation=inventory.organisation)
    return [
        Run(line, account.number)
        for account in accounts.order_by("number")[:_MOST_ACCOUNTS]
        for line in active(account.pk, on=on, most=MOST_RUNS)
    ]


def initial_of(walked: Walk) -> dict[str, Any]:
    """A claim's form as the path proposes it; empty before its end."""
    proposal = walked.proposal
    if proposal is None or proposal.method == SPEND:
        return {}
    answers = {question.name: answer for question, answer in walked.steps}
    cap = answers.get("cap")
    return {
        "method": proposal.method,
        "cap": proposal.cap or Cap.BASELINE.value,
        "cap_reason": cap.evidence if cap and cap.value == Cap.TOTAL else "",
        "use_path": True,
        **{name: answers[name].value for name in _CONDITIONS if name in answers},
    }


def path_shown(path: Any) -> Mapping[str, Any] | None:
    """The path kept with a claim, in words."""
    if path is None:
        return None
    return {
        "method": path.method,
        "reasons": path.reasons,
        "steps": [
            {
                "node": QUESTIONS[each["question"]].node,
                "text": QUESTIONS[each["question"]].text,
                "answer": QUESTIONS[each["question"]].answers.get(each["value"], each["value"]),
                "evidence": each["evidence"],
            }
            for each in path.answers
            if each["question"] in QUESTIONS
        ],
    }
