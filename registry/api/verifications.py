"""The auditor's engagements: start, sign, return."""

from dataclasses import fields
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Day, DecimalText, Flag, Share, Text
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.choices import VERIFICATION_STATES
from registry.api.filters import VerificationFilter
from registry.api.production_shapes import ProductionSerializer
from registry.api.units import tonnes
from registry.api.writing import WritingEndpoint
from registry.models import Verification
from registry.services.verifications import (
    Figures,
    Review,
    return_production,
    sign_verification,
    start_verification,
)


class VerificationSummarySerializer(serializers.Serializer[Verification]):
    id = serializers.UUIDField()
    production = serializers.UUIDField(source="production_id")
    producer = serializers.CharField(source="production.producer.name")
    site = serializers.CharField(source="production.site.code")
    auditor = serializers.CharField(source="auditor.name")
    state = serializers.ChoiceField(VERIFICATION_STATES)
    production_state = serializers.CharField(source="production.state")
    opened_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    signed_on = serializers.DateField(allow_null=True)
    delivered_tonnes = serializers.IntegerField(allow_null=True)
    site_intensity = DecimalText(allow_null=True)
    intensity = DecimalText(allow_null=True)
    scrap_share = DecimalText(allow_null=True)
    statement = serializers.CharField()


class VerificationSerializer(VerificationSummarySerializer):
    declared = serializers.SerializerMethodField(
        help_text="The production as its producer has it; null once you returned it."
    )

    @extend_schema_field(ProductionSerializer(allow_null=True))
    def get_declared(self, row: Any) -> Any:
        return self.context["declared"]


class SignVerificationSerializer(Shape):
    """The auditor's own figures."""

    delivered_tonnes = tonnes()
    site_intensity = DecimalText(help_text="t CO2e/t")
    intensity = DecimalText(help_text="t CO2e/t")
    scrap_share = Share(required=False, allow_null=True, help_text="Left out for iron.")
    confirms_threshold = Flag(help_text="R067")
    confirms_route = Flag(help_text="R067")
    confirms_additionality = Flag(help_text="R067")
    reviewed_self_assessment = Flag(help_text="R073")
    reviewed_evidence = Flag(help_text="R073")
    reviewed_on = Day(help_text="The last day of the review (R073).")
    covers_transactions = Flag(help_text="R145")
    deliveries_until = Day(help_text="Physical deliveries audited up to it, inclusive (R145).")
    statement = Text(max_length=20_000)


class ReturnProductionSerializer(Shape):
    reason = Text(max_length=10_000)


class VerificationEndpoint(WritingEndpoint):
    access = Access.AUDITOR

    def own(self, id: Any) -> Verification:
        return rows.one(rows.verifications(self.person), pk=id)

    def shown(self, verification: Verification) -> Any:
        row = self.own(verification.pk)
        declared = None
        if scope.may_read_application(self.person, row):
            found = rows.one(rows.with_history(rows.all_productions()), pk=row.production_id)
            declared = ProductionSerializer(found).data
        return VerificationSerializer(row, context={"declared": declared}).data


class Verifications(VerificationEndpoint):
    pagination_class = PAGES
    filterset_class = VerificationFilter
    model = Verification

    @operation("list_verifications", answer=VerificationSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Your engagements, those due first on top."""
        return self.listed(rows.verifications(self.person), VerificationSummarySerializer)


class OneVerification(VerificationEndpoint):
    @operation("read_verification", answer=VerificationSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """An engagement, with the production as declared and its evidence."""
        return Response(self.shown(self.own(id)))


class VerificationStart(VerificationEndpoint):
    @operation("start_verification", answer=VerificationSerializer)
    def post(self, request: Request, id: Any) -> Response:
        """Take up an engagement."""
        verification = self.own(id)
        self.given(Nothing)
        return self.write(start_verification, shown=self.shown, verification=verification)


class VerificationSignature(VerificationEndpoint):
    @operation(
        "sign_verification",
        given=SignVerificationSerializer,
        answer=VerificationSerializer,
        example={
            "delivered_tonnes": 10000,
            "site_intensity": "0.4",
            "intensity": "0.4",
            "confirms_threshold": True,
            "confirms_route": True,
            "confirms_additionality": True,
            "reviewed_self_assessment": True,
            "reviewed_evidence": True,
            "reviewed_on": "2026-02-13",
            "covers_transactions": True,
            "deliveries_until": "2026-02-13",
            "statement": "Checked on site against meter records and delivery tickets.",
        },
    )
    def post(self, request: Request, id: Any) -> Response:
        """Sign that the production is verified, with your own figures.

        The rules judge these figures at issuance.
        """
        verification = self.own(id)
        given = self.given(SignVerificationSerializer)
        statement = given.pop("statement")
        review = Review(**{each.name: given.pop(each.name) for each in fields(Review)})
        return self.write(
            sign_verification,
            shown=self.shown,
            verification=verification,
            figures=Figures(**{"scrap_share": None, **given}),
            review=review,
            statement=statement,
        )


class VerificationReturn(VerificationEndpoint):
    @operation(
        "return_production",
        given=ReturnProductionSerializer,
        answer=VerificationSerializer,
        example={"reason": "Delivery tickets for March are missing."},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Return an application to its producer with the reason."""
        verification = self.own(id)
        return self.write(
            return_production,
            shown=self.shown,
            verification=verification,
            reason=self.given(ReturnProductionSerializer)["reason"],
        )
