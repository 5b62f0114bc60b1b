"""Claims on lines of spend, by the tonnes that are estimated from it (11.7)."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest.endpoints import Shape
from accounts.rest.fields import Id, Text
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from claims import scope
from claims.accounting.tree import Answer
from claims.api.claiming import ClaimSerializer, FiguresSerializer, with_ranges
from claims.api.guiding import AnswerSerializer
from claims.api.inventories import InventoryEndpoint
from claims.models import Claim
from claims.services.spending import claim_spend, preview_spend_claim, spend_figures
from registry.api.rows import one
from registry.api.units import RangeSerializer, lines
from registry.ledger import MOST_LINES

_EXAMPLE = {
    "line": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f16",
    "units": [{"issuance": "V5N2KQ8T", "first": 1, "last": 600}],
}


class SpendClaimSerializer(Shape):
    line = Id(help_text="A line of steel in spend; its estimation says how it becomes tonnes.")
    units = serializers.ListField(child=RangeSerializer(), min_length=1, max_length=MOST_LINES)
    claim_type = Text(max_length=40, default="corporate_inventory")
    path = serializers.ListField(child=AnswerSerializer(), required=False, max_length=20)


class SpendPreviewSerializer(serializers.Serializer[Any]):
    findings = FindingSerializer(many=True)
    result = FiguresSerializer(allow_null=True, help_text="null while a rule fails.")


class SpendEndpoint(InventoryEndpoint):
    def asked(self, id: Any) -> dict[str, Any]:
        inventory = self.own(id)
        given = self.given(SpendClaimSerializer)
        return {
            "inventory": inventory,
            "line": scope.line(self.person, inventory.pk, given["line"]),
            "units": lines(given["units"]),
            "claim_type": given["claim_type"],
            "path": tuple(Answer(**each) for each in given.get("path", ())),
        }


class SpendClaims(SpendEndpoint):
    @operation(
        "claim_spend",
        given=SpendClaimSerializer,
        answer=ClaimSerializer,
        status=201,
        example=_EXAMPLE,
    )
    def post(self, request: Request, id: Any) -> Response:
        """Apply retired units to a line of spend, for good."""
        return self.write(claim_spend, shown=self._shown, status=201, **self.asked(id))

    def _shown(self, claim: Claim) -> Any:
        return ClaimSerializer(one(with_ranges(self.person), pk=claim.pk)).data


class SpendClaimPreview(SpendEndpoint):
    @operation(
        "preview_spend_claim",
        given=SpendClaimSerializer,
        answer=SpendPreviewSerializer,
        example=_EXAMPLE,
    )
    def post(self, request: Request, id: Any) -> Response:
        """Judge and compute a claim on spend without making it. Changes nothing."""
        self.key()
        found = preview_spend_claim(by=self.person, now=timezone.now(), **self.asked(id))
        figures = spend_figures("", found.case, found.result) if found.result else None
        shown = {"findings": [each.as_dict() for each in found.findings], "result": figures}
        return Response(SpendPreviewSerializer(shown).data)
