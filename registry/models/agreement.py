"""Agreements between issuer and buyers: written once at execution, never changed (7.1, 9.3)."""

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import Organisation
from registry.models.fields import id_field, share_field


class Agreement(models.Model):
    """The contract that units are issued under.

    transfers_allowed: onward transfers each unit may make after its first buyer, None for no
    limit, 0 for none (R091). claims_agreed: 1…3 (9.3). offtake_share: the contracted share of
    delivered production, None where the contract names none (6.1).
    """

    id = id_field()
    issuer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements_issued"
    )
    reference = models.CharField(max_length=60)
    executed_on = models.DateField()
    transfers_allowed = models.PositiveSmallIntegerField(
        "onward transfers allowed", null=True, blank=True
    )
    claims_agreed = models.PositiveSmallIntegerField(
        "number of claims", default=1, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    end_use = models.CharField("end use of the physical metal", max_length=200)
    offtake_share = share_field("contracted share of production", null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "reference"], name="an_issuer_names_an_agreement_once"
            ),
            models.CheckConstraint(
                name="an_agreement_has_one_to_three_claims",
                condition=models.Q(claims_agreed__gte=1, claims_agreed__lte=3),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="an_agreement_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return self.reference


class AgreementParty(models.Model):
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements_joined"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="a_party_joins_an_agreement_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="the_parties_of_an_agreement_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.agreement}"
