"""What a person may see of the claims: one place per kind of record. Outsiders get NotVisible.

Whether they may also act on it is the services' question, asked on their first lines.
"""

from uuid import UUID

from django.db.models import QuerySet

from accounts.errors import NotVisible
from accounts.models import User
from claims.accounting.facts import Material
from claims.models import (
    Assurance,
    Claim,
    Inventory,
    InventoryLine,
    Job,
    LineImport,
    PendingClaim,
    Statement,
    StatementFile,
)
from claims.services.assurance import is_engaged, is_readable, require_engaged


def inventories_of(user: User) -> QuerySet[Inventory]:
    return Inventory.objects.filter(organisation__memberships__user=user)


def inventory(user: User, pk: UUID) -> Inventory:
    found = inventories_of(user).select_related("organisation").filter(pk=pk).first()
    if found is None:
        raise NotVisible(f"inventory {pk}")
    return found


def line(user: User, inventory_pk: UUID, pk: UUID) -> InventoryLine:
    lines = InventoryLine.objects.filter(
        inventory__in=inventories_of(user), inventory=inventory_pk, pk=pk
    )
    found = lines.select_related("inventory__organisation").first()
    if found is None:
        raise NotVisible(f"line {pk}")
    return found


def spend_line(user: User, inventory_pk: UUID, pk: UUID) -> InventoryLine:
    """A line of steel in spend, of which tonnes can be estimated."""
    found = line(user, inventory_pk, pk)
    if found.spend is None or found.material != Material.STEEL:
        raise NotVisible(f"line of spend {pk}")
    return found


def line_import(user: User, inventory_pk: UUID, pk: UUID) -> LineImport:
    rows = LineImport.objects.filter(
        inventory__in=inventories_of(user), inventory=inventory_pk, pk=pk
    )
    # The file may be large; only its reader wants it.
    found = rows.select_related("inventory__organisation").defer("content").first()
    if found is None:
        raise NotVisible(f"import {pk}")
    return found


def jobs_of(user: User) -> QuerySet[Job]:
    """What a person asked a worker for: theirs alone, while they act for the organisation."""
    return Job.objects.filter(asked_by=user, inventory__in=inventories_of(user))


def job(user: User, inventory_pk: UUID, pk: UUID) -> Job:
    rows = jobs_of(user).filter(inventory=inventory_pk, pk=pk)
    found = rows.select_related("inventory__organisation", "statement").first()
    if found is None:
        raise NotVisible(f"job {pk}")
    return found


def claims_of(user: User) -> QuerySet[Claim]:
    return Claim.objects.filter(inventory__in=inventories_of(user))


def claim(user: User, code: str) -> Claim:
    rows = claims_of(user).select_related("inventory__organisation", "claimed_by", "path")
    found = rows.filter(code=code).first()
    if found is None:
        raise NotVisible(f"claim {code}")
    return found


def pending_claim(user: User, inventory_pk: UUID, code: str) -> PendingClaim | None:
    """A claim that waits, or waited, with this code; None where there is none to be seen."""
    rows = PendingClaim.objects.filter(inventory__in=inventories_of(user), inventory=inventory_pk)
    found: PendingClaim | None = (
        rows.select_related("inventory__organisation", "order").filter(code=code).first()
    )
    return found


def statements_of(user: User) -> QuerySet[Statement]:
    return Statement.objects.filter(organisation__memberships__user=user)


def statement(user: User, code: str) -> Statement:
    """One's own organisation's, in any state."""
    rows = statements_of(user).select_related("inventory__organisation", "organisation")
    found = rows.defer("document").filter(code=code).first()
    if found is None:
        raise NotVisible(f"statement {code}")
    return found


def statement_file(user: User, pk: UUID) -> StatementFile:
    """For the claimant's people, and the auditor's while the statement is readable to them."""
    found = StatementFile.objects.select_related("statement").filter(pk=pk).first()
    if found is None:
        raise NotVisible(f"file {pk}")
    if not statements_of(user).filter(pk=found.statement_id).exists():
        _require_assuring(user, found.statement)
    return found


def _require_assuring(user: User, statement: Statement) -> None:
    """Somebody of an engaged auditor. Raises NotVisible."""
    rows = assurances_of(user).filter(statement=statement).select_related("auditor", "statement")
    if not any(is_readable(each) and is_engaged(user, each) for each in rows):
        raise NotVisible(f"statement {statement.code}")


def assurances_of(user: User) -> QuerySet[Assurance]:
    return Assurance.objects.filter(auditor__memberships__user=user)


def assurance(user: User, pk: UUID) -> Assurance:
    """An engagement of one's own firm, while it is open to it or after its opinion."""
    related = ("auditor", "statement__organisation", "statement__inventory__organisation")
    rows = assurances_of(user).select_related(*related).defer("statement__document")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible(f"assurance {pk}")
    require_engaged(user, found)
    return found
