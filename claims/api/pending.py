"""Retire and claim in one step, and the claims that wait for their retirement to be final."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest.endpoints import PAGES
from accounts.rest.fields import Text
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from claims.api.choices import PENDING_STATES
from claims.api.claiming import (
    EXAMPLE,
    ClaimEndpoint,
    FiguresSerializer,
    MakeClaimSerializer,
    PreviewSerializer,
    previewed,
)
from claims.api.inventories import InventoryEndpoint
from claims.models import Claim, PendingClaim
from claims.services.pending import Claiming, preview_retire_and_claim, retire_and_claim
from registry import scope as registry_scope
from registry.services.retirements import settle_due

_EXAMPLE = {"account": "AC-7K3QF9ZT", **EXAMPLE}


class RetireAndClaimSerializer(MakeClaimSerializer):
    account = Text(max_length=16, help_text="The number of the account that has the units.")


class PendingClaimSerializer(serializers.Serializer[PendingClaim]):
    """A claim that waits for its retirement, or waited for it."""

    code = serializers.CharField(help_text="Of the claim too, once it is made.")
    state = serializers.ChoiceField(PENDING_STATES)
    retirement = serializers.CharField(source="order.code")
    due_at = serializers.DateTimeField(
        source="order.due_at", help_text="The moment from which the retirement is final."
    )
    volume = serializers.IntegerField(help_text="units")
    result = FiguresSerializer()
    findings = FindingSerializer(many=True)
    refusal = FindingSerializer(many=True, help_text="Why it did not become a claim.")
    is_demonstration = serializers.BooleanField()


class ClaimingSerializer(serializers.Serializer[Any]):
    """state: made, or waiting for the retirement to be final."""

    code = serializers.CharField()
    state = serializers.SerializerMethodField()
    retirement = serializers.SerializerMethodField(help_text="Its code, while the claim waits.")
    volume = serializers.IntegerField(help_text="units")
    result = FiguresSerializer()
    findings = FindingSerializer(many=True)

    @extend_schema_field(serializers.ChoiceField(PENDING_STATES))
    def get_state(self, row: Any) -> str:
        return "made" if isinstance(row, Claim) else str(row.state)

    def get_retirement(self, row: Any) -> str:
        return "" if isinstance(row, Claim) else str(row.order.code)


class RetiringEndpoint(ClaimEndpoint):
    def asked(self, id: Any) -> dict[str, Any]:
        given = self.given(RetireAndClaimSerializer)
        number = given.pop("account")
        return {
            "account": registry_scope.account(self.person, number),
            **self.asked_from(self.own(id), given),
        }


class RetireAndClaim(RetiringEndpoint):
    @operation(
        "retire_and_claim",
        given=RetireAndClaimSerializer,
        answer=ClaimingSerializer,
        status=201,
        example=_EXAMPLE,
    )
    def post(self, request: Request, id: Any) -> Response:
        """Retire active units and apply them to lines of the inventory, in one step.

        Where the account lets its retirements cool off, the claim waits until the retirement is
        final, and falls away if it is withdrawn.
        """
        return self.write(retire_and_claim, shown=_shown, status=201, **self.asked(id))


class RetireAndClaimPreview(RetiringEndpoint):
    @operation(
        "preview_retire_and_claim",
        given=RetireAndClaimSerializer,
        answer=PreviewSerializer,
        example=_EXAMPLE,
    )
    def post(self, request: Request, id: Any) -> Response:
        """Judge and compute both without doing either. Changes nothing."""
        self.key()
        asked = self.asked(id)
        preview = preview_retire_and_claim(by=self.person, now=timezone.now(), **asked)
        return Response(PreviewSerializer(previewed(preview)).data)


class PendingClaims(InventoryEndpoint):
    model = PendingClaim
    pagination_class = PAGES

    @operation("list_pending_claims", answer=PendingClaimSerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """The inventory's claims that wait, and what became of those that did, newest first."""
        inventory = self.own(id)
        settle_due(now=timezone.now(), organisation=inventory.organisation)
        rows = inventory.pending_claims.select_related("order").order_by("-asked_at", "-id")
        return self.listed(rows, PendingClaimSerializer)


def _shown(row: Claiming) -> Any:
    return ClaimingSerializer(row).data
