"""What a statement may not say, even where every figure follows from its inputs (8.1, 9.1, 9.2).

A document can be right to the digit and still count a unit twice, or lean on one that nobody
retired. Its claims are judged again here, by the edition of their day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from claims.accounting.categories import CATEGORIES
from claims.accounting.facts import (
    ClaimCase,
    LineShare,
    Match,
    Method,
    PurposeCase,
)
from claims.accounting.rules import judge_claim, judge_spend_claim
from claims.accounting.spend import spend_emissions
from claims.accounting.statement import MadeSpendClaim, StatementFacts
from claims.accounting.wording import CLAIM_TYPES, missing_disclosures
from registry.rulebook.edition import edition_on
from registry.rulebook.facts import FunctionalUnit
from registry.rulebook.findings import failures

# The claim's own words are judged once, below.
_CORPORATE = PurposeCase(claim_type="corporate_inventory")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A place in the document, and what is wrong there."""

    path: str
    why: str


def contradictions(facts: StatementFacts) -> Iterator[Contradiction]:
    """Everything that no statement of a registry says. Raises ValueError as `figures`, and
    EditionInvalid for a claim on a day that no edition covers."""
    yield from _claimed_twice(facts)
    yield from _broken(facts)
    yield from _broken_on_spend(facts)
    for place, line in enumerate(facts.lines):
        if line.category not in CATEGORIES:
            yield Contradiction(f"inputs.lines[{place}].category", f"unknown: {line.category}")
    if facts.claim_type not in CLAIM_TYPES:
        yield Contradiction("words.claim_type", f"no claim of an inventory: {facts.claim_type}")
    for sentence in missing_disclosures(facts.text):
        yield Contradiction("words.text", f"does not say: {sentence}")


def _claimed_twice(facts: StatementFacts) -> Iterator[Contradiction]:
    codes = [code for code, _ in facts.lots]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Contradiction("inputs.claims", f"claim {code} stands twice")
    # Also across copies, as within one claim: nobody claims one tonne at two layers (R124).
    runs = sorted(
        (lot.issuance, lot.first, lot.last, code) for code, lots in facts.lots for lot in lots
    )
    reached = ("", 0, 0, "")
    for run in runs:
        issuance, first, last, code = run
        if issuance == reached[0] and first <= reached[2]:
            serials = f"{issuance}, serials {first} to {min(last, reached[2])}"
            why = f"{serials}: claimed twice, in {reached[3]} and in {code}"
            yield Contradiction("inputs.claims", why)
        if issuance != reached[0] or last > reached[2]:
            reached = run


def _broken(facts: StatementFacts) -> Iterator[Contradiction]:
    shares: tuple[LineShare, ...] = ()
    for place, (made, result) in enumerate(zip(facts.claims, facts.figures.results, strict=True)):
        path = f"inputs.claims[{place}]"
        yield from _after_the_statement(path, made.case.on, facts)
        case = replace(made.case, earlier=shares)
        for found in failures(judge_claim(case, _CORPORATE, edition_on(case.on))):
            yield Contradiction(path, f"{found.rule}: {found.found}")
        shares += result.shares


def _broken_on_spend(facts: StatementFacts) -> Iterator[Contradiction]:
    lines = {line.id: line for line in facts.lines}
    for place, made in enumerate(facts.spend_claims):
        path, line = f"inputs.spend_claims[{place}]", lines[made.case.line.id]
        yield from _after_the_statement(path, made.on, facts)
        stated = line.physical_emissions
        if line.category != made.case.line.category or stated != spend_emissions(made.case.line):
            why = f"its spend is not that of line {line.id}, which states {stated} t CO2e"
            yield Contradiction(path, why)
        if any(lot.functional_unit != FunctionalUnit.CRUDE_STEEL for lot in made.case.lots):
            yield Contradiction(path, "R126: units of iron on tonnes of steel")
        for why in _spend_failures(facts, made):
            yield Contradiction(path, why)


def _spend_failures(facts: StatementFacts, made: MadeSpendClaim) -> Iterator[str]:
    """What 8.1 asks of the units, and 11.7 of the line. What was applied before is in the figures,
    which fit the tonnes or are none."""
    units = ClaimCase(
        on=made.on,
        # The claimant is not named with such a claim.
        by_organisation=next((lot.retired_by for lot in made.case.lots), ""),
        period_start=facts.period_start,
        period_end=facts.period_end,
        matches=(Match(lines=(), lots=made.case.lots, method=Method.ENHANCED),),
    )
    for found in failures(judge_spend_claim(made.case, _CORPORATE, edition_on(made.on), units)):
        yield f"{found.rule}: {found.found}"


def _after_the_statement(path: str, on: date, facts: StatementFacts) -> Iterator[Contradiction]:
    if on > facts.stated_on:
        yield Contradiction(path, f"claimed on {on}, after the statement of {facts.stated_on}")
