"""Cancellations by their holder; suspensions and adjustments by two operators."""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import Account
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Choice, DecimalText, Text, WholeNumber
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.units import ChosenUnitsSerializer, HeldRangeSerializer, chosen_units
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.models import Adjustment, Cancellation, Issuance, Suspension
from registry.services import adjustments, cancellations, suspensions
from registry.transitions import AdjustmentState, CancellationState, SuspensionState


def _states(kind: Any) -> list[str]:
    return [state.value for state in kind]


class CancelSerializer(Shape):
    account = Text(max_length=16, help_text="The number of your account.")
    units = ChosenUnitsSerializer()
    reason = Text(max_length=500, help_text="Published.")


class CancellationSerializer(serializers.Serializer[Cancellation]):
    code = serializers.CharField()
    state = serializers.ChoiceField(_states(CancellationState))
    quantity = serializers.IntegerField()
    reason = serializers.CharField()
    asked_at = serializers.DateTimeField()
    cancelled_on = serializers.DateField(allow_null=True)
    ranges = HeldRangeSerializer(many=True, source="lines")


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
    state = serializers.ChoiceField(_states(SuspensionState))
    reason = serializers.CharField()
    end_reason = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class AdjustSerializer(Shape):
    issuance = Text(max_length=12)
    intensity = DecimalText(help_text="t CO2e per t.")
    adjusted_intensity = DecimalText(required=False, allow_null=True, default=None)
    shortfall = WholeNumber(min_value=0, max_value=10**12, default=0)
    reason = Text(max_length=500, help_text="Published.")


class AdjustmentSerializer(serializers.Serializer[Adjustment]):
    code = serializers.CharField()
    issuance = serializers.CharField(source="issuance.code")
    state = serializers.ChoiceField(_states(AdjustmentState))
    intensity = DecimalText()
    adjusted_intensity = DecimalText(allow_null=True)
    previous_intensity = DecimalText()
    shortfall = serializers.IntegerField()
    reason = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class CancellationEndpoint(WritingEndpoint):
    access = Access.HOLDER

    def seen(self, code: str) -> Cancellation:
        found = scope.cancellations_of(self.person).select_related("account", "organisation")
        return rows.one(rows.with_lines(found), code=code)

    def shown(self, made: Cancellation) -> Any:
        return CancellationSerializer(self.seen(made.code)).data


class Cancellations(CancellationEndpoint):
    model = Cancellation
    pagination_class = PAGES

    @operation("list_cancellations", answer=CancellationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Cancellations out of your accounts, newest first."""
        found = rows.with_lines(scope.cancellations_of(self.person))
        return self.listed(found.order_by("-asked_at", "-id"), CancellationSerializer)

    @operation(
        "cancel_units",
        given=CancelSerializer,
        answer=CancellationSerializer,
        status=201,
        example={
            "account": "AC-7K3QF9ZT",
            "units": {"quantity": 5},
            "reason": "Measured too high.",
        },
    )
    def post(self, request: Request) -> Response:
        """Give units up for good: nobody can ever claim them.

        Where the account asks for a second person, they wait for their approval.
        """
        given = self.given(CancelSerializer)
        return self.write(
            cancellations.cancel_units,
            shown=self.shown,
            status=201,
            account=scope.account(self.person, given["account"]),
            units=chosen_units(given["units"]),
            reason=given["reason"],
        )


class CancellationApproval(CancellationEndpoint):
    @operation("approve_cancellation", answer=CancellationSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Approve what a colleague asked for. There is no way back."""
        found = self.seen(code)
        self.given(Nothing)
        return self.write(cancellations.approve_cancellation, shown=self.shown, cancellation=found)


class CancellationWithdrawal(CancellationEndpoint):
    @operation("withdraw_cancellation", answer=CancellationSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Take it back before it is approved."""
        found = self.seen(code)
        self.given(Nothing)
        return self.write(cancellations.withdraw_cancellation, shown=self.shown, cancellation=found)


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
    account = None
    if "account" in given:
        account = Account.objects.filter(number=given["account"]).first()
        if account is None:
            raise BadInput({"account": ["There is no account with this number."]})
    ranges: tuple[Any, ...] = ()
    if "units" in given:
        if "ranges" not in given["units"]:
            raise BadInput({"units": ["Name ranges of serials."]})
        chosen: Any = chosen_units(given["units"])
        ranges = tuple(chosen)
    issuance = _issuance(given["issuance"]) if "issuance" in given else None
    return suspensions.Scope(account=account, issuance=issuance, ranges=ranges)


def _issuance(code: str) -> Issuance:
    found = Issuance.objects.filter(code=code).first()
    if found is None:
        raise BadInput({"issuance": ["There is no issuance with this code."]})
    return found
