"""The rulebook's editions: every threshold and open reading by name."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.rest.endpoints import Endpoint
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from registry.reports import dry_run_of
from registry.rulebook.comparison import differences
from registry.rulebook.edition import Edition, every_edition


class ParameterSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.JSONField(help_text="Decimals are strings.")
    section = serializers.CharField()
    unit = serializers.CharField()
    ambiguity = serializers.CharField(help_text="The id of an open reading, else empty.")
    note = serializers.CharField()


class EditionSummarySerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    is_illustrative = serializers.BooleanField(
        help_text="Made up to compare with; never in force, whatever its dates."
    )
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(
        allow_null=True, help_text="Inclusive; null while it is the newest."
    )


class EditionSerializer(EditionSummarySerializer):
    parameters = serializers.SerializerMethodField()

    @extend_schema_field(ParameterSerializer(many=True))
    def get_parameters(self, row: Edition) -> Any:
        rows = [
            {
                "name": name,
                "value": _plain(getattr(row, name)),
                "section": note.section,
                "unit": note.unit,
                "ambiguity": note.ambiguity,
                "note": note.note,
            }
            for name, note in row.notes.items()
        ]
        return ParameterSerializer(rows, many=True).data


class DifferenceSerializer(serializers.Serializer[Any]):
    parameter = serializers.CharField()
    section = serializers.CharField()
    unit = serializers.CharField()
    ambiguity = serializers.CharField(help_text="The id of an open reading, else empty.")
    note = serializers.CharField()
    before = serializers.JSONField(help_text="Decimals are strings.")
    after = serializers.JSONField(help_text="Decimals are strings.")
    demand = serializers.ChoiceField(["stricter", "looser", "different"])
    rules = serializers.ListField(child=serializers.CharField(), help_text="That read it.")


class ChangedFindingSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    decides = serializers.BooleanField(help_text="The outcome changes, not the words alone.")
    parameters = serializers.ListField(child=serializers.CharField(), help_text="Why.")
    before = FindingSerializer(allow_null=True)
    after = FindingSerializer(allow_null=True)


class DryRunSerializer(serializers.Serializer[Any]):
    before = serializers.CharField()
    after = serializers.CharField()
    judged_on = serializers.DateField()
    is_stored = serializers.BooleanField(help_text="The first judgement is the issuance's own.")
    is_refused = serializers.BooleanField(help_text="Under the second edition.")
    changes = ChangedFindingSerializer(many=True)
    findings = FindingSerializer(many=True, help_text="Under the second edition.")


class Editions(Endpoint):
    access = Access.PUBLIC

    @operation("list_editions", answer=EditionSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """The editions of the rulebook, oldest first, illustrative ones last."""
        return Response(EditionSummarySerializer(every_edition(), many=True).data)


class OneEdition(Endpoint):
    access = Access.PUBLIC

    @operation("read_edition", answer=EditionSerializer)
    def get(self, request: Request, id: str) -> Response:
        """An edition with its parameters, each with section, unit and reading."""
        return Response(EditionSerializer(_edition(id)).data)


_QUERY: dict[str, Any] = {"type": str, "required": True, "description": "The id of an edition."}


class ComparedEditions(Endpoint):
    access = Access.PUBLIC

    @extend_schema(
        parameters=[OpenApiParameter("before", **_QUERY), OpenApiParameter("after", **_QUERY)]
    )
    @operation("compare_editions", answer=DifferenceSerializer(many=True), refusals=[404])
    def get(self, request: Request) -> Response:
        """The parameters that two editions give different values, by name."""
        chosen = [_edition(request.query_params.get(name, "")) for name in ("before", "after")]
        return Response([each.as_dict() for each in differences(*chosen)])


class DryRuns(Endpoint):
    access = Access.OPERATOR

    @extend_schema(parameters=[OpenApiParameter("edition", **_QUERY)])
    @operation("judge_again", answer=DryRunSerializer, refusals=[409])
    def get(self, request: Request, of: str) -> Response:
        """An application or an issuance under another edition. Writes nothing.

        of: a production's id, or an issuance's code, which is judged by the facts of its time.
        """
        under = _edition(request.query_params.get("edition", ""))
        return Response(dry_run_of(of, under, on=timezone.localdate()).as_dict())


def _edition(id: str) -> Edition:
    found = next((each for each in every_edition() if each.id == id), None)
    if found is None:
        known = ", ".join(each.id for each in every_edition())
        raise NotVisible(f"There is no edition {id[:60]!r}; known are {known}.")
    return found


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Decimal | date) else value
