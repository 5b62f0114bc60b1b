"""How units are named in requests and answers: by ranges of serials, or by how many."""

from collections.abc import Iterable, Sequence
from typing import Any

from rest_framework import serializers

from accounts.models import Account
from accounts.rest.endpoints import Shape
from accounts.rest.fields import Choice, Text, WholeNumber
from registry.api.choices import FUNCTIONAL_UNITS
from registry.errors import BadInput
from registry.ledger import MOST_LINES, Line
from registry.models import Issuance
from registry.models.fields import MOST_TONNES
from registry.public.units import unit_range
from registry.queries import Wanted
from registry.services.selection import Units


def tonnes(**options: Any) -> WholeNumber:
    """Whole tonnes, or serials: 1 to a trillion."""
    return WholeNumber(min_value=1, max_value=MOST_TONNES, **options)


class RangeSerializer(Shape):
    """Serials first…last, both inclusive, of one issuance and copy."""

    issuance = Text(max_length=12, help_text="The issuance's code.")
    first = tonnes()
    last = tonnes()
    copy = WholeNumber(min_value=1, max_value=3, default=1)


class ChosenUnitsSerializer(Shape):
    """Either `ranges`, or a `quantity` of which the oldest vintage is taken first.

    `functional_unit` and `issuance` narrow the choice of a quantity.
    """

    ranges = serializers.ListField(
        child=RangeSerializer(), required=False, min_length=1, max_length=MOST_LINES
    )
    quantity = tonnes(required=False)
    functional_unit = Choice(FUNCTIONAL_UNITS, required=False)
    issuance = Text(max_length=12, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("ranges" in attrs) == ("quantity" in attrs):
            raise serializers.ValidationError("Give either ranges of serials or a quantity.")
        if "ranges" in attrs and len(attrs) > 1:
            raise serializers.ValidationError(
                "functional_unit and issuance narrow a quantity: leave them out with ranges."
            )
        return attrs


class HeldRangeSerializer(serializers.Serializer[Any]):
    """A range of serials with its unit identifier."""

    units = serializers.SerializerMethodField(help_text="The unit identifier.")
    issuance = serializers.CharField(source="issuance.code")
    copy = serializers.IntegerField()
    first = serializers.SerializerMethodField()
    last = serializers.SerializerMethodField()
    quantity = serializers.SerializerMethodField()

    def get_units(self, row: Any) -> str:
        return str(unit_range(row.issuance, row.serials.lower, row.serials.upper - 1, row.copy))

    def get_first(self, row: Any) -> int:
        return int(row.serials.lower)

    def get_last(self, row: Any) -> int:
        return int(row.serials.upper) - 1

    def get_quantity(self, row: Any) -> int:
        return int(row.serials.upper - row.serials.lower)


class AccountNameSerializer(serializers.Serializer[Account]):
    """An account as the other party of an order sees it."""

    number = serializers.CharField()
    organisation = serializers.CharField(source="organisation.name")


def chosen_units(given: dict[str, Any]) -> Units:
    """The choice as services take it. Raises BadInput for an issuance that does not exist."""
    if "ranges" in given:
        return lines(given["ranges"])
    code = given.get("issuance")
    known = _issuances([code] if code else [])
    return Wanted(
        quantity=given["quantity"],
        functional_unit=given.get("functional_unit"),
        issuance=known[code] if code else None,
    )


def lines(ranges: Sequence[dict[str, Any]]) -> list[Line]:
    """Ranges as the ledger takes them. Raises BadInput for an issuance that does not exist."""
    known = _issuances([each["issuance"] for each in ranges])
    return [
        Line(known[each["issuance"]], each["copy"], each["first"], each["last"]) for each in ranges
    ]


def _issuances(codes: Iterable[str]) -> dict[str, Any]:
    wanted = set(codes)
    known = dict(Issuance.objects.filter(code__in=wanted).values_list("code", "pk"))
    unknown = sorted(wanted - set(known))
    if unknown:
        named = ", ".join(unknown[:10])
        raise BadInput({"units": [f"There is no issuance with the code {named}."]})
    return known
