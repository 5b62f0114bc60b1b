"""The facts that an issuance was judged by, kept to judge them again under another edition."""

import pgtrigger
from django.db import models

from registry.models.issuance import Issuance


class JudgedCase(models.Model):
    """Every fact that the rules looked at when units were issued, as `rulebook/kept.py` keeps it.

    Not for the public: it holds what producer and buyers agreed between them.
    """

    issuance = models.OneToOneField(
        Issuance, on_delete=models.PROTECT, related_name="judged_case", primary_key=True
    )
    facts = models.JSONField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="a_judged_case_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"facts of {self.issuance_id}"
