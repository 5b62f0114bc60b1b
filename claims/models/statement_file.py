"""Files that a claimant attaches to a statement as evidence of what it records for SBTi V2."""

import pgtrigger
from django.db import models

from accounts.models import User
from claims.models.statement import Statement
from registry.models.fields import id_field


class StatementFile(models.Model):
    """Known by its SHA-256, which the statement's document names; stored once, never replaced."""

    id = id_field()
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(upload_to="statements/%Y/%m/")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "sha256"], name="a_file_supports_a_statement_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_file_of_a_statement_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return self.name
