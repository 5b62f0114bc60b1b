"""Statements: the published result, physical and adjusted inventory side by side (9.1)."""

import pgtrigger
from django.db import models

from accounts.models import Organisation, User
from claims.models.inventory import Inventory
from registry.models.fields import id_field


class Statement(models.Model):
    """A published statement: its document says everything and recomputes to the same digits.

    supersedes: the earlier statement of the same inventory that this one replaces.
    """

    id = id_field()
    code = models.CharField(max_length=12, unique=True)
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="statements")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="statements"
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    edition = models.CharField(max_length=40)
    text = models.TextField("public text")
    document = models.JSONField()
    findings = models.JSONField()
    published_on = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="a_statement_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.inventory}"
