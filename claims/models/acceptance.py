"""Where claims with book-and-claim units are accepted: kept up to date by the operator."""

import pghistory
from django.db import models

from accounts.models import User
from claims.accounting.acceptance import STATUSES
from registry.models.fields import id_field


@pghistory.track()
class ProgrammeAcceptance(models.Model):
    """What one programme says to one question. Its history is kept: a statement carries what was
    known on its own day."""

    id = id_field()
    programme = models.CharField(max_length=200)
    question = models.CharField(max_length=200)
    status = models.CharField(max_length=20, choices=[(each, each) for each in STATUSES])
    basis = models.TextField("on what ground")
    confidence = models.CharField(
        max_length=200, help_text="The programme's own words (primary), another's, or unverified."
    )
    source = models.CharField(max_length=500)
    checked_on = models.DateField("checked on")
    place = models.PositiveSmallIntegerField("place in the list", default=100)
    updated_at = models.DateTimeField(null=True, editable=False)
    updated_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "question"], name="a_programme_answers_a_question_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.status}"
