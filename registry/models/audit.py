"""Auditors' accreditations, what they sign beside their figures, and the talk before it (5.3)."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Organisation, User
from registry.models.fields import id_field, intensity_field, share_field
from registry.models.production import Evidence
from registry.models.site import Site
from registry.models.verification import Verification
from registry.rulebook.facts import Basis, Recurrence
from registry.transitions import ExAnteState


class Scope(models.TextChoices):
    """What an accreditation covers."""

    IRON = "iron", "iron"
    CRUDE_STEEL = "crude_steel", "crude steel"
    GHG = "ghg", "greenhouse gas emissions"
    ADDITIONALITY = "additionality", "additionality"
    CHAIN_OF_CUSTODY = "chain_of_custody", "chain of custody"


BASIS_LABELS = {
    Basis.RS_APPROVED: "approved by ResponsibleSteel",
    Basis.ANNEX_3: "attests Annex 3 of the Assurance Manual",
}


@pghistory.track()
class Accreditation(models.Model):
    """What lets an organisation verify, as the operator recorded it; both days included."""

    id = id_field()
    auditor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="accreditations"
    )
    body = models.CharField("accreditation body", max_length=200)
    basis = models.CharField(
        max_length=12, choices=[(each.value, BASIS_LABELS[each]) for each in Basis]
    )
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    valid_from = models.DateField("first day")
    valid_until = models.DateField("last day")
    attested_on = models.DateField("day of the attestation", null=True, blank=True)
    reference = models.CharField("certificate or attestation", max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_accreditation_does_not_end_before_it_starts",
                condition=models.Q(valid_until__gte=models.F("valid_from")),
            ),
            models.UniqueConstraint(
                fields=["auditor", "reference"], name="an_accreditation_is_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auditor}: {self.reference}"


class AuditReview(models.Model):
    """The checklist that an auditor signs with the statement (5.3, 10)."""

    verification = models.OneToOneField(
        Verification, on_delete=models.PROTECT, related_name="review", primary_key=True
    )
    confirms_threshold = models.BooleanField("the emissions threshold is met")
    confirms_route = models.BooleanField("the criteria of the route are met")
    confirms_additionality = models.BooleanField("additionality is shown")
    reviewed_self_assessment = models.BooleanField("the site's self-assessment was reviewed")
    reviewed_evidence = models.BooleanField("its supporting evidence was reviewed")
    reviewed_on = models.DateField("day on which the review ended")
    covers_transactions = models.BooleanField("transactions of units were audited")
    deliveries_until = models.DateField("deliveries audited up to and including")

    def __str__(self) -> str:
        return f"review of {self.verification_id}"


class EvidenceRequest(models.Model):
    """What an auditor asked of a producer during a verification, and the answer."""

    id = id_field()
    verification = models.ForeignKey(
        Verification, on_delete=models.PROTECT, related_name="requests"
    )
    text = models.TextField("what is asked for")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_answer_names_who_and_when",
                condition=models.Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | models.Q(answered_at__isnull=False, answered_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class AuditFinding(models.Model):
    """What an auditor objects to. The producer accepts or contests it; the auditor resolves it."""

    class Response(models.TextChoices):
        ACCEPTED = "accepted", "accepted"
        CONTESTED = "contested", "contested"

    id = id_field()
    verification = models.ForeignKey(
        Verification, on_delete=models.PROTECT, related_name="objections"
    )
    text = models.TextField("what was found")
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    response = models.CharField(max_length=10, choices=Response.choices, blank=True)
    reason = models.TextField(blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)
    responded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolution = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_contested_finding_has_a_reason",
                condition=~models.Q(response="contested") | ~models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="a_finding_is_resolved_after_its_response",
                condition=models.Q(resolved_at__isnull=True) | ~models.Q(response=""),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


@pghistory.track()
class ExAnteAudit(models.Model):
    """An audit of one site before production (6.1): engagement, then signed expectations.

    recurrence: how often the site is verified again where units come first (R083).
    """

    id = id_field()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="ex_ante_audits")
    auditor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="ex_ante_audits"
    )
    functional_unit = models.CharField(max_length=12)
    recurrence = models.CharField(
        "recurring verification",
        max_length=10,
        choices=[(each.value, each.value) for each in Recurrence],
    )
    state = models.CharField(max_length=10, choices=ExAnteState.choices(), default=ExAnteState.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField(null=True, blank=True)
    signed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    site_intensity = intensity_field("expected site average, t CO2e/t", null=True, blank=True)
    intensity = intensity_field("expected product intensity, t CO2e/t", null=True, blank=True)
    scrap_share = share_field("expected scrap share", null=True, blank=True)
    statement = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "functional_unit"],
                condition=models.Q(state="open"),
                name="a_site_has_one_open_ex_ante_audit_of_a_unit",
            ),
            models.CheckConstraint(
                name="a_signed_ex_ante_audit_names_who_when_and_what",
                condition=~models.Q(state="signed")
                | models.Q(
                    signed_on__isnull=False,
                    signed_by__isnull=False,
                    site_intensity__isnull=False,
                    intensity__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auditor} on {self.site}"
