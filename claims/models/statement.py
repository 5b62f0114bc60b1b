"""Statements: physical and adjusted inventory side by side, from draft to publication (9.1)."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.models import Organisation, User
from claims.accounting.wording import AUDIENCES, CLAIM_TYPES, CORPORATE_REPORT
from claims.models.inventory import Inventory
from claims.transitions import UNPUBLISHED, StatementState
from registry.models.fields import id_field

# What is judged, assured and published: none of it changes from submission on.
_FIXED = ("text", "claim_type", "audience", "jurisdictions", "sourcing", "document", "findings",
          "sha256", "basis", "edition", "submitted_at")  # fmt: skip


def _is_fixed() -> str:
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _FIXED)


class Statement(models.Model):
    """A statement: its document says everything and recomputes to the same digits.

    document and findings are made at submission, from the inventory and its claims as they stand
    then; sha256 is the document's, basis that of the lines and claims it was made from. summary:
    the document without its lines, for pages.
    sourcing: what the claimant records for SBTi V2. supersedes: the published statement of the
    same inventory that this one replaced.
    """

    id = id_field()
    code = models.CharField(max_length=12, unique=True)
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="statements")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="statements"
    )
    state = models.CharField(
        max_length=10, choices=StatementState.choices(), default=StatementState.DRAFT.value
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    edition = models.CharField(max_length=40, blank=True)
    claim_type = models.CharField(
        max_length=40, choices=list(CLAIM_TYPES.items()), default="corporate_inventory"
    )
    text = models.TextField("public text", blank=True)
    audience = models.CharField(
        max_length=30, choices=list(AUDIENCES.items()), default=CORPORATE_REPORT
    )
    jurisdictions = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    sourcing = models.JSONField(null=True, blank=True)
    document = models.JSONField(null=True, blank=True)
    summary = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    basis = models.CharField(max_length=64, blank=True)
    findings = models.JSONField(default=list)
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        permissions = [("assure_statement", "may assure this statement")]
        constraints = [
            models.UniqueConstraint(
                fields=["inventory"],
                condition=Q(state__in=[str(state) for state in UNPUBLISHED]),
                name="an_inventory_has_one_statement_in_preparation",
            ),
            models.CheckConstraint(
                name="a_submitted_statement_has_its_document",
                condition=Q(state__in=["draft", "discarded"]) | Q(document__isnull=False),
            ),
            models.CheckConstraint(
                name="a_published_statement_names_who_and_when",
                condition=~Q(state__in=["published", "superseded"])
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="a_statement_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="a_statement_never_changes",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.state IN ('superseded', 'discarded')
                       OR (OLD.state = 'published'
                           AND to_jsonb(OLD) - 'state' <> to_jsonb(NEW) - 'state')
                       OR (OLD.state = 'published' AND NEW.state <> 'superseded')
                       OR (OLD.state IN ('submitted', 'assured') AND NEW.state <> 'draft'
                           AND ({_is_fixed()}))
                       OR OLD.inventory_id <> NEW.inventory_id OR OLD.code <> NEW.code THEN
                        RAISE EXCEPTION 'a statement is never edited once it is submitted'
                            USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.inventory}"


class StatementStep(models.Model):
    """One change of a statement's state: who caused it and when. The first made the draft."""

    id = id_field()
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="steps")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="a_statements_steps_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class StatementUserObjectPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Statement, on_delete=models.CASCADE)


class StatementGroupObjectPermission(GroupObjectPermissionBase):
    """An engagement: one auditor's organisation may assure one statement."""

    content_object = models.ForeignKey(Statement, on_delete=models.CASCADE)
