"""The baseline library, and a producer's own baselines."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Shape
from accounts.rest.fields import Choice, Country, DecimalText, Id, Share, Text, WholeNumber
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.choices import (
    BASELINE_KINDS,
    FUNCTIONAL_UNITS,
    GAS_BASES,
    OWN_BASELINE_KINDS,
)
from registry.api.writing import WritingEndpoint
from registry.models import Baseline
from registry.services.sites import add_baseline


def _intensity() -> DecimalText:
    return DecimalText(required=False, allow_null=True, help_text="t CO2e/t")


def _share() -> Share:
    return Share(required=False, allow_null=True)


def _words(most: int) -> Text:
    return Text(max_length=most, required=False, allow_blank=True)


def _gas() -> Choice:
    return Choice(GAS_BASES, required=False, allow_blank=True)


def _year() -> WholeNumber:
    return WholeNumber(min_value=1900, max_value=2199, required=False, allow_null=True)


class AddBaselineSerializer(Shape):
    """One value, or for a sliding scale two points.

    What a point does not say of its gas basis, region, year and source, the scale says for both.
    """

    organisation = Id(help_text="Yours, from /me/.")
    kind = Choice(OWN_BASELINE_KINDS)
    name = Text(max_length=200)
    functional_unit = Choice(FUNCTIONAL_UNITS)
    country = Country(required=False, allow_blank=True)
    value_intensity = _intensity()
    scrap_share = _share()
    primary_intensity = _intensity()
    primary_scrap_share = _share()
    secondary_intensity = _intensity()
    secondary_scrap_share = _share()
    primary_gas_basis = _gas()
    primary_region = _words(100)
    primary_year = _year()
    primary_source = _words(500)
    secondary_gas_basis = _gas()
    secondary_region = _words(100)
    secondary_year = _year()
    secondary_source = _words(500)
    region = _words(100)
    gas_basis = Choice(GAS_BASES, required=False)
    year = _year()
    source = Text(max_length=500)  # type: ignore[assignment]  # a field of that name
    adjusted_for = Text(
        max_length=300,
        required=False,
        allow_blank=True,
        help_text="The boundary difference that an adjusted value reconciles (4.1).",
    )


class BaselineSerializer(serializers.Serializer[Baseline]):
    id = serializers.UUIDField()
    organisation = serializers.SerializerMethodField(help_text="Empty for the public library.")
    kind = serializers.ChoiceField(BASELINE_KINDS)
    name = serializers.CharField()
    functional_unit = serializers.CharField(help_text="Empty for what is no unit, such as ore.")
    country = serializers.CharField()
    region = serializers.CharField()
    cn_code = serializers.CharField()
    value_intensity = DecimalText(allow_null=True)
    scrap_share = DecimalText(allow_null=True)
    primary_intensity = DecimalText(allow_null=True)
    primary_scrap_share = DecimalText(allow_null=True)
    secondary_intensity = DecimalText(allow_null=True)
    secondary_scrap_share = DecimalText(allow_null=True)
    primary_gas_basis = serializers.CharField()
    primary_region = serializers.CharField()
    primary_year = serializers.IntegerField(allow_null=True)
    primary_source = serializers.CharField()
    secondary_gas_basis = serializers.CharField()
    secondary_region = serializers.CharField()
    secondary_year = serializers.IntegerField(allow_null=True)
    secondary_source = serializers.CharField()
    gas_basis = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    adjusted_for = serializers.CharField()
    fallback = serializers.BooleanField()
    with_markup = serializers.BooleanField()
    indicative = serializers.BooleanField()
    reference_only = serializers.BooleanField(help_text="Shown, never taken as a baseline.")
    note = serializers.CharField()

    def get_organisation(self, row: Any) -> str:
        return row.organisation.name if row.organisation else ""


class Baselines(WritingEndpoint):
    access = Access.PRODUCER
    model = Baseline
    pagination_class = PAGES

    @operation("list_baselines", answer=BaselineSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The public library and your own baselines."""
        return self.listed(rows.baselines(self.person), BaselineSerializer)

    @operation(
        "add_baseline",
        given=AddBaselineSerializer,
        answer=BaselineSerializer,
        status=201,
        example={
            "organisation": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f12",
            "kind": "regional",
            "name": "Regional average of hot metal",
            "functional_unit": "iron",
            "country": "SE",
            "value_intensity": "1.9",
            "year": 2024,
            "source": "Where the value is published",
        },
    )
    def post(self, request: Request) -> Response:
        """Add a baseline of your own."""
        values = self.given(AddBaselineSerializer)
        return self.write(
            add_baseline,
            shown=lambda baseline: BaselineSerializer(baseline).data,
            status=201,
            organisation=self.own_organisation(values.pop("organisation")),
            values=values,
        )
