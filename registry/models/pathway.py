"""A site's way to certification (Exhibit 9): its data, its self-assessment, its certificates."""

import pghistory
from django.db import models

from registry.models.fields import id_field
from registry.models.site import Site
from registry.rulebook.facts import CertificateKind

CERTIFICATE_LABELS = {
    CertificateKind.RS_CORE_SITE: "ResponsibleSteel Core Site certification",
    CertificateKind.INTEROPERABLE: "interoperable certification, with its assurance statement",
    CertificateKind.OTHER: "another certificate, EPD or LCA of the site",
}


@pghistory.track()
class SitePathway(models.Model):
    """How a site stands. first_data_on: the first day of verifiable data."""

    site = models.OneToOneField(
        Site, on_delete=models.PROTECT, related_name="pathway", primary_key=True
    )
    first_data_on = models.DateField("first day of verifiable data")
    self_assessed_on = models.DateField("day of the self-assessment", null=True, blank=True)
    principle_10 = models.CharField(
        "where the excerpts of Principle 10 are answered", max_length=300, blank=True
    )
    progress = models.CharField("progress to certification", max_length=300, blank=True)
    checkpoint_1_on = models.DateField("checkpoint of the first year", null=True, blank=True)
    checkpoint_2_on = models.DateField("checkpoint of the second year", null=True, blank=True)

    def __str__(self) -> str:
        return f"pathway of {self.site_id}"


@pghistory.track()
class SiteCertificate(models.Model):
    """A certificate of a site; both days of its validity included."""

    id = id_field()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(
        max_length=14,
        choices=[(each.value, CERTIFICATE_LABELS[each]) for each in CertificateKind],
    )
    reference = models.CharField("certificate", max_length=200)
    body = models.CharField("issued by", max_length=200)
    valid_from = models.DateField("first day")
    valid_until = models.DateField("last day")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_certificate_does_not_end_before_it_starts",
                condition=models.Q(valid_until__gte=models.F("valid_from")),
            ),
            models.UniqueConstraint(
                fields=["site", "reference"], name="a_certificate_is_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reference
