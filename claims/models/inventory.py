"""Inventories: an organisation's iron and steel use for one reporting period, line by line (9)."""

from django.core.validators import MinValueValidator
from django.db import models

from accounts.models import Organisation, User
from claims.accounting.categories import CATEGORIES
from claims.accounting.facts import Material, ProductType
from registry.models.fields import id_field, intensity_field, share_field


class Inventory(models.Model):
    """One reporting period of one organisation. The period need not be a calendar year."""

    id = id_field()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="inventories"
    )
    name = models.CharField(max_length=200)
    period_start = models.DateField("first day of the reporting period")
    period_end = models.DateField("last day of the reporting period")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "inventories"
        constraints = [
            models.CheckConstraint(
                name="a_reporting_period_does_not_end_before_it_starts",
                condition=models.Q(period_end__gte=models.F("period_start")),
            ),
            models.UniqueConstraint(
                fields=["organisation", "name"], name="an_organisation_names_an_inventory_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InventoryLine(models.Model):
    """Steel or iron of one kind, used in one Scope 3 category, with its emission factor.

    tonnes and factor_intensity for a line measured in tonnes; stated_emissions for any other.
    """

    id = id_field()
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="lines")
    name = models.CharField("what it is", max_length=200)
    category = models.CharField(max_length=12, choices=list(CATEGORIES.items()))
    material = models.CharField(max_length=10, choices=[(m.value, m.value) for m in Material])
    product_type = models.CharField(
        "flat or long", max_length=10, blank=True, choices=[(p.value, p.value) for p in ProductType]
    )
    product_family = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    facility = models.CharField(max_length=100, blank=True)
    tonnes = models.DecimalField(
        "physical tonnes",
        max_digits=18,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    factor_intensity = intensity_field("emission factor, t CO2e/t", null=True, blank=True)
    factor_source = models.CharField("source of the factor", max_length=300, blank=True)
    scrap_share = share_field("scrap share", null=True, blank=True)
    stated_emissions = models.DecimalField(
        "emissions of a line not in tonnes, t CO2e",
        max_digits=20,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_inventory_line_is_not_negative",
                condition=(models.Q(tonnes__isnull=True) | models.Q(tonnes__gte=0))
                & (models.Q(stated_emissions__isnull=True) | models.Q(stated_emissions__gte=0)),
            )
        ]

    def __str__(self) -> str:
        return self.name
