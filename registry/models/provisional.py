"""Units issued before their ex-post audit, and what it then said of them (6.1)."""

import pgtrigger
from django.db import models

from accounts.models import User
from registry.models.fields import intensity_field
from registry.models.issuance import Issuance
from registry.models.production import Production
from registry.models.verification import Verification


class EarlyRequest(models.Model):
    """A producer asks for its units before the ex-post audit (R083)."""

    production = models.OneToOneField(
        Production, on_delete=models.PROTECT, related_name="early_request", primary_key=True
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"units of {self.production_id} before their audit"


class EarlyRefusal(models.Model):
    """The operator declined such a request; the units come after their audit, as others do."""

    production = models.OneToOneField(
        Production, on_delete=models.PROTECT, related_name="early_refusal", primary_key=True
    )
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"no units of {self.production_id} before their audit"


class Confirmation(models.Model):
    """The ex-post audit of provisional units: confirmed, or by how much it differs.

    verified_tonnes: what was delivered by the auditor's figures. findings: every rule's outcome
    on those figures. shortfall: units that may not stand, 0 when confirmed.
    """

    issuance = models.OneToOneField(
        Issuance, on_delete=models.PROTECT, related_name="confirmation", primary_key=True
    )
    verification = models.OneToOneField(
        Verification, on_delete=models.PROTECT, related_name="confirmation"
    )
    at = models.DateTimeField()
    is_confirmed = models.BooleanField()
    verified_tonnes = models.BigIntegerField()
    verified_intensity = intensity_field("verified product intensity, t CO2e/t")
    shortfall = models.BigIntegerField()
    edition = models.CharField(max_length=40)
    findings = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="confirmed_units_lack_nothing",
                condition=~models.Q(is_confirmed=True) | models.Q(shortfall=0),
            ),
            models.CheckConstraint(
                name="the_shortfall_of_a_confirmation_is_not_negative",
                condition=models.Q(shortfall__gte=0),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_confirmation_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.issuance_id}: {'confirmed' if self.is_confirmed else 'differs'}"
