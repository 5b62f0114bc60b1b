"""Productions: draft, evidence, findings, submission."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import Account, Organisation
from accounts.rest.endpoints import PAGES
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.filters import ProductionFilter
from registry.api.production_shapes import (
    EXAMPLE,
    ChangeProductionSerializer,
    DraftProductionSerializer,
    ProductionSerializer,
    ProductionSummarySerializer,
    SubmitProductionSerializer,
)
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.models import Production
from registry.services.productions import (
    change_production,
    draft_production,
    findings_of,
    submit_production,
)


class ProductionEndpoint(WritingEndpoint):
    access = Access.PRODUCER

    def own(self, id: Any) -> Production:
        return rows.one(rows.productions(self.person), pk=id)

    def shown(self, production: Production) -> Any:
        full = rows.one(rows.with_history(rows.productions(self.person)), pk=production.pk)
        return ProductionSerializer(full).data

    def chosen(self, values: dict[str, Any]) -> dict[str, Any]:
        """Names of records replaced by the records. Raises BadInput for those not to be had."""
        errors: dict[str, list[str]] = {}
        choices: dict[str, tuple[QuerySet[Any], str]] = {
            "account": (
                Account.objects.filter(organisation__memberships__user=self.person),
                "number",
            ),
            "agreement": (rows.agreements(self.person), "pk"),
            "baseline": (rows.baselines(self.person), "pk"),
        }
        for name, (found, by) in choices.items():
            if values.get(name) is not None:
                record = found.filter(**{by: values[name]}).first()
                if record is None:
                    errors[name] = [f"You have no {name} {values[name]}."]
                values[name] = record
        if errors:
            raise BadInput(errors)
        return values


class Productions(ProductionEndpoint):
    pagination_class = PAGES
    filterset_class = ProductionFilter
    model = Production

    @operation("list_productions", answer=ProductionSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Your organisations' productions, newest first."""
        return self.listed(rows.productions(self.person), ProductionSummarySerializer)

    @operation(
        "draft_production",
        given=DraftProductionSerializer,
        answer=ProductionSerializer,
        status=201,
        example=EXAMPLE,
    )
    def post(self, request: Request) -> Response:
        """Start an application.

        A draft may be incomplete and break rules: its findings say what is missing.
        """
        values = self.given(DraftProductionSerializer)
        return self.write(
            draft_production,
            shown=self.shown,
            status=201,
            site=rows.one(rows.sites(self.person), code=values.pop("site")),
            values=self.chosen(values),
        )


class OneProduction(ProductionEndpoint):
    @operation("read_production", answer=ProductionSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """A production with its evidence, steps and verifications."""
        return Response(self.shown(self.own(id)))

    @operation(
        "change_production",
        given=ChangeProductionSerializer(partial=True),
        answer=ProductionSerializer,
        example={"tonnes": 9000, "delivered_tonnes": 9500, "late_reason": ""},
    )
    def patch(self, request: Request, id: Any) -> Response:
        """Change a draft or returned application.

        Only the fields that are given change.
        """
        production = self.own(id)
        return self.write(
            change_production,
            shown=self.shown,
            production=production,
            values=self.chosen(self.given(ChangeProductionSerializer)),
        )


class ProductionFindings(ProductionEndpoint):
    @operation("judge_production", answer=FindingSerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """Every rule's outcome for an application as it stands today. Changes nothing."""
        findings = findings_of(self.own(id), on=timezone.localdate())
        return Response([finding.as_dict() for finding in findings])


class ProductionSubmission(ProductionEndpoint):
    @operation(
        "submit_production",
        given=SubmitProductionSerializer,
        answer=ProductionSerializer,
        example={"auditor": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f14"},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Submit an application to an auditor, who then sees this one production.

        Refused with every finding while a rule fails.
        """
        production = self.own(id)
        wanted = self.given(SubmitProductionSerializer)["auditor"]
        auditor = Organisation.objects.filter(pk=wanted).first()
        if auditor is None:
            raise BadInput({"auditor": [f"There is no organisation {wanted}."]})
        return self.write(
            submit_production, shown=self.shown, production=production, auditor=auditor
        )
