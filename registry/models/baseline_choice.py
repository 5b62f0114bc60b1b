"""Why a production takes its baseline, and what was found of its boundary (4.1)."""

import pghistory
from django.db import models

from registry.models.fields import id_field
from registry.models.production import Production


@pghistory.track()
class BaselineChoice(models.Model):
    """One for each production that says something of its choice (R050, R051).

    boundary_…: what the comparison of CBAM's boundary with the EPD's found on each difference.
    """

    id = id_field()
    production = models.OneToOneField(
        Production, on_delete=models.PROTECT, related_name="baseline_choice"
    )
    baseline_reason = models.CharField("why not the asset's own", max_length=500, blank=True)
    boundary_mining = models.CharField("mining and beneficiation", max_length=300, blank=True)
    boundary_methane = models.CharField("methane leakage", max_length=300, blank=True)
    boundary_process_gas = models.CharField(
        "process gas and waste heat", max_length=300, blank=True
    )

    def __str__(self) -> str:
        return f"choice of baseline of {self.production_id}"
