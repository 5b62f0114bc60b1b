"""From records to a statement's facts and document: the inventory, its claims, its evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from claims.accounting.acceptance import Acceptance
from claims.accounting.codec import decode
from claims.accounting.evidence import UnitEvidence
from claims.accounting.facts import ClaimCase, Line, Match, UnitLot
from claims.accounting.programme import SourcingRecord
from claims.accounting.rules import judge_statement
from claims.accounting.spend import SpendCase
from claims.accounting.statement import (
    MadeClaim,
    MadeSpendClaim,
    StatementFacts,
    build,
    purpose_case,
    statement_case,
)
from claims.accounting.tree import SPEND
from claims.accounting.wording import CORPORATE_REPORT
from claims.models import Claim, Inventory, ProgrammeAcceptance
from claims.queries import rows_of
from claims.services.cases import line_facts
from registry.models import Issuance
from registry.public.certificates import page_url
from registry.public.units import unit_range
from registry.rulebook.edition import edition_on
from registry.rulebook.findings import Finding

REGISTRY = "Billet"
# What grows with the lines of an inventory; pages read the rest.
_LONG = ("lines", "inputs")
_MOST_LINES_NAMED = 20


@dataclass(frozen=True, slots=True)
class Words:
    """What the claimant says beside the figures, to whom and where."""

    text: str
    claim_type: str = "corporate_inventory"
    audience: str = CORPORATE_REPORT
    jurisdictions: tuple[str, ...] = ()
    sourcing: SourcingRecord | None = None


def statement_facts(inventory: Inventory, words: Words, *, now: datetime) -> StatementFacts:
    """The inventory and its standing claims, in the order in which they were made."""
    lines = line_facts(rows_of(inventory))
    by_id = {line.id: line for line in lines}
    # An id is made under the inventory's lock; the clock was read before it was waited for.
    standing = Claim.objects.filter(inventory=inventory).defer("result", "findings")
    claims = list(standing.order_by("id"))
    made = tuple(_made(each, inventory, by_id) for each in claims if each.method != SPEND)
    spent = tuple(_made_on_spend(each) for each in claims if each.method == SPEND)
    return StatementFacts(
        registry=REGISTRY,
        claimant=inventory.organisation.name,
        inventory=inventory.name,
        period_start=inventory.period_start,
        period_end=inventory.period_end,
        lines=lines,
        claims=made,
        spend_claims=spent,
        claim_type=words.claim_type,
        text=words.text,
        stated_on=now.date(),
        demonstration=_is_demonstration(inventory, claims),
        audience=words.audience,
        jurisdictions=words.jurisdictions,
        names=tuple((line.id, line.name) for line in lines),
        evidence=_evidence(
            [lot for each in made for lot in each.case.lots]
            + [lot for each in spent for lot in each.case.lots]
        ),
        acceptance=acceptance(),
        sourcing=words.sourcing,
    )


def findings_of(facts: StatementFacts, *, now: datetime) -> list[Finding]:
    return judge_statement(statement_case(facts), purpose_case(facts), edition_on(now.date()))


def document_of(facts: StatementFacts, *, now: datetime) -> dict[str, Any]:
    return build(facts, edition_on(now.date()))


def summary_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without what grows with the inventory's lines."""
    inputs = document["inputs"]
    short = {name: value for name, value in document.items() if name not in _LONG}
    short["inputs"] = {name: inputs[name] for name in ("inventory", "period_start", "period_end")}
    short["line_count"] = len(document["lines"])
    short["claims"] = [
        {
            **{name: value for name, value in claim.items() if name != "shares"},
            "groups": [
                {
                    **group,
                    "lines": group["lines"][:_MOST_LINES_NAMED],
                    "line_count": len(group["lines"]),
                }
                for group in claim["groups"]
            ],
        }
        for claim in document["claims"]
    ]
    return short


def acceptance() -> tuple[Acceptance, ...]:
    """Where claims like this one are accepted, as the operator keeps it today."""
    return tuple(
        Acceptance(
            programme=row.programme,
            question=row.question,
            status=row.status,
            basis=row.basis,
            confidence=row.confidence,
            source=row.source,
            checked_on=row.checked_on,
        )
        for row in ProgrammeAcceptance.objects.order_by("place", "programme", "question")
    )


def _evidence(lots: Iterable[UnitLot]) -> tuple[UnitEvidence, ...]:
    """What the registry calls each run of units, and the page of its retirement. One query."""
    found = list(lots)
    codes = {lot.issuance for lot in found}
    rows = Issuance.objects.filter(code__in=codes).select_related("site", "producer")
    rows = rows.defer("record", "findings")
    issuances = {row.code: row for row in rows}
    pages = {code: page_url(code) for code in {lot.retirement for lot in found} if code}
    return tuple(
        UnitEvidence(
            issuance=lot.issuance,
            copy=lot.copy,
            first=lot.first,
            last=lot.last,
            identifier=str(unit_range(issuance, lot.first, lot.last, lot.copy)),
            producer=issuance.producer.name,
            site=issuance.site.name,
            product=issuance.product,
            url=pages.get(lot.retirement, ""),
        )
        for lot in found
        if (issuance := issuances.get(lot.issuance)) is not None
    )


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


def _made_on_spend(claim: Claim) -> MadeSpendClaim:
    case = decode(SpendCase, claim.inputs["spend"], "claim.spend")
    return MadeSpendClaim(code=claim.code, on=claim.claimed_on, case=case)


def _match(inputs: dict[str, Any], lines: dict[str, Line]) -> Match:
    match: Match = decode(Match, {**inputs, "lines": []}, "claim")
    return replace(match, lines=tuple(lines[id] for id in inputs["lines"]))
