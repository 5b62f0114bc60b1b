"""Assurance: an auditor's engagement on one submitted statement, and the opinion given."""

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models import Organisation, User
from claims.models.statement import Statement
from claims.transitions import AssuranceState
from registry.models.fields import id_field


class Opinion(models.TextChoices):
    """What the auditor concludes."""

    REASONABLE = "reasonable", "Reasonable assurance"
    LIMITED = "limited", "Limited assurance"
    ADVERSE = "adverse", "Adverse opinion"


class Assurance(models.Model):
    """From engagement to opinion. sha256: of the document that the opinion is on; a statement
    taken back and changed since has another, so the opinion is on an earlier version."""

    id = id_field()
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="assurances")
    auditor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assurances")
    state = models.CharField(
        max_length=10, choices=AssuranceState.choices(), default=AssuranceState.OPEN.value
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opinion = models.CharField(max_length=10, choices=Opinion.choices, blank=True)
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement"],
                condition=Q(state="open"),
                name="a_statement_has_one_open_engagement",
            ),
            models.CheckConstraint(
                name="an_opinion_names_who_and_when",
                condition=~Q(state="given")
                | (~Q(opinion="") & Q(ended_at__isnull=False, ended_by__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="an_engagement_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="an_opinion_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["given", "closed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auditor} on {self.statement.code}"
