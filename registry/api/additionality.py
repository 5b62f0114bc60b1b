"""Additionality, of a contract or of one application, and what a contract's buyers ask."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.rest.endpoints import Shape
from accounts.rest.fields import Choice, Day, Flag, Id, Text
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.choices import CRITERION_KINDS, OBLIGATION_KINDS, SURPLUSES
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.models import Additionality, Agreement, AgreementCriterion, CriterionAnswer
from registry.services.additionality import (
    add_criterion,
    answer_criterion,
    determine_additionality,
)

_EXAMPLE = {
    "declared": True,
    "obligations": [
        {
            "kind": "emissions_trading",
            "name": "EU ETS",
            "surplus": "exceeds",
            "explanation": "60 % below the benchmark of free allocation",
            "evidence": "Compliance report 2025, page 4",
        }
    ],
    "financial": "The investment needs the units' revenue.",
}


def _words(most: int) -> Text:
    return Text(max_length=most, required=False, allow_blank=True)


class ObligationShape(Shape):
    kind = Choice(OBLIGATION_KINDS)
    name = Text(max_length=200)
    surplus = Choice(SURPLUSES, required=False)
    explanation = _words(5_000)
    evidence = _words(300)


class DetermineAdditionalitySerializer(Shape):
    determined_on = Day(
        required=False,
        allow_null=True,
        help_text="The day of signing. Without an agreement it is dated for you.",
    )
    declared = Flag(required=False, help_text="No law alone asks for this production.")
    none_apply = _words(10_000)
    financial = _words(10_000)
    common_practice = _words(10_000)
    obligations = ObligationShape(many=True, required=False)


class AdditionalitySerializer(serializers.Serializer[Additionality]):
    id = serializers.UUIDField()
    agreement = serializers.UUIDField(source="agreement_id", allow_null=True)
    production = serializers.UUIDField(source="production_id", allow_null=True)
    determined_on = serializers.DateField(allow_null=True)
    declared = serializers.BooleanField()
    none_apply = serializers.CharField()
    financial = serializers.CharField()
    common_practice = serializers.CharField()
    obligations = ObligationShape(many=True)
    recorded_at = serializers.DateTimeField()


class AddCriterionSerializer(Shape):
    kind = Choice(CRITERION_KINDS)
    text = Text(max_length=500)


class CriterionSerializer(serializers.Serializer[AgreementCriterion]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(CRITERION_KINDS)
    text = serializers.CharField()


class AnswerCriterionSerializer(Shape):
    criterion = Id()
    met = Flag()
    note = _words(500)


class CriterionAnswerSerializer(serializers.Serializer[CriterionAnswer]):
    criterion = serializers.UUIDField(source="criterion_id")
    met = serializers.BooleanField()
    note = serializers.CharField()


class _Determining(WritingEndpoint):
    access = Access.PRODUCER

    def of(self, id: Any) -> Any:
        raise NotImplementedError

    def read(self, id: Any) -> Response:
        found = getattr(self.of(id), "determined_additionality", None)
        if found is None:
            raise NotVisible("Additionality is not determined here.")
        return Response(AdditionalitySerializer(found).data)

    def determine(self, id: Any) -> Response:
        values = self.given(DetermineAdditionalitySerializer)
        values["obligations"] = [dict(each) for each in values.get("obligations", [])]
        return self.write(
            determine_additionality,
            shown=lambda made: AdditionalitySerializer(made).data,
            of=self.of(id),
            values=values,
        )


class OfAgreement(_Determining):
    def of(self, id: Any) -> Agreement:
        return rows.one(rows.agreements(self.person), pk=id)

    @operation("read_additionality_of_agreement", answer=AdditionalitySerializer)
    def get(self, request: Request, id: Any) -> Response:
        """What was determined at the signing of an agreement."""
        return self.read(id)

    @operation(
        "determine_additionality_of_agreement",
        given=DetermineAdditionalitySerializer,
        answer=AdditionalitySerializer,
        example={**_EXAMPLE, "determined_on": "2024-06-01"},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Determine additionality for all deliveries under an agreement (3.3).

        It can be put right until a production under it is handed in.
        """
        return self.determine(id)


class OfProduction(_Determining):
    def of(self, id: Any) -> Any:
        return rows.one(rows.productions(self.person), pk=id)

    @operation("read_additionality_of_production", answer=AdditionalitySerializer)
    def get(self, request: Request, id: Any) -> Response:
        """What was determined for one application."""
        return self.read(id)

    @operation(
        "determine_additionality_of_production",
        given=DetermineAdditionalitySerializer,
        answer=AdditionalitySerializer,
        example=_EXAMPLE,
    )
    def post(self, request: Request, id: Any) -> Response:
        """Determine additionality of an application, where its agreement has none (3.3)."""
        return self.determine(id)


class AgreementCriteria(WritingEndpoint):
    access = Access.HOLDER

    @operation("list_criteria", answer=CriterionSerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """What an agreement's buyers ask beyond eligibility: for its parties alone."""
        agreement = rows.one(rows.agreements(self.person), pk=id)
        found: Any = agreement.criteria.order_by("pk")
        return Response(CriterionSerializer(found, many=True).data)

    @operation(
        "add_criterion",
        given=AddCriterionSerializer,
        answer=CriterionSerializer,
        status=201,
        example={"kind": "hydrogen", "text": "Hourly matching of renewable electricity"},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Record a criterion of an agreement's buyers. It refuses no issuance (R039)."""
        agreement = rows.one(rows.agreements(self.person), pk=id)
        return self.write(
            add_criterion,
            shown=lambda made: CriterionSerializer(made).data,
            status=201,
            agreement=agreement,
            **self.given(AddCriterionSerializer),
        )


class ProductionCriteria(WritingEndpoint):
    access = Access.PRODUCER

    @operation(
        "answer_criterion",
        given=AnswerCriterionSerializer,
        answer=CriterionAnswerSerializer,
        example={"criterion": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f19", "met": True},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Say whether an application meets a criterion of its agreement."""
        production = rows.one(rows.productions(self.person), pk=id)
        given = self.given(AnswerCriterionSerializer)
        wanted = given.pop("criterion")
        criterion = AgreementCriterion.objects.filter(
            pk=wanted, agreement=production.agreement_id
        ).first()
        if criterion is None:
            raise BadInput({"criterion": [f"The agreement has no criterion {wanted}."]})
        return self.write(
            answer_criterion,
            shown=lambda made: CriterionAnswerSerializer(made).data,
            production=production,
            criterion=criterion,
            **given,
        )
