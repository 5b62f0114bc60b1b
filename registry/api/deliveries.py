"""Physical recipients: delivery notices, undertakings, public statements, what is due (10.1)."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import Organisation
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Choice, Day, DecimalText, Flag, Id, Text
from accounts.rest.parsers import Uploads
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from registry import scope
from registry.api.choices import DISCLOSURE_KINDS, NOTICE_STATES
from registry.api.units import tonnes
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.models import DeliveryNotice, Disclosure, Issuance
from registry.services.recipient_cases import findings_on_recipients
from registry.services.recipients import (
    give_undertaking,
    record_disclosure,
    record_undertaking,
    send_notice,
    told_tonnes,
    withdraw_notice,
)


class SendNoticeSerializer(Shape):
    """A recipient of this registry by its id, or one outside it by name."""

    recipient = Id(required=False, allow_null=True)
    recipient_name = Text(max_length=200, required=False, allow_blank=True)
    delivery_reference = Text(max_length=60, help_text="Yours alone, once for each delivery.")
    tonnes = tonnes()
    delivered_on = Day()


class DeliverySerializer(serializers.Serializer[DeliveryNotice]):
    id = serializers.UUIDField()
    issuance = serializers.CharField(source="issuance.code")
    producer = serializers.CharField(source="producer.name")
    recipient = serializers.CharField(source="recipient_name")
    recipient_is_registered = serializers.SerializerMethodField()
    delivery_reference = serializers.CharField()
    tonnes = serializers.IntegerField()
    delivered_on = serializers.DateField()
    default_factor = DecimalText(
        places=12, help_text="t CO2e/t: the baseline of the issuance (10.1)."
    )
    default_factor_source = serializers.CharField(source="issuance.baseline_source")
    state = serializers.ChoiceField(NOTICE_STATES)
    sent_at = serializers.DateTimeField()
    undertaken_at = serializers.DateTimeField(allow_null=True)
    undertaking_sha256 = serializers.CharField(help_text="Of the file a producer filed, if any.")

    def get_recipient_is_registered(self, row: Any) -> bool:
        return row.recipient_id is not None


class RecordDisclosureSerializer(Shape):
    """How a public statement reads from a day on; no intensity means that it is withheld."""

    kind = Choice(DISCLOSURE_KINDS)
    reference = Text(max_length=200)
    made_on = Day()
    intensity = DecimalText(places=12, required=False, allow_null=True, help_text="t CO2e/t")
    says_sold = Flag(required=False)
    cover_page = Flag(required=False)


class DisclosureSerializer(serializers.Serializer[Disclosure]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(DISCLOSURE_KINDS)
    reference = serializers.CharField()
    made_on = serializers.DateField()
    intensity = DecimalText(places=12, allow_null=True)
    says_sold = serializers.BooleanField()
    cover_page = serializers.BooleanField()
    recorded_at = serializers.DateTimeField()


class RecipientsSerializer(serializers.Serializer[Any]):
    issuance = serializers.CharField()
    delivered_tonnes = serializers.IntegerField()
    issued_tonnes = serializers.IntegerField()
    residual_tonnes = serializers.IntegerField(help_text="Delivered less issued.")
    told_tonnes = serializers.IntegerField(help_text="With a delivery notice.")
    default_factor = DecimalText(places=12)
    findings = FindingSerializer(many=True)


class UploadUndertakingSerializer(Shape):
    file = serializers.FileField(max_length=200)


class _OfProduction(WritingEndpoint):
    access = Access.PRODUCER

    def issuance(self, id: Any) -> Issuance:
        return scope.issuance_of(self.person, id)


class ProductionRecipients(_OfProduction):
    @operation("read_recipients", answer=RecipientsSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """Residual tonnage of an issued production, and what 10.1 asks of it today."""
        issuance = self.issuance(id)
        found = findings_on_recipients(issuance, on=timezone.localdate(), named=True)
        answer = {
            "issuance": issuance.code,
            "delivered_tonnes": issuance.delivered_tonnes,
            "issued_tonnes": issuance.quantity,
            "residual_tonnes": issuance.delivered_tonnes - issuance.quantity,
            "told_tonnes": told_tonnes(issuance),
            "default_factor": issuance.baseline_intensity,
            "findings": [finding.as_dict() for finding in found],
        }
        return Response(RecipientsSerializer(answer).data)


class ProductionNotices(_OfProduction):
    model = DeliveryNotice
    pagination_class = PAGES

    @operation("list_delivery_notices", answer=DeliverySerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """The delivery notices of an issued production, newest first."""
        rows = self.issuance(id).notices.select_related("issuance", "producer")
        return self.listed(rows.order_by("-sent_at", "-id"), DeliverySerializer)

    @operation(
        "send_delivery_notice",
        given=SendNoticeSerializer,
        answer=DeliverySerializer,
        status=201,
        example={
            "recipient_name": "Rolling Mill AB",
            "delivery_reference": "DN-2025-0042",
            "tonnes": 500,
            "delivered_on": "2025-11-30",
        },
    )
    def post(self, request: Request, id: Any) -> Response:
        """Tell a physical recipient the default factor of one delivery."""
        issuance = self.issuance(id)
        values = self.given(SendNoticeSerializer)
        if values.get("recipient") is not None:
            values["recipient"] = _organisation(values["recipient"])
        return self.write(
            send_notice,
            shown=lambda notice: DeliverySerializer(notice).data,
            status=201,
            issuance=issuance,
            values=values,
        )


class ProductionDisclosures(_OfProduction):
    model = Disclosure
    pagination_class = PAGES

    @operation("list_disclosures", answer=DisclosureSerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """Every record of a public statement of the intensity, newest first."""
        rows = self.issuance(id).disclosures.order_by("-made_on", "-recorded_at", "-id")
        return self.listed(rows, DisclosureSerializer)

    @operation(
        "record_disclosure",
        given=RecordDisclosureSerializer,
        answer=DisclosureSerializer,
        status=201,
        example={
            "kind": "epd",
            "reference": "EPD-SE-0017",
            "made_on": "2026-05-01",
            "intensity": "1.9",
            "says_sold": True,
        },
    )
    def post(self, request: Request, id: Any) -> Response:
        """Record how an EPD, a report or a page reads now."""
        return self.write(
            record_disclosure,
            shown=lambda disclosure: DisclosureSerializer(disclosure).data,
            status=201,
            issuance=self.issuance(id),
            values=self.given(RecordDisclosureSerializer),
        )


class Deliveries(WritingEndpoint):
    access = Access.SIGNED_IN
    model = DeliveryNotice
    pagination_class = PAGES

    @operation("list_deliveries", answer=DeliverySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Delivery notices that your organisations sent or received, newest first."""
        rows = scope.deliveries_of(self.person).select_related("issuance", "producer")
        return self.listed(rows.order_by("-sent_at", "-id"), DeliverySerializer)


class _OneDelivery(WritingEndpoint):
    access = Access.SIGNED_IN

    def notice(self, id: Any) -> DeliveryNotice:
        return scope.delivery(self.person, id)

    def shown(self, notice: DeliveryNotice) -> Any:
        return DeliverySerializer(notice).data


class OneDelivery(_OneDelivery):
    @operation("read_delivery", answer=DeliverySerializer)
    def get(self, request: Request, id: Any) -> Response:
        """One delivery notice, for who sent and who received it."""
        return Response(self.shown(self.notice(id)))


class DeliveryUndertaking(_OneDelivery):
    @operation("give_undertaking", answer=DeliverySerializer)
    def post(self, request: Request, id: Any) -> Response:
        """As its recipient, undertake to use the factor and make no low-emissions claim."""
        self.given(Nothing)
        return self.write(give_undertaking, shown=self.shown, notice=self.notice(id))


class DeliveryEvidence(_OneDelivery):
    # Narrower on purpose.
    parser_classes: tuple[type[BaseParser], ...] = (Uploads,)  # type: ignore[assignment]

    @operation("file_undertaking", given=UploadUndertakingSerializer, answer=DeliverySerializer)
    def post(self, request: Request, id: Any) -> Response:
        """As its producer, file what a recipient outside signed, as multipart/form-data."""
        file = self.given(UploadUndertakingSerializer)["file"]
        return self.write(
            record_undertaking,
            shown=self.shown,
            notice=self.notice(id),
            name=file.name,
            file=file,
        )


class DeliveryWithdrawal(_OneDelivery):
    @operation("withdraw_delivery_notice", answer=DeliverySerializer)
    def post(self, request: Request, id: Any) -> Response:
        """As its producer, take back a notice that is not answered yet."""
        self.given(Nothing)
        return self.write(withdraw_notice, shown=self.shown, notice=self.notice(id))


def _organisation(id: Any) -> Organisation:
    found = Organisation.objects.filter(pk=id).first()
    if found is None:
        raise BadInput({"recipient": [f"There is no organisation {id}."]})
    return found
