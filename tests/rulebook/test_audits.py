"""R082, R083: audited before and after, and units between the two under a long-term offtake."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from registry.rulebook.facts import ExAnteFacts, IssuanceCase, OfftakeFacts, Stage
from tests.rulebook.cases import (
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    WARN,
    a_case,
    agreed,
    failing,
    finding,
    outcome,
)

EX_ANTE = ExAnteFacts(date(2024, 12, 15), Decimal("0.45"), Decimal("0.45"), Decimal("0.30"))
OFFTAKE = OfftakeFacts(date(2025, 1, 1), date(2029, 12, 31), "quarterly")


def provisional(**changes: Any) -> IssuanceCase:
    """Half of a year's steel under a five-year offtake, before the ex-post audit."""
    given = {
        "provisional": True,
        "verification": None,
        "review": None,
        "tonnes": 5_000,
        "ex_ante": EX_ANTE,
        "offtake": OFFTAKE,
        "agreement": agreed("0.50"),
        **changes,
    }
    return a_case(**given)


@pytest.mark.rule("R082", "pass")
def test_audited_before_and_after_passes() -> None:
    assert outcome("R082", a_case(ex_ante=EX_ANTE)) is PASS


@pytest.mark.rule("R082", "fail")
def test_not_audited_after_is_refused() -> None:
    assert outcome("R082", a_case(ex_ante=EX_ANTE, verification=None)) is FAIL
    assert outcome("R082", a_case(ex_ante=EX_ANTE, verified_signed_on=None)) is FAIL


def test_not_audited_before_warns() -> None:
    assert outcome("R082", a_case()) is WARN


def test_an_application_waits_for_its_audit() -> None:
    case = a_case(stage=Stage.APPLICATION, verification=None)
    assert outcome("R082", case) is NOT_APPLICABLE


@pytest.mark.rule("R083", "pass")
def test_units_under_a_long_term_offtake_may_come_first() -> None:
    assert failing(provisional()) == set()
    assert outcome("R083", provisional()) is PASS
    assert outcome("R068", provisional()) is NOT_APPLICABLE


@pytest.mark.rule("R083", "fail")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"agreement": None}, "agreement"),
        ({"agreement": agreed(None)}, "agreement"),
        ({"offtake": None}, "agreement"),
        ({"ex_ante": None}, "ex_ante"),
        ({"ex_ante": replace(EX_ANTE, signed_on=date(2025, 6, 1))}, "ex_ante"),
        ({"offtake": replace(OFFTAKE, starts_on=date(2025, 2, 1))}, "agreement"),
        ({"offtake": replace(OFFTAKE, ends_on=date(2025, 11, 30))}, "agreement"),
        ({"offtake": replace(OFFTAKE, recurrence="never")}, "recurrence"),
        ({"offtake": replace(OFFTAKE, unconfirmed_end=date(2025, 3, 31))}, "agreement"),
    ],
)
def test_otherwise_units_wait_for_the_ex_post_audit(changes: dict[str, Any], field: str) -> None:
    found = finding("R083", provisional(**changes))
    assert found.outcome is FAIL
    assert found.field == field


@pytest.mark.rule("R083", "boundary")
@pytest.mark.parametrize(("signed", "expected"), [("2025-01-01", PASS), ("2025-01-02", FAIL)])
def test_the_ex_ante_audit_is_signed_by_the_first_day(signed: str, expected: object) -> None:
    ex_ante = replace(EX_ANTE, signed_on=date.fromisoformat(signed))
    assert outcome("R083", provisional(ex_ante=ex_ante)) is expected


@pytest.mark.rule("R083", "boundary")
@pytest.mark.parametrize(
    ("recurrence", "ended", "expected"),
    [
        ("quarterly", "2025-12-15", PASS),
        ("quarterly", "2025-12-14", FAIL),
        ("annual", "2025-03-15", PASS),
        ("annual", "2025-03-14", FAIL),
    ],
)
def test_recurring_verification_is_kept_up(recurrence: str, ended: str, expected: object) -> None:
    offtake = OfftakeFacts(
        OFFTAKE.starts_on, OFFTAKE.ends_on, recurrence, date.fromisoformat(ended)
    )
    assert outcome("R083", provisional(offtake=offtake)) is expected


@pytest.mark.rule("R083", "boundary")
@pytest.mark.parametrize(("ends", "expected"), [("2025-12-31", PASS), ("2025-12-30", FAIL)])
def test_the_period_ends_within_the_term(ends: str, expected: object) -> None:
    offtake = replace(OFFTAKE, ends_on=date.fromisoformat(ends))
    assert outcome("R083", provisional(offtake=offtake)) is expected


def test_an_edition_may_forbid_provisional_units() -> None:
    never = replace(EDITION, provisional_issuance="never")
    assert outcome("R083", provisional(), never) is FAIL
    assert outcome("R083", a_case(), never) is NOT_APPLICABLE


@pytest.mark.rule("R085", "boundary")
@pytest.mark.parametrize(("tonnes", "expected"), [(5_000, PASS), (5_001, FAIL)])
def test_the_contracted_share_is_the_ceiling_of_provisional_units(
    tonnes: int, expected: object
) -> None:
    assert outcome("R085", provisional(tonnes=tonnes)) is expected


def test_provisional_units_are_judged_by_the_ex_ante_figures_too() -> None:
    worse = replace(EX_ANTE, site_intensity=Decimal("0.95"))
    assert outcome("R021", provisional(ex_ante=worse)) is FAIL


@pytest.mark.parametrize("rule", ["R067", "R072"])
def test_provisional_units_need_an_accredited_auditor_all_the_same(rule: str) -> None:
    assert outcome(rule, provisional()) is PASS
    assert outcome(rule, provisional(auditor=None)) is FAIL


def test_provisional_units_wait_for_delivery() -> None:
    assert outcome("R080", provisional(delivery_proofs=0)) is FAIL
