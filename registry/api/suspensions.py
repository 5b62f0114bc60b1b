"""Suspensions and adjustments: the operator's, two people each time, with everything traced."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Choice, DecimalText, Text, WholeNumber
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.choices import SUSPENSION_STATES
from registry.api.endings import account_named, named_ranges, states
from registry.api.units import ChosenUnitsSerializer
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.models import Adjustment, Issuance, Suspension
from registry.services import adjustments, suspensions
from registry.traced import traced
from registry.transitions import AdjustmentState


class SuspendSerializer(Shape):
    """Exactly one of account, issuance and ranges."""

    account = Text(max_length=16, required=False)
    issuance = Text(max_length=12, required=False)
    units = ChosenUnitsSerializer(required=False, help_text="Ranges of copy 1.")
    reason = Text(max_length=500, help_text="Published.")


class EndSerializer(Shape):
    action = Choice(["lift", "cancel"])
    reason = Text(max_length=500, help_text="Published.")


class SuspensionSerializer(serializers.Serializer[Suspension]):
    code = serializers.CharField()
    scope = serializers.ChoiceField(["account", "issuance", "ranges"])
    state = serializers.ChoiceField(SUSPENSION_STATES)
    reason = serializers.CharField()
    end_reason = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class TracedRowSerializer(serializers.Serializer[Any]):
    """What descends from suspended units: who has them, retired them, or claimed them."""

    kind = serializers.ChoiceField(["holding", "retirement", "claim", "statement"])
    organisation = serializers.CharField(help_text="Empty for a seat that is not named yet.")
    account = serializers.CharField(help_text="Of a holding, else empty.")
    copy = serializers.IntegerField(allow_null=True)
    state = serializers.CharField(help_text="Of a holding, else empty.")
    code = serializers.CharField(help_text="Of a retirement, claim or statement, else empty.")
    units = serializers.IntegerField()


class TraceSerializer(serializers.Serializer[Any]):
    suspension = serializers.CharField()
    state = serializers.ChoiceField(SUSPENSION_STATES)
    traced_at = serializers.DateTimeField()
    covered = serializers.IntegerField(help_text="Tonnes, of the first copy.")
    held = serializers.IntegerField()
    retired = serializers.IntegerField()
    organisations = serializers.IntegerField(help_text="How many are concerned.")
    ranges = serializers.ListField(child=serializers.CharField(), help_text="Unit identifiers.")
    rows = TracedRowSerializer(many=True)


class AdjustSerializer(Shape):
    issuance = Text(max_length=12)
    intensity = DecimalText(help_text="t CO2e per t.")
    adjusted_intensity = DecimalText(required=False, allow_null=True, default=None)
    shortfall = WholeNumber(min_value=0, max_value=10**12, default=0)
    reason = Text(max_length=500, help_text="Published.")


class AdjustmentSerializer(serializers.Serializer[Adjustment]):
    code = serializers.CharField()
    issuance = serializers.CharField(source="issuance.code")
    state = serializers.ChoiceField(states(AdjustmentState))
    intensity = DecimalText()
    adjusted_intensity = DecimalText(allow_null=True)
    previous_intensity = DecimalText()
    shortfall = serializers.IntegerField()
    reason = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class OperatorEndpoint(WritingEndpoint):
    access = Access.OPERATOR

    def shown(self, made: Any) -> Any:
        kind = SuspensionSerializer if isinstance(made, Suspension) else AdjustmentSerializer
        return kind(made).data


class Suspensions(OperatorEndpoint):
    model = Suspension
    pagination_class = PAGES

    @operation("list_suspensions", answer=SuspensionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Suspensions, newest first."""
        return self.listed(Suspension.objects.order_by("-proposed_at", "-id"), SuspensionSerializer)

    @operation(
        "propose_suspension",
        given=SuspendSerializer,
        answer=SuspensionSerializer,
        status=201,
        example={"issuance": "V5N2KQ8T", "reason": "The scrap share is in doubt."},
    )
    def post(self, request: Request) -> Response:
        """Ask for units to be held. A second operator approves it."""
        given = self.given(SuspendSerializer)
        return self.write(
            suspensions.propose_suspension,
            shown=self.shown,
            status=201,
            scope=_scope(given),
            reason=given["reason"],
        )


class OneSuspension(OperatorEndpoint):
    @operation("read_suspension", answer=SuspensionSerializer)
    def get(self, request: Request, code: str) -> Response:
        """A suspension; what it covers is in its trace."""
        return Response(self.shown(rows.one(Suspension.objects.all(), code=code)))


class SuspensionTrace(OperatorEndpoint):
    @operation("trace_suspension", answer=TraceSerializer)
    def get(self, request: Request, code: str) -> Response:
        """What it covers, and every holding, retirement, claim and statement that descends."""
        found = rows.one(Suspension.objects.select_related("account"), code=code)
        return Response(TraceSerializer(traced(found).document(at=timezone.now())).data)


class SuspensionEnd(OperatorEndpoint):
    @operation(
        "end_suspension",
        given=EndSerializer,
        answer=SuspensionSerializer,
        example={"action": "lift", "reason": "The figures are confirmed."},
    )
    def post(self, request: Request, code: str) -> Response:
        """Ask for it to be lifted, or its units cancelled. A second operator approves it."""
        found = rows.one(Suspension.objects.all(), code=code)
        given = self.given(EndSerializer)
        return self.write(suspensions.propose_end, shown=self.shown, suspension=found, **given)


class Adjustments(OperatorEndpoint):
    model = Adjustment
    pagination_class = PAGES

    @operation("list_adjustments", answer=AdjustmentSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Corrections of issuances' figures, newest first."""
        found = Adjustment.objects.select_related("issuance")
        return self.listed(found.order_by("-proposed_at", "-id"), AdjustmentSerializer)

    @operation(
        "propose_adjustment",
        given=AdjustSerializer,
        answer=AdjustmentSerializer,
        status=201,
        example={"issuance": "V5N2KQ8T", "intensity": "0.5", "reason": "A full year is measured."},
    )
    def post(self, request: Request) -> Response:
        """Ask for corrected figures. A second operator approves them."""
        given = self.given(AdjustSerializer)
        return self.write(
            adjustments.propose_adjustment,
            shown=self.shown,
            status=201,
            **{**given, "issuance": _issuance(given["issuance"])},
        )


class OneAdjustment(OperatorEndpoint):
    @operation("read_adjustment", answer=AdjustmentSerializer)
    def get(self, request: Request, code: str) -> Response:
        """A correction of an issuance's figures."""
        found = rows.one(Adjustment.objects.select_related("issuance"), code=code)
        return Response(self.shown(found))


class OperatorStep(OperatorEndpoint):
    """One decision of an operator: the body is empty."""

    service: ClassVar[Callable[..., Any]]

    def suspension(self, code: str) -> Response:
        found = rows.one(Suspension.objects.all(), code=code)
        self.given(Nothing)
        return self.write(type(self).service, shown=self.shown, suspension=found)

    def adjustment(self, code: str) -> Response:
        found = rows.one(Adjustment.objects.select_related("issuance"), code=code)
        self.given(Nothing)
        return self.write(type(self).service, shown=self.shown, adjustment=found)


class SuspensionApproval(OperatorStep):
    service = suspensions.approve_suspension

    @operation("approve_suspension", answer=SuspensionSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Approve what a colleague proposed: its beginning, or its end."""
        return self.suspension(code)


class SuspensionWithdrawal(OperatorStep):
    service = suspensions.withdraw_suspension

    @operation("withdraw_suspension", answer=SuspensionSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Take back what waits for a second operator."""
        return self.suspension(code)


class AdjustmentApproval(OperatorStep):
    service = adjustments.approve_adjustment

    @operation("approve_adjustment", answer=AdjustmentSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Approve a colleague's correction; a shortfall is suspended at once."""
        return self.adjustment(code)


class AdjustmentWithdrawal(OperatorStep):
    service = adjustments.withdraw_adjustment

    @operation("withdraw_adjustment", answer=AdjustmentSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Take back a correction before it is approved."""
        return self.adjustment(code)


def _scope(given: dict[str, Any]) -> suspensions.Scope:
    account = account_named(given["account"]) if "account" in given else None
    ranges = tuple(named_ranges(given["units"])) if "units" in given else ()
    issuance = _issuance(given["issuance"]) if "issuance" in given else None
    return suspensions.Scope(account=account, issuance=issuance, ranges=ranges)


def _issuance(code: str) -> Issuance:
    found = Issuance.objects.filter(code=code).first()
    if found is None:
        raise BadInput({"issuance": ["There is no issuance with this code."]})
    return found
