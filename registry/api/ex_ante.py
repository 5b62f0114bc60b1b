"""Audits before production (6.1): asked for by the producer, signed by the auditor."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import Organisation
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Choice, DecimalText, Id, Share, Text
from accounts.rest.schema import operation
from accounts.roles import Role
from registry import scope
from registry.api import rows
from registry.api.choices import EX_ANTE_STATES, FUNCTIONAL_UNITS, RECURRENCES
from registry.api.writing import WritingEndpoint
from registry.models import ExAnteAudit
from registry.services.ex_ante import open_ex_ante, sign_ex_ante, withdraw_ex_ante
from registry.services.verifications import Figures


class OpenExAnteSerializer(Shape):
    auditor = Id(help_text="An organisation with the role auditor.")
    functional_unit = Choice(FUNCTIONAL_UNITS)
    recurrence = Choice(RECURRENCES, help_text="How often the site is verified again (R083).")


class SignExAnteSerializer(Shape):
    site_intensity = DecimalText(help_text="Expected site average, t CO2e/t.")
    intensity = DecimalText(help_text="Expected of the product, t CO2e/t.")
    scrap_share = Share(required=False, allow_null=True, help_text="Of steel only.")
    statement = Text(max_length=10_000)


class ExAnteSerializer(serializers.Serializer[ExAnteAudit]):
    id = serializers.UUIDField()
    site = serializers.CharField(source="site.code")
    auditor = serializers.CharField(source="auditor.name")
    functional_unit = serializers.CharField()
    recurrence = serializers.ChoiceField(RECURRENCES)
    state = serializers.ChoiceField(EX_ANTE_STATES)
    signed_on = serializers.DateField(allow_null=True)
    site_intensity = DecimalText(allow_null=True)
    intensity = DecimalText(allow_null=True)
    scrap_share = DecimalText(allow_null=True)
    statement = serializers.CharField()


def _shown(row: ExAnteAudit) -> Any:
    return ExAnteSerializer(row).data


class SiteExAnteAudits(WritingEndpoint):
    access = Access.PRODUCER
    model = ExAnteAudit
    pagination_class = PAGES

    @operation("list_site_ex_ante_audits", answer=ExAnteSerializer(many=True))
    def get(self, request: Request, code: str) -> Response:
        """The audits before production of one of your sites, newest first."""
        site = rows.one(rows.sites(self.person), code=code)
        found = site.ex_ante_audits.select_related("site", "auditor")
        return self.listed(found.order_by("-opened_at", "id"), ExAnteSerializer)

    @operation(
        "open_ex_ante_audit",
        given=OpenExAnteSerializer,
        answer=ExAnteSerializer,
        status=201,
        example={
            "auditor": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f12",
            "functional_unit": "iron",
            "recurrence": "annual",
        },
    )
    def post(self, request: Request, code: str) -> Response:
        """Ask an auditor: opens this one site to them until they sign (R082, R083)."""
        site = rows.one(rows.sites(self.person), code=code)
        given = self.given(OpenExAnteSerializer)
        auditors = Organisation.objects.filter(role_rows__role=Role.AUDITOR)
        auditor = rows.one(auditors, pk=given.pop("auditor"))
        return self.write(
            open_ex_ante, shown=_shown, status=201, site=site, auditor=auditor, **given
        )


class ExAnteAudits(WritingEndpoint):
    access = Access.AUDITOR
    model = ExAnteAudit
    pagination_class = PAGES

    @operation("list_ex_ante_audits", answer=ExAnteSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The audits before production that your organisation was asked for, newest first."""
        found = scope.ex_ante_audits_of(self.person).select_related("site", "auditor")
        return self.listed(found.order_by("-opened_at", "id"), ExAnteSerializer)


class ExAnteSignature(WritingEndpoint):
    access = Access.AUDITOR

    @operation(
        "sign_ex_ante_audit",
        given=SignExAnteSerializer,
        answer=ExAnteSerializer,
        example={
            "site_intensity": "0.45",
            "intensity": "0.45",
            "statement": "Expected on the design data and the supply contracts.",
        },
    )
    def post(self, request: Request, id: Any) -> Response:
        """Sign what is expected of the site, which closes to the auditor again."""
        audit = scope.ex_ante_audit(self.person, id)
        given = self.given(SignExAnteSerializer)
        figures = Figures(0, given["site_intensity"], given["intensity"], given.get("scrap_share"))
        return self.write(
            sign_ex_ante,
            shown=_shown,
            audit=audit,
            figures=figures,
            statement=given["statement"],
        )


class ExAnteWithdrawal(WritingEndpoint):
    access = Access.PRODUCER

    @operation("withdraw_ex_ante_audit", answer=ExAnteSerializer)
    def post(self, request: Request, id: Any) -> Response:
        """End an audit that is not signed; the site closes to the auditor."""
        audit = scope.ex_ante_audit(self.person, id)
        self.given(Nothing)
        return self.write(withdraw_ex_ante, shown=_shown, audit=audit)
