"""Statements: both inventories, side by side, published once and superseded, never edited (9.1)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.permissions import require_initiator
from accounts.services import public_code
from claims.accounting.codec import decode
from claims.accounting.facts import ClaimCase, Line, Match
from claims.accounting.rules import judge_statement
from claims.accounting.statement import (
    MadeClaim,
    StatementFacts,
    build,
    purpose_case,
    statement_case,
)
from claims.models import Claim, Inventory, Statement
from claims.queries import lines_of
from claims.services.cases import line_facts
from claims.services.inventories import lock_inventory, require_claimant
from registry.errors import RulesBroken
from registry.rulebook.edition import edition_on
from registry.rulebook.findings import Finding, failures
from registry.services.requests import once, retrying

REGISTRY = "Billet"


@retrying
def publish_statement(
    *,
    by: User,
    now: datetime,
    key: str,
    inventory: Inventory,
    text: str,
    claim_type: str = "corporate_inventory",
) -> Statement:
    """Publish an inventory with everything claimed on it; replaces the statement before it.

    text: the public words (R112, R114). Raises NotVisible, Refused, RulesBroken.
    """
    require_initiator(by, inventory.organisation)
    require_claimant(inventory.organisation, now.date())
    with once(
        by=by,
        key=key,
        kind="statement",
        now=now,
        input={"inventory": inventory.pk, "text": text, "claim_type": claim_type},
    ) as request:
        if request.is_repeat:
            return Statement.objects.get(pk=request.answer["statement"])
        lock_inventory(inventory)
        facts = statement_facts(inventory, text=text, claim_type=claim_type, now=now)
        findings = findings_of_statement(facts, now=now)
        if failures(findings):
            raise RulesBroken(findings)
        edition = edition_on(now.date())
        latest = inventory.statements.filter(superseded_by__isnull=True).first()
        statement = Statement.objects.create(
            code=public_code(),
            inventory=inventory,
            organisation=inventory.organisation,
            supersedes=latest,
            edition=edition.id,
            text=text,
            document=build(facts, edition),
            findings=[finding.as_dict() for finding in findings],
            published_on=now.date(),
            published_at=now,
            published_by=by,
            is_demonstration=facts.demonstration,
        )
        request.answer = {"statement": str(statement.pk)}
        return statement


def statement_facts(
    inventory: Inventory, *, text: str, claim_type: str, now: datetime
) -> StatementFacts:
    """The inventory and its standing claims, in the order in which they were made."""
    lines = line_facts(lines_of(inventory))
    by_id = {line.id: line for line in lines}
    # An id is made under the inventory's lock; the clock was read before it was waited for.
    claims = list(Claim.objects.filter(inventory=inventory).order_by("id"))
    return StatementFacts(
        registry=REGISTRY,
        claimant=inventory.organisation.name,
        inventory=inventory.name,
        period_start=inventory.period_start,
        period_end=inventory.period_end,
        lines=lines,
        claims=tuple(_made(claim, inventory, by_id) for claim in claims),
        claim_type=claim_type,
        text=text,
        stated_on=now.date(),
        demonstration=_is_demonstration(inventory, claims),
    )


def findings_of_statement(facts: StatementFacts, *, now: datetime) -> list[Finding]:
    return judge_statement(statement_case(facts), purpose_case(facts), edition_on(now.date()))


def _is_demonstration(inventory: Inventory, claims: list[Claim]) -> bool:
    """Invented units make an invented statement, whoever claims them."""
    return inventory.is_demonstration or any(claim.is_demonstration for claim in claims)


def _made(claim: Claim, inventory: Inventory, lines: dict[str, Line]) -> MadeClaim:
    return MadeClaim(
        code=claim.code,
        case=ClaimCase(
            on=claim.claimed_on,
            by_organisation=claim.inputs["by_organisation"],
            period_start=inventory.period_start,
            period_end=inventory.period_end,
            matches=tuple(_match(each, lines) for each in claim.inputs["matches"]),
        ),
    )


def _match(inputs: dict[str, Any], lines: dict[str, Line]) -> Match:
    match: Match = decode(Match, {**inputs, "lines": []}, "claim")
    return replace(match, lines=tuple(lines[id] for id in inputs["lines"]))
