"""How a production looks in requests and answers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rest.endpoints import Shape
from accounts.rest.fields import Choice, Day, DecimalText, Id, Share, Text
from registry.api.choices import EVIDENCE_KINDS, FUNCTIONAL_UNITS, PRODUCTION_STATES
from registry.api.measurement_shapes import (
    AllocationSerializer,
    MeasurementSerializer,
    allocation_shown,
    measurement_shown,
)
from registry.api.units import tonnes
from registry.models import Evidence, Production

EXAMPLE = {
    "site": "LULEA1",
    "account": "AC-7K3QF9ZT",
    "functional_unit": "iron",
    "product": "dri",
    "period_start": "2025-01-01",
    "period_end": "2025-12-31",
    "tonnes": 10000,
    "delivered_tonnes": 10000,
    "delivered_on": "2025-12-31",
    "measured_site": "LULEA1",
    "fe_metallic_share": "0.92",
    "methodology": "ISO 14404-3",
    "baseline_reason": "The works has no figures from before the change.",
    "additionality": "No law asks for this technology.",
}


def _words(most: int) -> Text:
    return Text(max_length=most, required=False, allow_blank=True)


def _tonnes() -> Any:
    return tonnes(required=False, allow_null=True)


def _day() -> Day:
    return Day(required=False, allow_null=True)


def _share() -> Share:
    return Share(required=False, allow_null=True)


def _of_choice(name: str) -> serializers.CharField:
    return serializers.CharField(source=f"baseline_choice.{name}", default="")


class ChangeProductionSerializer(Shape):
    """Every field may be left out while it is a draft."""

    account = Text(
        max_length=16, required=False, allow_null=True, help_text="The number of your account."
    )
    agreement = Id(required=False, allow_null=True)
    functional_unit = Choice(FUNCTIONAL_UNITS, required=False)
    product = Text(max_length=30, required=False, allow_blank=True)
    period_start = _day()
    period_end = _day()
    tonnes = _tonnes()
    delivered_tonnes = _tonnes()
    delivered_on = _day()
    measured_site = _words(12)
    fe_metallic_share = _share()
    fe_total_share = _share()
    methodology = _words(200)
    abatement = _words(100)
    abatement_details = _words(10_000)
    additionality = _words(10_000)
    epd = _words(200)
    epd_verifier = _words(200)
    end_use = _words(200)
    baseline = Id(required=False, allow_null=True)
    late_reason = _words(10_000)
    baseline_reason = _words(500)
    boundary_mining = _words(300)
    boundary_methane = _words(300)
    boundary_process_gas = _words(300)


class DraftProductionSerializer(ChangeProductionSerializer):
    site = Text(max_length=12, help_text="The code of your site.")


class SubmitProductionSerializer(Shape):
    auditor = Id(help_text="An organisation with the role auditor.")


class AddEvidenceSerializer(Shape):
    kind = serializers.ChoiceField(EVIDENCE_KINDS)
    file = serializers.FileField(max_length=200)


class EvidenceSerializer(serializers.Serializer[Evidence]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(EVIDENCE_KINDS)
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()


class StepSerializer(serializers.Serializer[Any]):
    from_state = serializers.ChoiceField(PRODUCTION_STATES)
    to_state = serializers.ChoiceField(PRODUCTION_STATES)
    at = serializers.DateTimeField()
    note = serializers.CharField()


class EngagementSerializer(serializers.Serializer[Any]):
    """A verification as the producer sees it."""

    id = serializers.UUIDField()
    auditor = serializers.CharField(source="auditor.name")
    state = serializers.CharField()
    due_on = serializers.DateField()
    signed_on = serializers.DateField(allow_null=True)
    statement = serializers.CharField()


class ProductionSummarySerializer(serializers.Serializer[Production]):
    id = serializers.UUIDField()
    site = serializers.CharField(source="site.code")
    producer = serializers.CharField(source="producer.name")
    state = serializers.ChoiceField(PRODUCTION_STATES)
    functional_unit = serializers.CharField()
    product = serializers.CharField()
    period_start = serializers.DateField(allow_null=True)
    period_end = serializers.DateField(allow_null=True)
    tonnes = serializers.IntegerField(allow_null=True)
    delivered_tonnes = serializers.IntegerField(allow_null=True)
    issuance = serializers.SerializerMethodField(help_text="Its code; empty until issued.")
    created_at = serializers.DateTimeField()
    is_demonstration = serializers.BooleanField()

    def get_issuance(self, row: Any) -> str:
        issuance = getattr(row, "issuance", None)
        return issuance.code if issuance else ""


class ProductionSerializer(ProductionSummarySerializer):
    account = serializers.SerializerMethodField()
    agreement = serializers.UUIDField(source="agreement_id", allow_null=True)
    baseline = serializers.UUIDField(source="baseline_id", allow_null=True)
    delivered_on = serializers.DateField(allow_null=True)
    measured_site = serializers.CharField()
    site_intensity = DecimalText(allow_null=True)
    intensity = DecimalText(allow_null=True)
    scrap_share = DecimalText(allow_null=True)
    fe_metallic_share = DecimalText(allow_null=True)
    fe_total_share = DecimalText(allow_null=True)
    methodology = serializers.CharField()
    abatement = serializers.CharField()
    abatement_details = serializers.CharField()
    additionality = serializers.CharField()
    epd = serializers.CharField()
    epd_verifier = serializers.CharField()
    end_use = serializers.CharField()
    late_reason = serializers.CharField()
    baseline_reason = _of_choice("baseline_reason")
    boundary_mining = _of_choice("boundary_mining")
    boundary_methane = _of_choice("boundary_methane")
    boundary_process_gas = _of_choice("boundary_process_gas")
    evidence = EvidenceSerializer(many=True)
    steps = StepSerializer(many=True)
    verifications = EngagementSerializer(many=True)
    approvals = serializers.SerializerMethodField(help_text="Of the last verification.")

    measurement = serializers.SerializerMethodField()
    allocation = serializers.SerializerMethodField()

    @extend_schema_field(MeasurementSerializer(allow_null=True))
    def get_measurement(self, row: Any) -> Any:
        return measurement_shown(row)

    @extend_schema_field(AllocationSerializer(allow_null=True))
    def get_allocation(self, row: Any) -> Any:
        return allocation_shown(row)

    def get_account(self, row: Any) -> str:
        return row.account.number if row.account else ""

    def get_approvals(self, row: Any) -> int:
        verifications = list(row.verifications.all())
        if not verifications:
            return 0
        last = verifications[-1].pk
        return sum(approval.verification_id == last for approval in row.approvals.all())
