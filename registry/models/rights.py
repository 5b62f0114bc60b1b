"""What an agreement says of transfers and claims beyond its first page (7.1, 9.3), for good."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import Organisation, User
from registry.models.agreement import Agreement
from registry.models.fields import MOST_TONNES, id_field, share_field


def _fixed(name: str) -> list[pgtrigger.Trigger]:
    return [pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)]


class AgreementRights(models.Model):
    """Rights of transfer and co-claim, and what is forward about the contract.

    transfer_to: whom later holders may transfer to: anybody eligible, the agreement's buyers, or
    organisations of transfer_roles. chain: of the edition's role map. is_forward: production is
    sold before it is made, up to the agreement's share of output; option_units: how many more
    the buyers may call until option_until.
    """

    class TransferTo(models.TextChoices):
        ANYBODY = "anybody", "any eligible user"
        PARTIES = "parties", "the parties of this agreement"
        ROLES = "roles", "organisations of certain roles"

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="rights")
    transfer_to = models.CharField(
        "later holders may transfer to",
        max_length=10,
        choices=TransferTo.choices,
        default=TransferTo.ANYBODY,
    )
    transfer_roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    chain = models.CharField("end-use value chain", max_length=40, blank=True)
    co_claim_types = models.CharField("types of co-claiming", max_length=300, blank=True)
    transfer_terms = models.CharField(
        "requirements on subsequent transfer of co-claims", max_length=300, blank=True
    )
    double_claim_measures = models.CharField(
        "measures against double claiming", max_length=500, blank=True
    )
    responsible = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="party responsible for double-counting risks",
    )
    is_forward = models.BooleanField("forward offtake", default=False)
    forward_from = models.DateField("offtake from", null=True, blank=True)
    forward_until = models.DateField("offtake until", null=True, blank=True)
    option_units = models.BigIntegerField(
        "option on further units",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_TONNES)],
    )
    option_until = models.DateField("option until", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="roles_are_named_where_they_limit_transfers",
                condition=Q(transfer_to="roles", transfer_roles__len__gte=1)
                | ~Q(transfer_to="roles") & Q(transfer_roles__len=0),
            ),
            models.CheckConstraint(
                name="an_offtake_begins_before_it_ends",
                condition=Q(forward_until__gte=models.F("forward_from"))
                | Q(forward_from__isnull=True)
                | Q(forward_until__isnull=True),
            ),
            models.CheckConstraint(
                name="an_option_has_units_and_a_last_day",
                condition=Q(option_units__isnull=True, option_until__isnull=True)
                # NULL >= 1 is neither true nor false, and a check lets that pass.
                | Q(option_units__isnull=False, option_units__gte=1, option_until__isnull=False),
            ),
        ]
        triggers = _fixed("the_rights_of_an_agreement_never_change")

    def __str__(self) -> str:
        return f"rights of {self.agreement_id}"


class AgreementSeat(models.Model):
    """One agreed claim: copy, layer, who, and how much of the agreement's units it may claim.

    organisation: None for a seat that is named later (9.3).
    """

    id = id_field()
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="seats")
    copy = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(3)])
    layer = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="seats_agreed"
    )
    role = models.CharField(max_length=100)
    extent_share = share_field("extent of the claim", default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "copy"], name="an_agreement_has_a_copy_once"
            ),
            models.UniqueConstraint(
                fields=["agreement", "layer"], name="an_agreement_has_one_seat_a_layer"
            ),
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="an_agreement_seats_a_party_once"
            ),
        ]
        triggers = _fixed("the_seats_of_an_agreement_never_change")

    def __str__(self) -> str:
        return f"copy {self.copy} of {self.agreement_id}"


class CommercialTerms(models.Model):
    """Price and the like: for the parties' eyes only, on no public page or endpoint."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="commercial")
    text = models.TextField(max_length=5000)

    class Meta:
        triggers = _fixed("commercial_terms_never_change")

    def __str__(self) -> str:
        return f"commercial terms of {self.agreement_id}"


class AgreementConfirmation(models.Model):
    """A party says that the agreement was executed as recorded."""

    id = id_field()
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="confirmations")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements_confirmed"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="a_party_confirms_an_agreement_once"
            )
        ]
        triggers = _fixed("a_confirmation_never_changes")

    def __str__(self) -> str:
        return f"{self.organisation_id} confirms {self.agreement_id}"
