"""Sites of a producer."""

from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Shape
from accounts.rest.fields import Choice, Country, Day, DecimalText, Id, Text, WholeNumber
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.choices import ROUTES
from registry.api.writing import WritingEndpoint
from registry.models import Site
from registry.models.fields import MOST_TONNES
from registry.services.sites import register_site


def _capacity() -> WholeNumber:
    return WholeNumber(
        min_value=0, max_value=MOST_TONNES, required=False, allow_null=True, help_text="t a year"
    )


def _degrees(most: int) -> DecimalText:
    return DecimalText(whole=3, least=-most, most=most, required=False, allow_null=True)


class RegisterSiteSerializer(Shape):
    organisation = Id(help_text="Yours, from /me/.")
    code = Text(
        validators=[RegexValidator("^[A-Z0-9]{1,12}$", "Give 1 to 12 capital letters and digits.")],
        help_text="Its part of the unit identifier: unique, for good.",
    )
    name = Text(max_length=200)
    country = Country()
    region = Text(max_length=100, required=False, allow_blank=True)
    locality = Text(max_length=100, required=False, allow_blank=True)
    latitude = _degrees(90)
    longitude = _degrees(180)
    route = Choice(ROUTES)
    started_on = Day(required=False, allow_null=True, help_text="start of operation")
    iron_capacity = _capacity()
    steel_capacity = _capacity()
    # A field of that name.
    source = Text(max_length=500, required=False, allow_blank=True)  # type: ignore[assignment]


class SiteSerializer(serializers.Serializer[Site]):
    code = serializers.CharField()
    organisation = serializers.CharField(source="organisation.name")
    name = serializers.CharField()
    country = serializers.CharField()
    region = serializers.CharField()
    locality = serializers.CharField()
    latitude = DecimalText(allow_null=True)
    longitude = DecimalText(allow_null=True)
    route = serializers.ChoiceField(ROUTES)
    started_on = serializers.DateField(allow_null=True)
    iron_capacity = serializers.IntegerField(allow_null=True)
    steel_capacity = serializers.IntegerField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    is_demonstration = serializers.BooleanField()


class Sites(WritingEndpoint):
    access = Access.PRODUCER
    model = Site
    pagination_class = PAGES

    @operation("list_sites", answer=SiteSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Your organisations' sites."""
        return self.listed(rows.sites(self.person), SiteSerializer)

    @operation(
        "register_site",
        given=RegisterSiteSerializer,
        answer=SiteSerializer,
        status=201,
        example={
            "organisation": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f12",
            "code": "LULEA1",
            "name": "Luleå works",
            "country": "SE",
            "latitude": "65.5848",
            "longitude": "22.1567",
            "route": "dri",
            "started_on": "2015-05-01",
            "iron_capacity": 1300000,
        },
    )
    def post(self, request: Request) -> Response:
        """Register a site.

        The role of a producer is needed (R010, R011).
        """
        values = self.given(RegisterSiteSerializer)
        return self.write(
            register_site,
            shown=lambda site: SiteSerializer(site).data,
            status=201,
            organisation=self.own_organisation(values.pop("organisation")),
            values=values,
        )


class OneSite(WritingEndpoint):
    access = Access.PRODUCER

    @operation("read_site", answer=SiteSerializer)
    def get(self, request: Request, code: str) -> Response:
        """One of your sites."""
        site: Any = rows.one(rows.sites(self.person), code=code)
        return Response(SiteSerializer(site).data)
