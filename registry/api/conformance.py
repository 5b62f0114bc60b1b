"""Conformance reports: rule by rule, with the numbers seen and the edition's open readings."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import Endpoint
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.rulebook import ParameterSerializer
from registry.conformance import Report, as_json, of_issuance
from registry.models import Issuance
from registry.public.conformance import conformance_file
from registry.reports import report_to_auditor, report_to_operator, report_to_producer


class JudgedEditionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    parameters = ParameterSerializer(many=True)


class FactNameSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    unit = serializers.CharField(help_text="Empty for a share, a date, a word or a count.")


class ConformanceSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    production = serializers.UUIDField()
    issuance = serializers.CharField(allow_null=True, help_text="Null before issuance.")
    issued_on = serializers.DateField(allow_null=True)
    judged_on = serializers.DateField()
    is_demonstration = serializers.BooleanField()
    edition = JudgedEditionSerializer()
    record = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        help_text="The fields of 6.2; before issuance, what is declared.",
    )
    findings = FindingSerializer(many=True)
    names = serializers.DictField(
        child=FactNameSerializer(), help_text="Of the facts that the findings name."
    )


class _Pdf(BaseRenderer):
    """Lets a client ask for the document by its media type; problems stay JSON."""

    media_type = "application/pdf"
    format = "document"
    charset = None

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return JSONRenderer().render(data)


class _OfProduction(Endpoint):
    access = Access.PRODUCER

    def report(self, id: Any) -> Report:
        found = rows.one(rows.productions(self.person), pk=id)
        return report_to_producer(found, on=timezone.localdate())


class _OfVerification(Endpoint):
    access = Access.AUDITOR

    def report(self, id: Any) -> Report:
        found = scope.engagement(self.person, id)
        return report_to_auditor(self.person, found, on=timezone.localdate())


class _OfApproval(Endpoint):
    access = Access.OPERATOR

    def report(self, id: Any) -> Report:
        return report_to_operator(scope.application(id), on=timezone.localdate())


class _OfIssuance(Endpoint):
    access = Access.PUBLIC

    def report(self, code: str) -> Report:
        return of_issuance(rows.one(Issuance.objects.all(), code=code))


class ProductionConformance(_OfProduction):
    @operation("read_conformance_of_production", answer=ConformanceSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """Your application's conformance report as it stands; once issued, as it was judged."""
        return Response(as_json(self.report(id)))


class ProductionConformancePdf(_OfProduction):
    renderer_classes = (JSONRenderer, _Pdf)

    @operation("print_conformance_of_production", answer=OpenApiTypes.BINARY)
    def get(self, request: Request, id: Any) -> HttpResponse:
        """The same as a tagged PDF."""
        return conformance_file(self.report(id), "pdf", str(id))


class VerificationConformance(_OfVerification):
    @operation("read_conformance_of_verification", answer=ConformanceSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """The conformance report of the application that you are engaged on."""
        return Response(as_json(self.report(id)))


class VerificationConformancePdf(_OfVerification):
    renderer_classes = (JSONRenderer, _Pdf)

    @operation("print_conformance_of_verification", answer=OpenApiTypes.BINARY)
    def get(self, request: Request, id: Any) -> HttpResponse:
        """The same as a tagged PDF."""
        return conformance_file(self.report(id), "pdf", str(id))


class ApprovalConformance(_OfApproval):
    @operation("read_conformance_of_approval", answer=ConformanceSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """The conformance report that an approval rests on."""
        return Response(as_json(self.report(id)))


class ApprovalConformancePdf(_OfApproval):
    renderer_classes = (JSONRenderer, _Pdf)

    @operation("print_conformance_of_approval", answer=OpenApiTypes.BINARY)
    def get(self, request: Request, id: Any) -> HttpResponse:
        """The same as a tagged PDF."""
        return conformance_file(self.report(id), "pdf", str(id))


class RegisteredConformance(_OfIssuance):
    @operation("read_registered_conformance", answer=ConformanceSerializer)
    def get(self, request: Request, code: str) -> Response:
        """How an issuance was judged, by the edition that judged it."""
        return Response(as_json(self.report(code)))


class RegisteredConformancePdf(_OfIssuance):
    renderer_classes = (JSONRenderer, _Pdf)

    @operation("print_registered_conformance", answer=OpenApiTypes.BINARY)
    def get(self, request: Request, code: str) -> HttpResponse:
        """The same as a tagged PDF."""
        return conformance_file(self.report(code), "pdf", code)
