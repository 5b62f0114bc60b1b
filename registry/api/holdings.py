"""What an account holds."""

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Endpoint
from accounts.rest.fields import DecimalText
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.choices import FUNCTIONAL_UNITS, HOLDING_STATES
from registry.api.filters import HoldingFilter
from registry.api.units import HeldRangeSerializer
from registry.models import Holding
from registry.services.retirements import settle_due


class HoldingSerializer(HeldRangeSerializer):
    state = serializers.ChoiceField(HOLDING_STATES)
    functional_unit = serializers.ChoiceField(FUNCTIONAL_UNITS, source="issuance.functional_unit")
    product = serializers.CharField(source="issuance.product")
    producer = serializers.CharField(source="issuance.producer.name")
    vintage_start = serializers.DateField(source="issuance.vintage_start")
    vintage_end = serializers.DateField(source="issuance.vintage_end")
    intensity = DecimalText(source="issuance.claim_intensity")
    reporting_end = serializers.DateField(
        source="issuance.reporting_end",
        help_text="The last day of the last reporting period that can match these units.",
    )
    expires_on = serializers.DateField(
        source="issuance.expires_on", help_text="The last day to transfer or retire them."
    )
    layer = serializers.IntegerField(
        allow_null=True, help_text="Of the value chain, where the units are co-claimed."
    )
    is_provisional = serializers.BooleanField(
        source="issuance.is_provisional",
        help_text="Issued before its ex-post audit (6.1); the issuance says until when.",
    )
    transfers = serializers.IntegerField(help_text="Onward transfers so far.")
    transfers_allowed = serializers.IntegerField(
        source="issuance.transfers_allowed", allow_null=True
    )
    order = serializers.UUIDField(
        allow_null=True, help_text="The transfer or retirement that has them."
    )
    is_demonstration = serializers.BooleanField(source="issuance.is_demonstration")


class AccountHoldings(Endpoint):
    access = Access.HOLDER
    filterset_class = HoldingFilter
    model = Holding
    pagination_class = PAGES

    @operation("list_holdings", answer=HoldingSerializer(many=True))
    def get(self, request: Request, number: str) -> Response:
        """The holdings of an account, oldest vintage first, with their unit identifiers."""
        account = scope.account(self.person, self.kwargs["number"])
        settle_due(now=timezone.now(), organisation=account.organisation)
        return self.listed(rows.holdings(account), HoldingSerializer)
