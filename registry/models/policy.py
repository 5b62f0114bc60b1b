"""An account's own care with transfers: second person, trusted accounts, and a delay (7.2)."""

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import Account, User
from registry.models.fields import MOST_TONNES, id_field
from registry.models.orders import Transfer
from registry.transitions import PolicyState


class PolicyChange(models.Model):
    """One change of an account's policy: its limits, or an account trusted or no longer.

    The policy on a day is what the changes in force by then add up to; nothing is overwritten.
    approval_above: a transfer that takes the day's proposed units above it waits for a second
    person, None for no such limit. delay_days: working days before a recipient that is not
    trusted can accept. in_force_on: from which day, None while it waits for approval. A change
    that waits for its day alone can be withdrawn before it.
    """

    class Kind(models.TextChoices):
        LIMITS = "limits", "limits"
        TRUST = "trust", "trusted account added"
        DISTRUST = "distrust", "trusted account removed"

    id = id_field()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="policy_changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    other = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="trusted_by"
    )
    approval_above = models.BigIntegerField(
        "units a day above which a second person approves",
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_TONNES)],
    )
    delay_days = models.PositiveSmallIntegerField(
        "working days of delay", default=0, validators=[MaxValueValidator(60)]
    )
    state = models.CharField(max_length=20, choices=PolicyState.choices())
    in_force_on = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "state"], name="policy_change_by_account")]
        constraints = [
            models.CheckConstraint(
                name="a_trusted_account_is_another",
                condition=Q(kind="limits", other__isnull=True)
                | ~Q(kind="limits") & Q(other__isnull=False) & ~Q(other=F("account")),
            ),
            models.CheckConstraint(
                name="nobody_approves_their_own_change_of_policy",
                condition=~Q(state="approved")
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="changes_of_policy_stay", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_decided_change_of_policy_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["approved", "withdrawn"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.account_id}"


class TransferDelay(models.Model):
    """The first day on which the recipient of a transfer may accept it. delay_days: of which."""

    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="delay")
    delay_days = models.PositiveSmallIntegerField()
    acceptable_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.transfer_id} from {self.acceptable_on}"
