"""A statement's document: made from inventory and claims as they stand, and put on record.

Making takes long for a large inventory, and holds no lock; `basis` says whether what it was made
from is still what there is.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.prepared import rows
from claims.accounting.digest import digest
from claims.models import LINE_FIELDS, Claim, Inventory, InventoryLine, Statement
from claims.services.stating import (
    Words,
    document_of,
    findings_of,
    statement_facts,
    summary_of,
)
from registry.errors import RulesBroken
from registry.rulebook.edition import edition_on
from registry.rulebook.findings import Finding, failures

Stage = Callable[[str, int | None], None]

MADE = (
    "document",
    "summary",
    "sha256",
    "basis",
    "findings",
    "edition",
    "submitted_at",
    "is_demonstration",
)
_WRITE = """
UPDATE claims_statement SET document = %(document)s::text::jsonb WHERE id = %(id)s RETURNING 1
"""
_COLUMNS = ", ".join(f'"{name}"' for name in LINE_FIELDS)
# Names of columns only, none of them from outside.
_LINES = f"""
SELECT encode(sha256(coalesce(string_agg(
           sha256(convert_to(ROW(id, {_COLUMNS})::text, 'UTF8')), ''::bytea ORDER BY id
       ), ''::bytea)), 'hex')
  FROM {InventoryLine._meta.db_table} WHERE inventory_id = %s
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Made:
    """What is recorded at submission."""

    document: dict[str, Any]
    summary: dict[str, Any]
    sha256: str
    basis: str
    findings: list[Finding]
    is_demonstration: bool


def basis_of(inventory: Inventory) -> str:
    """SHA-256 over every value of every line, and over the claims made, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [inventory.pk])
        (lines,) = cursor.fetchone()
    claims = Claim.objects.filter(inventory=inventory).order_by("id")
    text = "\n".join([lines, *claims.values_list("code", flat=True)])
    return hashlib.sha256(text.encode()).hexdigest()


def make(
    inventory: Inventory,
    words: Words,
    *,
    now: datetime,
    stage: Stage = lambda words, of: None,
) -> Made:
    """Judge the words and compute the document. Raises RulesBroken with every finding."""
    basis = basis_of(inventory)
    stage("reading lines and claims", None)
    facts = statement_facts(inventory, words, now=now)
    stage("computing the claims", len(facts.claims) + len(facts.spend_claims))
    findings = findings_of(facts, now=now)
    if failures(findings):
        raise RulesBroken(findings)
    stage("writing the document", len(facts.lines))
    document = document_of(facts, now=now)
    return Made(
        document=document,
        summary=summary_of(document),
        sha256=digest(document),
        basis=basis,
        findings=findings,
        is_demonstration=facts.demonstration,
    )


def write_document(statement: Statement) -> None:
    """The document alone, while the statement is a draft.

    It may be of 100,000 lines, and the ORM would put its whole text into a statement, and quote it.
    """
    text = json.dumps(statement.document, ensure_ascii=False, separators=(",", ":"))
    rows(_WRITE, {"id": statement.pk, "document": text})


def put(statement: Statement, made: Made, *, now: datetime) -> None:
    """The document into the record. The caller saves (`MADE`)."""
    statement.document, statement.summary = made.document, made.summary
    statement.sha256, statement.basis = made.sha256, made.basis
    statement.findings = [finding.as_dict() for finding in made.findings]
    statement.edition = edition_on(now.date()).id
    statement.submitted_at = now
    statement.is_demonstration = made.is_demonstration
