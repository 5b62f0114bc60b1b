"""Orders over units: transfers and retirements, each with its lines, and the idempotency record."""

import pgtrigger
from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import models
from django.db.models import Q

from accounts.models import Account, Organisation, User
from registry.models.fields import id_field, tonnes_field
from registry.models.issuance import Issuance
from registry.transitions import TransferState


class Transfer(models.Model):
    """Units from one account to another: proposed with the units reserved, then settled (7).

    due_on: the last day on which the offer can be accepted, inclusive. surrendered: the sender
    confirmed that it gives up its right to claim (7.2); None for a move between an organisation's
    own accounts, which is no transfer and gives up nothing.
    """

    id = id_field()
    from_account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="transfers_out"
    )
    to_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="transfers_in")
    state = models.CharField(max_length=20, choices=TransferState.choices())
    quantity = tonnes_field("units, t")
    surrendered = models.BooleanField(null=True)
    note = models.CharField(max_length=500, blank=True)
    due_on = models.DateField()
    findings = models.JSONField(default=list)
    proposed_at = models.DateTimeField()
    # Nobody asks for the transfers of a person, and every index is written twice a transfer.
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_transfer_surrenders_the_right_to_claim",
                condition=Q(surrendered=True) | Q(surrendered__isnull=True),
            ),
            models.CheckConstraint(
                name="nobody_approves_their_own_transfer",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="a_transfer_has_two_accounts",
                condition=~Q(from_account=models.F("to_account")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(state__in=["awaiting_approval", "offered"]),
                name="open_transfer_by_due_date",
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} t from {self.from_account_id} to {self.to_account_id}"


class TransferLine(models.Model):
    """One range of one issuance in a transfer."""

    id = id_field()
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines")
    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="+")
    copy = models.PositiveSmallIntegerField()
    serials = BigIntegerRangeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="the_lines_of_a_transfer_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.issuance_id} {self.serials}"


class Retirement(models.Model):
    """Units taken out of circulation for good by their holder (8.2). Public; code: its name."""

    id = id_field()
    code = models.CharField(max_length=12, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="retirements")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="retirements"
    )
    quantity = tonnes_field("units, t")
    retired_on = models.DateField()
    retired_at = models.DateTimeField()
    retired_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=300, blank=True)
    beneficiary = models.CharField(max_length=200, blank=True)
    period_start = models.DateField("reporting period from", null=True, blank=True)
    period_end = models.DateField("reporting period to", null=True, blank=True)
    findings = models.JSONField(default=list)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_retirement_is_for_a_whole_period_or_none",
                condition=Q(period_start__isnull=True, period_end__isnull=True)
                | Q(period_start__isnull=False, period_end__gte=models.F("period_start")),
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_retirement_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.quantity} t"


class RetirementLine(models.Model):
    id = id_field()
    retirement = models.ForeignKey(Retirement, on_delete=models.PROTECT, related_name="lines")
    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="+")
    copy = models.PositiveSmallIntegerField()
    serials = BigIntegerRangeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="the_lines_of_a_retirement_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.issuance_id} {self.serials}"


class WriteRequest(models.Model):
    """One accepted write: its key, a hash of its input, and the answer a repeat gets."""

    id = id_field()
    # Found by the unique key below, which leads with the person.
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    input_sha256 = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "key"], name="a_person_uses_an_idempotency_key_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
