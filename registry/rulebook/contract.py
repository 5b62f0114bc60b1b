"""What a contract adds: its buyers' own criteria (3.2), the metal's end use (9.3). R039, R089."""

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import IssuanceCase
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.given import label


@rule("R039", section="3.2", modality="should", subject=IssuanceCase)
def buyers_criteria_are_answered(case: IssuanceCase, edition: Edition) -> Verdict:
    """R039 (3.2): What a contract's buyers ask beyond eligibility is answered, for them alone.

    Hydrogen criteria, plans toward DPL4, trajectories: a contract's filter, never eligibility,
    so this rule refuses nothing.
    """
    criteria = case.agreement.criteria if case.agreement else ()
    if not criteria:
        return not_applicable("no contract adds criteria of its own")
    met = [each for each in criteria if each.met is True]
    found = f"{len(met)} of {len(criteria)} criteria of the buyers met"
    allowed = "all of them met; between the parties only"
    numbers = {"criteria": len(criteria), "met": len(met)}
    if len(met) == len(criteria):
        return passed(found, allowed, field="criteria", **numbers)
    open_ones = ", ".join(label(each.kind) for each in criteria if each.met is not True)
    action = f"Tell the buyers about: {open_ones}. Issuance does not depend on it."
    return warned(found, allowed, action, field="criteria", **numbers)


@rule("R089", section="9.3", modality="shall", subject=IssuanceCase)
def end_use_is_disclosed(case: IssuanceCase, edition: Edition) -> Verdict:
    """R089 (9.3): The end use of the physical metal is disclosed in the record or the contract."""
    places = {
        "record": case.production.end_use,
        "contract": case.agreement.end_use if case.agreement else "",
    }
    given = {name: text.strip() for name, text in places.items() if text.strip()}
    found = "; ".join(f"{name}: {text}" for name, text in given.items()) or "not disclosed"
    allowed = "disclosed in the record, the contract or both"
    if given:
        return passed(found, allowed, field="end_use")
    action = "Say what the physical metal is used for."
    return failed(found, allowed, action, field="end_use")
