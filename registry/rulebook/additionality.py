"""Additionality (3.3): declared, disclosed, and determined once. R040–R042."""

from datetime import date

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import (
    AdditionalityFacts,
    IssuanceCase,
    Obligation,
    ObligationKind,
    Stage,
    Surplus,
)
from registry.rulebook.findings import Verdict, failed, passed, warned
from registry.rulebook.given import Unusable, date_given

_SURPLUS = {
    Surplus.EXCEEDS: "exceeds the obligation",
    Surplus.COST_PREMIUM: "bears a cost premium beyond compliance",
}


@rule("R040", section="3.3", modality="shall", subject=IssuanceCase)
def regulatory_additionality_is_shown(case: IssuanceCase, edition: Edition) -> Verdict:
    """R040 (3.3): Regulatory additionality is declared, and its obligations disclosed and exceeded.

    Each obligation (emissions trading, carbon tax, mandates, others) with how the production
    exceeds it or what premium it bears, and evidence; or the reason why none applies. Evidence
    that is named and not attached is warned of: the auditor will ask for it.
    """
    facts = _given(case)
    allowed = "a declaration, and every obligation with what goes beyond it and the evidence"
    if not facts.declared:
        action = "Declare that no law alone asks for this production."
        return failed("not declared", allowed, action, field="declared")
    if not facts.obligations:
        if facts.none_apply.strip():
            found = f"declared; no obligation applies: {facts.none_apply.strip()}"
            return passed(found, allowed, field="obligations", obligations=0)
        action = "List the obligations, or give the reason why none applies."
        found = "declared, no obligation listed and no reason why none applies"
        return failed(found, allowed, action, field="obligations", obligations=0)
    if facts.none_apply.strip():
        action = "Remove the obligations or the statement that none applies."
        found = f"{len(facts.obligations)} obligation(s), and a statement that none applies"
        return failed(found, allowed, action, field="none_apply")
    for number, each in enumerate(facts.obligations, start=1):
        missing = _missing(each)
        if missing:
            named = each.name.strip() or f"obligation {number}"
            action = f"Give {missing} of {named}."
            return failed(f"{named}: {missing} not given", allowed, action, field="obligations")
    number = len(facts.obligations)
    found = f"declared, {number} obligation(s) exceeded"
    if facts.files == 0:
        action = "Attach what the evidence names, as evidence of additionality."
        return warned(
            f"{found}, no file on additionality attached",
            allowed,
            action,
            field="obligations",
            obligations=number,
        )
    return passed(found, allowed, obligations=number)


@rule("R041", section="3.3", modality="should", subject=IssuanceCase, boundary=False)
def financial_and_common_practice_are_attested(case: IssuanceCase, edition: Edition) -> Verdict:
    """R041 (3.3): Financial and common-practice additionality should be attested by the producer.

    Its own word will do; buyers decide what it is worth to them, so this rule refuses nothing.
    """
    facts = case.additionality or AdditionalityFacts()
    said = {
        "financial": facts.financial,
        "common practice": facts.common_practice,
    }
    missing = [name for name, text in said.items() if not text.strip()]
    allowed = "both attested, by the producer itself if need be"
    if not missing:
        return passed("financial and common practice attested", allowed, field="financial")
    field = "financial" if "financial" in missing else "common_practice"
    action = f"Attest {' and '.join(missing)} additionality where a buyer asks for it."
    return warned(f"not attested: {', '.join(missing)}", allowed, action, field=field)


@rule("R042", section="3.3", modality="shall", subject=IssuanceCase)
def additionality_is_determined_once(case: IssuanceCase, edition: Edition) -> Verdict:
    """R042 (3.3): Additionality is determined at contract signing and holds for all deliveries.

    Where there is no contract, at the application's date.
    """
    determined_on = date_given("determined_on", _given(case).determined_on)
    if case.agreement is not None:
        due, what = case.agreement.executed_on, f"agreement {case.agreement.reference} was signed"
    else:
        due, what = _application_date(case), "the application was made"
    found = f"determined on {determined_on}"
    allowed = f"{due}, the day {what}"
    numbers = {"determined_on": determined_on, "due": due}
    if determined_on == due:
        return passed(found, allowed, field="determined_on", **numbers)
    action = f"Determine it as of {due}: later law does not change it, earlier law does not count."
    return failed(found, allowed, action, field="determined_on", **numbers)


def _given(case: IssuanceCase) -> AdditionalityFacts:
    if case.additionality is None:
        raise Unusable(
            "additionality",
            "additionality: not determined",
            "a declaration with every legal obligation",
            "Determine additionality: with the agreement, or on this production without one.",
        )
    return case.additionality


def _application_date(case: IssuanceCase) -> date:
    """An application that is not handed in yet is of today."""
    if case.applied_on is None and case.stage is Stage.APPLICATION:
        return case.on
    return date_given("applied_on", case.applied_on)


def _missing(obligation: Obligation) -> str:
    given = {
        "the kind": obligation.kind in list(ObligationKind),
        "the name": bool(obligation.name.strip()),
        "how it is exceeded": obligation.surplus in _SURPLUS,
        "the explanation": bool(obligation.explanation.strip()),
        "the evidence": bool(obligation.evidence.strip()),
    }
    return ", ".join(name for name, is_given in given.items() if not is_given)
