"""Additionality (3.3), of a contract or of one production, and what a contract's buyers ask."""

import pghistory
import pgtrigger
from django.db import models

from accounts.models import User
from registry.models.agreement import Agreement
from registry.models.fields import id_field
from registry.models.production import Production
from registry.rulebook.facts import ObligationKind, Surplus

OBLIGATION_NAMES = {
    ObligationKind.EMISSIONS_TRADING: "emissions trading",
    ObligationKind.CARBON_TAX: "carbon tax",
    ObligationKind.MANDATE: "performance mandate",
    ObligationKind.OTHER: "another obligation",
}
SURPLUS_NAMES = {
    Surplus.EXCEEDS: "the production exceeds it",
    Surplus.COST_PREMIUM: "the production bears a cost premium beyond it",
}


@pghistory.track()
class Additionality(models.Model):
    """Determined once, of an agreement and all deliveries under it, or of one production.

    determined_on: the day of contract signing, or of the application where there is no contract;
    empty until that application is handed in.
    """

    id = id_field()
    agreement = models.OneToOneField(
        Agreement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="determined_additionality",
    )
    production = models.OneToOneField(
        Production,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="determined_additionality",
    )
    determined_on = models.DateField(null=True, blank=True)
    declared = models.BooleanField("no law alone asks for this production", default=False)
    none_apply = models.TextField("why no obligation applies", max_length=10_000, blank=True)
    financial = models.TextField("financial additionality", max_length=10_000, blank=True)
    common_practice = models.TextField("common practice", max_length=10_000, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "additionality"
        constraints = [
            models.CheckConstraint(
                name="additionality_is_of_an_agreement_or_a_production",
                condition=models.Q(agreement__isnull=True, production__isnull=False)
                | models.Q(agreement__isnull=False, production__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"additionality of {self.agreement or self.production}"


@pghistory.track()
class Obligation(models.Model):
    """A legal obligation that production is under, and what goes beyond it."""

    id = id_field()
    additionality = models.ForeignKey(
        Additionality, on_delete=models.CASCADE, related_name="obligations"
    )
    kind = models.CharField(
        max_length=20, choices=[(e.value, OBLIGATION_NAMES[e]) for e in ObligationKind]
    )
    name = models.CharField("obligation", max_length=200)
    surplus = models.CharField(
        "how the production goes beyond it",
        max_length=20,
        blank=True,
        choices=[(e.value, SURPLUS_NAMES[e]) for e in Surplus],
    )
    explanation = models.TextField("by how much", max_length=5_000, blank=True)
    evidence = models.CharField("evidence", max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class AgreementCriterion(models.Model):
    """What a contract's buyers ask beyond eligibility (3.2): between the parties only."""

    class Kind(models.TextChoices):
        HYDROGEN = "hydrogen", "hydrogen: additionality, matching in time, deliverability"
        PLAN = "plan", "plan toward DPL4"
        TRAJECTORY = "trajectory", "emissions trajectory"
        FRAMEWORK = "framework", "another assessment framework"
        OTHER = "other", "other"

    id = id_field()
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="criteria")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = models.CharField("what is asked", max_length=500)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="a_criterion_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class CriterionAnswer(models.Model):
    """What the producer says of one criterion for one production."""

    id = id_field()
    production = models.ForeignKey(
        Production, on_delete=models.PROTECT, related_name="criterion_answers"
    )
    criterion = models.ForeignKey(
        AgreementCriterion, on_delete=models.PROTECT, related_name="answers"
    )
    met = models.BooleanField()
    note = models.CharField("how it is met", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["production", "criterion"], name="a_production_answers_a_criterion_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {'met' if self.met else 'not met'}"
