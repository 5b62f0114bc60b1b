"""Issuances: the immutable public record of units created from one production (6.2)."""

from datetime import date
from typing import Any

import pgtrigger
from django.db import models

from accounts.models import Account, Organisation
from registry.models.agreement import Agreement
from registry.models.fields import id_field, intensity_field, share_field, tonnes_field
from registry.models.production import Production
from registry.models.site import Site
from registry.models.verification import Verification
from registry.rulebook.edition import edition
from registry.rulebook.findings import Outcome
from registry.rulebook.vintage import add_months


class Issuance(models.Model):
    """Serials 1…quantity, what they stand for, and the judgement that let them be created.

    code: its part of the unit identifier. record: the fields of 6.2 as published.
    findings: every rule's outcome at issuance under `edition`; a later edition never changes it.
    is_provisional: issued before the ex-post audit (R083); a `Confirmation` lifts it.
    transfers_allowed, claims_agreed: the agreement's, frozen (7.1). expires_on: the last day on
    which the units can still be transferred or retired. reporting_end: the last day of the last
    reporting period that can match them.
    """

    id = id_field()
    code = models.CharField(max_length=12, unique=True)
    production = models.OneToOneField(Production, on_delete=models.PROTECT, related_name="issuance")
    verification = models.ForeignKey(
        Verification, on_delete=models.PROTECT, related_name="issuances"
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="issuances"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="issuances")
    producer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="issuances")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="issuances")
    quantity = tonnes_field("units issued, t")
    functional_unit = models.CharField(max_length=12)
    product = models.CharField(max_length=30)
    country = models.CharField(max_length=2)
    vintage_start = models.DateField()
    vintage_end = models.DateField()
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    delivered_tonnes = tonnes_field("verified delivered, t")
    intensity = intensity_field("product intensity, t CO2e/t")
    adjusted_intensity = intensity_field(
        "scrap-adjusted intensity, t CO2e/t", null=True, blank=True
    )
    scrap_share = share_field("scrap share", null=True, blank=True)
    # Twelve decimals: a sliding scale is rounded once, where it is read (services/cases.py).
    baseline_intensity = models.DecimalField("baseline, t CO2e/t", max_digits=18, decimal_places=12)
    baseline_source = models.CharField(max_length=500)
    level = models.CharField("Decarbonization Progress Level reached", max_length=8)
    is_preferred = models.BooleanField("SSBP-preferred", default=False)
    is_provisional = models.BooleanField("issued before the ex-post audit", default=False)
    is_no_reduction = models.BooleanField("no reduction against its baseline", default=False)
    transfers_allowed = models.PositiveSmallIntegerField(null=True, blank=True)
    claims_agreed = models.PositiveSmallIntegerField(default=1)
    reporting_end = models.DateField()
    expires_on = models.DateField()
    edition = models.CharField(max_length=40)
    record = models.JSONField()
    findings = models.JSONField()
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_issuance_has_at_least_one_unit", condition=models.Q(quantity__gte=1)
            ),
            models.CheckConstraint(
                name="units_do_not_outnumber_delivered_tonnes",
                condition=models.Q(quantity__lte=models.F("delivered_tonnes")),
            ),
            models.CheckConstraint(
                name="an_issuance_code_is_capital_letters_and_digits",
                condition=models.Q(code__regex=r"^[A-Z0-9]{1,12}$"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="an_issuance_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.quantity} t from {self.site_id}"

    @property
    def is_conditional(self) -> bool:
        """Verified over less than a full year of activity data, as R060 found at issuance (5.1)."""
        return self._data_of_less_than_a_year is not None

    @property
    def conditional_until(self) -> date | None:
        """The first day that a full year of activity data can be over; None: not conditional."""
        found = self._data_of_less_than_a_year
        if found is None or "data_start" not in found["numbers"]:
            return None
        start = date.fromisoformat(found["numbers"]["data_start"])
        return add_months(start, edition(self.edition).activity_data_months)

    @property
    def _data_of_less_than_a_year(self) -> dict[str, Any] | None:
        findings: list[dict[str, Any]] = self.findings
        conditional = ("R060", Outcome.WARN)
        return next((f for f in findings if (f["rule"], f["outcome"]) == conditional), None)

    @property
    def claim_intensity(self) -> object:
        """The intensity that claims use: scrap-adjusted where R054 applies."""
        return self.intensity if self.adjusted_intensity is None else self.adjusted_intensity
