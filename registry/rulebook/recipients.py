"""Physical recipients (4.1, 10.1): the factor they are given and what is said in public.

R055, R141 to R144. They hold once units are issued; before, each says what will be due.
"""

from datetime import date, timedelta
from decimal import Decimal, localcontext

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import DisclosureFacts, RecipientsCase
from registry.rulebook.figures import INTENSITY_UNIT
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.given import EXACT, date_given, decimal_given, shown, word_given

EPD = "epd"

DECOUPLING_NOTICE = (
    "The environmental attributes of this production are decoupled from the physical product and "
    "sold as book-and-claim units. Whoever receives the metal uses the default emission factor."
)
"""What stands beside every intensity this registry shows of such a production (AMB-14)."""


def epd_due_on(issued_on: date, edition: Edition) -> date:
    """The last day to update the EPD while no unit has left the issuer's account (10.1)."""
    return issued_on + timedelta(days=edition.epd_update_days)


@rule("R055", section="10.1", modality="shall", subject=RecipientsCase)
def default_factor_is_the_baseline(case: RecipientsCase, edition: Edition) -> Verdict:
    """R055 (10.1): The factor given to physical recipients equals the baseline of the issuance."""
    return _factors(case)


@rule("R141", section="10, 10.1", modality="must", subject=RecipientsCase)
def recipients_receive_the_default_factor(case: RecipientsCase, edition: Edition) -> Verdict:
    """R141 (10, 10.1): Physical recipients receive a default factor equal to the baseline."""
    return _factors(case)


@rule("R142", section="10.1", modality="shall", subject=RecipientsCase)
def disclosed_intensity_says_what_was_sold(case: RecipientsCase, edition: Edition) -> Verdict:
    """R142 (10.1): A disclosed intensity says that the attributes were decoupled, or is withheld.

    Both are allowed (AMB-14). An EPD has its own time (R143).
    """
    allowed = "an intensity with the notice that the attributes are decoupled, or none"
    if case.issued_on is None:
        return not_applicable("Once units are issued, a disclosed intensity carries a notice.")
    others = [each for each in case.disclosures if each.kind != EPD]
    bare = [each for each in others if _intensity(each) is not None and each.says_sold is not True]
    numbers = {"disclosures": len(others), "without_notice": len(bare)}
    if not bare:
        found = f"{len(others)} disclosure(s), each with the notice or without an intensity"
        return passed(found, allowed, field="disclosures", **numbers)
    return failed(
        f"{', '.join(each.reference for each in bare)}: an intensity without the notice",
        allowed,
        "Add the notice there, or remove the intensity, and record the new wording.",
        field="disclosures",
        **numbers,
    )


@rule(
    "R143",
    section="10.1",
    modality="shall",
    subject=RecipientsCase,
    parameters=("epd_update_days", "epd_rounding_intensity"),
)
def epd_is_updated_in_time(case: RecipientsCase, edition: Edition) -> Verdict:
    """R143 (10.1): The EPD is updated to the baseline factor and notes that attributes were sold.

    By the first transfer out of the issuer's account, else within the edition's days; inclusive.
    """
    days = edition.epd_update_days
    if not case.epd.strip():
        return not_applicable("The product has no EPD.")
    if case.issued_on is None:
        return not_applicable(
            f"Once units are issued, {case.epd} is updated by the first transfer out of the "
            f"issuer's account, at the latest {days} days after issuance."
        )
    due = _epd_due(case, edition)
    baseline = _baseline(case)
    numbers = {"due_on": due, "on": case.on, "baseline_intensity": baseline}
    allowed = f"factor {shown(baseline)} t CO2e/t and the note, by {due}"
    action = f"Update {case.epd} to the baseline factor with the note, and record it here."
    rounding = edition.epd_rounding_intensity
    epds = [each for each in case.disclosures if each.kind == EPD]
    fit = [each for each in epds if _is_updated(each, baseline, rounding)]
    if fit:
        made = min(date_given("made_on", each.made_on) for each in fit)
        numbers |= {"updated_on": made}
        if made <= due:
            return passed(f"updated on {made}", allowed, field="epd", **numbers)
        why = "The update came late; the record keeps both dates."
        return warned(f"updated on {made}, after {due}", allowed, why, field="epd", **numbers)
    if case.on <= due:
        return warned("not updated yet", allowed, action, field="epd", **numbers)
    return failed(f"not updated by {case.on}", allowed, action, field="epd", **numbers)


@rule("R144", section="10.1", modality="encouraged", subject=RecipientsCase, boundary=False)
def epd_has_a_cover_page(case: RecipientsCase, edition: Edition) -> Verdict:
    """R144 (10.1): A cover page of the EPD that names book and claim is encouraged."""
    if not case.epd.strip():
        return not_applicable("The product has no EPD.")
    if case.issued_on is None:
        return not_applicable("Encouraged once units are issued: a cover page of the EPD.")
    allowed = "a cover page that names book and claim"
    if any(each.kind == EPD and each.cover_page is True for each in case.disclosures):
        return passed("the EPD has a cover page", allowed, field="epd")
    return warned("no cover page recorded", allowed, "Add one when the EPD is updated.")


def _factors(case: RecipientsCase) -> Verdict:
    """One test under two ids: R055 and R141."""
    if case.issued_on is None:
        if case.baseline_intensity is None:
            return not_applicable("Once units are issued, recipients get the baseline's factor.")
        due = shown(_baseline(case))
        return not_applicable(f"Once units are issued, recipients get the factor {due} t CO2e/t.")
    baseline = _baseline(case)
    allowed = f"{shown(baseline)} t CO2e/t, the baseline of the issuance, on every notice"
    wrong = []
    for each in case.notices:
        factor = decimal_given("default_factor", each.default_factor, INTENSITY_UNIT)
        if factor != baseline:
            wrong.append(f"{word_given('reference', each.reference)}: {shown(factor)}")
    silent = [each.reference for each in case.notices if each.undertaken_on is None]
    numbers = {
        "baseline_intensity": baseline,
        "notices": len(case.notices),
        "wrong": len(wrong),
        "without_undertaking": len(silent),
    }
    if wrong:
        action = "Send these recipients a notice with the baseline's factor."
        return failed(f"{'; '.join(wrong)}", allowed, action, field="notices", **numbers)
    if not case.notices:
        action = "Send each physical recipient a delivery notice with the default factor."
        return warned("no delivery notice yet", allowed, action, field="notices", **numbers)
    found = f"{len(case.notices)} notice(s) with that factor"
    if silent:
        action = "Their recipients still have to undertake to make no low-emissions claim."
        found = f"{found}, {len(silent)} without undertaking: {', '.join(silent[:5])}"
        return warned(found, allowed, action, field="notices", **numbers)
    return passed(found, allowed, field="notices", **numbers)


def _epd_due(case: RecipientsCase, edition: Edition) -> date:
    assert case.issued_on is not None
    stored = case.epd_due_on or epd_due_on(case.issued_on, edition)
    return stored if case.first_transfer_on is None else min(stored, case.first_transfer_on)


def _is_updated(epd: DisclosureFacts, baseline: Decimal, rounding: Decimal) -> bool:
    printed = _intensity(epd)
    if epd.says_sold is not True or printed is None:
        return False
    with localcontext(EXACT):
        return abs(printed - baseline) <= rounding


def _intensity(disclosure: DisclosureFacts) -> Decimal | None:
    if disclosure.intensity is None:
        return None
    return decimal_given("disclosed_intensity", disclosure.intensity, INTENSITY_UNIT)


def _baseline(case: RecipientsCase) -> Decimal:
    return decimal_given("baseline", case.baseline_intensity, INTENSITY_UNIT)
