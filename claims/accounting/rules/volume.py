"""How many units a claim applies (9.2): whole units, within the tonnes of its lines."""

from claims.accounting.facts import ClaimCase, UnitLot
from claims.accounting.iron import iron_content
from claims.accounting.limits import limits
from claims.accounting.numbers import text
from claims.accounting.rules.figures import (
    UNUSABLE,
    iron_faults,
    iron_matches,
    match_faults,
    numbered,
    ready_groups,
    several,
    tonnes_faults,
)
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import FunctionalUnit
from registry.rulebook.findings import Verdict, failed, not_applicable, passed
from registry.rulebook.names import counted


@rule("R116", section="9.2", modality="may", subject=ClaimCase)
def iron_within_the_iron_content(case: ClaimCase, edition: Edition) -> Verdict:
    """R116 (9.2): Iron units are applied to the iron-related part of the lines.

    The content is the supplier's, else 1 − the product family's regional default scrap share,
    else 1 − the global one; the source is recorded. V_steel + V_iron / content ≤ tonnes.
    """
    if not iron_matches(case):
        return not_applicable("No iron units are applied.")
    allowed = "an iron content above 0 up to 1 from the supplier, else a regional or a global "
    allowed += "default scrap share; V_steel + V_iron / content within the tonnes"
    faults = iron_faults(case)
    if faults:
        return failed(
            several(faults), allowed, "Give the iron content or a scrap share.", field="lines"
        )
    groups = ready_groups(case)
    if groups is None:
        return not_applicable(UNUSABLE)
    iron = [group for group in groups if group.key.functional_unit == FunctionalUnit.IRON]
    numbers = numbered(
        [{"volume": group.volume, "iron_tonnes_left": text(group.tonnes_left)} for group in iron]
    )
    over = [
        f"{group.key.label}: {counted(group.volume, 'iron unit')} on "
        f"{text(group.tonnes_left)} t of iron"
        for group in iron
        if group.volume > limits(group).tonnes_units
    ]
    if over:
        return failed(several(over), allowed, "Apply fewer iron units.", field="units", **numbers)
    lines = [line for match in iron_matches(case) for line in match.lines]
    tiers = sorted({content.tier for line in lines if (content := iron_content(line))})
    return passed(f"iron content: {', '.join(tiers)}", allowed, field="lines", **numbers)


@rule("R124", section="—", modality="shall", subject=ClaimCase, ours=True)
def whole_units_within_every_limit(case: ClaimCase, edition: Edition) -> Verdict:
    """R124 (—): A claim applies whole units, each once, and the net is never below zero.

    At most what tonnes and caps leave, and what is retired and unclaimed. Floors are taken once
    over all lines of the same method, product, factor and category.
    """
    allowed = "whole units, retired and unclaimed, each applied once, within tonnes and caps"
    faults = match_faults(case)
    if faults:
        action = "Match units with lines of one product, factor and category at a time."
        return failed(several(faults), allowed, action, field="lines")
    faults = _unit_faults(case)
    if faults:
        action = "Choose units that are retired and stand in no other claim."
        return failed(several(faults), allowed, action, field="units")
    groups = ready_groups(case)
    if groups is None:
        return not_applicable(UNUSABLE)
    limit_of = {group.key: limits(group) for group in groups}
    numbers = numbered(
        [{"volume": group.volume, "most": limit_of[group.key].units} for group in groups]
    )
    over = [
        f"{group.key.label}: {counted(group.volume, 'unit')}, at most {limit_of[group.key].units} "
        f"({limit_of[group.key].bound})"
        for group in groups
        if group.volume > limit_of[group.key].units
    ]
    if over:
        return failed(several(over), allowed, "Apply fewer units.", field="units", **numbers)
    volume = sum(group.volume for group in groups)
    return passed(counted(volume, "whole unit"), allowed, field="units", **numbers)


@rule("R125", section="—", modality="shall", subject=ClaimCase, ours=True)
def no_more_units_than_tonnes(case: ClaimCase, edition: Edition) -> Verdict:
    """R125 (—): No method takes more units than its lines have tonnes, earlier claims included."""
    allowed = "at most the whole tonnes of the matched lines, less what was applied before"
    if not case.lines:
        return not_applicable("No lines are matched.")
    faults = tonnes_faults(case)
    if faults:
        action = "Give the tonnes of these lines, above zero, with at most six decimals."
        return failed(several(faults), allowed, action, field="lines")
    groups = ready_groups(case)
    if groups is None:
        return not_applicable(UNUSABLE)
    limit_of = {group.key: limits(group) for group in groups}
    numbers = numbered(
        [
            {
                "volume": group.volume,
                "tonnes": text(group.tonnes),
                "tonnes_left": text(group.tonnes_left),
                "tonnes_left_whole": limit_of[group.key].tonnes_units,
            }
            for group in groups
        ]
    )
    over = [
        f"{group.key.label}: {counted(group.volume, 'unit')} on {text(group.tonnes_left)} t"
        for group in groups
        if group.volume > limit_of[group.key].tonnes_units
    ]
    if over:
        action = "Apply fewer units, or match more lines."
        return failed(several(over), allowed, action, field="units", **numbers)
    units = counted(sum(group.volume for group in groups), "unit")
    found = f"{units} within the tonnes of {counted(len(case.lines), 'line')}"
    return passed(found, allowed, field="units", **numbers)


def _unit_faults(case: ClaimCase) -> list[str]:
    faults = [f"{lot.label}: already in a claim" for lot in case.lots if lot.claimed]
    for match in case.matches:
        if match.requested is not None and match.requested != match.volume:
            asked = counted(match.requested, "unit")
            faults.append(f"{asked} asked for, {match.volume} retired and unclaimed")
    by_tonne = sorted(case.lots, key=lambda lot: (lot.issuance, lot.first))
    reached: UnitLot | None = None
    for lot in by_tonne:
        # Also across copies: one organisation claims one tonne at one layer only.
        if reached and lot.issuance == reached.issuance and lot.first <= reached.last:
            faults.append(f"{lot.label}: the same tonnes as {reached.label}")
        if not reached or lot.issuance != reached.issuance or lot.last > reached.last:
            reached = lot
    return faults
