"""What a claim may be applied to, and what it may be for (9.1)."""

from claims.accounting.categories import SCOPE_1
from claims.accounting.facts import ClaimCase, Line, Match, Material, PurposeCase
from claims.accounting.rules.figures import several
from claims.accounting.wording import (
    AUDIENCES,
    CLAIM_TYPES,
    JURISDICTIONS,
    REFUSED_CLAIM_TYPES,
    offences,
)
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import FunctionalUnit
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.names import counted

_METALS = (Material.IRON, Material.STEEL)


@rule("R110", section="9.1", modality="shall", subject=ClaimCase)
def applied_to_iron_and_steel(case: ClaimCase, edition: Edition) -> Verdict:
    """R110 (9.1): Units are applied only to emissions of iron or steel use.

    Ours: a unit of crude steel is not applied to a line of iron, as it stands for more than
    iron; and Scope 1 lines are the user's own iron only.
    """
    allowed = "lines of iron or steel; crude steel units on steel lines, iron units on either"
    if not case.lines:
        return not_applicable("No lines are matched.")
    wrong = [f"{line.label}: {line.material or 'no material'}" for line in case.lines
             if line.material not in _METALS]  # fmt: skip
    wrong += [
        f"{line.label}: {line.material} in Scope 1, where only iron stands"
        for line in case.lines
        if line.category == SCOPE_1 and line.material == Material.STEEL
    ]
    wrong += [
        f"{line.label}: crude steel units on a line of iron"
        for match in case.matches
        if any(lot.functional_unit == FunctionalUnit.CRUDE_STEEL for lot in match.lots)
        for line in match.lines
        if line.material == Material.IRON
    ]
    if wrong:
        return failed(several(wrong), allowed, "Take these lines out of the claim.", field="lines")
    return passed(f"{counted(len(case.lines), 'line')} of iron or steel", allowed, field="lines")


@rule("R111", section="9.1", modality="must not", subject=ClaimCase)
def not_applied_to_other_activities(case: ClaimCase, edition: Edition) -> Verdict:
    """R111 (9.1): Units are not applied to non-steel materials or activities."""
    allowed = "emissions of making iron or steel, not of other materials, transport or processing"
    if not case.lines:
        return not_applicable("No lines are matched.")
    wrong = [f"{line.label}: {what}" for line in case.lines if (what := _other(line))]
    if wrong:
        return failed(
            several(wrong),
            allowed,
            "Take these lines out of the claim, or enter the part that is iron or steel as a "
            "line of its own.",
            field="lines",
        )
    return passed(counted(len(case.lines), "line"), allowed, field="lines")


@rule("R112", section="9.1", modality="shall not", subject=PurposeCase)
def no_claim_on_products(case: PurposeCase, edition: Edition) -> Verdict:
    """R112 (9.1): No claim is made on products, labels, EPDs, LCAs, projects or buildings."""
    if case.claim_type not in CLAIM_TYPES:
        what = REFUSED_CLAIM_TYPES.get(case.claim_type, case.claim_type or "no claim type")
        return failed(
            what,
            "claims at corporate or entity inventory level",
            "Choose a corporate inventory claim; share attributes through co-claims instead.",
            field="claim_type",
        )
    strange = [each for each in case.jurisdictions if each not in JURISDICTIONS]
    if case.audience not in AUDIENCES or strange:
        return failed(
            several([f"“{each}”" for each in strange or [case.audience]]),
            f"audiences: {', '.join(AUDIENCES)}; jurisdictions: {', '.join(JURISDICTIONS)}",
            "Say whom the words address and where they are published.",
            field="jurisdictions" if strange else "audience",
        )
    found = offences(case.text, case.audience, case.jurisdictions)
    if found:
        return failed(
            several([f"“{offence.phrase}” ({offence.why})" for offence in found]),
            "words about the corporate inventory, not about products, projects or customers",
            " ".join(f"Instead of “{each.phrase}” write: {each.allowed}." for each in found[:3]),
            field="text",
        )
    return passed(CLAIM_TYPES[case.claim_type], "claims at corporate or entity inventory level")


@rule("R115", section="9.1", modality="should", subject=ClaimCase, boundary=False)
def same_product_type_preferred(case: ClaimCase, edition: Edition) -> Verdict:
    """R115 (9.1): Units are matched with the product type they stand for, on activity data."""
    allowed = "tonnes from activity data, matched with units of the same product type"
    if not case.lots:
        return not_applicable("No units are matched.")
    other = [found for match in case.matches if (found := _mixed_types(match))]
    if other:
        return warned(
            several(other),
            allowed,
            "Prefer units of the same product type (flat or long) where there are any.",
            field="units",
        )
    return passed("every line and unit of the same product type", allowed, field="units")


def _mixed_types(match: Match) -> str:
    """The product types of a match that is not of one known type; else empty."""
    lines = sorted({line.product_type for line in match.lines})
    lots = sorted({lot.product_type for lot in match.lots})
    if lines == lots and len(lines) == 1 and lines[0]:
        return ""
    named = [" and ".join(each or "no type" for each in types) for types in (lines, lots)]
    return f"lines of {named[0]} against units of {named[1]}"


def _other(line: Line) -> str:
    """What the line is of where it is not the making of iron or steel; else empty."""
    if line.material == Material.OTHER:
        return "another material"
    return line.activity
