"""Cancellations: units given up for good, claimed by nobody. Public once made."""

import pgtrigger
from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import models
from django.db.models import F, Q

from accounts.models import Account, Organisation, User
from registry.models.fields import id_field, tonnes_field
from registry.models.issuance import Issuance
from registry.transitions import CancellationState


class Cancellation(models.Model):
    """Units cancelled by their holder, or by the operator where they were suspended or expired.

    Until a second person approves, where the account asks for one, the units stay as they are.
    decided_by: who approved or withdrew; None where one person sufficed.
    """

    id = id_field()
    code = models.CharField(max_length=12, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="cancellations")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="cancellations"
    )
    state = models.CharField(max_length=20, choices=CancellationState.choices())
    quantity = tonnes_field("units, t")
    reason = models.CharField(max_length=500)
    by_operator = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_on = models.DateField(null=True, blank=True)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="nobody_approves_their_own_cancellation",
                condition=Q(decided_by__isnull=True)
                | ~Q(state="cancelled")
                | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="a_cancellation_has_its_day",
                condition=Q(state="cancelled", cancelled_on__isnull=False)
                | ~Q(state="cancelled") & Q(cancelled_on__isnull=True),
            ),
            models.CheckConstraint(name="a_cancellation_says_why", condition=~Q(reason="")),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_decided_cancellation_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["cancelled", "withdrawn"]),
            ),
            pgtrigger.Protect(name="a_cancellation_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="what_a_cancellation_says_stays",
                exclude=["state", "decided_at", "decided_by", "cancelled_on"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.quantity} t"


class CancellationLine(models.Model):
    id = id_field()
    cancellation = models.ForeignKey(Cancellation, on_delete=models.PROTECT, related_name="lines")
    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="+")
    copy = models.PositiveSmallIntegerField()
    serials = BigIntegerRangeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="the_lines_of_a_cancellation_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.issuance_id} {self.serials}"
