"""What the buyers of the metal are told once its attributes are sold as units (10.1)."""

import pghistory
from django.core.validators import MinValueValidator
from django.db import models

from accounts.models import Organisation, User
from registry.models.fields import id_field, tonnes_field
from registry.models.issuance import Issuance
from registry.transitions import NoticeState


@pghistory.track()
class DeliveryNotice(models.Model):
    """The default factor of one physical delivery, and the recipient's undertaking.

    recipient: in the registry, else None and recipient_name says who. default_factor: the
    baseline of the issuance (R055, R141). undertaken_by: who recorded the undertaking to make no
    low-emissions claim: the recipient's own member, or the producer's with the file as evidence.
    """

    id = id_field()
    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="notices")
    producer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="received_notices",
    )
    recipient_name = models.CharField("recipient", max_length=200)
    delivery_reference = models.CharField(max_length=60)
    tonnes = tonnes_field("delivered, t")
    delivered_on = models.DateField()
    # As many decimals as the issuance keeps of its baseline.
    default_factor = models.DecimalField(
        "default factor, t CO2e/t", max_digits=18, decimal_places=12
    )
    state = models.CharField(
        max_length=12, choices=NoticeState.choices(), default=NoticeState.SENT.value
    )
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    undertaken_at = models.DateTimeField(null=True, blank=True)
    undertaken_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undertaking_file = models.FileField(upload_to="undertakings/%Y/%m/", blank=True)
    undertaking_name = models.CharField(max_length=200, blank=True)
    undertaking_media_type = models.CharField(max_length=100, blank=True)
    undertaking_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["producer", "delivery_reference"],
                condition=~models.Q(state="withdrawn"),
                name="a_producer_gives_a_delivery_reference_once",
            ),
            models.CheckConstraint(
                name="an_undertaking_has_a_date_and_a_person",
                condition=models.Q(state="undertaken", undertaken_at__isnull=False)
                & models.Q(undertaken_by__isnull=False)
                | ~models.Q(state="undertaken") & models.Q(undertaken_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["delivery_reference"], name="notice_by_reference")]

    def __str__(self) -> str:
        return self.delivery_reference


class Disclosure(models.Model):
    """A public statement of the product's intensity as it reads from a day on; never changed.

    The last one of a kind and reference is how it reads now. intensity: None where withheld.
    """

    class Kind(models.TextChoices):
        EPD = "epd", "environmental product declaration (EPD)"
        REPORT = "report", "sustainability report"
        WEBSITE = "website", "website"

    id = id_field()
    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="disclosures")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reference = models.CharField(max_length=200)
    made_on = models.DateField("reads so since")
    intensity = models.DecimalField(
        "disclosed intensity, t CO2e/t",
        max_digits=18,
        decimal_places=12,
        validators=[MinValueValidator(0)],
        null=True,
        blank=True,
    )
    says_sold = models.BooleanField("says that the attributes were sold", default=False)
    cover_page = models.BooleanField("has a cover page naming book and claim", default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.reference} since {self.made_on}"


class EpdDuty(models.Model):
    """The last day to update the EPD of an issuance's product (R143), set when units are issued."""

    id = id_field()
    issuance = models.OneToOneField(Issuance, on_delete=models.PROTECT, related_name="epd_duty")
    due_on = models.DateField()

    def __str__(self) -> str:
        return f"due on {self.due_on}"
