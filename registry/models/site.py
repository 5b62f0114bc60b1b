"""Production sites: one place, one route, one start of operation (3, 3.2)."""

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.models import Organisation
from registry.models.fields import id_field
from registry.rulebook.facts import Route

ROUTE_LABELS = {
    Route.BF_BOF: "blast furnace and basic oxygen furnace (BF-BOF)",
    Route.BLAST_FURNACE: "blast furnace alone",
    Route.DRI: "direct reduction (DRI)",
    Route.DRI_EAF: "direct reduction and electric arc furnace (DRI-EAF)",
    Route.SCRAP_EAF: "electric arc furnace on scrap (scrap-EAF)",
    Route.ELECTROLYSIS: "electrolysis",
    Route.OTHER: "another route",
}


@pghistory.track()
class Site(models.Model):
    """One production site. code: its part of the unit identifier, [A-Z0-9]{1,12}."""

    id = id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    code = models.CharField(
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9]{1,12}$", "1 to 12 capital letters and digits")],
    )
    name = models.CharField(max_length=200)
    country = models.CharField("country (ISO 3166-1 alpha-2)", max_length=2)
    region = models.CharField(max_length=100, blank=True)
    locality = models.CharField(max_length=100, blank=True)
    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    route = models.CharField(max_length=20, choices=[(r.value, ROUTE_LABELS[r]) for r in Route])
    started_on = models.DateField("start of operation", null=True, blank=True)
    iron_capacity = models.BigIntegerField("iron capacity, t a year", null=True, blank=True)
    steel_capacity = models.BigIntegerField("crude steel capacity, t a year", null=True, blank=True)
    source = models.CharField("source of this description", max_length=500, blank=True)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        permissions = [("audit_site", "may audit this site ex-ante")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class SiteUserObjectPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Site, on_delete=models.CASCADE)


class SiteGroupObjectPermission(GroupObjectPermissionBase):
    """An engagement: one auditor's organisation may audit one site before it produces."""

    content_object = models.ForeignKey(Site, on_delete=models.CASCADE)
