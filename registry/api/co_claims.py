"""Co-claims: propose, consent, confirm, decline, withdraw, name a reserved seat."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import Organisation, User
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Id, Text, WholeNumber
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.choices import CO_CLAIM_STATES, SEAT_STATES
from registry.api.units import ChosenUnitsSerializer, chosen_units
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.models import CoClaim, CoClaimLine, CoClaimSeat
from registry.public.claims import layer_name
from registry.public.units import unit_range
from registry.services import co_claims
from registry.services.co_claim_seats import SeatWanted


class SeatWantedSerializer(Shape):
    """A claim beside yours, at the layer that the agreement gives this copy."""

    copy = WholeNumber(min_value=2, max_value=3)
    organisation = Id(
        required=False, allow_null=True, help_text="Null reserves the seat, to be named later."
    )


class ProposeCoClaimSerializer(Shape):
    account = Text(max_length=16, help_text="The number of your account: you are the primary.")
    units = ChosenUnitsSerializer()
    seats = serializers.ListField(child=SeatWantedSerializer(), min_length=1, max_length=2)
    note = Text(max_length=500, required=False, allow_blank=True, default="")


class ConsentSerializer(Shape):
    account = Text(max_length=16, help_text="The number of your account, for your copy.")


class DeclineSerializer(Shape):
    organisation = Id(help_text="Yours: a party that was asked, or the issuer.")


class NameSeatSerializer(Shape):
    copy = WholeNumber(min_value=1, max_value=3)
    organisation = Id()


class SeatSerializer(serializers.Serializer[CoClaimSeat]):
    copy = serializers.IntegerField()
    layer = serializers.IntegerField()
    layer_name = serializers.SerializerMethodField()
    role = serializers.CharField()
    state = serializers.ChoiceField(SEAT_STATES)
    organisation = serializers.CharField(
        source="organisation.name", default=None, allow_null=True, help_text="Null if reserved."
    )
    consented_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)

    def get_layer_name(self, row: Any) -> str:
        return layer_name(row.co_claim.chain, row.layer, row.co_claim.proposed_at.date())


class CoClaimedRangeSerializer(serializers.Serializer[CoClaimLine]):
    """Serials of copy 1; copies 2 and 3 have the same."""

    units = serializers.SerializerMethodField(help_text="The unit identifier of copy 1.")
    issuance = serializers.CharField(source="issuance.code")
    first = serializers.IntegerField(source="serials.lower")
    last = serializers.SerializerMethodField()

    def get_units(self, row: Any) -> str:
        return str(unit_range(row.issuance, row.serials.lower, row.serials.upper - 1))

    def get_last(self, row: Any) -> int:
        return int(row.serials.upper) - 1


class CoClaimSummarySerializer(serializers.Serializer[CoClaim]):
    code = serializers.CharField()
    state = serializers.ChoiceField(CO_CLAIM_STATES)
    quantity = serializers.IntegerField()
    primary = serializers.CharField(source="account.organisation.name")
    issuer = serializers.CharField(source="agreement.issuer.name")
    agreement = serializers.CharField(source="agreement.reference")
    chain = serializers.CharField()
    responsible = serializers.CharField(source="responsible.name")
    total_claims = serializers.SerializerMethodField()
    due_on = serializers.DateField(help_text="The last day on which it can be confirmed.")
    proposed_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    is_demonstration = serializers.BooleanField()

    def get_total_claims(self, row: Any) -> int:
        return len(row.seats.all())


class CoClaimSerializer(CoClaimSummarySerializer):
    seats = serializers.SerializerMethodField()
    ranges = CoClaimedRangeSerializer(many=True, source="lines")
    note = serializers.CharField()
    findings = FindingSerializer(many=True)

    @extend_schema_field(SeatSerializer(many=True))
    def get_seats(self, row: Any) -> Any:
        return SeatSerializer(row.seats.all(), many=True).data


class CoClaimEndpoint(WritingEndpoint):
    access = Access.HOLDER

    def seen(self, code: str) -> CoClaim:
        lines = CoClaimLine.objects.select_related("issuance__site").order_by("issuance", "serials")
        found = _rows(self.person).prefetch_related(Prefetch("lines", queryset=lines))
        return rows.one(found, code=code)

    def shown(self, co_claim: CoClaim) -> Any:
        # A party that has just declined a seat sees it no more, but for this answer.
        lines = CoClaimLine.objects.select_related("issuance__site").order_by("issuance", "serials")
        found = _related(CoClaim.objects.all()).prefetch_related(Prefetch("lines", queryset=lines))
        return CoClaimSerializer(found.get(pk=co_claim.pk)).data


class CoClaims(CoClaimEndpoint):
    pagination_class = PAGES
    model = CoClaim

    @operation("list_co_claims", answer=CoClaimSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Co-claims that your organisations hold, were asked for, or have yet to confirm."""
        return self.listed(_rows(self.person), CoClaimSummarySerializer)

    @operation(
        "propose_co_claim",
        given=ProposeCoClaimSerializer,
        answer=CoClaimSerializer,
        status=201,
        example={
            "account": "AC-7K3QF9ZT",
            "units": {"ranges": [{"issuance": "V5N2KQ8T", "first": 1, "last": 600}]},
            "seats": [
                {"copy": 2, "organisation": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f13"},
                {"copy": 3, "organisation": None},
            ],
        },
    )
    def post(self, request: Request) -> Response:
        """Ask others to share the claim on units you hold (9.3).

        Nothing is reserved: the units are judged again when the issuer confirms.
        """
        given = self.given(ProposeCoClaimSerializer)
        return self.write(
            co_claims.propose_co_claim,
            shown=self.shown,
            status=201,
            account=scope.account(self.person, given["account"]),
            units=chosen_units(given["units"]),
            seats=_seats(given["seats"]),
            note=given["note"],
        )


class OneCoClaim(CoClaimEndpoint):
    @operation("read_co_claim", answer=CoClaimSerializer)
    def get(self, request: Request, code: str) -> Response:
        """A co-claim with its seats, ranges and findings."""
        return Response(CoClaimSerializer(self.seen(code)).data)


class CoClaimConsent(CoClaimEndpoint):
    @operation(
        "consent_to_co_claim",
        given=ConsentSerializer,
        answer=CoClaimSerializer,
        example={"account": "AC-2M8XW4PD"},
    )
    def post(self, request: Request, code: str) -> Response:
        """Take the seat you were asked for, in an account of yours."""
        co_claim = self.seen(code)
        account = scope.account(self.person, self.given(ConsentSerializer)["account"])
        return self.write(
            co_claims.consent_to_co_claim, shown=self.shown, co_claim=co_claim, account=account
        )


class CoClaimConfirmation(CoClaimEndpoint):
    @operation("confirm_co_claim", answer=CoClaimSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Confirm as issuer: the copies are made, or the seat just named gets its copy."""
        co_claim = self.seen(code)
        self.given(Nothing)
        return self.write(co_claims.confirm_co_claim, shown=self.shown, co_claim=co_claim)


class CoClaimRefusal(CoClaimEndpoint):
    @operation(
        "decline_co_claim",
        given=DeclineSerializer,
        answer=CoClaimSerializer,
        example={"organisation": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f13"},
    )
    def post(self, request: Request, code: str) -> Response:
        """Decline a co-claim, or the seat you were named for, as a party or as the issuer."""
        co_claim = self.seen(code)
        organisation = self.own_organisation(self.given(DeclineSerializer)["organisation"])
        return self.write(
            co_claims.decline_co_claim,
            shown=self.shown,
            co_claim=co_claim,
            organisation=organisation,
        )


class CoClaimWithdrawal(CoClaimEndpoint):
    @operation("withdraw_co_claim", answer=CoClaimSerializer)
    def post(self, request: Request, code: str) -> Response:
        """Take back your proposal, or the name you gave a reserved seat."""
        co_claim = self.seen(code)
        self.given(Nothing)
        return self.write(co_claims.withdraw_co_claim, shown=self.shown, co_claim=co_claim)


class CoClaimNaming(CoClaimEndpoint):
    @operation(
        "name_co_claim_seat",
        given=NameSeatSerializer,
        answer=CoClaimSerializer,
        example={"copy": 3, "organisation": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f13"},
    )
    def post(self, request: Request, code: str) -> Response:
        """Name who gets a reserved seat; that party and the issuer have yet to agree."""
        co_claim = self.seen(code)
        given = self.given(NameSeatSerializer)
        return self.write(
            co_claims.name_seat,
            shown=self.shown,
            co_claim=co_claim,
            copy=given["copy"],
            organisation=_organisation(given["organisation"]),
        )


def _rows(user: User) -> QuerySet[CoClaim]:
    return _related(scope.co_claims_of(user)).order_by("-proposed_at", "-id")


def _related(rows: QuerySet[CoClaim]) -> QuerySet[CoClaim]:
    seats = CoClaimSeat.objects.select_related("organisation", "co_claim").order_by("copy")
    return rows.select_related(
        "account__organisation", "agreement__issuer", "responsible"
    ).prefetch_related(Prefetch("seats", queryset=seats))


def _seats(given: list[dict[str, Any]]) -> list[SeatWanted]:
    return [
        SeatWanted(each["copy"], _organisation(each["organisation"]))
        if each.get("organisation")
        else SeatWanted(each["copy"], None)
        for each in given
    ]


def _organisation(id: Any) -> Organisation:
    found = Organisation.objects.filter(pk=id).first()
    if found is None:
        raise BadInput({"organisation": [f"There is no organisation {id}."]})
    return found
