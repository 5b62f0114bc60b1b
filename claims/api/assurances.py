"""Assurance of statements for programs: engage, read, give an opinion or decline."""

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import Organisation
from accounts.rest.endpoints import PAGES, Endpoint, Shape
from accounts.rest.fields import Choice, Id, Text
from accounts.rest.schema import operation
from claims import scope
from claims.api.inventories import InventoryEndpoint
from claims.models import Assurance, Opinion, Statement
from claims.services.assurance import (
    decline_engagement,
    engage_auditor,
    give_opinion,
    is_readable,
)
from claims.streams import is_long, within
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput


class EngageSerializer(Shape):
    auditor = Id(help_text="An auditor's organisation, from /organisations/.")


class OpinionSerializer(Shape):
    opinion = Choice(Opinion.values)
    text = Text(max_length=20_000, help_text="What was examined, how, and the conclusion.")


class DeclineEngagementSerializer(Shape):
    reason = Text(max_length=20_000, help_text="Why no opinion is given; the claimant reads it.")


class AssuranceSerializer(serializers.Serializer[Assurance]):
    id = serializers.UUIDField()
    statement = serializers.CharField(source="statement.code")
    claimant = serializers.CharField(source="statement.organisation.name")
    auditor = serializers.CharField(source="auditor.name")
    state = serializers.CharField()
    opinion = serializers.CharField()
    text = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the document that the opinion is on.")


class EngageAuditor(InventoryEndpoint):
    model = Statement

    @operation(
        "engage_auditor",
        given=EngageSerializer,
        answer=AssuranceSerializer,
        status=201,
        example={"auditor": "0198c1de-7a00-7000-8000-000000000001"},
    )
    def post(self, request: Request, code: str) -> Response:
        """Open a submitted statement to one auditor."""
        found = scope.statement(self.person, code)
        wanted = self.given(EngageSerializer)["auditor"]
        auditor = Organisation.objects.filter(pk=wanted).first()
        if auditor is None:
            raise BadInput({"auditor": ["No organisation has this id."]})
        return self.write(
            engage_auditor,
            shown=lambda made: AssuranceSerializer(made).data,
            status=201,
            statement=found,
            auditor=auditor,
        )


class Assurances(WritingEndpoint):
    access = Access.AUDITOR
    model = Assurance
    pagination_class = PAGES

    @operation("list_assurances", answer=AssuranceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Your firm's engagements on statements, newest first."""
        rows = scope.assurances_of(self.person).select_related("statement__organisation", "auditor")
        rows = rows.defer("statement__document", "statement__summary")
        return self.listed(rows.order_by("-opened_at", "-id"), AssuranceSerializer)


class GiveOpinion(WritingEndpoint):
    access = Access.AUDITOR
    model = Assurance

    @operation(
        "give_opinion",
        given=OpinionSerializer,
        answer=AssuranceSerializer,
        example={
            "opinion": "limited",
            "text": "We recomputed the document and read the certificates; nothing came up.",
        },
    )
    def post(self, request: Request, id: Any) -> Response:
        """Sign an opinion on the document as submitted. Closes the engagement."""
        return self.write(
            give_opinion,
            shown=lambda made: AssuranceSerializer(made).data,
            assurance=scope.assurance(self.person, id),
            **self.given(OpinionSerializer),
        )


class DeclineEngagement(WritingEndpoint):
    access = Access.AUDITOR
    model = Assurance

    @operation(
        "decline_engagement",
        given=DeclineEngagementSerializer,
        answer=AssuranceSerializer,
        example={"reason": "We advise the claimant on this inventory."},
    )
    def post(self, request: Request, id: Any) -> Response:
        """End the engagement without an opinion; the statement closes to you."""
        return self.write(
            decline_engagement,
            shown=lambda made: AssuranceSerializer(made).data,
            assurance=scope.assurance(self.person, id),
            **self.given(DeclineEngagementSerializer),
        )


class AssuranceDocumentSerializer(serializers.Serializer[Any]):
    sha256 = serializers.CharField(help_text="What an opinion is on.")
    document = serializers.DictField(help_text="With every line, unit and input.")


class AssuranceDocument(Endpoint):
    access = Access.AUDITOR

    @operation("read_assurance_document", answer=AssuranceDocumentSerializer)
    def get(self, request: Request, id: Any) -> HttpResponseBase:
        """The whole document that the opinion is asked on, to recompute.

        Only while it is open to you, and the version that your opinion is on.
        """
        found = scope.assurance(self.person, id)
        if not is_readable(found):
            raise NotVisible(f"document of assurance {id}")
        statement = found.statement
        if is_long(statement):
            return within({"sha256": statement.sha256}, "document", statement.pk)
        return Response({"sha256": statement.sha256, "document": statement.document or {}})
