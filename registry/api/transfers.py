"""Transfers: propose, approve, accept, decline, withdraw."""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import Account
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Flag, Text
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.choices import TRANSFER_STATES
from registry.api.filters import TransferFilter
from registry.api.units import (
    AccountNameSerializer,
    ChosenUnitsSerializer,
    HeldRangeSerializer,
    chosen_units,
)
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.models import Transfer
from registry.services import transfers


class ProposeTransferSerializer(Shape):
    from_account = Text(max_length=16, help_text="The number of your account.")
    to_account = Text(max_length=16, help_text="The number of the recipient's account.")
    units = ChosenUnitsSerializer()
    surrendered = Flag(
        default=False,
        help_text="You give up your right to claim these units (7.2). Between your own accounts "
        "it is not asked for.",
    )
    note = Text(max_length=500, required=False, allow_blank=True, default="")


class TransferSummarySerializer(serializers.Serializer[Transfer]):
    id = serializers.UUIDField()
    from_account = AccountNameSerializer()
    to_account = AccountNameSerializer()
    state = serializers.ChoiceField(TRANSFER_STATES)
    quantity = serializers.IntegerField()
    surrendered = serializers.BooleanField(
        allow_null=True, help_text="Null for a move between an organisation's own accounts."
    )
    note = serializers.CharField()
    due_on = serializers.DateField(help_text="The last day on which it can be accepted.")
    acceptable_on = serializers.DateField(
        source="delay.acceptable_on",
        default=None,
        allow_null=True,
        help_text="The first day on which it can be accepted, where the sender's account waits.",
    )
    proposed_at = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class TransferSerializer(TransferSummarySerializer):
    ranges = HeldRangeSerializer(many=True, source="lines")
    findings = FindingSerializer(many=True)


class TransferEndpoint(WritingEndpoint):
    access = Access.HOLDER

    def seen(self, id: Any) -> Transfer:
        return rows.one(rows.with_lines(rows.transfers(self.person)), pk=id)

    def shown(self, transfer: Transfer) -> Any:
        return TransferSerializer(self.seen(transfer.pk)).data


class Transfers(TransferEndpoint):
    pagination_class = PAGES
    filterset_class = TransferFilter
    model = Transfer

    @operation("list_transfers", answer=TransferSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Transfers out of and into your accounts, newest first."""
        return self.listed(rows.transfers(self.person), TransferSummarySerializer)

    @operation(
        "propose_transfer",
        given=ProposeTransferSerializer,
        answer=TransferSerializer,
        status=201,
        example=[
            {
                "from_account": "AC-7K3QF9ZT",
                "to_account": "AC-2M8XW4PD",
                "units": {"quantity": 600, "functional_unit": "iron"},
                "surrendered": True,
            },
            {
                "from_account": "AC-7K3QF9ZT",
                "to_account": "AC-2M8XW4PD",
                "units": {"ranges": [{"issuance": "V5N2KQ8T", "first": 1, "last": 600}]},
                "surrendered": True,
                "note": "Order 4711",
            },
        ],
    )
    def post(self, request: Request) -> Response:
        """Reserve units and offer them to another account.

        Name ranges of serials, or a quantity of which the oldest vintage is taken first. When
        somebody else was faster, the 409 says what is left.
        """
        given = self.given(ProposeTransferSerializer)
        return self.write(
            transfers.propose_transfer,
            shown=self.shown,
            status=201,
            from_account=scope.account(self.person, given["from_account"]),
            to_account=_recipient(given["to_account"]),
            units=chosen_units(given["units"]),
            surrendered=given["surrendered"],
            note=given["note"],
        )


class OneTransfer(TransferEndpoint):
    @operation("read_transfer", answer=TransferSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """A transfer with its ranges and findings."""
        return Response(TransferSerializer(self.seen(id)).data)


class TransferStep(TransferEndpoint):
    """One step of an open transfer: no words needed, so the body is empty."""

    service: ClassVar[Callable[..., Transfer]]

    def step(self, id: Any) -> Response:
        transfer = self.seen(id)
        self.given(Nothing)
        return self.write(type(self).service, shown=self.shown, transfer=transfer)


class TransferApproval(TransferStep):
    service = transfers.approve_transfer

    @operation("approve_transfer", answer=TransferSerializer)
    def post(self, request: Request, id: Any) -> Response:
        """Approve what a colleague proposed, where the account asks for a second person."""
        return self.step(id)


class TransferAcceptance(TransferStep):
    service = transfers.accept_transfer

    @operation("accept_transfer", answer=TransferSerializer)
    def post(self, request: Request, id: Any) -> Response:
        """Take the units that were offered to your account."""
        return self.step(id)


class TransferRefusal(TransferStep):
    service = transfers.decline_transfer

    @operation("decline_transfer", answer=TransferSerializer)
    def post(self, request: Request, id: Any) -> Response:
        """Decline an offer: the units go back to the sender."""
        return self.step(id)


class TransferWithdrawal(TransferStep):
    service = transfers.withdraw_transfer

    @operation("withdraw_transfer", answer=TransferSerializer)
    def post(self, request: Request, id: Any) -> Response:
        """Withdraw your own offer before it is accepted."""
        return self.step(id)


def _recipient(number: str) -> Account:
    found = Account.objects.select_related("organisation").filter(number=number).first()
    if found is None:
        raise BadInput({"to_account": [f"There is no account {number}: mistyped?"]})
    return found
