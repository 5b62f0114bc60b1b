"""Abatement labels (App. F): what the thresholds give is what the units are labelled by. R088.

Every threshold is exceeded, not met: the text says "more than".
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import Destination, IssuanceCase, Label, TechnologyFacts
from registry.rulebook.findings import Verdict, failed, passed, warned
from registry.rulebook.given import label, share_given
from registry.rulebook.technology import captured, technology_given

_PARAMETERS = (
    "label_capture_share",
    "label_reduction_share",
    "label_heat_share",
    "label_electricity_share",
)

# Oil production uses CO2: it earns the label of use, never that of storage.
_USED = (Destination.USE, Destination.OIL_PRODUCTION)


def labels_earned(technology: TechnologyFacts, edition: Edition) -> tuple[Label, ...]:
    """The labels that a technology earns, in the order of App. F. Raises Unusable."""
    return tuple(_earned(technology, edition))


@rule("R088", section="App.F", modality="shall", subject=IssuanceCase, parameters=_PARAMETERS)
def labels_are_those_earned(case: IssuanceCase, edition: Edition) -> Verdict:
    """R088 (App.F): Units are labelled by the abatement technologies that pass their thresholds.

    CCS only without active oil production; hydrogen and electricity are renewable by direct
    supply or a project-specific contract; biomass is verified as sustainable. A label that is
    earned and left out claims nothing, so it is a warning.
    """
    technology = technology_given(case)
    earned, declared = labels_earned(technology, edition), technology.labels
    numbers = {"earned": ", ".join(earned) or "none", "declared": ", ".join(declared) or "none"}
    found = f"declared: {_names(declared)}; earned: {_names(earned)}"
    allowed = f"the labels earned: {_names(earned)}"
    unearned = [each for each in declared if each not in earned]
    if unearned:
        action = f"Remove {_names(unearned)}, or give the figures and sources that earn it."
        return failed(found, allowed, action, field="labels", **numbers)
    missing = [each for each in earned if each not in declared]
    if missing:
        action = f"Add {_names(missing)}."
        return warned(found, allowed, action, field="labels", **numbers)
    return passed(found, allowed, field="labels", **numbers)


def _earned(technology: TechnologyFacts, edition: Edition) -> Iterator[Label]:
    fractions = captured(technology)
    shares = [share_given("capture_points", p.captured_share) for p in technology.capture_points]
    if any(share > edition.label_capture_share for share in shares):
        if any(each.destination == Destination.GEOLOGICAL for each in fractions):
            yield Label.CCS
        if any(each.destination in _USED for each in fractions):
            yield Label.CCU
    is_supplied = bool(technology.renewable_supply.strip())
    if is_supplied and _replaces(technology, "hydrogen", edition):
        yield Label.RENEWABLE_HYDROGEN
    electricity = _share(technology, "renewable_electricity_share")
    if is_supplied and electricity > edition.label_electricity_share:
        yield Label.RENEWABLE_ELECTRICITY
    if technology.biomass_verification.strip() and _replaces(technology, "bioenergy", edition):
        yield Label.BIOENERGY


def _replaces(technology: TechnologyFacts, what: str, edition: Edition) -> bool:
    """Whether it supplies enough of the energy for reduction, or for heat in another duty."""
    reduction = _share(technology, f"{what}_reduction_share")
    heat = _share(technology, f"{what}_heat_share")
    return reduction > edition.label_reduction_share or heat > edition.label_heat_share


def _share(technology: TechnologyFacts, name: str) -> Decimal:
    """A share that is not given earns nothing. Raises Unusable."""
    value = getattr(technology, name)
    return Decimal(0) if value is None else share_given(name, value)


def _names(labels: Sequence[str]) -> str:
    return ", ".join(label(each) for each in labels) or "none"
