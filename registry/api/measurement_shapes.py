"""How a measurement and an allocation look in requests and answers."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.rest.endpoints import Shape
from accounts.rest.fields import Choice, Day, DecimalText, Id, Share, Text
from registry.models import Allocation, Measurement, Production
from registry.models.measurement import PROCESS_GAS
from registry.rulebook.facts import Origin, Part
from registry.rulebook.facts.measurement import METALS, SOURCES
from registry.rulebook.lines import OPERATIONS
from registry.services.lines import INPUT
from registry.services.measurements import MEASUREMENT_FIELDS

_NUMBERS = {"quantity", "metallic_share", "upstream_intensity", "operand", "result"}
_ITEMS = tuple(dict.fromkeys([*(each for some in SOURCES.values() for each in some), *METALS]))


def _decimal(**kwargs: Any) -> DecimalText:
    return DecimalText(required=False, allow_null=True, **kwargs)


def _words(most: int) -> Text:
    return Text(max_length=most, required=False, allow_blank=True)


class MeasurementLineSerializer(Shape):
    part = Choice([*(each.value for each in Part), INPUT])
    item = Choice(_ITEMS)
    quantity = DecimalText(help_text="t CO2e; of an input, t")
    metallic_share = Share(required=False, allow_null=True)
    upstream_intensity = _decimal(help_text="t CO2e/t")
    site = _words(12)
    method = _words(40)
    note = _words(200)


class ConversionStepSerializer(Shape):
    what = Text(max_length=200)
    operation = Choice(OPERATIONS)
    operand = DecimalText()
    result = DecimalText()
    source = _words(200)  # type: ignore[assignment]  # a field of that name
    evidence = _words(200)


class MeasurementSerializer(Shape):
    """Replaces the measurement as a whole. Lines of scope_1 to scope_3, credit and input."""

    scheme = _words(30)
    data_start = Day(required=False, allow_null=True)
    data_end = Day(required=False, allow_null=True)
    output_tonnes = _decimal(help_text="t")
    covers = serializers.ListField(
        child=Text(max_length=30), required=False, max_length=20, help_text="Boundary elements."
    )
    ends_at = _words(30)
    electricity_basis = _words(10)
    electricity_mwh = _decimal(help_text="MWh")
    instruments_mwh = _decimal(help_text="MWh")
    allocated_emissions = _decimal(help_text="t CO2e given to co-products")
    certified_product = _words(20)
    crude_figure = _decimal(help_text="t CO2e/t")
    is_integrated = serializers.BooleanField(required=False)
    is_segregated = serializers.BooleanField(required=False)
    process_gas = Choice(PROCESS_GAS, required=False)
    whole_site_emissions = _decimal(help_text="t CO2e")
    conversion_level = _words(100)
    conversion_figure = _decimal(help_text="t CO2e/t")
    # The list takes it.
    lines = MeasurementLineSerializer(many=True, max_length=2_000)  # type: ignore[call-arg]
    # The list takes it.
    steps = ConversionStepSerializer(many=True, required=False, max_length=50)  # type: ignore[call-arg]


class IronLotSerializer(Shape):
    name = Text(max_length=100)
    kind = Choice(METALS)
    tonnes = DecimalText(help_text="t")
    metallic_share = Share(required=False, allow_null=True)
    intensity = DecimalText(help_text="t CO2e/t")
    is_green = serializers.BooleanField(required=False)
    origin = Choice([each.value for each in Origin])
    production = Id(required=False, allow_null=True, help_text="Of iron of this registry.")
    reference = _words(100)
    declaration = _words(500)


class AllocationSerializer(Shape):
    """Every iron input of the site, green or not. An empty list removes the allocation."""

    # The list takes it.
    lots = IronLotSerializer(many=True, max_length=200)  # type: ignore[call-arg]
    yield_share = Share(required=False, allow_null=True)


def measurement_shown(production: Production) -> dict[str, Any] | None:
    """The measurement as it was saved, None where there is none."""
    record = Measurement.objects.filter(production=production).first()
    if record is None:
        return None
    shown = {name: getattr(record, name) for name in MEASUREMENT_FIELDS}
    answer: dict[str, Any] = MeasurementSerializer(
        {**shown, "lines": _rows(record.lines), "steps": _rows(record.steps)}
    ).data
    return answer


def allocation_shown(production: Production) -> dict[str, Any] | None:
    """The green iron of a production's steel, None where none is allocated."""
    record = Allocation.objects.filter(production=production).first()
    if record is None:
        return None
    lots = [
        {
            "name": lot.name,
            "kind": lot.kind,
            "tonnes": lot.tonnes,
            "metallic_share": lot.metallic_share,
            "intensity": lot.intensity,
            "is_green": lot.is_green,
            "origin": lot.origin,
            "production": lot.iron_production_id,
            "reference": lot.reference,
            "declaration": lot.declaration,
        }
        for lot in record.lots.order_by("position")
    ]
    answer: dict[str, Any] = AllocationSerializer(
        {"lots": lots, "yield_share": record.yield_share}
    ).data
    return answer


def _rows(stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stored rows with their numbers as Decimals again."""
    return [
        {name: Decimal(value) if name in _NUMBERS else value for name, value in row.items()}
        for row in stored
    ]
