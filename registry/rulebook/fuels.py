"""Biomass and natural gas (3.2): what may be burnt, and what leaks before. R037, R038."""

from decimal import Decimal

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import IssuanceCase, TechnologyFacts
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.given import Unusable, label, share_given, shown
from registry.rulebook.technology import technology_given


@rule(
    "R037",
    section="3.2",
    modality="shall",
    subject=IssuanceCase,
    parameters=("biomass_eligible", "biomass_refused"),
)
def biomass_is_residue_or_waste(case: IssuanceCase, edition: Edition) -> Verdict:
    """R037 (3.2): Biomass is residue or waste, its origin recorded; no other feedstock passes."""
    technology = technology_given(case)
    allowed = f"{' or '.join(edition.biomass_eligible)}, each with its origin"
    if not technology.feedstocks:
        if not _burns_biomass(technology):
            return not_applicable("no biomass is used")
        action = "Name every feedstock, its class and origin."
        found = "bioenergy is used, no feedstock is named"
        return failed(found, allowed, action, field="feedstocks")
    for each in technology.feedstocks:
        found = f"{each.name or 'a feedstock'}: {label(each.kind) or 'no class'}"
        if each.kind in edition.biomass_refused:
            action = "Replace this feedstock: it is ineligible."
            return failed(found, allowed, action, field="feedstocks")
        if each.kind not in edition.biomass_eligible:
            action = "Show that it is residue or waste, or replace it."
            return failed(found, allowed, action, field="feedstocks")
        if not each.origin.strip():
            action = "Record where it comes from."
            return failed(f"{found}, origin not recorded", allowed, action, field="feedstocks")
    found = f"{len(technology.feedstocks)} feedstock(s), all eligible, with origin"
    return passed(found, allowed, field="feedstocks", feedstocks=len(technology.feedstocks))


@rule(
    "R038",
    section="3.2, Exh.7",
    modality="shall",
    subject=IssuanceCase,
    parameters=("methane_max_share", "methane_limit_modality"),
)
def little_methane_leaks_upstream(case: IssuanceCase, edition: Edition) -> Verdict:
    """R038 (3.2, Exh.7): Upstream methane leakage of the gas used is small and known.

    Gas used to make the hydrogen or electricity of the site itself is gas used. A site without
    gas is not judged.
    """
    technology = technology_given(case)
    uses_gas = technology.natural_gas_used
    if not isinstance(uses_gas, bool):
        raise Unusable(
            "natural_gas_used",
            "natural gas used: not given",
            "yes or no",
            "Say whether the site uses natural gas.",
        )
    if not uses_gas:
        return not_applicable("no natural gas is used")
    allowed = f"{shown(edition.methane_max_share)} or less of the gas leaks upstream"
    broken = failed if edition.methane_limit_modality == "shall" else warned
    if technology.methane_leakage_share is None:
        action = "Ask the supplier of the gas for its upstream methane leakage."
        found = "natural gas used, upstream methane leakage not given"
        return broken(found, allowed, action, field="methane_leakage_share")
    leaked = share_given("methane_leakage_share", technology.methane_leakage_share)
    found = f"{shown(leaked)} of the gas leaks upstream"
    numbers = {"leakage_share": leaked, "limit": edition.methane_max_share}
    if leaked <= edition.methane_max_share:
        return passed(found, allowed, field="methane_leakage_share", **numbers)
    action = "Buy gas that is certified to leak less."
    return broken(found, allowed, action, field="methane_leakage_share", **numbers)


def _burns_biomass(technology: TechnologyFacts) -> bool:
    shares = {
        "bioenergy_reduction_share": technology.bioenergy_reduction_share,
        "bioenergy_heat_share": technology.bioenergy_heat_share,
    }
    return any(
        share_given(name, share) > Decimal(0) for name, share in shares.items() if share is not None
    )
