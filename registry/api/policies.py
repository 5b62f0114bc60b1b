"""An account's policy of transfers: limits, trusted accounts, and the changes on their way."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.models import Account, User
from accounts.permissions import Right, accounts_with
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Choice, Text, WholeNumber
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.choices import POLICY_KINDS, POLICY_STATES
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.models import PolicyChange
from registry.services import policies
from registry.services.policies import MOST_DELAY_DAYS, Policy


class PolicySerializer(serializers.Serializer[Any]):
    """What is in force today."""

    approval_required = serializers.BooleanField(help_text="For every transfer out of it.")
    approval_above = serializers.IntegerField(
        allow_null=True, help_text="Units a day above which a second person approves."
    )
    delay_days = serializers.IntegerField(
        help_text="Working days before a recipient that is not trusted can accept."
    )
    trusted = serializers.ListField(child=serializers.CharField(), help_text="Account numbers.")


class PolicyChangeSerializer(serializers.Serializer[PolicyChange]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(POLICY_KINDS)
    state = serializers.ChoiceField(POLICY_STATES)
    other = serializers.CharField(source="other.number", default=None, allow_null=True)
    approval_above = serializers.IntegerField(allow_null=True)
    delay_days = serializers.IntegerField()
    in_force_on = serializers.DateField(
        allow_null=True, help_text="Null while it waits for a second person."
    )
    proposed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ChangePolicySerializer(Shape):
    """`limits` takes approval_above and delay_days; `trust` and `distrust` take other."""

    kind = Choice(POLICY_KINDS)
    approval_above = WholeNumber(min_value=0, max_value=10**12, required=False, allow_null=True)
    delay_days = WholeNumber(min_value=0, max_value=MOST_DELAY_DAYS, required=False)
    other = Text(max_length=16, required=False, help_text="The other account's number.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_limits = attrs["kind"] == PolicyChange.Kind.LIMITS
        if is_limits == ("other" in attrs):
            raise serializers.ValidationError("Name another account to trust or distrust it.")
        if not is_limits and len(attrs) > 2:
            raise serializers.ValidationError("Limits go with the kind `limits`.")
        return attrs


class AccountPolicy(WritingEndpoint):
    access = Access.HOLDER

    @operation("read_account_policy", answer=PolicySerializer)
    def get(self, request: Request, number: str) -> Response:
        """What transfers out of an account of yours meet."""
        account = scope.account(self.person, number)
        found = policies.policy_of(account, on=timezone.now().date())
        return Response(PolicySerializer(_policy(account, found)).data)


class AccountPolicyChanges(WritingEndpoint):
    access = Access.HOLDER
    pagination_class = PAGES
    model = PolicyChange

    @operation("list_policy_changes", answer=PolicyChangeSerializer(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Every change of the account's policy, newest first."""
        account = scope.account(self.person, number)
        return self.listed(_rows(self.person).filter(account=account), PolicyChangeSerializer)

    @operation(
        "change_account_policy",
        given=ChangePolicySerializer,
        answer=PolicyChangeSerializer,
        status=201,
        example=[
            {"kind": "limits", "approval_above": 1000, "delay_days": 3},
            {"kind": "trust", "other": "AC-2M8XW4PD"},
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Change the policy. What is stricter holds at once; what is looser waits.

        For a second person of the account, or where there is none for some working days.
        """
        account = scope.account(self.person, number)
        given = self.given(ChangePolicySerializer)
        if given["kind"] == PolicyChange.Kind.LIMITS:
            return self.write(
                policies.change_limits,
                shown=_shown,
                status=201,
                account=account,
                approval_above=given.get("approval_above"),
                delay_days=given.get("delay_days", 0),
            )
        is_trust = given["kind"] == PolicyChange.Kind.TRUST
        return self.write(
            policies.trust_account if is_trust else policies.distrust_account,
            shown=_shown,
            status=201,
            account=account,
            other=_other(given["other"]),
        )


class PolicyChangeStep(WritingEndpoint):
    access = Access.HOLDER
    service: ClassVar[Callable[..., PolicyChange]]

    def step(self, id: Any) -> Response:
        change = rows.one(_rows(self.person), pk=id)
        self.given(Nothing)
        return self.write(type(self).service, shown=_shown, change=change)


class PolicyChangeApproval(PolicyChangeStep):
    service = policies.approve_policy_change

    @operation("approve_policy_change", answer=PolicyChangeSerializer)
    def post(self, request: Request, id: Any) -> Response:
        """Approve a colleague's change of an account's policy."""
        return self.step(id)


class PolicyChangeWithdrawal(PolicyChangeStep):
    service = policies.withdraw_policy_change

    @operation("withdraw_policy_change", answer=PolicyChangeSerializer)
    def post(self, request: Request, id: Any) -> Response:
        """Stop a change of an account's policy before it is in force."""
        return self.step(id)


def _rows(user: User) -> QuerySet[PolicyChange]:
    seen = accounts_with(user, Right.VIEW).values("pk")
    return (
        PolicyChange.objects.filter(account__in=seen)
        .select_related("account__organisation", "other")
        .order_by("-proposed_at", "-id")
    )


def _shown(change: PolicyChange) -> Any:
    return PolicyChangeSerializer(change).data


def _policy(account: Account, found: Policy) -> dict[str, Any]:
    trusted = Account.objects.filter(pk__in=found.trusted).order_by("number")
    return {
        "approval_required": account.approval_required,
        "approval_above": found.approval_above,
        "delay_days": found.delay_days,
        "trusted": list(trusted.values_list("number", flat=True)),
    }


def _other(number: str) -> Account:
    found = Account.objects.select_related("organisation").filter(number=number).first()
    if found is None:
        raise BadInput({"other": [f"There is no account {number}: mistyped?"]})
    return found
