"""The baseline library: reference intensities with their source (4.1, 4.2)."""

import pghistory
from django.db import models

from accounts.models import Organisation
from registry.models.fields import id_field, intensity_field, share_field
from registry.rulebook.facts import BaselineKind

KIND_LABELS = {
    BaselineKind.ASSET: "asset or operational",
    BaselineKind.REGIONAL: "regional average",
    BaselineKind.CBAM: "CBAM default value, without mark-up",
    BaselineKind.SLIDING_SCALE: "sliding scale between two reference points",
    BaselineKind.ADJUSTED_EPD: "adjusted LCA or EPD average",
    BaselineKind.REFERENCE: "reference value, not a baseline",
}


@pghistory.track()
class Baseline(models.Model):
    """One reference value, or two points of a sliding scale.

    organisation: its producer for an asset baseline, None for the public library. A sliding
    scale leaves value_intensity empty and gives both points; every other kind the reverse.
    code: stable name within the library, so that loading it again changes nothing.
    reference_only: shown for comparison; no production may take it, and a heading of the law
    may have no value. Each point of a scale may have its own origin; empty takes the scale's.
    """

    id = id_field()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="baselines"
    )
    code = models.CharField(max_length=60, unique=True, null=True, blank=True)
    kind = models.CharField(
        max_length=20, choices=[(k.value, KIND_LABELS[k]) for k in BaselineKind]
    )
    name = models.CharField(max_length=200)
    # Empty for what is no unit of this registry, such as ore; shown for reference only.
    functional_unit = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField("region, where it is no country", max_length=100, blank=True)
    cn_code = models.CharField("CN code", max_length=8, blank=True)
    value_intensity = intensity_field("value, t CO2e/t", null=True, blank=True)
    scrap_share = share_field("scrap share of the value", null=True, blank=True)
    primary_intensity = intensity_field("primary point, t CO2e/t", null=True, blank=True)
    primary_scrap_share = share_field("primary point, scrap share", null=True, blank=True)
    primary_gas_basis = models.CharField(max_length=10, blank=True)
    primary_region = models.CharField(max_length=100, blank=True)
    primary_year = models.PositiveSmallIntegerField(null=True, blank=True)
    primary_source = models.CharField(max_length=500, blank=True)
    secondary_intensity = intensity_field("secondary point, t CO2e/t", null=True, blank=True)
    secondary_scrap_share = share_field("secondary point, scrap share", null=True, blank=True)
    secondary_gas_basis = models.CharField(max_length=10, blank=True)
    secondary_region = models.CharField(max_length=100, blank=True)
    secondary_year = models.PositiveSmallIntegerField(null=True, blank=True)
    secondary_source = models.CharField(max_length=500, blank=True)
    gas_basis = models.CharField(max_length=10, default="CO2e")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=500)
    fallback = models.BooleanField("value of the 'other countries' row", default=False)
    with_markup = models.BooleanField("includes the CBAM mark-up", default=False)
    indicative = models.BooleanField(default=False)
    adjusted_for = models.CharField(
        "boundary difference it is adjusted for", max_length=300, blank=True
    )
    reference_only = models.BooleanField("for reference, not a baseline", default=False)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_baseline_is_one_value_or_two_points",
                condition=(
                    models.Q(
                        kind="sliding_scale",
                        value_intensity__isnull=True,
                        primary_intensity__isnull=False,
                        primary_scrap_share__isnull=False,
                        secondary_intensity__isnull=False,
                        secondary_scrap_share__isnull=False,
                    )
                    | (
                        ~models.Q(kind="sliding_scale")
                        & models.Q(primary_intensity__isnull=True)
                        & (models.Q(value_intensity__isnull=False) | models.Q(reference_only=True))
                    )
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """What the value is of: a region in words, else the country's code."""
        return self.region or self.country
