"""The pathway to certification by production history (Exhibit 9). R069–R071.

Three bands by the time from the first day of verifiable data to the end of the production
period: less than a year, one to three years inclusive, and more. For iron there is no standard to
be certified under yet, so that R070 goes on beyond three years. A third party verifies in every
band (R067).
"""

from datetime import date
from enum import StrEnum

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import CertificateKind, FunctionalUnit, IssuanceCase, PathwayFacts
from registry.rulebook.figures import functional_unit
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.given import Unusable, date_given
from registry.rulebook.issuance import period
from registry.rulebook.vintage import ONE_DAY, add_months

_CERTIFIES = (CertificateKind.RS_CORE_SITE, CertificateKind.INTEROPERABLE)
_BANDS = ("history_short_months", "history_long_months")


class Band(StrEnum):
    """How long a site has verifiable data."""

    SHORT = "less than a year"
    MIDDLE = "one to three years"
    LONG = "more than three years"


def band_of(first_data_on: date, period_end: date, edition: Edition) -> Band:
    """The band of Exhibit 9 at the end of a period; both its edges belong to the middle."""
    after = period_end + ONE_DAY
    if after < add_months(first_data_on, edition.history_short_months):
        return Band.SHORT
    if after > add_months(first_data_on, edition.history_long_months):
        return Band.LONG
    return Band.MIDDLE


@rule("R069", section="5.3", modality="shall", subject=IssuanceCase, parameters=_BANDS)
def a_long_history_is_certified(case: IssuanceCase, edition: Edition) -> Verdict:
    """R069 (5.3): Steel with more than three years of data is certified as ResponsibleSteel does.

    Core Site certification, or one shown to be interoperable, valid on the day of judgement.
    """
    pathway, first, end = _history(case)
    if functional_unit(case) is not FunctionalUnit.CRUDE_STEEL:
        return not_applicable("There is no standard to certify iron under yet (R070).")
    band = band_of(first, end, edition)
    if band is not Band.LONG:
        return not_applicable(f"The site has {band} of data on {end}.")
    allowed = f"ResponsibleSteel Core Site or interoperable certification, valid on {case.on}"
    numbers = {"first_data_on": first, "period_end": end}
    valid = [each for each in pathway.certificates if each.kind in _CERTIFIES]
    for each in valid:
        if each.holds(case.on):
            found = f"{each.reference}, valid from {each.valid_from} to {each.valid_until}"
            return passed(found, allowed, field="certificates", **numbers)
    found = "; ".join(f"{each.reference} until {each.valid_until}" for each in valid)
    return failed(
        f"data since {first}; {found or 'no such certificate'}",
        allowed,
        "Record the site's certificate, with its validity.",
        field="certificates",
        **numbers,
    )


@rule("R070", section="Exh.9", modality="shall", subject=IssuanceCase, parameters=_BANDS)
def a_middle_history_follows_principle_10(case: IssuanceCase, edition: Edition) -> Verdict:
    """R070 (Exh.9): From one to three years, and for iron beyond, Principle 10 is followed.

    Its excerpts (RS V2.1.1) are answered, or a certificate is valid. The site should pursue
    certification, with a checkpoint after the first and the second year.
    """
    pathway, first, end = _history(case)
    band = band_of(first, end, edition)
    is_iron = functional_unit(case) is FunctionalUnit.IRON
    if band is Band.SHORT or (band is Band.LONG and not is_iron):
        return not_applicable(f"The site has {band} of data on {end}.")
    allowed = f"the excerpts of Principle 10 answered, or a certificate valid on {case.on}"
    numbers = {"first_data_on": first, "period_end": end}
    valid = next((each for each in pathway.certificates if each.holds(case.on)), None)
    if valid is None and not pathway.principle_10.strip():
        return failed(
            f"data since {first}; neither excerpts nor a valid certificate",
            allowed,
            "Record where the site answers the excerpts of Principle 10, or its certificate.",
            field="principle_10",
            **numbers,
        )
    found = valid.reference if valid else f"Principle 10: {pathway.principle_10.strip()}"
    if valid is not None and valid.kind in _CERTIFIES:
        return passed(found, allowed, field="principle_10", **numbers)
    missing = _missing_steps(pathway, first, end, edition)
    if missing:
        action = "Record the step, or take it: certification should be pursued."
        return warned(
            f"{found}; not recorded: {', '.join(missing)}",
            allowed,
            action,
            field="progress",
            **numbers,
        )
    return passed(found, allowed, field="principle_10", **numbers)


@rule(
    "R071",
    section="Exh.9",
    modality="should",
    subject=IssuanceCase,
    parameters=_BANDS,
    boundary=False,
)
def a_short_history_assesses_itself(case: IssuanceCase, edition: Edition) -> Verdict:
    """R071 (Exh.9): With less than a year of data the site assesses itself, on its way to more.

    The self-assessment is an input to the third party's verification (R067), whose figures
    replace those that deviate.
    """
    pathway, first, end = _history(case)
    band = band_of(first, end, edition)
    if band is not Band.SHORT:
        return not_applicable(f"The site has {band} of data on {end}.")
    allowed = f"a self-assessment by {case.on}, and progress to certification"
    assessed_on = pathway.self_assessed_on
    if assessed_on is None or date_given("self_assessed_on", assessed_on) > case.on:
        return failed(
            f"data since {first}; self-assessment: {assessed_on or 'none'}",
            allowed,
            "Assess the site by the minimum verification requirements, and record the day.",
            field="self_assessed_on",
        )
    found = f"data since {first}; assessed itself on {assessed_on}"
    if not pathway.progress.strip():
        action = "Record what the site does towards Core Site certification."
        return warned(f"{found}; no progress recorded", allowed, action, field="progress")
    return passed(f"{found}; {pathway.progress.strip()}", allowed, field="self_assessed_on")


def _history(case: IssuanceCase) -> tuple[PathwayFacts, date, date]:
    """The pathway, its first day of data and the period's end. Raises Unusable."""
    _, end = period(case)
    pathway = case.pathway or PathwayFacts()
    first = date_given("first_data_on", pathway.first_data_on)
    if first > end:
        raise Unusable(
            "first_data_on",
            f"first day of verifiable data: {first}; the period ends on {end}",
            f"data that begin on or before {end}",
            "Correct the first day of verifiable data, or the period.",
        )
    return pathway, first, end


def _missing_steps(pathway: PathwayFacts, first: date, end: date, edition: Edition) -> list[str]:
    """What Exhibit 9 says the site should have done by the end of the period."""
    missing = [] if pathway.progress.strip() else ["progress to certification"]
    for year in (1, 2):
        is_over = add_months(first, edition.history_short_months * year) <= end + ONE_DAY
        if is_over and year not in pathway.checkpoints:
            missing.append(f"checkpoint of year {year}")
    return missing
