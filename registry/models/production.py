"""Productions: what an issuance application is about, its evidence, steps and approvals (5, 6)."""

import pghistory
from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.models import Account, Organisation, User
from registry.models.agreement import Agreement
from registry.models.baseline import Baseline
from registry.models.fields import id_field, intensity_field, share_field, tonnes_field
from registry.models.site import Site
from registry.transitions import ProductionState


@pghistory.track()
class Production(models.Model):
    """Delivered tonnage of one site over one vintage period, as declared by its producer.

    Everything but site and producer may be empty while it is a draft: the rules say what is
    missing. tonnes: units applied for; delivered_tonnes: delivered with proof.
    """

    id = id_field()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="productions")
    producer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="productions")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="productions", null=True, blank=True
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="productions", null=True, blank=True
    )
    state = models.CharField(
        max_length=20, choices=ProductionState.choices(), default=ProductionState.DRAFT.value
    )
    functional_unit = models.CharField(max_length=12, blank=True)
    product = models.CharField(max_length=30, blank=True)
    period_start = models.DateField("first day of production", null=True, blank=True)
    period_end = models.DateField("last day of production", null=True, blank=True)
    tonnes = tonnes_field("units applied for, t", null=True, blank=True)
    delivered_tonnes = tonnes_field("delivered with proof, t", null=True, blank=True)
    delivered_on = models.DateField("last delivery", null=True, blank=True)
    measured_site = models.CharField("site the figures are of", max_length=12, blank=True)
    site_intensity = intensity_field("site average, t CO2e/t", null=True, blank=True)
    intensity = intensity_field("product intensity, t CO2e/t", null=True, blank=True)
    scrap_share = share_field("scrap share of metallic input", null=True, blank=True)
    fe_metallic_share = share_field("metallic Fe", null=True, blank=True)
    fe_total_share = share_field("total Fe", null=True, blank=True)
    methodology = models.CharField("certification or method", max_length=200, blank=True)
    abatement = models.CharField("abatement technology", max_length=100, blank=True)
    abatement_details = models.TextField("technical details", blank=True)
    additionality = models.TextField("regulatory additionality declaration", blank=True)
    epd = models.CharField("EPD or LCA", max_length=200, blank=True)
    epd_verifier = models.CharField("EPD or LCA verifier", max_length=200, blank=True)
    end_use = models.CharField("end use of the physical metal", max_length=200, blank=True)
    baseline = models.ForeignKey(
        Baseline, on_delete=models.PROTECT, related_name="productions", null=True, blank=True
    )
    late_reason = models.TextField("why the units are created late", blank=True)
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        permissions = [("verify_production", "may verify this production")]
        constraints = [
            models.CheckConstraint(
                name="a_production_period_does_not_end_before_it_starts",
                condition=models.Q(period_start__isnull=True)
                | models.Q(period_end__isnull=True)
                | models.Q(period_end__gte=models.F("period_start")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.site.code} {self.period_start} to {self.period_end}"


class ProductionUserObjectPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Production, on_delete=models.CASCADE)


class ProductionGroupObjectPermission(GroupObjectPermissionBase):
    """An engagement: one auditor's organisation may verify one production."""

    content_object = models.ForeignKey(Production, on_delete=models.CASCADE)


class Evidence(models.Model):
    """A file that supports a production; known by its SHA-256, stored once, never replaced."""

    class Kind(models.TextChoices):
        DELIVERY = "delivery", "proof of sale or delivery"
        MEASUREMENT = "measurement", "emissions measurement"
        ADDITIONALITY = "additionality", "regulatory additionality"
        CERTIFICATION = "certification", "certification or verification"
        OTHER = "other", "other"

    id = id_field()
    production = models.ForeignKey(Production, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    file = models.FileField(upload_to="evidence/%Y/%m/")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["production", "sha256"], name="a_file_supports_a_production_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProductionStep(models.Model):
    """One change of a production's state: from, to, who, when, and a note."""

    id = id_field()
    production = models.ForeignKey(Production, on_delete=models.PROTECT, related_name="steps")
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.from_state} to {self.to_state}"


class Approval(models.Model):
    """One operator's approval of a verified production; two different people are needed.

    verification: the signed statement it rests on; approvals of an earlier one do not count.
    is_provisional: given before that statement was signed (R083).
    """

    id = id_field()
    production = models.ForeignKey(Production, on_delete=models.PROTECT, related_name="approvals")
    verification = models.ForeignKey("registry.Verification", on_delete=models.PROTECT)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["verification", "by", "is_provisional"],
                name="a_person_approves_a_verification_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} at {self.at}"
