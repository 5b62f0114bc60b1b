"""Cancellations: by their holder, or by two operators of what has expired."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import Account
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Text
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.units import ChosenUnitsSerializer, HeldRangeSerializer, chosen_units, lines
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.ledger import Line
from registry.models import Cancellation
from registry.services import cancellations
from registry.transitions import CancellationState


def states(kind: Any) -> list[str]:
    return [state.value for state in kind]


class CancelSerializer(Shape):
    account = Text(max_length=16, help_text="The number of your account.")
    units = ChosenUnitsSerializer()
    reason = Text(max_length=500, help_text="Published.")


class CancellationSerializer(serializers.Serializer[Cancellation]):
    code = serializers.CharField()
    state = serializers.ChoiceField(states(CancellationState))
    quantity = serializers.IntegerField()
    reason = serializers.CharField()
    asked_at = serializers.DateTimeField()
    cancelled_on = serializers.DateField(allow_null=True)
    ranges = HeldRangeSerializer(many=True, source="lines")


class CancellationEndpoint(WritingEndpoint):
    access = Access.SIGNED_IN

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


class ExpiredCancellations(CancellationEndpoint):
    access = Access.OPERATOR

    @operation(
        "cancel_expired_units",
        given=CancelSerializer,
        answer=CancellationSerializer,
        status=201,
        example={
            "account": "AC-7K3QF9ZT",
            "units": {"ranges": [{"issuance": "V5N2KQ8T", "first": 1, "last": 5}]},
            "reason": "Expired in 2024.",
        },
    )
    def post(self, request: Request) -> Response:
        """Ask for expired units of anybody's account to be cancelled. A second operator approves.

        Suspended units are cancelled by ending their suspension so.
        """
        given = self.given(CancelSerializer)
        return self.write(
            cancellations.cancel_as_operator,
            shown=self.shown,
            status=201,
            account=account_named(given["account"]),
            units=named_ranges(given["units"]),
            reason=given["reason"],
        )


class OneCancellation(CancellationEndpoint):
    @operation("read_cancellation", answer=CancellationSerializer)
    def get(self, request: Request, code: str) -> Response:
        """A cancellation out of your accounts, or one that the operator asked for."""
        return Response(self.shown(self.seen(code)))


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


def account_named(number: str) -> Account:
    found = Account.objects.select_related("organisation").filter(number=number).first()
    if found is None:
        raise BadInput({"account": ["There is no account with this number."]})
    return found


def named_ranges(given: dict[str, Any]) -> list[Line]:
    if "ranges" not in given:
        raise BadInput({"units": ["Name ranges of serials."]})
    return lines(given["ranges"])
