"""The technology of a site from a day on (3.2, App. F): one record is one description, for good.

A description is never changed: a newer one takes over from its own first day, so every record
stays as it was judged.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import User
from registry.models.fields import id_field, share_field
from registry.models.production import Production
from registry.models.site import Site
from registry.rulebook.facts import Biomass, Destination, Label

LABEL_NAMES = {
    Label.CCS: "carbon capture and storage (CCS)",
    Label.CCU: "carbon capture and use (CCU)",
    Label.RENEWABLE_HYDROGEN: "renewable hydrogen",
    Label.RENEWABLE_ELECTRICITY: "renewable electricity",
    Label.BIOENERGY: "bioenergy",
}
DESTINATION_NAMES = {
    Destination.GEOLOGICAL: "dedicated geological storage",
    Destination.OIL_PRODUCTION: "a reservoir with active oil production",
    Destination.USE: "use in a product or process",
}
BIOMASS_NAMES = {
    Biomass.RESIDUE: "residue",
    Biomass.WASTE: "waste",
    Biomass.PURPOSE_GROWN: "purpose-grown",
    Biomass.HIGH_RISK_FORESTRY: "high-risk forestry",
    Biomass.OTHER: "another class",
}
_NEVER = pgtrigger.Update | pgtrigger.Delete


def _shares(label: str) -> "models.DecimalField[object, object]":
    return share_field(label, null=True, blank=True)


class SiteTechnology(models.Model):
    """What a site runs on from `valid_from` until another record takes over.

    labels: as the producer declares them; which are earned is the rules' to say (R088).
    """

    id = id_field()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="technologies")
    valid_from = models.DateField("holds from")
    natural_gas_used = models.BooleanField("natural gas is used", null=True, blank=True)
    methane_leakage_share = _shares("upstream methane leakage")
    methane_source = models.CharField("source of the leakage", max_length=300, blank=True)
    hydrogen_reduction_share = _shares("renewable hydrogen, of the energy for reduction")
    hydrogen_heat_share = _shares("renewable hydrogen, of the energy for other heat")
    renewable_electricity_share = _shares("renewable electricity, of the demand")
    renewable_supply = models.CharField("how renewables are supplied", max_length=300, blank=True)
    bioenergy_reduction_share = _shares("bioenergy, of the energy for reduction")
    bioenergy_heat_share = _shares("bioenergy, of the energy for other heat")
    biomass_verification = models.CharField(
        "verification of sustainable biomass", max_length=300, blank=True
    )
    storage_operational_on = models.DateField(
        "CO2 transport and storage operate from", null=True, blank=True
    )
    storage_contracted_on = models.DateField(
        "CO2 transport and storage contracted on", null=True, blank=True
    )
    leakage_detection = models.CharField("how CO2 leaks are detected", max_length=300, blank=True)
    co2_leaked_share = _shares("CO2 lost, of the mass transported")
    labels = ArrayField(
        models.CharField(max_length=30, choices=[(e.value, LABEL_NAMES[e]) for e in Label]),
        default=list,
        blank=True,
    )
    details = models.TextField("technical details", max_length=10_000, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [pgtrigger.Protect(name="a_technology_never_changes", operation=_NEVER)]

    def __str__(self) -> str:
        return f"technology of {self.site} from {self.valid_from}"


class CapturePoint(models.Model):
    """One point where CO2 is captured. emissions: t CO2 a year that arise there."""

    id = id_field()
    technology = models.ForeignKey(
        SiteTechnology, on_delete=models.PROTECT, related_name="capture_points"
    )
    name = models.CharField("capture point", max_length=100)
    emissions = models.DecimalField(
        "emissions before capture, t CO2 a year",
        max_digits=15,
        decimal_places=3,
        validators=[MinValueValidator(0), MaxValueValidator(10**11)],
    )
    captured_share = share_field("captured share")

    class Meta:
        triggers = [pgtrigger.Protect(name="a_capture_point_never_changes", operation=_NEVER)]

    def __str__(self) -> str:
        return self.name


class CapturedFraction(models.Model):
    """A part of all the captured CO2 and where it goes."""

    id = id_field()
    technology = models.ForeignKey(
        SiteTechnology, on_delete=models.PROTECT, related_name="captured"
    )
    destination = models.CharField(
        max_length=20, choices=[(e.value, DESTINATION_NAMES[e]) for e in Destination]
    )
    share = share_field("share of the captured CO2")
    lowers_intensity = models.BooleanField("lowers the measured intensity", null=True, blank=True)
    monitoring = models.CharField("monitoring (MRV) on file", max_length=300, blank=True)
    liability = models.CharField("liability on file", max_length=300, blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="a_captured_fraction_never_changes", operation=_NEVER)]

    def __str__(self) -> str:
        return f"{self.share} to {self.destination}"


class Feedstock(models.Model):
    """One biomass feedstock of a site."""

    id = id_field()
    technology = models.ForeignKey(
        SiteTechnology, on_delete=models.PROTECT, related_name="feedstocks"
    )
    name = models.CharField("feedstock", max_length=100)
    kind = models.CharField(
        "class", max_length=20, choices=[(e.value, BIOMASS_NAMES[e]) for e in Biomass]
    )
    origin = models.CharField("where it comes from", max_length=200, blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="a_feedstock_never_changes", operation=_NEVER)]

    def __str__(self) -> str:
        return self.name


class ProductionTechnology(models.Model):
    """The description an application was handed in with: it is judged by this one from then on."""

    production = models.OneToOneField(
        Production, on_delete=models.PROTECT, primary_key=True, related_name="technology"
    )
    technology = models.ForeignKey(
        SiteTechnology, on_delete=models.PROTECT, related_name="productions"
    )

    def __str__(self) -> str:
        return f"{self.production}: {self.technology}"
