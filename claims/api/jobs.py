"""What a worker does for a person: plans of many lines, their claims, documents being made."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest.endpoints import PAGES, Shape
from accounts.rest.fields import Text
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from claims import scope
from claims.accounting.facts import Alignment
from claims.accounting.tree import Answer
from claims.api.choices import JOB_KINDS, JOB_STATES
from claims.api.claiming import AlignmentSerializer
from claims.api.guiding import AnswerSerializer, LeftOutSerializer, PlanSerializer, wish_from
from claims.api.inventories import InventoryEndpoint
from claims.models import Job, PlannedGroup, PlannedUnits
from claims.services.making import Terms
from claims.services.planned import ask_to_claim
from claims.services.plans import ask_for_plan


class RefusalSerializer(serializers.Serializer[Any]):
    """What kept the job from its end, as the request itself would have been refused."""

    status = serializers.IntegerField(help_text="The HTTP status of such a refusal.")
    texts = serializers.ListField(child=serializers.CharField())
    findings = FindingSerializer(many=True)


class JobResultSerializer(serializers.Serializer[Any]):
    """Of a plan: its figures. Of a claim or a statement: its code."""

    volume = serializers.IntegerField(required=False, help_text="units suggested")
    suggestions = serializers.IntegerField(required=False, help_text="How many there are.")
    left = serializers.IntegerField(required=False, help_text="units that found no room")
    left_out = LeftOutSerializer(many=True, required=False, help_text="The first of them.")
    left_out_count = serializers.IntegerField(required=False)
    passed_by = LeftOutSerializer(many=True, required=False, help_text="The first of them.")
    passed_by_count = serializers.IntegerField(required=False)
    code = serializers.CharField(required=False, help_text="Of the claim.")
    is_pending = serializers.BooleanField(
        required=False, help_text="Whether the claim waits for its retirement."
    )
    statement = serializers.CharField(required=False, help_text="Its code.")


class JobSerializer(serializers.Serializer[Job]):
    id = serializers.UUIDField()
    inventory = serializers.UUIDField(source="inventory_id")
    kind = serializers.ChoiceField(JOB_KINDS)
    state = serializers.ChoiceField(JOB_STATES)
    stage = serializers.CharField(help_text="What it is doing, in words.")
    done = serializers.IntegerField(help_text="So much of it.")
    of = serializers.IntegerField(allow_null=True, help_text="null where it is not known.")
    asked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(help_text="What came of it is kept until then.")
    result = JobResultSerializer(allow_null=True)
    refusal = RefusalSerializer(allow_null=True)


class PlannedUnitsSerializer(serializers.Serializer[PlannedUnits]):
    place = serializers.IntegerField()
    group = serializers.UUIDField(source="group_id")
    lines = serializers.CharField(source="group.label", help_text="What the lines share.")
    issuance = serializers.CharField(source="issuance.code")
    copy = serializers.IntegerField()
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    quantity = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())


class PlannedGroupSerializer(serializers.Serializer[PlannedGroup]):
    id = serializers.UUIDField()
    name = serializers.CharField(source="label", help_text="What the lines share.")
    lines = serializers.ListField(child=serializers.UUIDField())


class ClaimPlanSerializer(Shape):
    """How the plan's units are applied; the method and the cap are the plan's."""

    alignment = AlignmentSerializer(required=False)
    cap_reason = Text(max_length=2_000, required=False, allow_blank=True)
    auditor_note = Text(max_length=2_000, required=False, allow_blank=True)
    claim_type = Text(max_length=40, required=False)
    path = serializers.ListField(child=AnswerSerializer(), required=False, max_length=20)


def _shown(job: Job) -> Any:
    return JobSerializer(job).data


class JobEndpoint(InventoryEndpoint):
    model = Job

    def asked(self, id: Any, job: Any) -> Job:
        return scope.job(self.person, id, job)


class InventoryPlans(JobEndpoint):
    @operation(
        "ask_for_plan",
        given=PlanSerializer,
        answer=JobSerializer,
        status=202,
        example={"method": "enhanced", "account": "AC-7K3QF9ZT"},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Have units suggested in the background: for large inventories, or many units.

        Ask for the job until it is done; then its suggestions can be read, and claimed as a whole.
        The same wish, asked again meanwhile, is the same job.
        """
        inventory = self.own(id)
        wish = wish_from(self.person, self.given(PlanSerializer))
        return self.write(ask_for_plan, shown=_shown, status=202, inventory=inventory, wish=wish)


class InventoryJobs(JobEndpoint):
    pagination_class = PAGES

    @operation("list_jobs", answer=JobSerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """What you asked a worker for on this inventory, newest first."""
        rows = scope.jobs_of(self.person).filter(inventory=self.own(id))
        return self.listed(rows.order_by("-asked_at", "-id"), JobSerializer)


class OneJob(JobEndpoint):
    @operation("read_job", answer=JobSerializer)
    def get(self, request: Request, id: Any, job: Any) -> Response:
        """How far it is, and what came of it."""
        return Response(_shown(self.asked(id, job)))


class JobSuggestions(JobEndpoint):
    pagination_class = PAGES
    model = PlannedUnits  # type: ignore[assignment]  # each view names its own

    @operation("list_planned_units", answer=PlannedUnitsSerializer(many=True))
    def get(self, request: Request, id: Any, job: Any) -> Response:
        """The units of a plan, in its order; none before it is done."""
        rows = self.asked(id, job).units.select_related("group", "issuance")
        rows = rows.defer("group__lines")
        return self.listed(rows.order_by("place"), PlannedUnitsSerializer)


class JobGroups(JobEndpoint):
    pagination_class = PAGES
    model = PlannedGroup  # type: ignore[assignment]  # each view names its own

    @operation("list_planned_groups", answer=PlannedGroupSerializer(many=True))
    def get(self, request: Request, id: Any, job: Any) -> Response:
        """The groups of lines that a plan's units are for."""
        return self.listed(self.asked(id, job).groups.order_by("id"), PlannedGroupSerializer)


class ClaimPlan(JobEndpoint):
    @operation(
        "claim_plan",
        given=ClaimPlanSerializer,
        answer=JobSerializer,
        status=202,
        example={"claim_type": "corporate_inventory"},
    )
    def post(self, request: Request, id: Any, job: Any) -> Response:
        """Claim everything that a plan suggests, in one claim made in the background.

        Units held are retired with it. Nothing is retired where a rule refuses the claim.
        """
        plan = self.asked(id, job)
        given = self.given(ClaimPlanSerializer)
        terms = Terms(
            method="",
            alignment=Alignment(**given.pop("alignment", {})),
            path=tuple(Answer(**each) for each in given.pop("path", ())),
            **given,
        )
        return self.write(ask_to_claim, shown=_shown, status=202, plan=plan, terms=terms)
