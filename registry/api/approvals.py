"""The operator's queue: verified productions, approved by two people."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Text
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.production_shapes import ProductionSerializer, ProductionSummarySerializer
from registry.api.verifications import ReturnProductionSerializer
from registry.api.writing import WritingEndpoint
from registry.models import Production
from registry.services.early import decline_early
from registry.services.issuing import approve_production, send_back


class DeclineEarlySerializer(Shape):
    reason = Text(max_length=500, help_text="The producer reads it.")


class ApprovalEndpoint(WritingEndpoint):
    access = Access.OPERATOR

    def submitted(self, id: Any) -> Production:
        return rows.one(rows.with_history(rows.applications()), pk=id)

    def shown(self, production: Production) -> Any:
        # Sent back, it is the producer's again: this one answer still shows what was sent back.
        found = rows.one(rows.with_history(rows.all_productions()), pk=production.pk)
        return ProductionSerializer(found).data


class Approvals(ApprovalEndpoint):
    pagination_class = PAGES
    model = Production

    @operation("list_approvals", answer=ProductionSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Verified productions that wait for approval, oldest first."""
        return self.listed(rows.awaiting_approval(), ProductionSummarySerializer)


class OneApproval(ApprovalEndpoint):
    @operation("read_approval", answer=ProductionSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """A submitted production with all that was handed in and verified."""
        return Response(ProductionSerializer(self.submitted(id)).data)


class ApprovalGiven(ApprovalEndpoint):
    @operation("approve_production", answer=ProductionSerializer)
    def post(self, request: Request, id: Any) -> Response:
        """Approve a verified production. The second person's approval issues its units.

        The rules judge the auditor's figures again at each approval.
        """
        production = self.submitted(id)
        self.given(Nothing)
        return self.write(approve_production, shown=self.shown, production=production)


class ApprovalSentBack(ApprovalEndpoint):
    @operation(
        "send_back_production",
        given=ReturnProductionSerializer,
        answer=ProductionSerializer,
        example={"reason": "The additionality declaration names no law."},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Send a verified production back to its producer with the reason."""
        production = self.submitted(id)
        reason = self.given(ReturnProductionSerializer)["reason"]
        return self.write(send_back, shown=self.shown, production=production, reason=reason)


class EarlyDeclined(ApprovalEndpoint):
    @operation(
        "decline_provisional_units",
        given=DeclineEarlySerializer,
        answer=ProductionSerializer,
        example={"reason": "The offtake agreement is not signed by its buyer yet."},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Decline units before the ex-post audit. The application stays with its auditor."""
        production = self.submitted(id)
        reason = self.given(DeclineEarlySerializer)["reason"]
        return self.write(
            decline_early,
            shown=lambda _: self.shown(production),
            production=production,
            reason=reason,
        )
