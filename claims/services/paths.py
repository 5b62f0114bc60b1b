"""Walking the decision tree of Exhibit 11 (9.2): answers are kept until a claim uses them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.permissions import require_initiator
from claims.accounting.codec import encode
from claims.accounting.tree import Answer, Walk, fault, walk
from claims.models import DecisionPath, Inventory
from registry.errors import BadInput
from registry.services.requests import once, retrying


def path_of(user: User, inventory: Inventory) -> tuple[Answer, ...]:
    """What this person has answered for the inventory, also off the path they are on now."""
    row = DecisionPath.objects.filter(inventory=inventory, walked_by=user).first()
    return answers_of(row.answers) if row else ()


def answers_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Answer, ...]:
    return tuple(Answer(each["question"], each["value"], each["evidence"]) for each in stored)


@retrying
def answer_question(
    *, by: User, now: datetime, key: str, inventory: Inventory, answer: Answer
) -> Walk:
    """Keep one answer, in place of an earlier one to the same question; what is asked next.

    Raises NotVisible, Refused, BadInput for an answer that does not stand.
    """
    require_initiator(by, inventory.organisation)
    why = fault(answer)
    if why:
        raise BadInput({"evidence" if "rests on" in why else "value": [why]})
    with once(
        by=by,
        key=key,
        kind="claim.path",
        now=now,
        input={"inventory": inventory.pk, "answer": encode(answer)},
    ) as request:
        row, _ = DecisionPath.objects.select_for_update(of=("self",)).get_or_create(
            inventory=inventory, walked_by=by, defaults={"changed_at": now}
        )
        answers = {each.question: each for each in answers_of(row.answers)}
        if not request.is_repeat:
            answers[answer.question] = answer
            row.answers = [encode(each) for each in answers.values()]
            row.changed_at = now
            row.save(update_fields=["answers", "changed_at"])
        return walk(answers.values())
