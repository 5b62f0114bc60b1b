"""R067, R068, R072–R074, R145: an independent third party verifies, in time and to the end."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.rulebook.facts import AuditorFacts, Stage
from tests.rulebook.cases import (
    ACCREDITED,
    CERTIFIED,
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    REVIEWED,
    a_case,
    an_iron_case,
    finding,
    outcome,
)

RECORD = dict(a_case().record or {})
APPLICATION = {"stage": Stage.APPLICATION, "verification": None, "review": None}


def auditor(**changes: Any) -> AuditorFacts:
    """The auditor with its one accreditation changed."""
    return replace(ACCREDITED, accreditations=(replace(ACCREDITED.accreditations[0], **changes),))


@pytest.mark.rule("R067", "pass")
def test_an_accredited_third_party_confirms() -> None:
    assert outcome("R067", a_case()) is PASS
    assert outcome("R067", an_iron_case()) is PASS


@pytest.mark.rule("R067", "fail")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"auditor": None}, "auditor"),
        ({"auditor": replace(ACCREDITED, is_independent=False)}, "auditor"),
        ({"auditor": replace(ACCREDITED, accreditations=())}, "auditor"),
        ({"auditor": auditor(scopes=("iron", "ghg"))}, "auditor"),
        ({"auditor": auditor(scopes=("crude_steel",))}, "auditor"),
        ({"auditor": auditor(valid_until=date(2026, 3, 14))}, "auditor"),
        ({"auditor": auditor(valid_from=date(2026, 3, 2))}, "auditor"),
        ({"review": None}, "review"),
        ({"review": replace(REVIEWED, confirms_threshold=False)}, "confirms_threshold"),
        ({"review": replace(REVIEWED, confirms_route=False)}, "confirms_route"),
        ({"review": replace(REVIEWED, confirms_additionality=False)}, "confirms_additionality"),
        ({"review": replace(REVIEWED, confirms_additionality=1)}, "confirms_additionality"),
        ({"verified_signed_on": "2026-03-01"}, "signed_on"),
    ],
)
def test_without_an_accredited_confirmation_nothing_is_issued(
    changes: dict[str, Any], field: str
) -> None:
    found = finding("R067", a_case(**changes))
    assert found.outcome is FAIL
    assert found.field == field


@pytest.mark.rule("R067", "boundary")
@pytest.mark.parametrize(
    ("until", "expected"), [("2026-03-14", FAIL), ("2026-03-15", PASS), ("2026-03-16", PASS)]
)
def test_an_accreditation_counts_on_its_last_day(until: str, expected: object) -> None:
    case = a_case(auditor=auditor(valid_until=date.fromisoformat(until)))
    assert outcome("R067", case) is expected


@pytest.mark.rule("R067", "boundary")
@pytest.mark.parametrize(("since", "expected"), [("2026-03-01", PASS), ("2026-03-02", FAIL)])
def test_an_accreditation_counts_on_its_first_day(since: str, expected: object) -> None:
    case = a_case(auditor=auditor(valid_from=date.fromisoformat(since)))
    assert outcome("R067", case) is expected


def test_a_renewed_accreditation_carries_on_where_the_old_one_ended() -> None:
    old = replace(ACCREDITED.accreditations[0], valid_until=date(2026, 3, 5))
    new = replace(old, valid_from=date(2026, 3, 6), valid_until=date(2027, 3, 5))
    both = replace(ACCREDITED, accreditations=(old, new))
    assert outcome("R067", a_case(auditor=both)) is PASS


def test_a_draft_without_an_auditor_is_not_judged_yet() -> None:
    draft = a_case(**APPLICATION, auditor=None)
    for rule in ("R067", "R068", "R072", "R073", "R145"):
        assert outcome(rule, draft) is NOT_APPLICABLE


def test_the_engagement_judges_the_auditor_before_anything_is_signed() -> None:
    assert outcome("R067", a_case(**APPLICATION)) is PASS
    expired = auditor(valid_until=date(2026, 3, 14))
    assert outcome("R067", a_case(**APPLICATION, auditor=expired)) is FAIL


@pytest.mark.rule("R068", "pass")
def test_an_audit_after_the_period_and_before_issuance_is_in_time() -> None:
    assert outcome("R068", a_case()) is PASS


@pytest.mark.rule("R068", "fail")
@pytest.mark.parametrize(
    "changes",
    [
        {"verification": None},
        {"verified_signed_on": None},
        {"verified_signed_on": date(2025, 6, 1)},
        {"verified_signed_on": date(2026, 3, 16)},
        {"verified_signed_on": date(2028, 1, 1), "on": date(2028, 2, 1)},
    ],
)
def test_an_audit_too_early_too_late_or_missing_is_refused(changes: dict[str, Any]) -> None:
    found = finding("R068", a_case(**changes))
    assert found.outcome is FAIL
    assert found.field == "signed_on"


@pytest.mark.rule("R068", "boundary")
@pytest.mark.parametrize(("signed", "expected"), [("2025-12-31", FAIL), ("2026-01-01", PASS)])
def test_an_audit_is_signed_after_the_last_day(signed: str, expected: object) -> None:
    assert outcome("R068", a_case(verified_signed_on=date.fromisoformat(signed))) is expected


@pytest.mark.rule("R068", "boundary")
@pytest.mark.parametrize(("signed", "expected"), [("2026-03-15", PASS), ("2026-03-16", FAIL)])
def test_an_audit_may_be_signed_on_the_day_of_issuance(signed: str, expected: object) -> None:
    assert outcome("R068", a_case(verified_signed_on=date.fromisoformat(signed))) is expected


@pytest.mark.rule("R068", "boundary")
@pytest.mark.parametrize(("signed", "expected"), [("2027-12-31", PASS), ("2028-01-01", FAIL)])
def test_an_audit_may_be_signed_on_its_due_date(signed: str, expected: object) -> None:
    case = a_case(verified_signed_on=date.fromisoformat(signed), on=date(2028, 6, 1))
    assert outcome("R068", case) is expected


@pytest.mark.rule("R072", "pass")
def test_an_approved_or_attested_verifier_passes() -> None:
    assert outcome("R072", a_case()) is PASS
    attested = auditor(basis="annex_3", attested_on=date(2025, 1, 1))
    assert outcome("R072", a_case(auditor=attested)) is PASS


@pytest.mark.rule("R072", "fail")
@pytest.mark.parametrize(
    "changes",
    [
        {"basis": "annex_3"},
        {"basis": "annex_3", "attested_on": date(2026, 3, 2)},
        {"basis": "reputation"},
        {"scopes": ("iron",)},
        {"valid_until": date(2026, 2, 28)},
    ],
)
def test_a_verifier_who_is_neither_is_refused(changes: dict[str, Any]) -> None:
    assert outcome("R072", a_case(auditor=auditor(**changes))) is FAIL
    assert outcome("R072", a_case(auditor=None)) is FAIL


@pytest.mark.rule("R072", "boundary")
@pytest.mark.parametrize(("attested", "expected"), [("2026-03-01", PASS), ("2026-03-02", FAIL)])
def test_an_attestation_of_the_day_of_signature_counts(attested: str, expected: object) -> None:
    given = auditor(basis="annex_3", attested_on=date.fromisoformat(attested))
    assert outcome("R072", a_case(auditor=given)) is expected


@pytest.mark.rule("R073", "pass")
def test_a_reviewed_self_assessment_passes() -> None:
    assert outcome("R073", a_case()) is PASS


@pytest.mark.rule("R073", "fail")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reviewed_self_assessment": False}, "reviewed_self_assessment"),
        ({"reviewed_evidence": False}, "reviewed_evidence"),
        ({"reviewed_on": None}, "reviewed_on"),
    ],
)
def test_a_statement_without_the_review_is_refused(changes: dict[str, Any], field: str) -> None:
    found = finding("R073", a_case(review=replace(REVIEWED, **changes)))
    assert found.outcome is FAIL
    assert found.field == field
    assert outcome("R073", a_case(review=None)) is FAIL


@pytest.mark.rule("R073", "boundary")
@pytest.mark.parametrize(("reviewed", "expected"), [("2026-03-01", PASS), ("2026-03-02", FAIL)])
def test_the_review_ends_on_the_day_of_signature_at_the_latest(
    reviewed: str, expected: object
) -> None:
    review = replace(REVIEWED, reviewed_on=date.fromisoformat(reviewed))
    assert outcome("R073", a_case(review=review)) is expected


UNCERTIFIED = replace(CERTIFIED, certificates=())


@pytest.mark.rule("R074", "pass")
def test_a_standard_may_be_named() -> None:
    assert "ResponsibleSteel V2.1.1" in RECORD["certification"]
    assert outcome("R074", a_case(pathway=UNCERTIFIED)) is PASS


@pytest.mark.rule("R074", "fail")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("abatement", "ResponsibleSteel Certified slab"),
        ("additionality", "Our site is certified by responsible­steel".replace("­", "")),
        ("certification", "responsiblesteel-certification 2025"),
        ("epd", "carries the RESPONSIBLESTEEL  LOGO"),
    ],
)
def test_a_supplier_without_certification_uses_no_marks(name: str, text: str) -> None:
    found = finding("R074", a_case(pathway=UNCERTIFIED, record={**RECORD, name: text}))
    assert found.outcome is FAIL
    assert found.field == {"certification": "methodology"}.get(name, name)


def test_a_certified_site_may_say_so_while_it_is() -> None:
    record = {**RECORD, "certification": "ResponsibleSteel Certified Site"}
    assert outcome("R074", a_case(record=record)) is NOT_APPLICABLE
    expired = replace(CERTIFIED.certificates[0], valid_until=date(2026, 3, 14))
    case = a_case(record=record, pathway=replace(CERTIFIED, certificates=(expired,)))
    assert outcome("R074", case) is FAIL


@pytest.mark.parametrize("mark", EDITION.responsiblesteel_marks)
def test_every_phrase_of_the_edition_is_found(mark: str) -> None:
    case = a_case(pathway=None, record={**RECORD, "abatement": f"It is {mark.upper()}!"})
    assert outcome("R074", case) is FAIL


@pytest.mark.rule("R145", "pass")
def test_an_audit_of_transactions_and_deliveries_passes() -> None:
    assert outcome("R145", a_case()) is PASS


@pytest.mark.rule("R145", "fail")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"covers_transactions": False}, "covers_transactions"),
        ({"deliveries_until": None}, "deliveries_until"),
        ({"deliveries_until": date(2025, 12, 31)}, "deliveries_until"),
    ],
)
def test_an_audit_that_leaves_them_out_is_refused(changes: dict[str, Any], field: str) -> None:
    found = finding("R145", a_case(review=replace(REVIEWED, **changes)))
    assert found.outcome is FAIL
    assert found.field == field


@pytest.mark.rule("R145", "boundary")
@pytest.mark.parametrize(("until", "expected"), [("2026-01-19", FAIL), ("2026-01-20", PASS)])
def test_the_audit_reaches_the_last_delivery(until: str, expected: object) -> None:
    review = replace(REVIEWED, deliveries_until=date.fromisoformat(until))
    assert outcome("R145", a_case(review=review)) is expected
