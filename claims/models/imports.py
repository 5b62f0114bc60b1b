"""Imports: a table somebody brought, read row by row, and its lines waiting to be confirmed."""

from django.db import models

from accounts.models import User
from claims.models.inventory import Inventory, LineColumns
from registry.models.fields import id_field


class LineImport(models.Model):
    """One table of lines for one inventory. Nothing of it counts before it is confirmed.

    content: the file's bytes until it is read; sha256 stays. rows: those with something in them
    seen so far, of about expected_rows. attempt: rises each time a process begins to read it, so
    that one that was thought dead changes nothing. faults: the first of them, as dictionaries.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        READING = "reading"
        READY = "ready"
        FAULTY = "faulty"
        DONE = "done"
        DISCARDED = "discarded"

    class Mode(models.TextChoices):
        APPEND = "append"
        REPLACE = "replace"

    id = id_field()
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField("name of the file", max_length=200)
    mode = models.CharField(max_length=10, choices=Mode)
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempt = models.PositiveIntegerField(default=0)
    read_as = models.CharField(max_length=100, blank=True)
    rows = models.PositiveIntegerField(default=0)
    expected_rows = models.PositiveIntegerField(null=True)
    line_count = models.PositiveIntegerField(default=0)
    fault_count = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    touched_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                name="imports_not_settled",
                fields=["touched_at"],
                condition=~models.Q(state__in=["done", "discarded"]),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it is still to be read to its end."""
        return self.state in (self.State.WAITING, self.State.READING)

    @property
    def is_taken_in(self) -> bool:
        return self.state == self.State.DONE


class ImportedLine(LineColumns):
    """A line as it was read, until it is confirmed or discarded. row: as a spreadsheet counts."""

    id = id_field()
    line_import = models.ForeignKey(LineImport, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.row}: {self.name}"
