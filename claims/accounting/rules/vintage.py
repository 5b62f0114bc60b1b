"""Retirement and vintage (8.1): what units a claim of this reporting period may lean on."""

from claims.accounting.facts import ClaimCase, UnitLot
from claims.accounting.rules.figures import several
from claims.accounting.window import matching_window
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.names import counted
from registry.rulebook.vintage import add_months

RETIRED = "retired"
RETIRING = "retiring"


@rule("R100", section="8.1", modality="shall", subject=ClaimCase)
def claimed_after_retirement(case: ClaimCase, edition: Edition) -> Verdict:
    """R100 (8.1): A claim is made only after its units are retired.

    Retired by the claimant, on or before the day of the claim. A claim made together with the
    retirement may lean on units in *retiring*, and waits until that is final.
    """
    allowed = "units retired by the claimant on or before the day of the claim"
    if not case.lots:
        return not_applicable("No units are matched.")
    wrong = [f"{lot.label}: {why}" for lot in case.lots if (why := _not_retired(case, lot))]
    if wrong:
        return failed(several(wrong), allowed, "Retire the units first, then claim.", field="units")
    waiting = [lot.label for lot in case.lots if lot.state == RETIRING]
    if waiting:
        return warned(
            f"the retirement is not final yet: {several(waiting)}",
            allowed,
            "The claim waits until the retirement is final.",
            field="units",
        )
    volume = sum(lot.quantity for lot in case.lots)
    return passed(f"{counted(volume, 'unit')}, all retired", allowed, field="units")


@rule(
    "R101",
    section="8.1",
    modality="shall",
    subject=ClaimCase,
    parameters=("vintage_window_months",),
)
def production_lies_in_the_window(case: ClaimCase, edition: Edition) -> Verdict:
    """R101 (8.1): The whole production period lies in the 36 months that end with the reporting
    period.

    A 52/53-week year counts as the month-end year nearest to it.
    """
    if case.period_end < case.period_start:
        return failed(
            f"a reporting period from {case.period_start} to {case.period_end}",
            "a reporting period that ends on or after its first day",
            "Correct the reporting period.",
            field="period_end",
        )
    if not case.lots:
        return not_applicable("No units are matched.")
    window = matching_window(case.period_start, case.period_end, edition)
    months = edition.vintage_window_months
    allowed = f"production within {window.start} to {window.end}, the {months} months that end "
    allowed += f"with the reporting period {window.reporting_start} to {window.reporting_end}"
    if (window.reporting_start, window.reporting_end) != (case.period_start, case.period_end):
        allowed += f" ({case.period_start} to {case.period_end} read to the nearest month's end)"
    numbers = {"window_start": window.start, "window_end": window.end}
    outside = [
        f"{lot.label}: produced {lot.vintage_start} to {lot.vintage_end}"
        for lot in case.lots
        if not window.covers(lot.vintage_start, lot.vintage_end)
    ]
    if outside:
        return failed(
            several(outside),
            allowed,
            "Choose units whose whole production period lies in the window, or use these for "
            "another reporting period.",
            field="units",
            **numbers,
        )
    first = min(lot.vintage_start for lot in case.lots)
    last = max(lot.vintage_end for lot in case.lots)
    return passed(f"production from {first} to {last}", allowed, field="units", **numbers)


@rule("R102", section="8.1", modality="shall not", subject=ClaimCase)
def no_future_production(case: ClaimCase, edition: Edition) -> Verdict:
    """R102 (8.1): A claim relies on no future production."""
    if not case.lots:
        return not_applicable("No units are matched.")
    future = [
        f"{lot.label}: production ends {lot.vintage_end}, issued {lot.issued_on}"
        for lot in case.lots
        if lot.vintage_end > case.on or lot.issued_on > case.on
    ]
    allowed = f"production ended and units issued on or before {case.on}, the day of the claim"
    if future:
        return failed(several(future), allowed, "Claim when they exist.", field="units")
    last = max(lot.vintage_end for lot in case.lots)
    return passed(f"production ended by {last}", allowed, field="units")


@rule(
    "R105",
    section="8.1",
    modality="should",
    subject=ClaimCase,
    parameters=("reporting_close_months",),
    boundary=False,
)
def claimed_soon(case: ClaimCase, edition: Edition) -> Verdict:
    """R105 (8.1): Units are claimed as soon as possible after they are issued.

    The framework gives no number; we warn after the months in which a reporting period closes.
    """
    if not case.lots:
        return not_applicable("No units are matched.")
    months = edition.reporting_close_months
    allowed = f"as soon as possible; we warn after {months} months"
    oldest = min(lot.issued_on for lot in case.lots)
    if case.on > add_months(oldest, months):
        return warned(
            f"issued on {oldest}, claimed on {case.on}",
            allowed,
            "Claim units sooner after issuance next time.",
            field="units",
        )
    return passed(f"issued on {oldest} at the earliest, claimed on {case.on}", allowed)


def _not_retired(case: ClaimCase, lot: UnitLot) -> str:
    """Why the lot does not count as retired by the claimant; empty when it does."""
    if lot.state not in (RETIRED, RETIRING) or (lot.state == RETIRING and not case.pending):
        return f"{lot.state}, not retired"
    if lot.retired_on is None:
        return "no retirement date"
    if lot.retired_on > case.on:
        return f"retired on {lot.retired_on}, after the claim of {case.on}"
    if lot.retired_by != case.by_organisation:
        return f"retired by {lot.retired_by or 'nobody named'}, not by the claimant"
    return ""
