"""The two methods and their caps (9.2)."""

from claims.accounting import enhanced
from claims.accounting.facts import Cap, ClaimCase, Match, Method, UnitLot
from claims.accounting.group import Group
from claims.accounting.limits import limits, lot_reduction
from claims.accounting.numbers import text
from claims.accounting.rules.figures import (
    UNUSABLE,
    factor_faults,
    numbered,
    ready_groups,
    several,
)
from claims.accounting.substitution import substitute
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.names import counted

_FACTOR_ACTION = "Give the emission factor of these lines, in t CO2e/t, zero or more."


@rule("R122", section="9.2", modality="shall", subject=ClaimCase)
def direct_replaces_the_factor(case: ClaimCase, edition: Edition) -> Verdict:
    """R122 (9.2): Direct substitution puts the unit's intensity in the place of the factor.

    Adjusted = E − V·factor + V·I. A unit above the matched factor is refused (R056).
    """
    allowed = "units whose intensity is at or below the factor of the matched lines"
    direct = [match for match in case.matches if match.method == Method.DIRECT]
    if not direct:
        return not_applicable("No direct substitution.")
    faults = factor_faults(case, direct)
    if faults:
        return failed(several(faults), allowed, _FACTOR_ACTION, field="lines")
    groups = ready_groups(case)
    if groups is None:
        return not_applicable(UNUSABLE)
    groups = tuple(group for group in groups if group.key.method == Method.DIRECT)
    numbers = numbered([_factor_numbers(group) for group in groups])
    above = [
        f"{lot.label}: {text(lot.claim_intensity)} above the factor "
        f"{text(group.key.factor_intensity)} t CO2e/t"
        for group in groups
        for lot in group.lots
        if lot.claim_intensity > group.key.factor_intensity
    ]
    if above:
        action = "Choose units of a lower intensity, or other lines."
        return failed(several(above), allowed, action, field="units", **numbers)
    return passed("no unit above the factor of its lines", allowed, field="units", **numbers)


@rule(
    "R123",
    section="9.2",
    modality="shall",
    subject=ClaimCase,
    parameters=("total_cap_reading",),
)
def enhanced_within_its_cap(case: ClaimCase, edition: Edition) -> Verdict:
    """R123 (9.2): Where a unit's baseline exceeds the company's factor, the reduction is capped.

    Over all units applied to the matched lines, now and before: Σ V·B ≤ E (BCU-baseline cap,
    preferred); or, with a reason and an auditor's note, min(Σ V·(B − I), E). Units whose baseline
    is not above their intensity are refused (R056).
    """
    allowed = "Σ V·B within the lines' emissions, or a total-emissions cap with a reason and an "
    allowed += "auditor's note; units with a baseline above their intensity"
    others = [match for match in case.matches if match.method != Method.DIRECT]
    faults = factor_faults(case, others)
    if faults:
        return failed(several(faults), allowed, _FACTOR_ACTION, field="lines")
    faults = _cap_faults(others, edition)
    if faults:
        return failed(several(faults), allowed, "Choose one of the two caps.", field="cap")
    groups = ready_groups(case)
    if groups is None:
        return not_applicable(UNUSABLE)
    groups = tuple(
        each for each in groups if each.key.method != Method.DIRECT or enhanced.cap_applies(each)
    )
    if not groups:
        return not_applicable("No enhanced substitution, now or before.")
    numbers = numbered([_cap_numbers(group) for group in groups])
    wrong = _refused_units(groups) or _over_cap(groups)
    if wrong:
        action = "Apply fewer units, or units with a lower baseline; leave out those without "
        action += "a reduction."
        return failed(several(wrong), allowed, action, field="units", **numbers)
    totals = [group for group in groups if group.key.cap == Cap.TOTAL]
    missing = _unreasoned(others, totals)
    if missing:
        action = "Record the reason and the auditor's note, or use the BCU-baseline cap."
        return failed(several(missing), allowed, action, field="cap", **numbers)
    if any(enhanced.cap_applies(group) for group in totals):
        return warned(
            "total-emissions cap, with a reason and an auditor's note",
            allowed,
            "The BCU-baseline cap is preferred; the auditor judges this one.",
            field="cap",
            **numbers,
        )
    capped = any(enhanced.cap_applies(group) for group in groups)
    found = "within the BCU-baseline cap" if capped else "no baseline above the company's factor"
    return passed(found, allowed, field="units", **numbers)


@rule("R127", section="9.2", modality="shall", subject=ClaimCase)
def net_below_the_units_is_flagged(case: ClaimCase, edition: Edition) -> Verdict:
    """R127 (9.2): A net intensity below the units' own is flagged and explained.

    The BCU-baseline cap does so by construction when it is used to the full.
    """
    allowed = "a net intensity at or above the units' own, or an explanation beside it"
    groups = ready_groups(case)
    if groups is None:
        return not_applicable(UNUSABLE)
    results = [
        substitute(group)
        for group in groups
        if group.key.method == Method.ENHANCED and _can_be_computed(group)
    ]
    if not results:
        return not_applicable("No enhanced substitution that can be computed.")
    numbers = numbered(
        [
            {
                "net_intensity": text(result.net_intensity),
                "unit_intensity": text(result.unit_intensity),
            }
            for result in results
        ]
    )
    below = [
        f"{result.group.key.label}: net {text(result.net_intensity)} below the units' "
        f"{text(result.unit_intensity)} t CO2e/t"
        for result in results
        if result.below_unit_intensity
    ]
    if below:
        action = "The statement flags it and explains: the units' baseline is above the "
        action += "company's factor, so the cap nears the whole of the lines' emissions."
        return warned(several(below), allowed, action, field="units", **numbers)
    return passed("net intensity at or above the units' own", allowed, field="units", **numbers)


def _cap_faults(matches: list[Match], edition: Edition) -> list[str]:
    faults = [f"cap {each.cap!r}" for each in matches if each.cap not in list(Cap)]
    if edition.total_cap_reading != "total" and any(each.cap == Cap.TOTAL for each in matches):
        faults.append(f"total-emissions cap in the reading {edition.total_cap_reading!r}")
    return faults


def _refused_units(groups: tuple[Group, ...]) -> list[str]:
    """R056: units that reduce nothing against their own baseline."""
    return [
        f"{lot.label}: baseline {text(lot.baseline_intensity)} not above "
        f"{text(lot.claim_intensity)} t CO2e/t, no reduction"
        for group in groups
        if group.key.method == Method.ENHANCED
        for lot in group.lots
        if _reduces_nothing(lot)
    ]


def _reduces_nothing(lot: UnitLot) -> bool:
    return lot.no_reduction or lot.baseline_intensity <= lot.claim_intensity


def _over_cap(groups: tuple[Group, ...]) -> list[str]:
    return [
        f"{group.key.label}: {counted(group.volume, 'unit')}, the BCU-baseline cap is "
        f"{limit.cap_units} (real-valued {text(limit.exact_cap_tonnes)} t)"
        for group in groups
        if (limit := limits(group)).cap_units is not None
        and limit.exact_cap_tonnes is not None
        and group.volume > limit.cap_units
    ]


def _unreasoned(matches: list[Match], totals: list[Group]) -> list[str]:
    if not any(enhanced.cap_applies(group) for group in totals):
        return []
    return [
        "total-emissions cap without a reason or an auditor's note"
        for match in matches
        if match.cap == Cap.TOTAL and not (match.cap_reason.strip() and match.auditor_note.strip())
    ]


def _can_be_computed(group: Group) -> bool:
    fits = 1 <= group.volume <= limits(group).units
    return fits and all(lot_reduction(group, lot) > 0 for lot in group.lots)


def _factor_numbers(group: Group) -> dict[str, object]:
    return {
        "factor_intensity": text(group.key.factor_intensity),
        "physical_emissions": text(group.physical_emissions),
        "highest_unit_intensity": text(max(lot.claim_intensity for lot in group.lots)),
    }


def _cap_numbers(group: Group) -> dict[str, object]:
    limit = limits(group)
    return {
        "volume": group.volume,
        "physical_emissions": text(group.physical_emissions),
        "emissions_left": text(group.counted_left),
        "factor_intensity": text(group.key.factor_intensity),
        "highest_baseline_intensity": text(max(lot.baseline_intensity for lot in group.lots)),
        "cap": limit.cap_units,
        "exact_cap": None if limit.exact_cap_tonnes is None else text(limit.exact_cap_tonnes),
    }
