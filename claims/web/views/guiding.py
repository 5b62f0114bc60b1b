"""The guided way to a claim: the tree one question a page, and units suggested for the lines."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.errors import Refused
from accounts.permissions import Right, accounts_with
from claims import scope
from claims.accounting.facts import Cap, Method
from claims.accounting.tree import QUESTIONS, SPEND, Walk, walk
from claims.models import Inventory
from claims.services.paths import answer_question, path_of
from claims.services.planning import Suggested, Wish, is_large_plan, suggest_units
from claims.web.forms.guiding import AnswerForm, PlanForm
from claims.web.forms.runs import run_value
from claims.web.guided import initial_of
from registry.errors import BadInput
from registry.rulebook.facts import FunctionalUnit
from registry.web.attempt import ActionForm, attempt, posted, words_of_refusal
from registry.web.pages import may_act

# A page shows so many suggestions; a larger plan is for the interface for programs.
MOST_SUGGESTIONS = 200
# A suggestion names so many of its lines.
_NAMED = 3


@access(Access.CLAIMANT)
@require_safe
def path(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The next question, or what the answers lead to."""
    user: Any = request.user
    found = scope.inventory(user, pk)
    walked = walk(path_of(user, found))
    if walked.asked is not None:
        return redirect("claims:question", found.pk, walked.asked.name)
    return render(
        request, "claims/path.html", _ended(found, walked, may_act(user, found.organisation))
    )


@access(Access.CLAIMANT)
def question(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """One question of the tree; an answer given before stands in it."""
    user: Any = request.user
    found = scope.inventory(user, pk)
    if name not in QUESTIONS:
        raise Http404
    answers = path_of(user, found)
    before = next((each for each in answers if each.question == name), None)
    form = AnswerForm(posted(request), question=QUESTIONS[name], before=before)
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: answer_question(
                by=user, now=timezone.now(), key=key, inventory=found, answer=form.answer
            ),
        )
        if tried.done:
            return redirect("claims:path", found.pk)
        status = tried.status
    context = {
        "form": form,
        "inventory": found,
        "question": QUESTIONS[name],
        "back": _before(found, walk(answers), name),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "claims/question.html", context, status=status)


@access(Access.CLAIMANT)
@require_safe
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Units suggested for each group of lines, to be edited before anything is retired."""
    user: Any = request.user
    found = scope.inventory(user, pk)
    accounts = accounts_with(user, Right.INITIATE).filter(organisation=found.organisation)
    form = PlanForm(_asked(request, user, found), accounts=accounts.order_by("number"))
    context: dict[str, Any] = {
        "form": form,
        "inventory": found,
        "is_demonstration": found.is_demonstration,
    }
    status = 200
    if form.is_valid():
        wish = form.wish
        try:
            if is_large_plan(found, wish):
                context |= {"start": ActionForm(), "wished": form.data.items()}
                return render(request, "claims/plan.html", context)
            made = suggest_units(by=user, now=timezone.now(), inventory=found, wish=wish)
        except BadInput as bad:
            context["fault"] = " ".join(text for texts in bad.errors.values() for text in texts)
            status = 400
        except Refused as refused:
            context["fault"] = words_of_refusal(refused)
            status = 403
        else:
            context |= _shown(made, wish)
            proposed = initial_of(walk(path_of(user, found)))
            context |= {
                "by_path": proposed.get("method") == wish.method,
                "cap_reason": proposed.get("cap_reason", ""),
            }
    return render(request, "claims/plan.html", context, status=status)


def _ended(found: Inventory, walked: Walk, acts: bool) -> dict[str, Any]:
    assert walked.proposal is not None  # a question is asked otherwise
    return {
        "inventory": found,
        "steps": [
            {
                "node": question.node,
                "text": question.text,
                "answer": question.answers[answer.value],
                "evidence": answer.evidence,
                "url": reverse("claims:question", args=[found.pk, question.name]),
            }
            for question, answer in walked.steps
        ],
        "proposal": walked.proposal,
        "is_spend": walked.proposal.method == SPEND,
        "may_act": acts,
        "is_demonstration": found.is_demonstration,
    }


def _before(found: Inventory, walked: Walk, name: str) -> str:
    """The question before this one on the path, or the inventory."""
    names = [question.name for question, _ in walked.steps]
    at = names.index(name) if name in names else len(names)
    if at == 0:
        return reverse("claims:inventory", args=[found.pk])
    return reverse("claims:question", args=[found.pk, names[at - 1]])


def _asked(request: HttpRequest, user: Any, found: Inventory) -> Any:
    """The form as sent; without one, what the person's path proposes, for the first account."""
    if request.GET:
        return request.GET
    accounts = accounts_with(user, Right.INITIATE).filter(organisation=found.organisation)
    first = accounts.order_by("number").first()
    proposal = walk(path_of(user, found)).proposal
    method, cap = Method.ENHANCED.value, Cap.BASELINE.value
    if proposal is not None and proposal.method != SPEND:
        method, cap = proposal.method, proposal.cap or cap
    return {
        "method": method,
        "cap": cap,
        "source": first.number if first else "",
        "functional_unit": FunctionalUnit.CRUDE_STEEL.value,
    }


def _shown(made: Suggested, wish: Wish) -> dict[str, Any]:
    number = wish.account.number if wish.account else ""
    plan = made.plan
    rows: list[dict[str, Any]] = [
        {
            "group": each.group.key.label,
            "lines": [standing.line.id for standing in each.group.standings],
            "names": [standing.line.name for standing in each.group.standings[:_NAMED]],
            "more": max(len(each.group.standings) - _NAMED, 0),
            "lot": each.lot,
            "reasons": each.reasons,
            "value": run_value(made.serials(each.lot), number),
        }
        for each in plan.suggestions[:MOST_SUGGESTIONS]
    ]
    lines = dict.fromkeys(line for row in rows for line in row["lines"])
    return {
        "rows": rows,
        "lines": list(lines),
        "volume": plan.volume,
        "left": sum(lot.quantity for lot in plan.left),
        "left_out": [(lot.label, why) for lot, why in plan.left_out[:MOST_SUGGESTIONS]],
        "passed_by": made.passed_by[:MOST_SUGGESTIONS],
        "has_more": len(plan.suggestions) > MOST_SUGGESTIONS,
        "wish": wish,
        "key": ActionForm(),
    }
