"""Jobs: what is too large for its asker to wait for, done by a worker, and what came of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from claims.models.inventory import Inventory
from claims.models.statement import Statement
from claims.transitions import JOB_OPEN, JobState
from registry.models import Issuance
from registry.models.fields import id_field


class Job(models.Model):
    """One thing a person asked for. Theirs alone to see; nothing of it counts but what it wrote.

    asked: what for, as plain values; asked_sha256: the same for the same. attempt: rises each time
    a process begins, so that one that was thought dead changes nothing. stage, done, of: progress
    in words and numbers. result: a plan's figures. refusal: status, texts and findings.
    """

    class Kind(models.TextChoices):
        PLAN = "plan"
        CLAIM = "claim"
        SUBMIT = "submit"
        PUBLISH = "publish"

    id = id_field()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="jobs")
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="jobs"
    )
    state = models.CharField(
        max_length=10, choices=JobState.choices(), default=JobState.WAITING.value
    )
    asked = models.JSONField()
    asked_sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    attempt = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=60, blank=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    refusal = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inventory", "kind", "asked_by", "asked_sha256"],
                condition=Q(state__in=[str(state) for state in JOB_OPEN]),
                name="one_wish_is_one_open_job",
            ),
            models.UniqueConstraint(
                fields=["statement"],
                condition=Q(state__in=[str(state) for state in JOB_OPEN]),
                name="a_statement_is_made_by_one_job_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                name="jobs_not_expired",
                fields=["touched_at"],
                condition=~Q(state=JobState.EXPIRED.value),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether a worker is at it, or has still to begin."""
        return self.state in JOB_OPEN


class PlannedGroup(models.Model):
    """A group of lines in a plan that a worker made: of one product, factor and category."""

    id = id_field()
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="groups")
    label = models.CharField(max_length=400)
    lines = ArrayField(models.UUIDField())

    def __str__(self) -> str:
        return self.label


class PlannedUnits(models.Model):
    """Units suggested for a group, and why these. place: in the order of the plan, from 1."""

    id = id_field()
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="units")
    group = models.ForeignKey(PlannedGroup, on_delete=models.CASCADE, related_name="units")
    place = models.PositiveIntegerField()
    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="+")
    copy = models.PositiveSmallIntegerField()
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    reasons = ArrayField(models.CharField(max_length=200))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "place"], name="a_plan_counts_its_units_once")
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.first}–{self.last}"

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1
