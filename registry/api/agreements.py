"""Agreements between issuer and buyers."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import Organisation
from accounts.rest.endpoints import PAGES, Shape
from accounts.rest.fields import Day, Id, Share, Text, WholeNumber
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.models import Agreement
from registry.services.agreements import record_agreement


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
            values=values,
        )

    def _shown(self, agreement: Agreement) -> Any:
        return AgreementSerializer(rows.one(rows.agreements(self.person), pk=agreement.pk)).data


def _organisations(ids: list[Any]) -> list[Organisation]:
    found = list(Organisation.objects.filter(pk__in=ids))
    unknown = sorted(str(id) for id in set(ids) - {each.pk for each in found})
    if unknown:
        raise BadInput({"buyers": [f"There is no organisation {id}." for id in unknown]})
    return found
