"""Where claims with book-and-claim units are accepted and where not, for anybody."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Endpoint
from accounts.rest.schema import operation
from claims.api.choices import ACCEPTANCE_STATES
from claims.models import ProgrammeAcceptance


class AcceptanceSerializer(serializers.Serializer[Any]):
    programme = serializers.CharField()
    question = serializers.CharField()
    status = serializers.ChoiceField(ACCEPTANCE_STATES)
    basis = serializers.CharField(help_text="On what ground.")
    confidence = serializers.CharField(help_text="Whose word it is, or unverified.")
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not where from
    checked_on = serializers.DateField()


class AcceptanceList(Endpoint):
    access = Access.PUBLIC
    model = ProgrammeAcceptance
    pagination_class = PAGES

    @operation("list_acceptance", answer=AcceptanceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """What each programme says of claims like those made here, as the operator keeps it."""
        rows = ProgrammeAcceptance.objects.order_by("place", "programme", "question")
        return self.listed(rows, AcceptanceSerializer)
