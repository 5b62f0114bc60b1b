"""What auditor and producer say to each other, and units asked for before the audit."""

from typing import Any

from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import Nothing, Shape
from accounts.rest.fields import Choice, Text
from accounts.rest.parsers import Uploads
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.choices import EVIDENCE_KINDS, RESPONSES
from registry.api.writing import WritingEndpoint
from registry.models import AuditFinding, EarlyRequest, EvidenceRequest, Verification
from registry.services.dialogue import answer, ask, raise_finding, resolve, respond
from registry.services.early import ask_early

_WORDS = 10_000


class WordsSerializer(Shape):
    text = Text(max_length=_WORDS)


class RespondSerializer(Shape):
    response = Choice(RESPONSES)
    reason = Text(max_length=_WORDS, required=False, allow_blank=True)


class ResolveSerializer(Shape):
    resolution = Text(max_length=_WORDS)


class EvidenceRequestSerializer(serializers.Serializer[EvidenceRequest]):
    id = serializers.UUIDField()
    verification = serializers.UUIDField(source="verification_id")
    text = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    evidence = serializers.UUIDField(source="evidence_id", allow_null=True)


class AnswerFileSerializer(Shape):
    text = Text(max_length=_WORDS)
    kind = serializers.ChoiceField(EVIDENCE_KINDS, default="other")
    file = serializers.FileField(max_length=200)


class AuditFindingSerializer(serializers.Serializer[AuditFinding]):
    id = serializers.UUIDField()
    verification = serializers.UUIDField(source="verification_id")
    text = serializers.CharField()
    raised_at = serializers.DateTimeField()
    response = serializers.CharField(help_text="accepted, contested, or empty.")
    reason = serializers.CharField()
    responded_at = serializers.DateTimeField(allow_null=True)
    resolution = serializers.CharField()
    resolved_at = serializers.DateTimeField(allow_null=True)


class DialogueSerializer(serializers.Serializer[Any]):
    requests = EvidenceRequestSerializer(many=True)
    findings = AuditFindingSerializer(many=True)


class EarlyRequestSerializer(serializers.Serializer[EarlyRequest]):
    production = serializers.UUIDField(source="production_id")
    asked_at = serializers.DateTimeField()


class Asking(WritingEndpoint):
    access = Access.AUDITOR

    @operation(
        "ask_for_evidence",
        given=WordsSerializer,
        answer=EvidenceRequestSerializer,
        status=201,
        example={"text": "Send the meter log of March."},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Ask the producer for evidence."""
        return self.write(
            ask,
            shown=lambda row: EvidenceRequestSerializer(row).data,
            status=201,
            verification=_engagement(self, id),
            text=self.given(WordsSerializer)["text"],
        )


class Objecting(WritingEndpoint):
    access = Access.AUDITOR

    @operation(
        "raise_finding",
        given=WordsSerializer,
        answer=AuditFindingSerializer,
        status=201,
        example={"text": "Two delivery tickets name another site."},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Raise a finding, which the producer accepts or contests."""
        return self.write(
            raise_finding,
            shown=lambda row: AuditFindingSerializer(row).data,
            status=201,
            verification=_engagement(self, id),
            text=self.given(WordsSerializer)["text"],
        )


class Resolving(WritingEndpoint):
    access = Access.AUDITOR

    @operation(
        "resolve_finding",
        given=ResolveSerializer,
        answer=AuditFindingSerializer,
        example={"resolution": "Corrected tickets seen."},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Close a finding that the producer has answered."""
        return self.write(
            resolve,
            shown=lambda row: AuditFindingSerializer(row).data,
            finding=rows.one(scope.findings_of_auditor(self.person), pk=id),
            resolution=self.given(ResolveSerializer)["resolution"],
        )


class Answering(WritingEndpoint):
    access = Access.PRODUCER

    @operation(
        "answer_request",
        given=WordsSerializer,
        answer=EvidenceRequestSerializer,
        example={"text": "The log of March is attached as march.csv."},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Answer an auditor's request in words alone."""
        return self.write(
            answer,
            shown=lambda row: EvidenceRequestSerializer(row).data,
            asked=rows.one(scope.requests_of_producer(self.person), pk=id),
            text=self.given(WordsSerializer)["text"],
        )


class AnsweringWithFile(WritingEndpoint):
    access = Access.PRODUCER
    # Narrower on purpose.
    parser_classes: tuple[type[BaseParser], ...] = (Uploads,)  # type: ignore[assignment]

    @operation(
        "answer_request_with_file", given=AnswerFileSerializer, answer=EvidenceRequestSerializer
    )
    def post(self, request: Request, id: Any) -> Response:
        """Answer an auditor's request in words and with a file, as multipart/form-data.

        The file becomes evidence of the production, under the limits of its evidence.
        """
        asked = rows.one(scope.requests_of_producer(self.person), pk=id)
        given = self.given(AnswerFileSerializer)
        return self.write(
            answer,
            shown=lambda row: EvidenceRequestSerializer(row).data,
            asked=asked,
            text=given["text"],
            kind=given["kind"],
            name=given["file"].name,
            file=given["file"],
        )


class Responding(WritingEndpoint):
    access = Access.PRODUCER

    @operation(
        "respond_to_finding",
        given=RespondSerializer,
        answer=AuditFindingSerializer,
        example={"response": "contested", "reason": "The tickets are of this site."},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Accept an auditor's finding, or contest it with a reason."""
        return self.write(
            respond,
            shown=lambda row: AuditFindingSerializer(row).data,
            finding=rows.one(scope.findings_of_producer(self.person), pk=id),
            **self.given(RespondSerializer),
        )


class Dialogue(WritingEndpoint):
    access = Access.SIGNED_IN

    @operation("read_dialogue", answer=DialogueSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """Requests and findings of a verification, for its auditor and its producer."""
        found = rows.one(scope.verifications_talked_of(self.person), pk=id)
        talk = {
            "requests": found.requests.order_by("id"),
            "findings": found.objections.order_by("id"),
        }
        return Response(DialogueSerializer(talk).data)


class EarlyUnits(WritingEndpoint):
    access = Access.PRODUCER

    @operation("ask_for_provisional_units", answer=EarlyRequestSerializer)
    def post(self, request: Request, id: Any) -> Response:
        """Ask for provisional units under a long-term offtake, before the ex-post audit (R083)."""
        production = rows.one(rows.productions(self.person), pk=id)
        self.given(Nothing)
        return self.write(
            ask_early,
            shown=lambda row: EarlyRequestSerializer(row).data,
            production=production,
        )


def _engagement(endpoint: WritingEndpoint, id: Any) -> Verification:
    return rows.one(rows.verifications(endpoint.person), pk=id)
