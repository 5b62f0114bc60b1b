"""The public register: issuances, retirements, and where any unit stands. Nobody signs in."""

from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Endpoint
from accounts.rest.fields import DecimalText
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.choices import FUNCTIONAL_UNITS
from registry.api.filters import IssuanceFilter, RetirementFilter
from registry.api.retirements import RetirementSerializer, RetirementSummarySerializer
from registry.errors import BadInput
from registry.identifiers import NotAnIdentifier, parse
from registry.models import Issuance, Retirement
from registry.provisional import provisional_among
from registry.public.settled import settle
from registry.public.units import look_up, unit_range
from registry.queries import public_issuances


class IssuanceSummarySerializer(serializers.Serializer[Issuance]):
    code = serializers.CharField()
    units = serializers.SerializerMethodField(help_text="The identifier of all its units.")
    producer = serializers.CharField(source="producer.name")
    site = serializers.CharField(source="site.code")
    site_name = serializers.CharField(source="site.name")
    country = serializers.CharField()
    functional_unit = serializers.ChoiceField(FUNCTIONAL_UNITS)
    product = serializers.CharField()
    quantity = serializers.IntegerField()
    vintage_start = serializers.DateField()
    vintage_end = serializers.DateField()
    issued_on = serializers.DateField()
    intensity = DecimalText(help_text="t CO2e/t")
    adjusted_intensity = DecimalText(allow_null=True, help_text="After 4.2, where it applies.")
    baseline_intensity = DecimalText(help_text="t CO2e/t")
    level = serializers.CharField()
    is_preferred = serializers.BooleanField()
    is_no_reduction = serializers.BooleanField()
    is_provisional = serializers.BooleanField(help_text="Issued before its ex-post audit (6.1).")
    is_conditional = serializers.BooleanField(
        help_text="Verified over less than a full year of activity data (R060)."
    )
    conditional_until = serializers.DateField(
        allow_null=True, help_text="The first day a full year of data can be over."
    )
    reporting_end = serializers.DateField()
    expires_on = serializers.DateField()
    is_demonstration = serializers.BooleanField()

    def get_units(self, row: Any) -> str:
        return str(unit_range(row, 1, row.quantity))


class IssuanceSerializer(IssuanceSummarySerializer):
    """The public record of 6.2, and the judgement that let the units be created."""

    delivered_tonnes = serializers.IntegerField()
    scrap_share = DecimalText(allow_null=True)
    baseline_source = serializers.CharField()
    transfers_allowed = serializers.IntegerField(allow_null=True)
    claims_agreed = serializers.IntegerField()
    verified_by = serializers.CharField(source="verification.auditor.name")
    verified_on = serializers.DateField(
        source="verification.signed_on",
        allow_null=True,
        help_text="Null until the ex-post audit of units issued before it (6.1) is signed.",
    )
    provisional_until = serializers.SerializerMethodField(
        help_text="The day that audit is due, while it has not confirmed the units; else null."
    )
    record = serializers.DictField(
        child=serializers.CharField(), help_text="The fields of 6.2 as published."
    )
    edition = serializers.CharField(help_text="Of the rulebook it was judged by.")
    findings = FindingSerializer(many=True)

    def get_provisional_until(self, row: Any) -> date | None:
        return provisional_among([row]).get(row.pk)


class PieceSerializer(serializers.Serializer[Any]):
    units = serializers.CharField()
    state = serializers.CharField()
    retirement = serializers.CharField(help_text="Its code; empty where it is not retired.")
    suspensions = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of those that cover some of it."
    )


class UnitMarkSerializer(serializers.Serializer[Any]):
    """A suspension over some of the units, retired ones too."""

    code = serializers.CharField()
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    reason = serializers.CharField()
    is_final = serializers.BooleanField(help_text="The units were found wrong and cancelled.")


class PublicSeatSerializer(serializers.Serializer[Any]):
    copy = serializers.IntegerField()
    layer = serializers.IntegerField()
    layer_name = serializers.CharField()
    holder = serializers.CharField(help_text="Empty while the seat is to be named.")
    role = serializers.CharField()


class PublicCoClaimSerializer(serializers.Serializer[Any]):
    """An executed co-claim (9.3): how many claims, each with copy, holder and layer."""

    code = serializers.CharField()
    total_claims = serializers.IntegerField()
    seats = PublicSeatSerializer(many=True)
    responsible = serializers.CharField(help_text="For double-counting risks.")
    chain = serializers.CharField()
    executed_on = serializers.DateField()


class WhereaboutsSerializer(serializers.Serializer[Any]):
    """Where units stand. Whose account they are in is nobody's business here."""

    units = serializers.CharField()
    issuance = serializers.CharField(source="issuance.code")
    amounts = serializers.DictField(child=serializers.IntegerField(), help_text="By state.")
    pieces = PieceSerializer(many=True)
    is_cut = serializers.BooleanField(help_text="There are more pieces than are listed.")
    provisional_until = serializers.DateField(
        allow_null=True, help_text="The day the audit of provisional units is due; else null."
    )
    claims = PublicCoClaimSerializer(many=True, help_text="Co-claims that touch these units.")
    marks = UnitMarkSerializer(many=True, help_text="Suspensions over these units.")


class RegisteredIssuances(Endpoint):
    access = Access.PUBLIC
    filterset_class = IssuanceFilter
    model = Issuance
    pagination_class = PAGES

    @operation("list_registered_issuances", answer=IssuanceSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every issuance, newest first."""
        settle()
        return self.listed(public_issuances(), IssuanceSummarySerializer)


class RegisteredIssuance(Endpoint):
    access = Access.PUBLIC

    @operation("read_registered_issuance", answer=IssuanceSerializer)
    def get(self, request: Request, code: str) -> Response:
        """An issuance's public record, with every rule's finding."""
        found = public_issuances().select_related("verification__auditor")
        return Response(IssuanceSerializer(rows.one(found, code=code)).data)


class RegisteredRetirements(Endpoint):
    access = Access.PUBLIC
    filterset_class = RetirementFilter
    model = Retirement
    pagination_class = PAGES

    @operation("list_registered_retirements", answer=RetirementSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every retirement, newest first."""
        settle()
        return self.listed(rows.public_retirements(), RetirementSummarySerializer)


class RegisteredRetirement(Endpoint):
    access = Access.PUBLIC

    @operation("read_registered_retirement", answer=RetirementSerializer)
    def get(self, request: Request, code: str) -> Response:
        """A retirement's public record, with its serials."""
        settle(code=code)
        row = rows.one(rows.with_lines(rows.public_retirements()), code=code)
        return Response(RetirementSerializer(row).data)


class RegisteredUnits(Endpoint):
    access = Access.PUBLIC

    @extend_schema(
        parameters=[
            OpenApiParameter("identifier", str, required=True, description="A unit identifier.")
        ]
    )
    @operation("look_up_units", answer=WhereaboutsSerializer, refusals=[400])
    def get(self, request: Request) -> Response:
        """Where the units of an identifier stand."""
        try:
            text = request.query_params.get("identifier", "")[:200]
            settle(issuance=parse(text).issuance)
            found = look_up(text)
        except NotAnIdentifier as wrong:
            raise BadInput({"identifier": [str(wrong)]}) from wrong
        return Response(WhereaboutsSerializer(found).data)
