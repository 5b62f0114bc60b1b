"""Claims that wait for their retirement to be final, and the path by which a method was chosen."""

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models import Organisation, User
from claims.models.claim import Claim
from claims.models.inventory import Inventory, InventoryLine
from claims.transitions import PendingState
from registry.models import RetirementOrder
from registry.models.fields import id_field, tonnes_field


class PendingClaim(models.Model):
    """A claim made together with a retirement that can still be withdrawn (8.1, ours).

    It becomes a claim in the transaction that makes the retirement final, or falls away with the
    order. terms: the method and the answers. result, findings: as they were shown to the user.
    refusal: the findings that kept it from becoming a claim.
    """

    id = id_field()
    code = models.CharField(max_length=12, unique=True)
    order = models.OneToOneField(
        RetirementOrder, on_delete=models.PROTECT, related_name="pending_claim"
    )
    inventory = models.ForeignKey(
        Inventory, on_delete=models.PROTECT, related_name="pending_claims"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PendingState.choices())
    terms = models.JSONField()
    volume = tonnes_field("units to be claimed, t")
    result = models.JSONField()
    findings = models.JSONField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    claim = models.OneToOneField(
        Claim, on_delete=models.PROTECT, null=True, related_name="waited_as"
    )
    refusal = models.JSONField(default=list)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_pending_claim_that_was_made_names_its_claim",
                condition=Q(state=PendingState.MADE, claim__isnull=False)
                | (~Q(state=PendingState.MADE) & Q(claim__isnull=True)),
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_pending_claim_that_ended_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["made", "fallen", "refused"]),
            ),
            pgtrigger.Protect(name="a_pending_claim_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="what_a_pending_claim_says_stays",
                exclude=["state", "ended_at", "claim", "refusal"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.volume} t, {self.state}"


class PendingLine(models.Model):
    """A line that a pending claim is for. While it waits, no other claim is made on the line."""

    id = id_field()
    pending = models.ForeignKey(PendingClaim, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(InventoryLine, on_delete=models.PROTECT, related_name="pending")
    is_waiting = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(is_waiting=True),
                name="a_line_waits_for_one_pending_claim",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} for {self.pending_id}"


class DecisionPath(models.Model):
    """A person's walk through the tree of Exhibit 11 for one inventory, kept while it goes on."""

    id = id_field()
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="paths")
    walked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inventory", "walked_by"], name="a_person_walks_one_path_for_an_inventory"
            )
        ]

    def __str__(self) -> str:
        return f"{self.inventory_id}: {len(self.answers)} answers"


class ClaimPath(models.Model):
    """The answers by which a claim's method was chosen, and what they rest on (Exhibit 11)."""

    claim = models.OneToOneField(
        Claim, on_delete=models.PROTECT, primary_key=True, related_name="path"
    )
    answers = models.JSONField()
    method = models.CharField("method proposed", max_length=10)
    cap = models.CharField("cap proposed", max_length=10, blank=True)
    reasons = models.JSONField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="the_path_of_a_claim_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.method}"
