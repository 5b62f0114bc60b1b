"""R055 and R141 to R144: what the buyers of the metal itself are told (4.1, 10.1)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from registry.rulebook.engine import judge
from registry.rulebook.findings import failures
from registry.rulebook.recipients import epd_due_on
from tests.rulebook.cases import (
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    WARN,
    a_notice,
    an_epd,
    finding,
    outcome,
    recipients,
)

DUE = date(2026, 6, 13)
RULES = ("R055", "R141", "R142", "R143", "R144")


def disclosed(**changes: object) -> object:
    values = {"kind": "website", "reference": "example.test/slab", "says_sold": True}
    return an_epd(**values | changes)


def test_the_usual_case_passes_every_rule_of_its_subject() -> None:
    found = judge(recipients(), EDITION)
    assert {each.rule for each in found} == set(RULES)
    assert {each.outcome for each in found} == {PASS}


def test_before_issuance_every_rule_says_what_will_be_due_and_none_refuses() -> None:
    found = judge(recipients(issued_on=None, notices=(), disclosures=()), EDITION)
    assert {each.outcome for each in found} == {NOT_APPLICABLE}
    said = {each.rule: each.found for each in found}
    assert "factor 2.1 t CO2e/t" in said["R141"]
    assert "90 days after issuance" in said["R143"]
    assert not failures(judge(recipients(issued_on=None, baseline_intensity=None), EDITION))


@pytest.mark.rule("R055", "pass")
@pytest.mark.rule("R141", "pass")
@pytest.mark.parametrize("rule", ["R055", "R141"])
def test_the_baselines_factor_on_every_notice_passes(rule: str) -> None:
    case = recipients(notices=(a_notice(), a_notice(reference="DN-2")))
    assert outcome(rule, case) is PASS


@pytest.mark.rule("R055", "fail")
@pytest.mark.rule("R141", "fail")
@pytest.mark.parametrize("rule", ["R055", "R141"])
@pytest.mark.parametrize("factor", [Decimal("0.45"), None, 2.1, Decimal("-1")])
def test_another_factor_or_none_is_refused(rule: str, factor: object) -> None:
    case = recipients(notices=(a_notice(), a_notice(reference="DN-2", default_factor=factor)))
    assert outcome(rule, case) is FAIL


@pytest.mark.rule("R055", "boundary")
@pytest.mark.rule("R141", "boundary")
@pytest.mark.parametrize("rule", ["R055", "R141"])
@pytest.mark.parametrize(
    ("factor", "expected"),
    [("2.099999999999", FAIL), ("2.1", PASS), ("2.100", PASS), ("2.100000000001", FAIL)],
)
def test_only_the_baseline_itself_is_the_factor(rule: str, factor: str, expected: object) -> None:
    case = recipients(notices=(a_notice(default_factor=Decimal(factor)),))
    assert outcome(rule, case) is expected


@pytest.mark.parametrize("rule", ["R055", "R141"])
def test_a_wrong_notice_is_named(rule: str) -> None:
    case = recipients(notices=(a_notice(reference="DN-9", default_factor=Decimal("0.45")),))
    assert finding(rule, case).found == "DN-9: 0.45"


def test_no_notice_or_no_undertaking_yet_is_a_duty_shown() -> None:
    assert outcome("R141", recipients(notices=())) is WARN
    found = finding("R141", recipients(notices=(a_notice(undertaken_on=None),)))
    assert found.outcome is WARN
    assert "DN-1" in found.found


@pytest.mark.rule("R142", "pass")
@pytest.mark.parametrize(
    "disclosure",
    [
        {"intensity": Decimal("0.45"), "says_sold": True},
        {"intensity": None, "says_sold": False},
    ],
)
def test_a_notice_or_a_withheld_intensity_passes(disclosure: dict[str, object]) -> None:
    assert outcome("R142", recipients(disclosures=(disclosed(**disclosure),))) is PASS


@pytest.mark.rule("R142", "fail")
def test_an_intensity_without_the_notice_is_refused_and_named() -> None:
    found = finding("R142", recipients(disclosures=(disclosed(says_sold=False),)))
    assert found.outcome is FAIL
    assert "example.test/slab" in found.found


@pytest.mark.rule("R142", "boundary")
@pytest.mark.parametrize(("bare", "expected"), [(0, PASS), (1, FAIL)])
def test_one_bare_intensity_among_many_is_enough(bare: int, expected: object) -> None:
    fine = tuple(disclosed(reference=f"page {n}") for n in range(3))
    case = recipients(disclosures=fine + (disclosed(says_sold=False),) * bare)
    assert outcome("R142", case) is expected


@pytest.mark.rule("R143", "pass")
def test_an_epd_updated_in_time_passes() -> None:
    assert outcome("R143", recipients()) is PASS


@pytest.mark.rule("R143", "fail")
@pytest.mark.parametrize(
    "epd",
    [
        {"says_sold": False},
        {"intensity": Decimal("0.45")},
        {"intensity": None},
        {"kind": "website"},
    ],
)
def test_an_epd_not_updated_as_asked_is_refused_after_its_day(epd: dict[str, object]) -> None:
    case = recipients(on=DUE + timedelta(days=1), disclosures=(an_epd(**epd),))
    assert outcome("R143", case) is FAIL


@pytest.mark.rule("R143", "boundary")
@pytest.mark.parametrize(("days", "expected"), [(89, WARN), (90, WARN), (91, FAIL)])
def test_the_ninetieth_day_is_the_last(days: int, expected: object) -> None:
    issued = date(2026, 3, 15)
    case = recipients(
        on=issued + timedelta(days=days), epd_due_on=epd_due_on(issued, EDITION), disclosures=()
    )
    assert outcome("R143", case) is expected


@pytest.mark.rule("R143", "boundary")
@pytest.mark.parametrize(
    ("made_on", "expected"), [(DUE - timedelta(1), PASS), (DUE, PASS), (DUE + timedelta(1), WARN)]
)
def test_an_update_on_the_due_day_is_in_time_and_a_later_one_stays_marked(
    made_on: date, expected: object
) -> None:
    case = recipients(on=date(2026, 12, 1), disclosures=(an_epd(made_on=made_on),))
    assert outcome("R143", case) is expected


@pytest.mark.rule("R143", "boundary")
@pytest.mark.parametrize(
    ("printed", "expected"),
    [("2.12", PASS), ("2.125", PASS), ("2.1250001", FAIL), ("2.115", PASS), ("2.1149999", FAIL)],
)
def test_an_epd_may_round_the_factor_to_two_decimals(printed: str, expected: object) -> None:
    case = recipients(
        on=date(2026, 12, 1),
        baseline_intensity=Decimal("2.12"),
        disclosures=(an_epd(intensity=Decimal(printed)),),
    )
    assert outcome("R143", case) is expected


@pytest.mark.parametrize(("day", "expected"), [(4, WARN), (5, FAIL)])
def test_the_first_transfer_out_ends_the_time_earlier(day: int, expected: object) -> None:
    case = recipients(on=date(2026, 4, day), first_transfer_on=date(2026, 4, 4), disclosures=())
    assert outcome("R143", case) is expected


def test_a_transfer_after_the_due_day_gives_no_more_time() -> None:
    case = recipients(on=date(2026, 7, 1), first_transfer_on=date(2026, 7, 30), disclosures=())
    assert outcome("R143", case) is FAIL


def test_without_an_epd_there_is_none_to_update() -> None:
    assert outcome("R143", recipients(epd=" ")) is NOT_APPLICABLE
    assert outcome("R144", recipients(epd="")) is NOT_APPLICABLE


@pytest.mark.rule("R144", "pass")
def test_a_cover_page_passes() -> None:
    assert outcome("R144", recipients()) is PASS


@pytest.mark.rule("R144", "fail")
def test_no_cover_page_is_only_advised_against() -> None:
    assert outcome("R144", recipients(disclosures=(an_epd(cover_page=False),))) is WARN
