"""Route criteria for blast furnaces (3.2): only for a while, and no new ones. R030–R032.

They hold for every unit, whatever level the site reaches. The date of judgement is the date of
issuance; a stand-alone blast furnace counts as its route's iron half.
"""

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import IssuanceCase
from registry.rulebook.findings import Verdict, failed, not_applicable, passed
from registry.rulebook.given import date_given, word_given


@rule(
    "R030",
    section="3.2",
    modality="shall",
    subject=IssuanceCase,
    parameters=("bf_bof_routes", "advanced_economies", "bf_bof_last_year_advanced"),
)
def blast_furnaces_end_in_advanced_economies(case: IssuanceCase, edition: Edition) -> Verdict:
    """R030 (3.2): BF-BOF in an advanced economy: no issuance after the last year, its end included.

    A stand-alone blast furnace likewise. The list of countries is the edition's.
    """
    country = word_given("country", case.site.country)
    if not _is_blast_furnace(case, edition):
        return not_applicable(f"the route is {case.site.route}, not BF-BOF")
    if country not in edition.advanced_economies:
        return not_applicable(f"{country} is not in the list of advanced economies")
    return _ends(case, edition.bf_bof_last_year_advanced, f"{country}, an advanced economy")


@rule(
    "R031",
    section="3.2",
    modality="shall",
    subject=IssuanceCase,
    parameters=("bf_bof_routes", "bf_bof_last_year_global"),
)
def blast_furnaces_end_everywhere(case: IssuanceCase, edition: Edition) -> Verdict:
    """R031 (3.2): BF-BOF anywhere: no issuance after the last year of all, its end included."""
    if not _is_blast_furnace(case, edition):
        return not_applicable(f"the route is {case.site.route}, not BF-BOF")
    return _ends(case, edition.bf_bof_last_year_global, "any country")


@rule(
    "R032",
    section="3.2",
    modality="shall",
    subject=IssuanceCase,
    parameters=("bf_bof_routes", "new_bf_bof_from"),
)
def no_new_blast_furnaces(case: IssuanceCase, edition: Edition) -> Verdict:
    """R032 (3.2): No units from a BF-BOF that starts operation too late, with or without CCS.

    Relining a furnace is no new start.
    """
    if not _is_blast_furnace(case, edition):
        return not_applicable(f"the route is {case.site.route}, not BF-BOF")
    started_on = date_given("started_on", case.site.started_on)
    found = f"{case.site.route} in operation since {started_on}"
    allowed = f"a start of operation before {edition.new_bf_bof_from}"
    numbers = {"started_on": started_on, "new_bf_bof_from": edition.new_bf_bof_from}
    if started_on < edition.new_bf_bof_from:
        return passed(found, allowed, field="started_on", **numbers)
    return failed(
        found,
        allowed,
        "Such a site never issues. Where the furnace was only relined, give its first start.",
        field="started_on",
        **numbers,
    )


def _is_blast_furnace(case: IssuanceCase, edition: Edition) -> bool:
    return word_given("route", case.site.route) in edition.bf_bof_routes


def _ends(case: IssuanceCase, last_year: int, where: str) -> Verdict:
    found = f"{case.site.route} in {case.site.country}, judged on {case.on}"
    allowed = f"issuance until 31 December {last_year} ({where})"
    numbers = {"on": case.on, "last_year": last_year}
    if case.on.year <= last_year:
        return passed(found, allowed, field="route", **numbers)
    return failed(found, allowed, "This route issues no more units.", field="route", **numbers)
