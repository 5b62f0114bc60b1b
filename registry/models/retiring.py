"""Retirements that can still be withdrawn, and how long an account lets them be (8.2, ours)."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import models
from django.db.models import F, Q

from accounts.models import Account, Organisation, User
from registry.models.fields import id_field, tonnes_field
from registry.models.issuance import Issuance
from registry.transitions import RetirementState


@pghistory.track()
class CoolingOff(models.Model):
    """How long a retirement out of an account can be withdrawn, in minutes; none: not at all."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="cooling_off")
    minutes = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_cooling_off_lasts_a_day_at_most", condition=Q(minutes__lte=24 * 60)
            )
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min"


class RetirementOrder(models.Model):
    """Units held for a retirement until due_at, the moment from which it is final.

    Final by that moment, whenever a sweep or a reader gets to it: the Retirement then made has
    the order's id and code, and due_at as its time. ended_by: None for finality.
    """

    id = id_field()
    code = models.CharField(max_length=12, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="retirement_orders"
    )
    state = models.CharField(max_length=10, choices=RetirementState.choices())
    quantity = tonnes_field("units, t")
    purpose = models.CharField(max_length=300, blank=True)
    beneficiary = models.CharField(max_length=200, blank=True)
    period_start = models.DateField("reporting period from", null=True, blank=True)
    period_end = models.DateField("reporting period to", null=True, blank=True)
    findings = models.JSONField(default=list)
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state=RetirementState.RETIRING),
                name="retirement_order_by_due_moment",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="a_retirement_order_cools_off", condition=Q(due_at__gt=F("ordered_at"))
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_retirement_order_that_ended_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["retired", "withdrawn"]),
            ),
            pgtrigger.Protect(
                name="a_retirement_order_is_never_deleted", operation=pgtrigger.Delete
            ),
            pgtrigger.ReadOnly(
                name="what_a_retirement_order_says_stays",
                exclude=["state", "ended_at", "ended_by"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.quantity} t"


class RetirementOrderLine(models.Model):
    id = id_field()
    order = models.ForeignKey(RetirementOrder, on_delete=models.PROTECT, related_name="lines")
    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="+")
    copy = models.PositiveSmallIntegerField()
    serials = BigIntegerRangeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="the_lines_of_a_retirement_order_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.issuance_id} {self.serials}"
