"""Retirement of units by their holder, and what was retired from one's own accounts."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import User
from accounts.permissions import organisations_of
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Day, Text
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.choices import RETIREMENT_STATES
from registry.api.units import ChosenUnitsSerializer, HeldRangeSerializer, chosen_units
from registry.api.writing import WritingEndpoint
from registry.models import Retirement, RetirementOrder
from registry.services.retirements import Retiring, retire, settle_due, withdraw_retirement
from registry.transitions import RetirementState


class RetireSerializer(Shape):
    account = Text(max_length=16, help_text="The number of your account.")
    units = ChosenUnitsSerializer()
    purpose = Text(max_length=300, required=False, allow_blank=True, default="")
    beneficiary = Text(
        max_length=200,
        required=False,
        allow_blank=True,
        default="",
        help_text="For whom, where it is not your own organisation. Public.",
    )
    period_start = Day(
        required=False,
        allow_null=True,
        default=None,
        help_text="Of the reporting period it is for: both days, or neither.",
    )
    period_end = Day(required=False, allow_null=True, default=None)


class RetirementSummarySerializer(serializers.Serializer[Retirement]):
    code = serializers.CharField()
    organisation = serializers.CharField(source="organisation.name")
    quantity = serializers.IntegerField()
    retired_on = serializers.DateField()
    purpose = serializers.CharField()
    beneficiary = serializers.CharField()
    period_start = serializers.DateField(allow_null=True)
    period_end = serializers.DateField(allow_null=True)
    is_demonstration = serializers.BooleanField()


class RetirementSerializer(RetirementSummarySerializer):
    ranges = HeldRangeSerializer(many=True, source="lines")
    findings = FindingSerializer(many=True)


class RetiringSerializer(serializers.Serializer[Any]):
    """A retirement, or an order that can still be withdrawn."""

    code = serializers.CharField()
    state = serializers.SerializerMethodField()
    organisation = serializers.CharField(source="organisation.name")
    quantity = serializers.IntegerField()
    due_at = serializers.SerializerMethodField(
        help_text="The moment from which it is final. Before it, it can be withdrawn."
    )
    retired_on = serializers.SerializerMethodField(help_text="Null while it is not final.")
    purpose = serializers.CharField()
    beneficiary = serializers.CharField()
    period_start = serializers.DateField(allow_null=True)
    period_end = serializers.DateField(allow_null=True)
    is_demonstration = serializers.BooleanField()
    ranges = HeldRangeSerializer(many=True, source="lines")
    findings = FindingSerializer(many=True)

    @extend_schema_field(serializers.ChoiceField(RETIREMENT_STATES))
    def get_state(self, row: Any) -> str:
        return str(row.state) if isinstance(row, RetirementOrder) else RetirementState.RETIRED.value

    def get_due_at(self, row: Any) -> datetime:
        moment: datetime = row.due_at if isinstance(row, RetirementOrder) else row.retired_at
        return moment

    def get_retired_on(self, row: Any) -> date | None:
        return row.retired_on if isinstance(row, Retirement) else None


class Retirements(WritingEndpoint):
    access = Access.HOLDER
    model = Retirement
    pagination_class = PAGES

    @operation("list_retirements", answer=RetirementSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Final retirements out of your accounts, newest first."""
        settle_due(now=timezone.now(), organisation=organisations_of(self.person))
        return self.listed(rows.retirements(self.person), RetirementSummarySerializer)

    @operation(
        "retire_units",
        given=RetireSerializer,
        answer=RetiringSerializer,
        status=201,
        example={
            "account": "AC-7K3QF9ZT",
            "units": {"quantity": 600},
            "purpose": "Corporate inventory 2025",
            "period_start": "2025-01-01",
            "period_end": "2025-12-31",
        },
    )
    def post(self, request: Request) -> Response:
        """Retire units for good.

        Where the account lets its retirements cool off, the units are held until `due_at`, and the
        order can be withdrawn before it. Then there is no way back. The record is public.
        """
        given = self.given(RetireSerializer)

        def act(**values: Any) -> Retiring:
            return retire(**values)

        return self.write(
            act,
            shown=lambda made: shown(self.person, made.code),
            status=201,
            account=scope.account(self.person, given["account"]),
            units=chosen_units(given["units"]),
            **{name: given[name] for name in _TERMS},
        )


class OneRetirement(WritingEndpoint):
    access = Access.HOLDER

    @operation("read_retirement", answer=RetiringSerializer)
    def get(self, request: Request, code: str) -> Response:
        """A retirement out of your accounts, final or not."""
        return Response(shown(self.person, code))


class RetirementWithdrawal(WritingEndpoint):
    access = Access.HOLDER

    @operation("withdraw_retirement", answer=RetiringSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Take a retirement back before it is final: the units are active again."""
        order = scope.retirement_order(self.person, code)
        self.given(Nothing)
        return self.write(
            withdraw_retirement, shown=lambda made: shown(self.person, made.code), order=order
        )


_TERMS = ("purpose", "beneficiary", "period_start", "period_end")


def shown(person: User, code: str) -> Any:
    settle_due(now=timezone.now(), code=code)
    return RetiringSerializer(rows.retiring(person, code)).data
