"""What choosing a baseline would mean for a production (4)."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest.fields import DecimalText
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.productions import ProductionEndpoint
from registry.errors import BadInput
from registry.models import Baseline, Production
from registry.services.baseline_preview import Preview, preview_baseline


def _figure(name: str, unit: str) -> DecimalText:
    return DecimalText(
        source=f"consequence.{name}",
        whole=18,
        places=30,
        least=None,
        default=None,
        allow_null=True,
        help_text=unit,
    )


def _flag(name: str) -> serializers.BooleanField:
    return serializers.BooleanField(source=f"consequence.{name}", default=None, allow_null=True)


class BaselinePreviewSerializer(serializers.Serializer[Preview]):
    """Figures are null while something is missing; `missing` says what to give."""

    baseline = serializers.UUIDField(source="baseline.id", default=None, allow_null=True)
    missing = serializers.CharField()
    baseline_intensity = DecimalText(
        source="value_intensity", places=12, allow_null=True, help_text="t CO2e/t"
    )
    scrap_share = _figure("scrap_share", "at which it is read, or of which it is")
    intensity = _figure("intensity", "t CO2e/t, measured")
    claimed_intensity = _figure("claimed_intensity", "t CO2e/t, adjusted by R054")
    reduction_intensity = _figure("reduction_intensity", "t CO2e/t; zero or less: none")
    reduction_emissions = _figure("reduction_emissions", "t CO2e, over all units applied for")
    units = serializers.IntegerField(source="consequence.units", default=None, allow_null=True)
    is_no_reduction = _flag("is_no_reduction")
    is_fallback = _flag("is_fallback")
    findings = FindingSerializer(many=True)


class BaselinePreview(ProductionEndpoint):
    @extend_schema(
        parameters=[
            OpenApiParameter(
                "baseline", OpenApiTypes.UUID, description="Of the library; without it, its own."
            )
        ]
    )
    @operation("preview_baseline", answer=BaselinePreviewSerializer, refusals=[400])
    def get(self, request: Request, id: Any) -> Response:
        """A baseline's value at this production's scrap share, and the reduction.

        Changes nothing.
        """
        production = self.own(id)
        wanted = request.query_params.get("baseline", "")
        chosen = self._baseline(wanted, production) if wanted else None
        found = preview_baseline(production, on=timezone.localdate(), baseline=chosen)
        return Response(BaselinePreviewSerializer(found).data)

    def _baseline(self, wanted: str, production: Production) -> Baseline:
        """Raises BadInput: not to be had, for reference only, or of another unit."""
        try:
            found = rows.baselines(self.person).filter(pk=UUID(wanted)).first()
        except ValueError:
            found = None
        if found is None:
            raise BadInput({"baseline": [f"You have no baseline {wanted[:60]}."]})
        if found.reference_only:
            raise BadInput({"baseline": ["This entry is for reference only."]})
        unit = production.functional_unit
        if unit and found.functional_unit != unit:
            raise BadInput({"baseline": [f"Choose a baseline of {unit}."]})
        return found
