"""Co-claims: the right to claim the same tonnes at two or three layers of a value chain (9.3)."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import models
from django.db.models import Q

from accounts.models import Account, Organisation, User
from registry.models.agreement import Agreement
from registry.models.fields import id_field, tonnes_field
from registry.models.issuance import Issuance
from registry.transitions import CoClaimState, SeatState


class CoClaim(models.Model):
    """Units that their holder, the primary, shares the right to claim of. code: its public name.

    Proposed by the holder under the agreement of the units; each named party consents, the
    issuer confirms, then the copies are created. It reserves nothing before. due_on: the last
    day on which it can be executed, inclusive. chain, responsible: the agreement's.
    """

    id = id_field()
    code = models.CharField(max_length=12, unique=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="co_claims")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="co_claims")
    quantity = tonnes_field("units, t")
    chain = models.CharField("end-use value chain", max_length=40)
    responsible = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="party responsible for double-counting risks",
    )
    state = models.CharField(max_length=20, choices=CoClaimState.choices())
    note = models.CharField(max_length=500, blank=True)
    due_on = models.DateField()
    findings = models.JSONField(default=list)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(state="proposed"),
                name="open_co_claim_by_due_date",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="co_claims_stay", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_closed_co_claim_never_changes",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="proposed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.quantity} t"


class CoClaimLine(models.Model):
    """One range of the primary's units, copy 1, of one issuance."""

    id = id_field()
    co_claim = models.ForeignKey(CoClaim, on_delete=models.PROTECT, related_name="lines")
    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="+")
    serials = BigIntegerRangeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="the_lines_of_a_co_claim_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.issuance_id} {self.serials}"


@pghistory.track()
class CoClaimSeat(models.Model):
    """One claim of a co-claim: its copy and layer, and who has it.

    Copy 1 is the primary's. organisation: None while the seat is reserved. account: where the
    copy goes or is. Each step keeps who took it; what is taken back stays in the history.
    """

    id = id_field()
    co_claim = models.ForeignKey(CoClaim, on_delete=models.PROTECT, related_name="seats")
    copy = models.PositiveSmallIntegerField()
    layer = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=20, choices=SeatState.choices())
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="seats"
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="seats"
    )
    named_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    named_at = models.DateTimeField(null=True, blank=True)
    consented_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    consented_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["co_claim", "copy"], name="a_co_claim_has_a_copy_once"),
            models.UniqueConstraint(
                fields=["co_claim", "layer"], name="a_co_claim_has_one_seat_a_layer"
            ),
            models.UniqueConstraint(
                fields=["co_claim", "organisation"], name="a_co_claim_seats_a_party_once"
            ),
            models.CheckConstraint(
                name="a_seat_is_of_copy_one_to_three", condition=Q(copy__gte=1, copy__lte=3)
            ),
            models.CheckConstraint(
                name="a_reserved_seat_has_no_holder_yet",
                condition=Q(state="reserved", organisation__isnull=True, account__isnull=True)
                | ~Q(state="reserved") & Q(organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="a_seat_is_held_in_an_account",
                condition=~Q(state__in=["consented", "held"]) | Q(account__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="seats_stay", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_held_seat_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="held"),
            ),
        ]

    def __str__(self) -> str:
        return f"copy {self.copy} of {self.co_claim_id}"
