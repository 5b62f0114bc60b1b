"""Inventories: an organisation's iron and steel use for one reporting period, line by line (9)."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models

from accounts.models import Organisation, User
from claims.accounting.categories import CATEGORIES
from claims.accounting.facts import DataTier, Material, ProductType, Verified
from claims.accounting.spend import Estimation
from registry.models.fields import id_field, intensity_field, share_field


def _figure_field(label: str, digits: int, places: int) -> "models.DecimalField[Any, Any]":
    """A figure that may be missing, never negative."""
    return models.DecimalField(
        label,
        max_digits=digits,
        decimal_places=places,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )


def _words(words: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value.replace("_", " ")) for word in words]


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


class LineColumns(models.Model):
    """Steel or iron of one kind, used in one category, with its emission factor: one of three.

    In tonnes: tonnes and factor_intensity. In spend: what was paid, and what makes tonnes of it
    (11.7); stated_emissions then holds what follows, t CO2e. Else: stated_emissions alone.
    """

    name = models.CharField("what it is", max_length=200)
    category = models.CharField(max_length=12, choices=list(CATEGORIES.items()))
    material = models.CharField(max_length=10, choices=_words(Material))
    product_type = models.CharField(
        "flat or long", max_length=10, blank=True, choices=_words(ProductType)
    )
    product_family = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    facility = models.CharField(max_length=100, blank=True)
    tonnes = _figure_field("physical tonnes", 18, 6)
    factor_intensity = intensity_field("emission factor, t CO2e/t", null=True, blank=True)
    factor_source = models.CharField("source of the factor", max_length=300, blank=True)
    factor_boundary = models.CharField("boundary of the factor", max_length=200, blank=True)
    scrap_share = share_field("scrap share", null=True, blank=True)
    stated_emissions = _figure_field("emissions of a line not in tonnes, t CO2e", 20, 6)
    data_tier = models.CharField(max_length=10, blank=True, choices=_words(DataTier))
    verified = models.CharField(max_length=4, blank=True, choices=_words(Verified))
    activity = models.CharField("of what, if not of making metal", max_length=100, blank=True)
    iron_content = share_field("iron content, from the supplier", null=True, blank=True)
    regional_scrap_share = share_field("family's regional scrap share", null=True, blank=True)
    global_scrap_share = share_field("family's global scrap share", null=True, blank=True)
    iron_content_source = models.CharField(max_length=300, blank=True)
    iron_factor_intensity = intensity_field("factor of the iron, t CO2e/t", null=True, blank=True)
    spend = _figure_field("spend, in currency", 20, 4)
    currency = models.CharField("currency (ISO 4217)", max_length=3, blank=True)
    spend_factor = _figure_field("t CO2e per unit of currency", 18, 9)
    estimation = models.CharField(max_length=25, blank=True, choices=_words(Estimation))
    baseline_intensity = intensity_field(
        "product intervention baseline, t CO2e/t", null=True, blank=True
    )
    baseline_source = models.CharField(max_length=300, blank=True)
    price_index_spend = _figure_field("producer price index, year of the spend", 14, 6)
    price_index_reference = _figure_field("producer price index, year of the price", 14, 6)
    unit_price = _figure_field("price, in currency per t", 18, 4)
    price_source = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_is_not_negative",
                condition=(models.Q(tonnes__isnull=True) | models.Q(tonnes__gte=0))
                & (models.Q(stated_emissions__isnull=True) | models.Q(stated_emissions__gte=0))
                & (models.Q(spend__isnull=True) | models.Q(spend__gte=0)),
            ),
            models.CheckConstraint(
                name="%(class)s_has_emissions_in_one_way",
                condition=models.Q(
                    tonnes__isnull=False,
                    factor_intensity__isnull=False,
                    stated_emissions__isnull=True,
                    spend__isnull=True,
                )
                | models.Q(
                    tonnes__isnull=True,
                    factor_intensity__isnull=True,
                    stated_emissions__isnull=False,
                ),
            ),
        ]


# The columns of a line, whichever table holds it.
LINE_FIELDS = tuple(each.name for each in LineColumns._meta.fields)


class InventoryLine(LineColumns):
    """One line of an inventory."""

    id = id_field()
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="lines")

    def __str__(self) -> str:
        return self.name
