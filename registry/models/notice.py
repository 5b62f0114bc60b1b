"""Notices: what an organisation has to know. The row is the truth; its e-mail follows from it."""

from django.db import models
from django.db.models import Q

from accounts.models import Organisation, User
from registry.models.fields import id_field


class Notice(models.Model):
    """Something that happened to an organisation's units or applications.

    kind: a word that a program can act on. about_type, about_id: the record it is about. url: the
    page that leads to the action, a path of this registry. read_at: when one of its people put
    it away. sent_at: when it left by e-mail.
    """

    id = id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    about_type = models.CharField(max_length=40, blank=True)
    about_id = models.UUIDField(null=True, blank=True)
    text = models.CharField(max_length=500)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-at"], name="notice_by_organisation"),
            models.Index(fields=["id"], condition=Q(sent_at__isnull=True), name="notice_to_send"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"
