"""The rulebook's editions: every threshold and open reading by name."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.rest.endpoints import Endpoint
from accounts.rest.schema import operation
from registry.rulebook.edition import Edition, editions


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
    source = serializers.CharField()  # type: ignore[assignment]
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


class Editions(Endpoint):
    access = Access.PUBLIC

    @operation("list_editions", answer=EditionSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """The editions of the rulebook, oldest first."""
        return Response(EditionSummarySerializer(editions(), many=True).data)


class OneEdition(Endpoint):
    access = Access.PUBLIC

    @operation("read_edition", answer=EditionSerializer)
    def get(self, request: Request, id: str) -> Response:
        """An edition with its parameters, each with section, unit and reading."""
        found = next((each for each in editions() if each.id == id), None)
        if found is None:
            raise NotVisible(f"There is no edition {id}.")
        return Response(EditionSerializer(found).data)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Decimal | date) else value
