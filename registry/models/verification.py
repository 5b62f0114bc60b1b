"""Verifications: an auditor's engagement on one production and its signed statement (5.3)."""

import pghistory
from django.db import models

from accounts.models import Organisation, User
from registry.models.fields import id_field, intensity_field, share_field, tonnes_field
from registry.models.production import Production


@pghistory.track()
class Verification(models.Model):
    """From engagement to signed statement. due_on: the R068 due date, inclusive."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        SIGNED = "signed", "signed: verified"
        RETURNED = "returned", "returned to the producer"
        OVERDUE = "overdue", "overdue"

    id = id_field()
    production = models.ForeignKey(
        Production, on_delete=models.PROTECT, related_name="verifications"
    )
    auditor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="verifications"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    signed_on = models.DateField(null=True, blank=True)
    signed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    delivered_tonnes = tonnes_field("verified delivered, t", null=True, blank=True)
    site_intensity = intensity_field("verified site average, t CO2e/t", null=True, blank=True)
    intensity = intensity_field("verified product intensity, t CO2e/t", null=True, blank=True)
    scrap_share = share_field("verified scrap share", null=True, blank=True)
    statement = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["production"],
                condition=models.Q(state__in=["open", "overdue"]),
                name="a_production_has_one_open_verification",
            ),
            models.CheckConstraint(
                name="a_signed_verification_names_who_and_when",
                condition=~models.Q(state="signed")
                | models.Q(signed_on__isnull=False, signed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auditor} on {self.production}"
