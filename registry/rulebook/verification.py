"""Verification by an independent third party, in time and to the end. R067, R068, R072–R074, R145.

Before an auditor is chosen and before anything is signed, these rules have nothing to judge and
say so; the submission names the auditor, the signature brings the review, issuance needs all.
"""

import re
from datetime import date

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import (
    AccreditationFacts,
    AuditorFacts,
    Basis,
    CertificateKind,
    IssuanceCase,
    ReviewFacts,
    Stage,
)
from registry.rulebook.figures import functional_unit
from registry.rulebook.findings import Verdict, failed, not_applicable, passed
from registry.rulebook.given import Unusable, date_given
from registry.rulebook.issuance import due_date, period
from registry.rulebook.names import name_of

_CONFIRMED = {
    "confirms_threshold": "the emissions threshold",
    "confirms_route": "the criteria of the route",
    "confirms_additionality": "additionality",
}
_REVIEWED = {
    "reviewed_self_assessment": "the site's self-assessment",
    "reviewed_evidence": "its supporting evidence",
}


@rule(
    "R067",
    section="5.3",
    modality="shall",
    subject=IssuanceCase,
    parameters=("auditor_scopes",),
)
def a_third_party_has_verified(case: IssuanceCase, edition: Edition) -> Verdict:
    """R067 (5.3): An independent, accredited third party confirms threshold, route, additionality.

    The accreditation covers the functional unit and the edition's scopes on the day of
    judgement, and on the day of signature where there is one.
    """
    if case.auditor is None:
        return _nobody_yet(case, "auditor")
    if not case.auditor.is_independent:
        return failed(
            f"{case.auditor.name} is not independent of the producer",
            "an auditor who is neither the producer nor owned with it",
            "Choose another auditor.",
            field="auditor",
        )
    scopes = (functional_unit(case).value, *edition.auditor_scopes)
    lacking = [
        (scope, day)
        for day in _days(case)
        for scope in scopes
        if not any(each.covers(scope, day) for each in case.auditor.accreditations)
    ]
    allowed = f"accredited for {', '.join(_words(scope) for scope in scopes)} on the day"
    if lacking:
        scope, day = lacking[0]
        return failed(
            f"{case.auditor.name} is not accredited for {_words(scope)} on {day}: "
            f"{_on_file(case.auditor)}",
            allowed,
            "Choose an auditor whose accreditation covers it, or have the operator record it.",
            field="auditor",
            on=day,
        )
    if case.stage is Stage.APPLICATION or case.provisional:
        return passed(f"{case.auditor.name}: {_on_file(case.auditor)}", allowed, field="auditor")
    return _all_marked(
        _review(case), _CONFIRMED, "confirmed", f"{case.auditor.name}, accredited, confirms"
    )


@rule(
    "R068",
    section="5.3",
    modality="shall",
    subject=IssuanceCase,
    parameters=("verification_due_months",),
)
def the_ex_post_audit_is_in_time(case: IssuanceCase, edition: Edition) -> Verdict:
    """R068 (5.3): The ex-post audit is signed after the period, by its due date, before issuance.

    Due on the period's last day plus the edition's months, inclusive; on the day of issuance
    at the latest.
    """
    _, end = period(case)
    due = due_date(end, edition.verification_due_months)
    if case.stage is Stage.APPLICATION:
        return not_applicable(f"The ex-post audit is due by {due}.")
    if case.provisional:
        return not_applicable(f"Issued before the ex-post audit (R083), which is due by {due}.")
    signed_on = date_given("signed_on", case.verification and case.verification.signed_on)
    latest = min(due, case.on)
    found = f"signed on {signed_on}; the period ended on {end}"
    allowed = f"signed after {end} and by {latest}"
    numbers = {"signed_on": signed_on, "period_end": end, "due": due}
    if end < signed_on <= latest:
        return passed(found, allowed, field="signed_on", **numbers)
    action = "Have the period audited after its end."
    if signed_on > due:
        action = "The audit came too late: this production can carry no units."
    elif signed_on > case.on:
        action = "Correct the date of signature, or issue after it."
    return failed(found, allowed, action, field="signed_on", **numbers)


@rule("R072", section="5.3", modality="should", subject=IssuanceCase)
def the_verifier_is_competent(case: IssuanceCase, edition: Edition) -> Verdict:
    """R072 (5.3): The verifier is ResponsibleSteel-approved, or attests the Manual's Annex 3.

    The attestation (1.1 and 3.3 or 3.5 of the Annex) is dated on or before the day it is used.
    """
    if case.auditor is None:
        return _nobody_yet(case, "auditor")
    first = min(_days(case))
    scope = functional_unit(case).value
    valid = [each for each in case.auditor.accreditations if each.covers(scope, first)]
    allowed = "approved by ResponsibleSteel, or an attestation of Annex 3, 1.1 and 3.3/3.5"
    if any(each.basis == Basis.RS_APPROVED for each in valid):
        return passed(f"{case.auditor.name} is approved by ResponsibleSteel", allowed)
    attested = [each.attested_on for each in valid if _is_attested(each, first)]
    if attested:
        found = f"{case.auditor.name} attests Annex 3 since {attested[0]}"
        return passed(found, allowed, field="auditor", attested_on=attested[0])
    return failed(
        f"{case.auditor.name} is neither approved nor has attested Annex 3 by {first}",
        allowed,
        "Choose another auditor, or have the operator record the attestation.",
        field="auditor",
        on=first,
    )


@rule("R073", section="5.3", modality="shall", subject=IssuanceCase)
def the_self_assessment_is_reviewed(case: IssuanceCase, edition: Edition) -> Verdict:
    """R073 (5.3): The auditor reviewed the site's self-assessment and evidence (Manual 3.1.2).

    The review ended on the day of signature at the latest.
    """
    if _is_unsigned(case):
        return _nothing_signed_yet(case)
    review = _review(case)
    marked = _all_marked(review, _REVIEWED, "reviewed", "reviewed")
    if marked.outcome.value == "fail":
        return marked
    signed_on = date_given("signed_on", case.verification and case.verification.signed_on)
    reviewed_on = date_given("reviewed_on", review.reviewed_on)
    found = f"{marked.found}; the review ended on {reviewed_on}, signed on {signed_on}"
    allowed = f"{marked.allowed}, by {signed_on}"
    if reviewed_on <= signed_on:
        return passed(found, allowed, field="reviewed_on", reviewed_on=reviewed_on)
    return failed(
        found,
        allowed,
        "Correct the day on which the review ended.",
        field="reviewed_on",
        reviewed_on=reviewed_on,
    )


@rule(
    "R074",
    section="5.3",
    modality="shall not",
    subject=IssuanceCase,
    parameters=("responsiblesteel_marks",),
    boundary=False,
)
def no_marks_without_certification(case: IssuanceCase, edition: Edition) -> Verdict:
    """R074 (5.3): A supplier that is not ResponsibleSteel-certified uses none of its marks.

    The texts of the public record are read for the edition's phrases, whatever their case,
    spaces and hyphens.
    """
    if case.pathway and any(
        each.kind == CertificateKind.RS_CORE_SITE and each.holds(case.on)
        for each in case.pathway.certificates
    ):
        return not_applicable(
            "The site is certified under the ResponsibleSteel Core Site standard."
        )
    texts = {name: _plain(text) for name, text in (case.record or {}).items()}
    allowed = "no ResponsibleSteel label, mark or claim of certification"
    for name, text in texts.items():
        for mark in edition.responsiblesteel_marks:
            if _plain(mark) in text:
                return failed(
                    f'"{mark}" in {name_of(name)}',
                    allowed,
                    "Name the standard or method that was followed; claim no certification.",
                    field=_FORM_FIELDS.get(name, name),
                )
    return passed(f"none of {len(edition.responsiblesteel_marks)} phrases is used", allowed)


@rule("R145", section="10", modality="shall", subject=IssuanceCase)
def the_audit_covers_transactions_and_deliveries(case: IssuanceCase, edition: Edition) -> Verdict:
    """R145 (10): The audit covers the units' transactions and the physical deliveries.

    The deliveries it covers reach the last one of the production.
    """
    if _is_unsigned(case):
        return _nothing_signed_yet(case)
    review = _review(case)
    delivered_on = date_given("delivered_on", case.production.delivered_on)
    allowed = f"covers the transactions of units, and deliveries up to {delivered_on}"
    if not review.covers_transactions:
        return failed(
            "the audit does not cover the transactions of units",
            allowed,
            "Have the auditor look at issuances, transfers and retirements of this supplier.",
            field="covers_transactions",
        )
    until = date_given("deliveries_until", review.deliveries_until)
    found = f"covers transactions, and deliveries up to {until}"
    if until >= delivered_on:
        return passed(found, allowed, field="deliveries_until", deliveries_until=until)
    return failed(
        found,
        allowed,
        "Have the auditor cover every delivery of this production.",
        field="deliveries_until",
        deliveries_until=until,
    )


# Where a text of the record is written in the application's form.
_FORM_FIELDS = {"certification": "methodology"}


def _days(case: IssuanceCase) -> list[date]:
    """The days on which the auditor must be fit: that of judgement, and that of signature."""
    signed = case.verification.signed_on if case.verification else None
    return [case.on] if signed is None else [date_given("signed_on", signed), case.on]


def _is_attested(each: AccreditationFacts, on: date) -> bool:
    return (
        each.basis == Basis.ANNEX_3
        and each.attested_on is not None
        and date_given("attested_on", each.attested_on) <= on
    )


def _is_unsigned(case: IssuanceCase) -> bool:
    return case.provisional or (case.stage is Stage.APPLICATION and case.review is None)


def _nothing_signed_yet(case: IssuanceCase) -> Verdict:
    if case.provisional:
        return not_applicable("Issued before the ex-post audit (R083); judged at confirmation.")
    return not_applicable("Judged once an auditor has signed.")


def _nobody_yet(case: IssuanceCase, field: str) -> Verdict:
    if case.stage is Stage.APPLICATION:
        return not_applicable("Judged once an auditor is chosen.")
    return failed(
        "no auditor is on file",
        "verified by an independent third party",
        "Submit the application to an auditor.",
        field=field,
    )


def _review(case: IssuanceCase) -> ReviewFacts:
    """Raises Unusable: no checklist was signed."""
    if case.review is None:
        raise Unusable(
            "review",
            "no signed checklist of the audit is on file",
            "a checklist that the auditor signed with the statement",
            "Ask the auditor to fill and sign the checklist.",
        )
    return case.review


def _all_marked(review: ReviewFacts, names: dict[str, str], verb: str, opening: str) -> Verdict:
    missing = [name for name in names if getattr(review, name) is not True]
    allowed = f"{verb}: {', '.join(names.values())}"
    if missing:
        return failed(
            f"not {verb}: {', '.join(names[each] for each in missing)}",
            allowed,
            "Examine it, and say so in the checklist; or return the application.",
            field=missing[0],
        )
    return passed(f"{opening} {', '.join(names.values())}", allowed, field=next(iter(names)))


def _on_file(auditor: AuditorFacts) -> str:
    if not auditor.accreditations:
        return "no accreditation is on file"
    return "; ".join(
        f"{each.body}: {', '.join(map(_words, each.scopes))}, "
        f"{each.valid_from} to {each.valid_until}"
        for each in auditor.accreditations
    )


def _words(scope: str) -> str:
    return {"ghg": "greenhouse gases", "crude_steel": "crude steel"}.get(scope, scope)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()
