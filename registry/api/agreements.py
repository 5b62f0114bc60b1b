"""Agreements between issuer and buyers."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import Organisation
from accounts.rest.endpoints import PAGES, Shape
from accounts.rest.fields import Choice, Day, Flag, Id, Share, Text, WholeNumber
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.choices import HOLDER_ROLES, TRANSFER_TO
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.models import (
    Agreement,
    AgreementConfirmation,
    AgreementRights,
    AgreementSeat,
)
from registry.models.fields import MOST_TONNES
from registry.services.agreements import confirm_agreement, record_agreement


class RightsSerializer(Shape):
    """Rights of transfer and co-claim, and what is forward about the contract (7.1, 9.3)."""

    transfer_to = Choice(
        TRANSFER_TO, required=False, help_text="Whom holders after the first may transfer to."
    )
    transfer_roles = serializers.ListField(
        child=Choice(HOLDER_ROLES), required=False, help_text="Where transfer_to is roles."
    )
    chain = Text(max_length=40, required=False, help_text="Of the edition's value_chain_layers.")
    co_claim_types = Text(max_length=300, required=False)
    transfer_terms = Text(max_length=300, required=False)
    double_claim_measures = Text(max_length=500, required=False)
    responsible = Id(required=False, allow_null=True, help_text="A party of the agreement.")
    is_forward = Flag(required=False)
    forward_from = Day(required=False, allow_null=True)
    forward_until = Day(required=False, allow_null=True)
    option_units = WholeNumber(min_value=1, max_value=MOST_TONNES, required=False, allow_null=True)
    option_until = Day(required=False, allow_null=True)


class AgreedSeatSerializer(Shape):
    """One agreed claim. Copy 1 is the primary's; others may be named later."""

    copy = WholeNumber(min_value=1, max_value=3)
    layer = WholeNumber(min_value=1, max_value=9)
    organisation = Id(required=False, allow_null=True)
    role = Text(max_length=100)
    extent_share = Share(required=False, help_text="Of the agreement's units; 1 if not given.")


class RecordAgreementSerializer(Shape):
    issuer = Id(help_text="Your organisation, from /me/.")
    buyers = serializers.ListField(child=Id(), min_length=1, max_length=100)
    reference = Text(max_length=60)
    executed_on = Day()
    transfers_allowed = WholeNumber(
        min_value=0,
        max_value=32767,
        required=False,
        allow_null=True,
        help_text="Onward transfers after the first buyer; null for no limit.",
    )
    claims_agreed = WholeNumber(min_value=1, max_value=3, default=1)
    end_use = Text(max_length=200)
    offtake_share = Share(required=False, allow_null=True)
    rights = RightsSerializer(required=False)
    seats = serializers.ListField(child=AgreedSeatSerializer(), required=False, max_length=3)
    commercial_terms = Text(
        max_length=5000, required=False, help_text="For the parties alone: never public."
    )


class ConfirmAgreementSerializer(Shape):
    organisation = Id(help_text="Yours: a buyer of the agreement.")


class ShownRightsSerializer(serializers.Serializer[AgreementRights]):
    transfer_to = serializers.ChoiceField(TRANSFER_TO)
    transfer_roles = serializers.ListField(child=serializers.ChoiceField(HOLDER_ROLES))
    chain = serializers.CharField()
    co_claim_types = serializers.CharField()
    transfer_terms = serializers.CharField()
    double_claim_measures = serializers.CharField()
    responsible = serializers.CharField(source="responsible.name", default=None, allow_null=True)
    is_forward = serializers.BooleanField()
    forward_from = serializers.DateField(allow_null=True)
    forward_until = serializers.DateField(allow_null=True)
    option_units = serializers.IntegerField(allow_null=True)
    option_until = serializers.DateField(allow_null=True)


class ShownSeatSerializer(serializers.Serializer[AgreementSeat]):
    copy = serializers.IntegerField()
    layer = serializers.IntegerField()
    organisation = serializers.CharField(source="organisation.name", default=None, allow_null=True)
    role = serializers.CharField()
    extent_share = Share()


class AgreementSerializer(serializers.Serializer[Agreement]):
    id = serializers.UUIDField()
    issuer = serializers.CharField(source="issuer.name")
    buyers = serializers.SerializerMethodField()
    reference = serializers.CharField()
    executed_on = serializers.DateField()
    transfers_allowed = serializers.IntegerField(allow_null=True)
    claims_agreed = serializers.IntegerField()
    end_use = serializers.CharField()
    offtake_share = Share(allow_null=True)
    recorded_at = serializers.DateTimeField()
    rights = ShownRightsSerializer(default=None, allow_null=True)
    seats = ShownSeatSerializer(many=True)
    confirmed_by = serializers.SerializerMethodField()
    commercial_terms = serializers.CharField(source="commercial.text", default="")

    def get_confirmed_by(self, row: Any) -> list[str]:
        return [each.organisation.name for each in row.confirmations.all()]

    def get_buyers(self, row: Any) -> list[str]:
        return [party.organisation.name for party in row.parties.all()]


class Agreements(WritingEndpoint):
    access = Access.HOLDER
    model = Agreement
    pagination_class = PAGES

    @operation("list_agreements", answer=AgreementSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Agreements that your organisations issued or joined."""
        return self.listed(rows.agreements(self.person), AgreementSerializer)

    @operation(
        "record_agreement",
        given=RecordAgreementSerializer,
        answer=AgreementSerializer,
        status=201,
        example={
            "issuer": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f12",
            "buyers": ["01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f13"],
            "reference": "OT-2024-17",
            "executed_on": "2024-06-01",
            "transfers_allowed": 2,
            "end_use": "Car bodies",
        },
    )
    def post(self, request: Request) -> Response:
        """Record an executed agreement. It never changes after."""
        values = self.given(RecordAgreementSerializer)
        return self.write(
            record_agreement,
            shown=self._shown,
            status=201,
            issuer=self.own_organisation(values.pop("issuer")),
            buyers=_organisations(values.pop("buyers")),
            commercial_terms=values.pop("commercial_terms", ""),
            rights=_named(values.pop("rights", None), "responsible"),
            seats=[_named(seat, "organisation") or {} for seat in values.pop("seats", [])],
            values=values,
        )

    def _shown(self, agreement: Agreement) -> Any:
        return AgreementSerializer(rows.one(rows.agreements(self.person), pk=agreement.pk)).data


class OneAgreement(WritingEndpoint):
    access = Access.HOLDER

    @operation("read_agreement", answer=AgreementSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """An agreement as its parties see it."""
        return Response(AgreementSerializer(rows.one(rows.agreements(self.person), pk=id)).data)


class AgreementConfirmed(WritingEndpoint):
    access = Access.HOLDER

    @operation(
        "confirm_agreement",
        given=ConfirmAgreementSerializer,
        answer=AgreementSerializer,
        example={"organisation": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f13"},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Confirm as a buyer that the agreement was executed as recorded."""
        agreement = rows.one(rows.agreements(self.person), pk=id)
        organisation = self.own_organisation(self.given(ConfirmAgreementSerializer)["organisation"])
        return self.write(
            confirm_agreement, shown=self._shown, agreement=agreement, organisation=organisation
        )

    def _shown(self, confirmation: AgreementConfirmation) -> Any:
        found = rows.one(rows.agreements(self.person), pk=confirmation.agreement_id)
        return AgreementSerializer(found).data


def _named(values: dict[str, Any] | None, field: str) -> dict[str, Any] | None:
    """The values with the organisation in the place of its id. Raises BadInput."""
    if values is None or values.get(field) is None:
        return values
    found = Organisation.objects.filter(pk=values[field]).first()
    if found is None:
        raise BadInput({field: [f"There is no organisation {values[field]}."]})
    return {**values, field: found}


def _organisations(ids: list[Any]) -> list[Organisation]:
    found = list(Organisation.objects.filter(pk__in=ids))
    unknown = sorted(str(id) for id in set(ids) - {each.pk for each in found})
    if unknown:
        raise BadInput({"buyers": [f"There is no organisation {id}." for id in unknown]})
    return found
