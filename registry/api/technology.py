"""What a site runs on, from a day on."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Shape
from accounts.rest.fields import Choice, Day, DecimalText, Flag, Share, Text
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.choices import BIOMASS, DESTINATIONS, LABELS
from registry.api.writing import WritingEndpoint
from registry.models import SiteTechnology
from registry.services.technology import describe_technology, technologies_of


def _share() -> Share:
    return Share(required=False, allow_null=True)


def _words(most: int) -> Text:
    return Text(max_length=most, required=False, allow_blank=True)


def _day() -> Day:
    return Day(required=False, allow_null=True)


def _emissions() -> DecimalText:
    return DecimalText(whole=12, places=3, help_text="t CO2 a year, before capture")


class CapturePointShape(Shape):
    name = Text(max_length=100)
    emissions = _emissions()
    captured_share = Share()


class CapturedFractionShape(Shape):
    """A part of all the captured CO2; the parts add up to 1."""

    destination = Choice(DESTINATIONS)
    share = Share()
    lowers_intensity = Flag(
        required=False, allow_null=True, help_text="The measured intensity counts it as captured."
    )
    monitoring = _words(300)
    liability = _words(300)


class FeedstockShape(Shape):
    name = Text(max_length=100)
    kind = Choice(BIOMASS)
    origin = _words(200)


class _Technology(Shape):
    valid_from = Day(help_text="The first day it holds; it takes over from what begins later.")
    natural_gas_used = Flag(required=False, allow_null=True)
    methane_leakage_share = _share()
    methane_source = _words(300)
    hydrogen_reduction_share = _share()
    hydrogen_heat_share = _share()
    renewable_electricity_share = _share()
    renewable_supply = _words(300)
    bioenergy_reduction_share = _share()
    bioenergy_heat_share = _share()
    biomass_verification = _words(300)
    storage_operational_on = _day()
    storage_contracted_on = _day()
    leakage_detection = _words(300)
    co2_leaked_share = _share()
    labels = serializers.ListField(child=Choice(LABELS), required=False, max_length=len(LABELS))
    details = _words(10_000)


class DescribeTechnologySerializer(_Technology):
    capture_points = CapturePointShape(many=True, required=False)
    captured = CapturedFractionShape(many=True, required=False)
    feedstocks = FeedstockShape(many=True, required=False)


class TechnologySerializer(DescribeTechnologySerializer):
    id = serializers.UUIDField()
    recorded_at = serializers.DateTimeField()


class SiteTechnologies(WritingEndpoint):
    access = Access.PRODUCER
    model = SiteTechnology
    pagination_class = PAGES

    @operation("list_technology", answer=TechnologySerializer(many=True))
    def get(self, request: Request, code: str) -> Response:
        """Every description of a site, in the order they were given."""
        site = rows.one(rows.sites(self.person), code=code)
        return self.listed(technologies_of(site), TechnologySerializer)

    @operation(
        "describe_technology",
        given=DescribeTechnologySerializer,
        answer=TechnologySerializer,
        status=201,
        example={
            "valid_from": "2025-01-01",
            "natural_gas_used": True,
            "methane_leakage_share": "0.0015",
            "methane_source": "MiQ certificate of the supplier",
            "hydrogen_reduction_share": "0.3",
            "renewable_supply": "Power purchase agreement with a wind park",
            "labels": ["renewable_hydrogen"],
        },
    )
    def post(self, request: Request, code: str) -> Response:
        """Describe what a site runs on from a day on (3.2, App. F).

        A description never changes; a newer one takes over from its first day.
        """
        site = rows.one(rows.sites(self.person), code=code)
        return self.write(
            describe_technology,
            shown=lambda made: TechnologySerializer(technologies_of(site).get(pk=made.pk)).data,
            status=201,
            site=site,
            values=_plain(self.given(DescribeTechnologySerializer)),
        )


def _plain(values: Any) -> dict[str, Any]:
    """Rows as plain dictionaries, as the service takes them."""
    return {
        name: [dict(row) if isinstance(row, dict) else row for row in value]
        if isinstance(value, list)
        else value
        for name, value in values.items()
    }
