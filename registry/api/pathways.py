"""A site's way to certification, and the accreditations of auditors (5.3)."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import Organisation
from accounts.rest.endpoints import PAGES, Shape
from accounts.rest.fields import Choice, Day, Id, Text
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.choices import BASES, CERTIFICATE_KINDS, SCOPES
from registry.api.writing import WritingEndpoint
from registry.models import Accreditation, SiteCertificate, SitePathway
from registry.services.accreditations import record_accreditation
from registry.services.pathways import record_certificate, record_pathway


class RecordPathwaySerializer(Shape):
    first_data_on = Day(help_text="The first day of verifiable data (Exhibit 9).")
    self_assessed_on = Day(required=False, allow_null=True)
    principle_10 = Text(max_length=300, required=False, allow_blank=True)
    progress = Text(max_length=300, required=False, allow_blank=True)
    checkpoint_1_on = Day(required=False, allow_null=True)
    checkpoint_2_on = Day(required=False, allow_null=True)


class PathwaySerializer(serializers.Serializer[SitePathway]):
    site = serializers.CharField(source="site.code")
    first_data_on = serializers.DateField()
    self_assessed_on = serializers.DateField(allow_null=True)
    principle_10 = serializers.CharField()
    progress = serializers.CharField()
    checkpoint_1_on = serializers.DateField(allow_null=True)
    checkpoint_2_on = serializers.DateField(allow_null=True)


class RecordCertificateSerializer(Shape):
    kind = Choice(CERTIFICATE_KINDS)
    reference = Text(max_length=200)
    body = Text(max_length=200, help_text="Who issued it.")
    valid_from = Day()
    valid_until = Day(help_text="Inclusive.")


class CertificateSerializer(serializers.Serializer[SiteCertificate]):
    id = serializers.UUIDField()
    site = serializers.CharField(source="site.code")
    kind = serializers.ChoiceField(CERTIFICATE_KINDS)
    reference = serializers.CharField()
    body = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField()


class RecordAccreditationSerializer(Shape):
    auditor = Id(help_text="An organisation with the role auditor.")
    body = Text(max_length=200)
    basis = Choice(BASES)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(SCOPES), min_length=1, max_length=len(SCOPES)
    )
    valid_from = Day()
    valid_until = Day(help_text="Inclusive.")
    attested_on = Day(required=False, allow_null=True)
    reference = Text(max_length=200)


class AccreditationSerializer(serializers.Serializer[Accreditation]):
    id = serializers.UUIDField()
    auditor = serializers.UUIDField(source="auditor_id")
    auditor_name = serializers.CharField(source="auditor.name")
    body = serializers.CharField()
    basis = serializers.ChoiceField(BASES)
    scopes = serializers.ListField(child=serializers.CharField())
    valid_from = serializers.DateField()
    valid_until = serializers.DateField()
    attested_on = serializers.DateField(allow_null=True)
    reference = serializers.CharField()


class SitePathways(WritingEndpoint):
    access = Access.PRODUCER

    @operation(
        "record_pathway",
        given=RecordPathwaySerializer,
        answer=PathwaySerializer,
        example={"first_data_on": "2016-01-01", "principle_10": "Annual report, chapters 3 to 5"},
    )
    def post(self, request: Request, code: str) -> Response:
        """Record how a site stands on its way to certification (R069–R071)."""
        site = rows.one(rows.sites(self.person), code=code)
        return self.write(
            record_pathway,
            shown=lambda row: PathwaySerializer(row).data,
            site=site,
            values=self.given(RecordPathwaySerializer),
        )


class SiteCertificates(WritingEndpoint):
    access = Access.PRODUCER
    model = SiteCertificate
    pagination_class = PAGES

    @operation("list_certificates", answer=CertificateSerializer(many=True))
    def get(self, request: Request, code: str) -> Response:
        """The certificates of one of your sites."""
        site = rows.one(rows.sites(self.person), code=code)
        found = SiteCertificate.objects.filter(site=site).select_related("site")
        return self.listed(found.order_by("valid_from", "id"), CertificateSerializer)

    @operation(
        "record_certificate",
        given=RecordCertificateSerializer,
        answer=CertificateSerializer,
        status=201,
        example={
            "kind": "rs_core_site",
            "reference": "RS-CS-0001",
            "body": "ResponsibleSteel",
            "valid_from": "2024-01-01",
            "valid_until": "2026-12-31",
        },
    )
    def post(self, request: Request, code: str) -> Response:
        """Record a certificate of a site."""
        site = rows.one(rows.sites(self.person), code=code)
        return self.write(
            record_certificate,
            shown=lambda row: CertificateSerializer(row).data,
            status=201,
            site=site,
            values=self.given(RecordCertificateSerializer),
        )


class Accreditations(WritingEndpoint):
    access = Access.OPERATOR
    model = Accreditation
    pagination_class = PAGES

    @operation("list_accreditations", answer=AccreditationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """What lets auditors verify, by auditor."""
        found = Accreditation.objects.select_related("auditor")
        return self.listed(found.order_by("auditor__name", "-valid_until", "id"), _SHOWN)

    @operation(
        "record_accreditation",
        given=RecordAccreditationSerializer,
        answer=AccreditationSerializer,
        status=201,
        example={
            "auditor": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f12",
            "body": "ResponsibleSteel",
            "basis": "rs_approved",
            "scopes": ["iron", "crude_steel", "ghg"],
            "valid_from": "2024-01-01",
            "valid_until": "2026-12-31",
            "reference": "RS-CB-0007",
        },
    )
    def post(self, request: Request) -> Response:
        """Record an accreditation of an auditor (R067, R072)."""
        values: dict[str, Any] = self.given(RecordAccreditationSerializer)
        auditor = rows.one(Organisation.objects.all(), pk=values.pop("auditor"))
        return self.write(
            record_accreditation,
            shown=lambda row: AccreditationSerializer(row).data,
            status=201,
            auditor=auditor,
            values=values,
        )


_SHOWN = AccreditationSerializer
