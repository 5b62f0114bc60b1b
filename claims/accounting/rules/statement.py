"""What a statement reports and says in public (9.1)."""

from collections.abc import Mapping

from claims.accounting.categories import CATEGORIES, category_order, full_name
from claims.accounting.facts import StatementCase
from claims.accounting.rules.figures import several
from claims.accounting.wording import missing_disclosures
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.findings import Verdict, failed, passed


@rule("R113", section="9.1", modality="shall", subject=StatementCase)
def two_inventories_by_category(case: StatementCase, edition: Edition) -> Verdict:
    """R113 (9.1): Two inventories are reported, by the same named categories.

    One complete and physical, with no units applied; one with units applied.
    """
    allowed = "a complete physical inventory and a market-based inventory with BCUs applied, by "
    allowed += "the same named categories, the latter between zero and the former"
    physical = {figure.category: figure.emissions for figure in case.physical}
    adjusted = {figure.category: figure.emissions for figure in case.adjusted}
    faults = [f"no category named {each or 'empty'}" for each in _unknown(physical, adjusted)]
    faults += [f"{each} has no usable emissions" for each in case.unmeasured]
    if not physical or not adjusted:
        faults.append("an inventory is missing")
    if len(physical) != len(case.physical) or len(adjusted) != len(case.adjusted):
        faults.append("a category stands twice in one inventory")
    missing = sorted(case.categories - set(physical), key=category_order)
    faults += [f"{full_name(each)} is missing in the physical inventory" for each in missing]
    uneven = sorted(set(physical) ^ set(adjusted), key=category_order)
    faults += [f"{full_name(each)} stands in one inventory only" for each in uneven]
    faults += [
        f"{full_name(category)}: {adjusted[category]} with BCUs applied, "
        f"physical {physical[category]} t CO2e"
        for category in physical
        if category in adjusted and not 0 <= adjusted[category] <= physical[category]
    ]
    if faults:
        action = "Report every category in both inventories, by its scope and name."
        return failed(several(faults), allowed, action, field="categories")
    named = ", ".join(CATEGORIES[each] for each in sorted(physical, key=category_order))
    return passed(named, allowed, field="categories")


@rule("R114", section="9.1", modality="shall", subject=StatementCase)
def public_text_discloses(case: StatementCase, edition: Edition) -> Verdict:
    """R114 (9.1): The public text states that a market-based mechanism is used and that nothing
    is transferable to customers.
    """
    allowed = "a text that says both: market-based mechanism, not transferable to customers"
    missing = missing_disclosures(case.text)
    if missing:
        found = "the text is empty" if not case.text.strip() else "the text does not say it all"
        return failed(found, allowed, f"Add: {' '.join(missing)}", field="text")
    return passed("the text says both", allowed, field="text")


def _unknown(*inventories: Mapping[str, object]) -> list[str]:
    return sorted({each for one in inventories for each in one if each not in CATEGORIES})
