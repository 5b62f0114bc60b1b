"""The tamper-evident log's tables (docs/architecture.md, The log).

Triggers of `sql/log.sql` fill LogPending in the business transaction; the sequencer alone moves
its rows to numbered leaves and keeps what it has signed. The web's role can read checkpoints and
nothing else here.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models import User
from registry.models.ledger import never_truncated


class LogPending(models.Model):
    """An event that has no number yet: the canonical JSON (RFC 8785) that will be its leaf."""

    id = models.BigAutoField(primary_key=True)
    event = models.TextField()

    def __str__(self) -> str:
        return self.event


class LogLeaf(models.Model):
    """Leaf `number` of the tree. Appended, never changed.

    retirement: the one whose certificate the event is a part of.
    """

    number = models.BigIntegerField(primary_key=True)
    event = models.TextField()
    retirement = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["retirement"],
                condition=Q(retirement__isnull=False),
                name="leaf_by_retirement",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="leaves_are_numbered_from_zero", condition=Q(number__gte=0)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="leaves_are_never_changed",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
            never_truncated("leaves_are_never_truncated"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.event}"


class LogCheckpoint(models.Model):
    """What was signed: the first `size` leaves have this root. Kept for ever.

    root: 32 bytes. note: the signed note (C2SP tlog-checkpoint).
    """

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="checkpoints_are_never_changed",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
            never_truncated("checkpoints_are_never_truncated"),
        ]

    def __str__(self) -> str:
        return self.note


class LogSalt(models.Model):
    """A person's secret salt. The log holds SHA-256(salt, entry, person) in place of the person.

    Deleting the row makes every commitment to the person unopenable, and changes no leaf.
    """

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="log_salt"
    )
    salt = models.BinaryField()

    def __str__(self) -> str:
        return f"salt of {self.user_id}"
