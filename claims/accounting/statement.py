"""The statement of a claimant (9.1): two inventories side by side, and all it takes to check them.

The document alone is enough to recompute every figure in it: its inputs are the facts the figures
were computed from, in the same order of claims.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from claims.accounting.acceptance import Acceptance
from claims.accounting.categories import CATEGORIES, category_order
from claims.accounting.claim import ClaimResult, compute
from claims.accounting.codec import encode
from claims.accounting.evidence import UnitEvidence, unit_table
from claims.accounting.facts import (
    CategoryFigure,
    ClaimCase,
    Line,
    LineShare,
    Match,
    PurposeCase,
    StatementCase,
    UnitLot,
)
from claims.accounting.group import total
from claims.accounting.iron import iron_content
from claims.accounting.numbers import EXACT, ZERO, text
from claims.accounting.programme import SourcingRecord
from claims.accounting.quality import data_quality, vintages
from claims.accounting.spend import SpendCase, SpendResult, substitute_spend
from claims.accounting.substitution import Substitution
from claims.accounting.window import matching_window
from claims.accounting.wording import (
    ADJUSTED_TITLE,
    CORPORATE_REPORT,
    MARKET_BASED,
    NOT_TRANSFERABLE,
    PHYSICAL_TITLE,
    SEPARATE,
)
from registry.rulebook.edition import Edition

DOCUMENT = "claim statement"
FORMAT = 2

ROUNDING = (
    "Units are whole. Sums and products are exact. Caps are rounded down to whole units once per "
    "group of lines of the same method, product, factor and category, in one claim; the "
    "real-valued cap and the net it would give stand beside, to six decimals, half to even. A "
    "group's figures are spread over its lines in proportion to what they have left."
)
BELOW_UNITS = (
    "The net intensity is below the units' own. Their baseline exceeds the company's factor, so a "
    "cap used to the full nears the whole of the lines' emissions. This is arithmetic of the "
    "method, not a property of any metal."
)


@dataclass(frozen=True, slots=True)
class MadeClaim:
    """A claim as it was made. Its `earlier` is filled from the claims before it."""

    code: str
    case: ClaimCase


@dataclass(frozen=True, slots=True)
class MadeSpendClaim:
    """A claim on a spend-based line as it was made (11.7). What came before it on the line is
    filled from the claims before it."""

    code: str
    on: date
    case: SpendCase


@dataclass(frozen=True)
class StatementFacts:
    """What a statement is made from: a complete inventory and every standing claim on it, in the
    order in which they were made.

    names: the lines' own by id. evidence: the units in the registry. acceptance: as of the day.
    sourcing: what the claimant records for SBTi V2.
    """

    registry: str
    claimant: str
    inventory: str
    period_start: date
    period_end: date
    lines: tuple[Line, ...]
    claims: tuple[MadeClaim, ...]
    claim_type: str
    text: str
    stated_on: date
    demonstration: bool = False
    spend_claims: tuple[MadeSpendClaim, ...] = ()
    audience: str = CORPORATE_REPORT
    jurisdictions: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    evidence: tuple[UnitEvidence, ...] = ()
    acceptance: tuple[Acceptance, ...] = ()
    sourcing: SourcingRecord | None = None

    @cached_property
    def figures(self) -> "StatementFigures":
        """Worked out once: the rules ask for them, and then the document."""
        return _figures(self)

    @property
    def lots(self) -> tuple[tuple[str, tuple[UnitLot, ...]], ...]:
        """By claim, its units."""
        every = [(made.code, made.case.lots) for made in self.claims]
        return tuple(every + [(made.code, made.case.lots) for made in self.spend_claims])


@dataclass(frozen=True, slots=True)
class StatementFigures:
    """Everything computed: per claim its result, per line what all claims took off it."""

    results: tuple[ClaimResult, ...]
    spend_results: tuple[SpendResult, ...]
    physical: tuple[CategoryFigure, ...]
    adjusted: tuple[CategoryFigure, ...]
    reduction_of: dict[str, Decimal]


def figures(facts: StatementFacts) -> StatementFigures:
    """Compute all claims in order and both inventories.

    Raises ValueError for a line without emissions, a matched line that is not the inventory's,
    or a claim that its rules would refuse.
    """
    return facts.figures


def _figures(facts: StatementFacts) -> StatementFigures:
    known = {line.id: line for line in facts.lines}
    results: list[ClaimResult] = []
    shares: tuple[LineShare, ...] = ()
    for made in facts.claims:
        strange = [line.id for line in made.case.lines if not _same(known.get(line.id), line)]
        period = (made.case.period_start, made.case.period_end)
        if period != (facts.period_start, facts.period_end):
            raise ValueError(f"{made.code}: of another reporting period: {period}")
        if strange:
            raise ValueError(f"{made.code}: lines not in the inventory: {strange[:3]}")
        result = compute(replace(made.case, earlier=shares))
        results.append(result)
        shares += result.shares
    reduction_of: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for share in shares:
        taken = EXACT.add(reduction_of[share.line], share.reduction_emissions)
        reduction_of[share.line] = taken
    spend_results = _spend_results(facts.spend_claims, known, reduction_of)
    physical = {line.id: _physical(line) for line in facts.lines}
    return StatementFigures(
        results=tuple(results),
        spend_results=spend_results,
        physical=_by_category(facts.lines, physical),
        adjusted=_by_category(
            facts.lines, {id: EXACT.subtract(physical[id], reduction_of[id]) for id in physical}
        ),
        reduction_of=dict(reduction_of),
    )


def _same(known: Line | None, line: Line) -> bool:
    return known is line or known == line


def _spend_results(
    claims: tuple[MadeSpendClaim, ...], known: dict[str, Line], reduction_of: dict[str, Decimal]
) -> tuple[SpendResult, ...]:
    """Compute the claims on spend-based lines in order, adding what they take off each line."""
    results = []
    volume_of: dict[str, int] = defaultdict(int)
    for made in claims:
        line = made.case.line.id
        if line not in known:
            raise ValueError(f"{made.code}: line not in the inventory: {line}")
        case = replace(
            made.case, volume_before=volume_of[line], reduction_before=reduction_of[line]
        )
        results.append(result := substitute_spend(case))
        volume_of[line] += case.volume
        reduction_of[line] = EXACT.add(reduction_of[line], result.reduction_emissions)
    return tuple(results)


def statement_case(facts: StatementFacts) -> StatementCase:
    """What R113 and R114 judge, from the facts of the statement.

    Lines without usable figures are named as unmeasured, and the inventories then left empty.
    """
    unmeasured = tuple(line.label for line in facts.lines if line.emissions_fault)
    computed = None if unmeasured else figures(facts)
    return StatementCase(
        physical=computed.physical if computed else (),
        adjusted=computed.adjusted if computed else (),
        text=facts.text,
        categories=frozenset(line.category for line in facts.lines),
        unmeasured=unmeasured,
    )


def purpose_case(facts: StatementFacts) -> PurposeCase:
    """What R112 judges, from the facts of the statement."""
    return PurposeCase(
        claim_type=facts.claim_type,
        text=facts.text,
        audience=facts.audience,
        jurisdictions=facts.jurisdictions,
    )


def build(facts: StatementFacts, edition: Edition) -> dict[str, Any]:
    """The statement's document: JSON-ready, decimals as strings. Raises ValueError as `figures`."""
    computed = computed_part(facts, edition)
    return {
        "document": DOCUMENT,
        "format": FORMAT,
        "registry": facts.registry,
        "demonstration": facts.demonstration,
        "edition": {"id": edition.id, "title": edition.title, "source": edition.source},
        "claimant": facts.claimant,
        "stated_on": facts.stated_on.isoformat(),
        "words": {
            "claim_type": facts.claim_type,
            "text": facts.text,
            "audience": facts.audience,
            "jurisdictions": list(facts.jurisdictions),
            "disclosures": [MARKET_BASED, NOT_TRANSFERABLE, SEPARATE],
            "rounding": ROUNDING,
        },
        "inputs": {
            "inventory": facts.inventory,
            "period_start": facts.period_start.isoformat(),
            "period_end": facts.period_end.isoformat(),
            "lines": [encode(line) for line in _sorted(facts.lines)],
            "claims": [claim_inputs(made) for made in facts.claims],
            "spend_claims": [_spend_inputs(made) for made in facts.spend_claims],
            "names": dict(facts.names),
            "evidence": [encode(each) for each in facts.evidence],
        },
        "acceptance": [encode(each) for each in facts.acceptance],
        "sourcing": encode(facts.sourcing),
        **computed,
    }


def computed_part(facts: StatementFacts, edition: Edition) -> dict[str, Any]:
    """The part of the document that is computed from its inputs."""
    computed = figures(facts)
    window = matching_window(facts.period_start, facts.period_end, edition)
    pairs = zip(facts.claims, computed.results, strict=True)
    return {
        "window": encode(window),
        "physical_inventory": _inventory(PHYSICAL_TITLE, computed.physical),
        "adjusted_inventory": _inventory(ADJUSTED_TITLE, computed.adjusted),
        "claims": [claim_figures(made, result) for made, result in pairs],
        "spend_claims": [
            {"code": made.code, "line": made.case.line.id, "volume": made.case.volume}
            | encode(result)
            for made, result in zip(facts.spend_claims, computed.spend_results, strict=True)
        ],
        "units": unit_table(facts.lots, facts.evidence),
        "vintages": vintages(lot for _, lots in facts.lots for lot in lots),
        "data_quality": data_quality(facts.lines),
        "lines": [_line_figures(line, computed) for line in _sorted(facts.lines)],
    }


def _physical(line: Line) -> Decimal:
    emissions = None if line.emissions_fault else line.physical_emissions
    if emissions is None:
        raise ValueError(f"line {line.id}: {line.emissions_fault}")
    return emissions


def _sorted(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.id)


def _by_category(
    lines: Iterable[Line], emissions: dict[str, Decimal]
) -> tuple[CategoryFigure, ...]:
    sums: dict[str, list[Decimal]] = defaultdict(list)
    for line in lines:
        sums[line.category].append(emissions[line.id])
    return tuple(
        CategoryFigure(category, total(sums[category]))
        for category in sorted(sums, key=category_order)
    )


def _inventory(title: str, categories: tuple[CategoryFigure, ...]) -> dict[str, Any]:
    return {
        "title": title,
        "categories": [
            {
                "category": each.category,
                "name": CATEGORIES.get(each.category, each.category),
                "emissions": text(each.emissions),
            }
            for each in categories
        ],
        "total_emissions": text(total(each.emissions for each in categories)),
    }


def claim_inputs(made: MadeClaim) -> dict[str, Any]:
    """The claim as made. Lines by id; what came before it is the claims before it."""
    case = made.case
    return {
        "code": made.code,
        "on": case.on.isoformat(),
        "by_organisation": case.by_organisation,
        "pending": case.pending,
        "matches": [_match_inputs(match) for match in case.matches],
    }


def _spend_inputs(made: MadeSpendClaim) -> dict[str, Any]:
    return {"code": made.code, "on": made.on.isoformat(), "case": encode(made.case)}


def _match_inputs(match: Match) -> dict[str, Any]:
    encoded = encode(
        replace(match, lines=(), lots=tuple(sorted(match.lots, key=lambda lot: lot.order)))
    )
    return {**encoded, "lines": sorted(line.id for line in match.lines)}


def claim_figures(made: MadeClaim, result: ClaimResult) -> dict[str, Any]:
    return {
        "code": made.code,
        "volume": result.volume,
        "physical_emissions": text(result.physical_emissions),
        "reduction_emissions": text(result.reduction_emissions),
        "adjusted_emissions": text(result.adjusted_emissions),
        "groups": [_group_figures(each) for each in result.substitutions],
        "shares": [encode(share) for share in result.shares],
    }


def _group_figures(result: Substitution) -> dict[str, Any]:
    """One group of lines: what it took, under which cap, and what the real-valued cap gives."""
    limit, group = result.limits, result.group
    return {
        **encode(group.key),
        "lines": [each.line.id for each in group.standings],
        "units": [
            {"issuance": lot.issuance, "copy": lot.copy, "first": lot.first, "last": lot.last}
            for lot in group.lots
        ],
        "volume": result.volume,
        "tonnes": text(group.tonnes),
        "most_units": limit.units,
        "bound": str(limit.bound),
        "most_by_tonnes": limit.tonnes_units,
        "cap_applied": result.cap_applied,
        "cap_units": limit.cap_units,
        "exact_cap_tonnes": encode(limit.exact_cap_tonnes),
        "exact_most_tonnes": text(result.exact_volume),
        "exact_adjusted_emissions": text(result.exact_adjusted_emissions),
        "total_capped": result.total_capped,
        "physical_emissions": text(result.physical_emissions),
        "emissions_before": text(result.emissions_before),
        "counted_emissions": text(result.counted_emissions),
        "unit_emissions": text(result.unit_emissions),
        "reduction_emissions": text(result.reduction_emissions),
        "adjusted_emissions": text(result.adjusted_emissions),
        "net_intensity": text(result.net_intensity),
        "unit_intensity": text(result.unit_intensity),
        "below_unit_intensity": result.below_unit_intensity,
        "explanation": BELOW_UNITS if result.below_unit_intensity else "",
    }


def _line_figures(line: Line, computed: StatementFigures) -> dict[str, Any]:
    physical = _physical(line)
    content = iron_content(line)
    return {
        "line": line.id,
        "iron_content": None if content is None else text(content.share),
        "iron_content_tier": None if content is None else content.tier,
        "physical_emissions": text(physical),
        "adjusted_emissions": text(
            EXACT.subtract(physical, computed.reduction_of.get(line.id, ZERO))
        ),
    }
