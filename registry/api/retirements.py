"""Retirement of units by their holder, and what was retired from one's own accounts."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Shape
from accounts.rest.fields import Text
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.units import ChosenUnitsSerializer, HeldRangeSerializer, chosen_units
from registry.api.writing import WritingEndpoint
from registry.models import Retirement
from registry.services.retirements import retire


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


class RetirementSummarySerializer(serializers.Serializer[Retirement]):
    code = serializers.CharField()
    organisation = serializers.CharField(source="organisation.name")
    quantity = serializers.IntegerField()
    retired_on = serializers.DateField()
    purpose = serializers.CharField()
    beneficiary = serializers.CharField()
    is_demonstration = serializers.BooleanField()


class RetirementSerializer(RetirementSummarySerializer):
    ranges = HeldRangeSerializer(many=True, source="lines")
    findings = FindingSerializer(many=True)


class Retirements(WritingEndpoint):
    access = Access.HOLDER
    model = Retirement
    pagination_class = PAGES

    @operation("list_retirements", answer=RetirementSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Retirements out of your accounts, newest first."""
        return self.listed(rows.retirements(self.person), RetirementSummarySerializer)

    @operation(
        "retire_units",
        given=RetireSerializer,
        answer=RetirementSerializer,
        status=201,
        example={
            "account": "AC-7K3QF9ZT",
            "units": {"quantity": 600},
            "purpose": "Corporate inventory 2025",
        },
    )
    def post(self, request: Request) -> Response:
        """Retire units for good.

        There is no way back. The record is public.
        """
        given = self.given(RetireSerializer)
        return self.write(
            retire,
            shown=self._shown,
            status=201,
            account=scope.account(self.person, given["account"]),
            units=chosen_units(given["units"]),
            purpose=given["purpose"],
            beneficiary=given["beneficiary"],
        )

    def _shown(self, retirement: Retirement) -> Any:
        row = rows.one(rows.with_lines(rows.retirements(self.person)), pk=retirement.pk)
        return RetirementSerializer(row).data
