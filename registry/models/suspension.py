"""Suspensions: wrong or unconfirmed units held still until they are cancelled or confirmed (GAP-2).

Adjustments: corrected figures of an issuance beside the record, which stays as it was (AMB-16).
"""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from accounts.models import Account, User
from registry.models.fields import id_field, intensity_field
from registry.models.issuance import Issuance
from registry.transitions import AdjustmentState, SuspensionState

# In these states its units are held, and those retired are marked.
IN_FORCE = (SuspensionState.IN_FORCE, SuspensionState.LIFTING, SuspensionState.CANCELLING)
# In these, what was retired and claimed is marked: units cancelled for cause stay so.
MARKING = (*IN_FORCE, SuspensionState.CANCELLED)


class Suspension(models.Model):
    """Units held by the operator, two people each time: to begin it and to end it.

    Exactly one scope: account, issuance, or the ranges. end_reason: why it is lifted or the units
    are cancelled.
    """

    class Scope(models.TextChoices):
        ACCOUNT = "account", "all units in an account"
        ISSUANCE = "issuance", "all units of an issuance"
        RANGES = "ranges", "ranges of serials"

    id = id_field()
    code = models.CharField(max_length=12, unique=True)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="suspensions"
    )
    issuance = models.ForeignKey(
        Issuance, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=12, choices=SuspensionState.choices())
    reason = models.CharField(max_length=500)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(max_length=500, blank=True)
    end_proposed_at = models.DateTimeField(null=True, blank=True)
    end_proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_suspension_has_one_scope",
                condition=Q(scope="account", account__isnull=False, issuance__isnull=True)
                | Q(scope="issuance", account__isnull=True, issuance__isnull=False)
                | Q(scope="ranges", account__isnull=True, issuance__isnull=True),
            ),
            models.CheckConstraint(
                name="two_people_begin_a_suspension",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="two_people_end_a_suspension",
                condition=Q(ended_by__isnull=True)
                | Q(end_proposed_by__isnull=True)
                | ~Q(ended_by=F("end_proposed_by")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_suspension_that_ended_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["lifted", "cancelled", "withdrawn"]),
            ),
            pgtrigger.Protect(name="a_suspension_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="what_a_suspension_says_stays",
                fields=["code", "scope", "account", "issuance", "reason", "proposed_by"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.state})"


class SuspendedRange(models.Model):
    """Tonnes that a suspension covers, in every copy. For an account they are known, and written,
    when it comes into force."""

    id = id_field()
    suspension = models.ForeignKey(Suspension, on_delete=models.PROTECT, related_name="ranges")
    issuance = models.ForeignKey(
        Issuance, on_delete=models.PROTECT, related_name="suspended_ranges"
    )
    serials = BigIntegerRangeField()

    class Meta:
        constraints = [
            # Leads with the issuance, and is the index by which marks are found.
            ExclusionConstraint(
                name="a_suspension_covers_a_tonne_once",
                expressions=[
                    ("issuance", RangeOperators.EQUAL),
                    ("suspension", RangeOperators.EQUAL),
                    ("serials", RangeOperators.OVERLAPS),
                ],
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="what_a_suspension_covers_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.issuance_id} {self.serials}"


class Adjustment(models.Model):
    """A corrected intensity of an issuance; the newest in force is what unclaimed units take.

    intensity, adjusted_intensity: as on the issuance. shortfall: units that should not have been
    issued; they are suspended when it comes into force.
    """

    id = id_field()
    code = models.CharField(max_length=12, unique=True)
    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="adjustments")
    state = models.CharField(max_length=12, choices=AdjustmentState.choices())
    intensity = intensity_field("corrected product intensity, t CO2e/t")
    adjusted_intensity = intensity_field(
        "corrected scrap-adjusted intensity, t CO2e/t", null=True, blank=True
    )
    previous_intensity = intensity_field("intensity before, t CO2e/t")
    previous_adjusted_intensity = intensity_field(
        "scrap-adjusted intensity before, t CO2e/t", null=True, blank=True
    )
    shortfall = models.BigIntegerField("units issued too many", default=0)
    suspension = models.OneToOneField(
        Suspension, on_delete=models.PROTECT, null=True, blank=True, related_name="adjustment"
    )
    reason = models.CharField(max_length=500)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["issuance", "-decided_at"],
                condition=Q(state=AdjustmentState.IN_FORCE),
                name="adjustment_in_force",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="two_people_adjust_an_issuance",
                condition=~Q(state="in_force")
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="a_shortfall_is_not_negative", condition=Q(shortfall__gte=0)
            ),
            models.UniqueConstraint(
                fields=["issuance"],
                condition=Q(state="proposed"),
                name="one_adjustment_at_a_time",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_decided_adjustment_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["in_force", "withdrawn"]),
            ),
            pgtrigger.Protect(name="an_adjustment_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.issuance_id}"
