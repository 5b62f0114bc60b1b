"""Retirement (8.2): who retires, what is recorded, and that it is for ever. R103, R104."""

from registry.rulebook.availability import unavailable
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import RetirementCase
from registry.rulebook.findings import Verdict, failed, passed
from registry.rulebook.given import date_given, whole_given, word_given


@rule("R103", section="8.2", modality="shall", subject=RetirementCase, parameters=("claim_limit",))
def holder_retires(case: RetirementCase, edition: Edition) -> Verdict:
    """R103 (8.2): Only the holder retires; date, entity and the copy are recorded."""
    on = date_given("on", case.on)
    entity = word_given("entity", case.entity)
    allowed = f"the holder, {case.holder_organisation}, for a named entity, copy 1 to " + str(
        edition.claim_limit
    )
    if not case.units:
        return failed("no units named", allowed, "Name the units to retire.", field="units")
    if not case.by_organisation or case.by_organisation != case.holder_organisation:
        return failed(
            f"retired by {case.by_organisation or 'nobody named'}",
            allowed,
            "Ask the holder to retire the units, or have them transferred first.",
            field="by_organisation",
        )
    for each in case.units:
        copy = whole_given("copy", each.copy, "copies", least=1)
        if copy > edition.claim_limit:
            return failed(
                f"copy {copy} of {each.issuance}",
                allowed,
                "Name a copy that exists.",
                field="copy",
                copy=copy,
                claim_limit=edition.claim_limit,
            )
    copies = ", ".join(str(copy) for copy in sorted({each.copy for each in case.units}))
    found = f"{case.by_organisation} for {entity} on {on}, copy {copies}"
    return passed(found, allowed, field="by_organisation")


@rule(
    "R104",
    section="8.2",
    modality="shall",
    subject=RetirementCase,
    parameters=("provisional_may_retire",),
)
def only_units_in_circulation_retire(case: RetirementCase, edition: Edition) -> Verdict:
    """R104 (8.2): A unit, or a copy at its layer, is retired once and then never used again.

    So only active units retire: not retired, cancelled, reserved, suspended or expired ones, the
    last by their date even when no sweep has run, nor provisional ones (6.1, AMB-10).
    """
    allowed = "active units, not expired and confirmed"
    fault = unavailable(case.units, requested=case.requested, on=case.on, state="active")
    if fault:
        return failed(fault.found, allowed, fault.action, field=fault.field, **fault.numbers)
    if not edition.provisional_may_retire and any(each.provisional for each in case.units):
        return failed(
            "provisional units",
            allowed,
            "Wait for the recurring verification to confirm them, or choose others.",
            field="units",
        )
    available = sum(each.quantity for each in case.units)
    found = f"{case.requested} of {available} active units"
    return passed(found, allowed, field="requested", requested=case.requested, available=available)
