"""Inventories and their lines, and the retired units that can be claimed."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Endpoint, Nothing, Shape
from accounts.rest.fields import Choice, Day, DecimalText, Id, Share, Text
from accounts.rest.schema import operation
from claims import scope
from claims.accounting.window import matching_window
from claims.api.choices import (
    DATA_TIERS,
    ESTIMATIONS,
    INVENTORY_CATEGORIES,
    MATERIALS,
    PRODUCT_TYPES,
    VERIFIED,
)
from claims.models import Inventory, InventoryLine
from claims.queries import unclaimed
from claims.services.inventories import add_line, change_line, create_inventory, remove_line
from registry.api.choices import FUNCTIONAL_UNITS
from registry.api.writing import WritingEndpoint
from registry.models import Issuance
from registry.public.units import unit_range
from registry.rulebook.edition import edition_on
from registry.services.retirements import settle_due


def _figure(whole: int, places: int, help: str = "") -> DecimalText:
    return DecimalText(whole=whole, places=places, required=False, allow_null=True, help_text=help)


def _words(length: int, help: str = "") -> Text:
    return Text(max_length=length, required=False, allow_blank=True, help_text=help)


class CreateInventorySerializer(Shape):
    organisation = Id(help_text="Yours, from /me/.")
    name = Text(max_length=200)
    period_start = Day()
    period_end = Day()


class WindowSerializer(serializers.Serializer[Any]):
    """The days on which production may lie (8.1, R101)."""

    start = serializers.DateField()
    end = serializers.DateField()
    reporting_start = serializers.DateField(
        help_text="A 52/53-week year is read as the month-end year nearest to it."
    )
    reporting_end = serializers.DateField()


class InventorySerializer(serializers.Serializer[Inventory]):
    id = serializers.UUIDField()
    organisation = serializers.CharField(source="organisation.name")
    name = serializers.CharField()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    window = serializers.SerializerMethodField(help_text="Which production matches.")
    created_at = serializers.DateTimeField()
    is_demonstration = serializers.BooleanField()

    @extend_schema_field(WindowSerializer)
    def get_window(self, found: Inventory) -> Any:
        edition = edition_on(timezone.now().date())
        return WindowSerializer(matching_window(found.period_start, found.period_end, edition)).data


class AddLineSerializer(Shape):
    """Tonnes with an emission factor; or spend; or, for what is neither, its emissions."""

    name = Text(max_length=200)
    category = Choice(INVENTORY_CATEGORIES)
    material = Choice(MATERIALS)
    product_type = Choice([*PRODUCT_TYPES, ""], required=False)
    product_family = Text(max_length=100, required=False, allow_blank=True)
    region = Text(max_length=100, required=False, allow_blank=True)
    facility = Text(max_length=100, required=False, allow_blank=True)
    tonnes = DecimalText(whole=12, required=False, allow_null=True, help_text="t of metal")
    factor_intensity = DecimalText(required=False, allow_null=True, help_text="t CO2e/t")
    factor_source = Text(max_length=300, required=False, allow_blank=True)
    scrap_share = Share(required=False, allow_null=True)
    stated_emissions = _figure(14, 6, "t CO2e")
    factor_boundary = _words(200, "What the factor covers.")
    data_tier = Choice([*DATA_TIERS, ""], required=False)
    verified = Choice([*VERIFIED, ""], required=False)
    activity = _words(100, "Where the emissions are not of making iron or steel.")
    iron_content = Share(required=False, allow_null=True, help_text="From the supplier (9.2).")
    regional_scrap_share = Share(required=False, allow_null=True)
    global_scrap_share = Share(required=False, allow_null=True)
    iron_content_source = _words(300)
    iron_factor_intensity = _figure(6, 6, "t CO2e/t of the iron")
    spend = _figure(16, 4, "In the currency; with what 11.7 needs beside it.")
    currency = _words(3, "ISO 4217")
    spend_factor = _figure(9, 9, "t CO2e per unit of currency")
    estimation = Choice([*ESTIMATIONS, ""], required=False)
    baseline_intensity = _figure(6, 6, "The product intervention baseline, t CO2e/t.")
    baseline_source = _words(300)
    price_index_spend = _figure(8, 6)
    price_index_reference = _figure(8, 6)
    unit_price = _figure(14, 4, "Currency per t.")
    price_source = _words(300)


class LineSerializer(serializers.Serializer[InventoryLine]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    category = serializers.ChoiceField(INVENTORY_CATEGORIES)
    material = serializers.ChoiceField(MATERIALS)
    product_type = serializers.CharField()
    product_family = serializers.CharField()
    region = serializers.CharField()
    facility = serializers.CharField()
    tonnes = DecimalText(allow_null=True)
    factor_intensity = DecimalText(allow_null=True)
    factor_source = serializers.CharField()
    scrap_share = DecimalText(allow_null=True)
    stated_emissions = DecimalText(allow_null=True, help_text="t CO2e; computed for spend.")
    factor_boundary = serializers.CharField()
    data_tier = serializers.CharField()
    verified = serializers.CharField()
    activity = serializers.CharField()
    iron_content = DecimalText(allow_null=True)
    regional_scrap_share = DecimalText(allow_null=True)
    global_scrap_share = DecimalText(allow_null=True)
    iron_content_source = serializers.CharField()
    iron_factor_intensity = DecimalText(allow_null=True)
    spend = DecimalText(allow_null=True)
    currency = serializers.CharField()
    spend_factor = DecimalText(allow_null=True, places=9)
    estimation = serializers.CharField()
    baseline_intensity = DecimalText(allow_null=True)
    baseline_source = serializers.CharField()
    price_index_spend = DecimalText(allow_null=True)
    price_index_reference = DecimalText(allow_null=True)
    unit_price = DecimalText(allow_null=True)
    price_source = serializers.CharField()


class ClaimableSerializer(serializers.Serializer[Any]):
    """A run of units that your organisation retired and has not claimed."""

    units = serializers.CharField(help_text="The unit identifier.")
    issuance = serializers.CharField()
    copy = serializers.IntegerField()
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    quantity = serializers.IntegerField()
    functional_unit = serializers.ChoiceField(FUNCTIONAL_UNITS)
    vintage_start = serializers.DateField()
    vintage_end = serializers.DateField()
    retirement = serializers.CharField(help_text="Its code.")
    retired_on = serializers.DateField()


class InventoryEndpoint(WritingEndpoint):
    access = Access.CLAIMANT

    def own(self, id: Any) -> Inventory:
        return scope.inventory(self.person, id)


class Inventories(InventoryEndpoint):
    model = Inventory
    pagination_class = PAGES

    @operation("list_inventories", answer=InventorySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Your organisations' inventories, newest first."""
        rows = scope.inventories_of(self.person).select_related("organisation")
        return self.listed(rows.order_by("-period_end", "-id"), InventorySerializer)

    @operation(
        "create_inventory",
        given=CreateInventorySerializer,
        answer=InventorySerializer,
        status=201,
        example={
            "organisation": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f15",
            "name": "2025",
            "period_start": "2025-01-01",
            "period_end": "2025-12-31",
        },
    )
    def post(self, request: Request) -> Response:
        """Start an inventory for one reporting period."""
        values = self.given(CreateInventorySerializer)
        return self.write(
            create_inventory,
            shown=lambda inventory: InventorySerializer(inventory).data,
            status=201,
            organisation=self.own_organisation(values.pop("organisation")),
            values=values,
        )


class OneInventory(InventoryEndpoint):
    @operation("read_inventory", answer=InventorySerializer)
    def get(self, request: Request, id: Any) -> Response:
        """One of your inventories."""
        return Response(InventorySerializer(self.own(id)).data)


class InventoryLines(InventoryEndpoint):
    model = InventoryLine
    pagination_class = PAGES

    @operation("list_inventory_lines", answer=LineSerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """The lines of an inventory."""
        return self.listed(self.own(id).lines.order_by("id"), LineSerializer)

    @operation(
        "add_inventory_line",
        given=AddLineSerializer,
        answer=LineSerializer,
        status=201,
        example={
            "name": "Rebar",
            "category": "scope_3_1",
            "material": "steel",
            "product_type": "long",
            "tonnes": "50000",
            "factor_intensity": "1.5",
            "factor_source": "Supplier EPD 2025",
        },
    )
    def post(self, request: Request, id: Any) -> Response:
        """Add a line."""
        inventory = self.own(id)
        return self.write(
            add_line,
            shown=lambda line: LineSerializer(line).data,
            status=201,
            inventory=inventory,
            values=self.given(AddLineSerializer),
        )


class OneInventoryLine(InventoryEndpoint):
    @operation("read_inventory_line", answer=LineSerializer)
    def get(self, request: Request, id: Any, line: Any) -> Response:
        """One line."""
        return Response(LineSerializer(scope.line(self.person, id, line)).data)

    @operation(
        "change_inventory_line",
        given=AddLineSerializer,
        answer=LineSerializer,
        example={
            "name": "Rebar",
            "category": "scope_3_1",
            "material": "steel",
            "product_type": "long",
            "tonnes": "49500",
            "factor_intensity": "1.5",
            "factor_source": "Supplier EPD 2025, corrected",
        },
    )
    def put(self, request: Request, id: Any, line: Any) -> Response:
        """Put other values into a line that no claim has used; what is not sent becomes empty."""
        return self.write(
            change_line,
            shown=lambda changed: LineSerializer(changed).data,
            line=scope.line(self.person, id, line),
            values=self.given(AddLineSerializer),
        )

    @operation("remove_inventory_line", answer=None, status=204)
    def delete(self, request: Request, id: Any, line: Any) -> Response:
        """Remove a line that no claim has used."""
        found = scope.line(self.person, id, line)
        self.given(Nothing)
        return self.write(remove_line, shown=lambda _: None, status=204, line=found)


class ClaimableUnits(Endpoint):
    access = Access.CLAIMANT
    model = InventoryLine
    pagination_class = PAGES

    @operation("list_claimable_units", answer=ClaimableSerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """Units that the inventory's organisation retired and has not claimed, oldest first."""
        organisation = scope.inventory(self.person, id).organisation
        settle_due(now=timezone.now(), organisation=organisation)
        # Any sequence is paged.
        page: Any = self.paginate_queryset(unclaimed(organisation.pk))  # type: ignore[arg-type]
        ids = {run.line.issuance for run in page}
        issuances = Issuance.objects.select_related("site").in_bulk(list(ids))
        rows = [_claimable(run, issuances[run.line.issuance]) for run in page]
        return self.get_paginated_response(ClaimableSerializer(rows, many=True).data)


def _claimable(run: Any, issuance: Issuance) -> dict[str, Any]:
    line = run.line
    return {
        "units": str(unit_range(issuance, line.first, line.last, line.copy)),
        "issuance": issuance.code,
        "copy": line.copy,
        "first": line.first,
        "last": line.last,
        "quantity": line.quantity,
        "functional_unit": issuance.functional_unit,
        "vintage_start": issuance.vintage_start,
        "vintage_end": issuance.vintage_end,
        "retirement": run.retirement_code,
        "retired_on": run.retired_on,
    }
