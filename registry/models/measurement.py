"""Measurements of productions, and green iron allocated to steel (5.1, 5.2)."""

from typing import Any

import pghistory
from django.core.validators import MinValueValidator
from django.db import models

from accounts.models import User
from registry.models.fields import id_field, intensity_field, share_field
from registry.models.production import Production
from registry.rulebook.facts import Origin
from registry.rulebook.facts.measurement import METALS

PROCESS_GAS = ("none", "system_expansion", "allocated")


def amount_field(label: str, **options: Any) -> "models.DecimalField[Any, Any]":
    """Emissions, tonnes or MWh with six decimals, never negative."""
    return models.DecimalField(
        label,
        max_digits=21,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        **options,
    )


@pghistory.track()
class Measurement(models.Model):
    """A site's emissions and metallic inputs over the period of its activity data.

    lines and steps are parts of one document that is replaced as a whole: lists of rows as
    `services.lines` names their columns, numbers as decimal strings. Earlier ones stay in the
    history. certified_product: "hot_rolled" where the supplier's certificate is of coil.
    """

    id = id_field()
    production = models.OneToOneField(
        Production, on_delete=models.PROTECT, related_name="measurement"
    )
    scheme = models.CharField("methodology", max_length=30, blank=True)
    data_start = models.DateField("first day of the data", null=True, blank=True)
    data_end = models.DateField("last day of the data", null=True, blank=True)
    output_tonnes = amount_field("made over the data's period, t")
    lines = models.JSONField(default=list, blank=True)
    covers = models.JSONField("elements of the boundary", default=list, blank=True)
    ends_at = models.CharField("last step counted", max_length=30, blank=True)
    electricity_basis = models.CharField(max_length=10, blank=True)
    electricity_mwh = amount_field("electricity used, MWh")
    instruments_mwh = amount_field("covered by instruments, MWh")
    allocated_emissions = amount_field("allocated to co-products, t CO2e")
    certified_product = models.CharField(max_length=20, blank=True)
    crude_figure = intensity_field("crude-level figure, t CO2e/t", null=True, blank=True)
    is_integrated = models.BooleanField("iron and steel at one site", default=False)
    is_segregated = models.BooleanField("the iron boundary is calculated alone", default=False)
    process_gas = models.CharField(max_length=20, default="none")
    whole_site_emissions = amount_field("of the whole site, t CO2e")
    conversion_level = models.CharField("label by the scheme", max_length=100, blank=True)
    conversion_figure = intensity_field("figure by the scheme, t CO2e/t", null=True, blank=True)
    steps = models.JSONField("steps of conversion", default=list, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"measurement of {self.production}"


@pghistory.track()
class Allocation(models.Model):
    """Green iron allocated to the steel of one production (Exhibit 8)."""

    id = id_field()
    production = models.OneToOneField(
        Production, on_delete=models.PROTECT, related_name="allocation"
    )
    yield_share = share_field("steel output by metallic input", null=True, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"allocation to {self.production}"


class IronLot(models.Model):
    """One iron input of an allocation. iron_production: where it is a production of this registry.

    reference, declaration: of iron from elsewhere, its lot and its producer's word that no units
    are issued for it.
    """

    id = id_field()
    allocation = models.ForeignKey(Allocation, on_delete=models.CASCADE, related_name="lots")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=[(each, each) for each in METALS])
    tonnes = amount_field("t")
    metallic_share = share_field("metallic share", null=True, blank=True)
    intensity = intensity_field("own intensity, t CO2e/t", null=True, blank=True)
    is_green = models.BooleanField(default=False)
    origin = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Origin])
    iron_production = models.ForeignKey(
        Production, on_delete=models.PROTECT, null=True, blank=True, related_name="drawn_lots"
    )
    reference = models.CharField(max_length=100, blank=True)
    declaration = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["allocation", "position"], name="an_iron_lot_has_one_place"
            ),
            models.CheckConstraint(
                name="iron_of_this_registry_names_its_production",
                condition=~models.Q(origin="here") | models.Q(iron_production__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
