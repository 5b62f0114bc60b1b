"""For everybody: the baseline library, and which default factor applies to a delivery (4, 10.1)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.rest.endpoints import PAGES, Endpoint
from accounts.rest.fields import DecimalText
from accounts.rest.schema import operation
from registry.api.baselines import BaselineSerializer
from registry.errors import BadInput
from registry.models import Baseline
from registry.public.deliveries import LONGEST, find_deliveries
from registry.public.library import BaselineFilter, public_baselines
from registry.rulebook.recipients import DECOUPLING_NOTICE


class RegisteredBaselines(Endpoint):
    access = Access.PUBLIC
    filterset_class = BaselineFilter
    model = Baseline
    pagination_class = PAGES

    @operation("list_registered_baselines", answer=BaselineSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The public baseline library, by name."""
        return self.listed(public_baselines().select_related("organisation"), BaselineSerializer)


class DefaultFactorSerializer(serializers.Serializer[Any]):
    """What a buyer of the metal may know; neither recipient nor tonnage nor date."""

    attributes_sold = serializers.BooleanField()
    default_factor = DecimalText(places=12, help_text="t CO2e/t, to be used for this delivery.")
    default_factor_source = serializers.CharField(source="issuance.baseline_source")
    producer = serializers.CharField(source="issuance.producer.name")
    product = serializers.CharField(source="issuance.product")
    issuance = serializers.CharField(source="issuance.code")
    notice = serializers.SerializerMethodField()
    is_demonstration = serializers.BooleanField(source="issuance.is_demonstration")

    def to_representation(self, instance: Any) -> Any:
        instance.attributes_sold = True  # a notice exists only for what was issued
        return super().to_representation(instance)

    def get_notice(self, row: Any) -> str:
        return DECOUPLING_NOTICE


class RegisteredDeliveries(Endpoint):
    access = Access.PUBLIC

    @extend_schema(
        parameters=[
            OpenApiParameter("reference", str, required=True, description="Exactly as delivered.")
        ]
    )
    @operation("look_up_delivery", answer=DefaultFactorSerializer(many=True), refusals=[400, 404])
    def get(self, request: Request) -> Response:
        """Were the attributes of a delivery sold, and which default factor applies?

        One entry for each producer that uses this reference; 404 for a reference not on record.
        """
        reference = request.query_params.get("reference", "").strip()
        if not reference or len(reference) > LONGEST:
            raise BadInput({"reference": [f"Give the reference, 1 to {LONGEST} characters."]})
        found = find_deliveries(reference)
        if not found:
            raise NotVisible("a delivery of this reference")
        return Response(DefaultFactorSerializer(found, many=True).data)
