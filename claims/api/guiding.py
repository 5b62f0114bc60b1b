"""What guides a claim: the decision tree of Exhibit 11, and units suggested for lines."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.rest.endpoints import Shape
from accounts.rest.fields import Choice, Id, Text
from accounts.rest.schema import operation
from claims.accounting.tree import LONGEST_EVIDENCE, Answer, Question, Walk, walk
from claims.api.choices import CAPS, METHODS, QUESTIONS
from claims.api.inventories import InventoryEndpoint
from claims.services.paths import answer_question, path_of
from claims.services.planning import Suggested, Wish, require_small_plan, suggest_units
from registry import scope as registry_scope
from registry.api.choices import FUNCTIONAL_UNITS

_MOST_LINES = 100_000


class AnswerSerializer(Shape):
    """An answer to a question of the tree, and what it rests on."""

    question = Choice(QUESTIONS)
    value = Text(max_length=40, help_text="One of the question's answers.")
    evidence = Text(max_length=LONGEST_EVIDENCE, required=False, allow_blank=True, default="")


class PathStepSerializer(serializers.Serializer[Any]):
    question = serializers.ChoiceField(QUESTIONS)
    node = serializers.CharField(help_text="The exhibit's letter.")
    text = serializers.CharField()
    value = serializers.CharField()
    evidence = serializers.CharField()


class QuestionSerializer(serializers.Serializer[Any]):
    question = serializers.ChoiceField(QUESTIONS)
    node = serializers.CharField()
    text = serializers.CharField()
    help = serializers.CharField()
    answers = serializers.DictField(child=serializers.CharField())
    evidence = serializers.CharField(help_text="What an answer rests on, asked for in words.")
    needs_evidence = serializers.ListField(child=serializers.CharField())


class ProposalSerializer(serializers.Serializer[Any]):
    method = serializers.CharField(help_text="direct, enhanced or spend")
    cap = serializers.CharField()
    estimation = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class PathSerializer(serializers.Serializer[Any]):
    steps = PathStepSerializer(many=True)
    asked = QuestionSerializer(allow_null=True, help_text="The next question, null at the end.")
    proposal = ProposalSerializer(allow_null=True, help_text="null before the end.")


class PlanSerializer(Shape):
    method = Choice(METHODS)
    cap = Choice(CAPS, required=False)
    functional_unit = Choice(FUNCTIONAL_UNITS, required=False)
    account = Text(
        max_length=16,
        required=False,
        help_text="Plan with its active units; without, with units retired before.",
    )
    lines = serializers.ListField(
        child=Id(), required=False, max_length=_MOST_LINES, help_text="All where not given."
    )


class SuggestionSerializer(serializers.Serializer[Any]):
    """Units for a group of lines of the same product, factor and category, and why these."""

    lines = serializers.ListField(child=serializers.UUIDField())
    issuance = serializers.CharField()
    copy = serializers.IntegerField()
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    quantity = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())


class LeftOutSerializer(serializers.Serializer[Any]):
    what = serializers.CharField()
    why = serializers.CharField()


class PlannedSerializer(serializers.Serializer[Any]):
    volume = serializers.IntegerField(help_text="units suggested")
    suggestions = SuggestionSerializer(many=True)
    left = serializers.IntegerField(help_text="units that found no room")
    left_out = LeftOutSerializer(many=True, help_text="Units that no claim here could use.")
    passed_by = LeftOutSerializer(many=True, help_text="Lines that take none of these units.")


class InventoryPath(InventoryEndpoint):
    @operation("read_decision_path", answer=PathSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """Where you stand in the decision tree: answers so far, and what is asked or proposed."""
        return Response(_path(walk(path_of(self.person, self.own(id)))))

    @operation(
        "answer_decision_tree",
        given=AnswerSerializer,
        answer=PathSerializer,
        example={
            "question": "activity_data",
            "value": "yes",
            "evidence": "Purchasing ledger 2025, tonnes by material",
        },
    )
    def post(self, request: Request, id: Any) -> Response:
        """Answer one question, or answer it anew."""
        return self.write(
            answer_question,
            shown=_path,
            inventory=self.own(id),
            answer=Answer(**self.given(AnswerSerializer)),
        )


class InventoryPlan(InventoryEndpoint):
    @operation(
        "suggest_units",
        given=PlanSerializer,
        answer=PlannedSerializer,
        example={"method": "enhanced", "account": "AC-7K3QF9ZT"},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Suggest units for the lines, each with its reasons. Changes nothing.

        Of many lines or many units a plan is made in the background: see /plans/.
        """
        self.key()
        inventory = self.own(id)
        wish = wish_from(self.person, self.given(PlanSerializer))
        require_small_plan(by=self.person, now=timezone.now(), inventory=inventory, wish=wish)
        found = suggest_units(by=self.person, now=timezone.now(), inventory=inventory, wish=wish)
        return Response(PlannedSerializer(planned(found)).data)


def wish_from(person: User, given: dict[str, Any]) -> Wish:
    """Raises NotVisible for an account that is not the person's."""
    number = given.pop("account", None)
    account = registry_scope.account(person, number) if number else None
    return Wish(account=account, lines=frozenset(given.pop("lines", ())), **given)


def planned(found: Suggested) -> dict[str, Any]:
    """A plan as it is answered and shown."""
    plan = found.plan
    return {
        "volume": plan.volume,
        "suggestions": [
            {
                "lines": [standing.line.id for standing in each.group.standings],
                "issuance": each.lot.issuance,
                "copy": each.lot.copy,
                "first": each.lot.first,
                "last": each.lot.last,
                "quantity": each.lot.quantity,
                "reasons": each.reasons,
            }
            for each in plan.suggestions
        ],
        "left": sum(lot.quantity for lot in plan.left),
        "left_out": [{"what": lot.label, "why": why} for lot, why in plan.left_out],
        "passed_by": [{"what": name, "why": why} for name, why in found.passed_by],
    }


def _path(found: Walk) -> Any:
    steps = [
        {
            "question": question.name,
            "node": question.node,
            "text": question.text,
            "value": answer.value,
            "evidence": answer.evidence,
        }
        for question, answer in found.steps
    ]
    shown = {
        "steps": steps,
        "asked": _question(found.asked) if found.asked else None,
        "proposal": found.proposal,
    }
    return PathSerializer(shown).data


def _question(asked: Question) -> dict[str, Any]:
    return {
        "question": asked.name,
        "node": asked.node,
        "text": asked.text,
        "help": asked.help,
        "answers": dict(asked.answers),
        "evidence": asked.evidence,
        "needs_evidence": sorted(asked.needs_evidence),
    }
