"""Blast furnaces (3.2): no issuance after the last year, none from new ones. R030–R032."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rulebook.cases import (
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    a_case,
    an_iron_case,
    finding,
    outcome,
)

SWEDEN = {"site_country": "SE", "site_route": "bf_bof"}
BRAZIL = {"site_country": "BR", "site_route": "bf_bof"}


@pytest.mark.rule("R030", "pass")
def test_a_blast_furnace_in_an_advanced_economy_issues_today() -> None:
    assert outcome("R030", a_case(**SWEDEN)) is PASS


@pytest.mark.rule("R030", "boundary")
def test_the_last_day_of_2035_is_the_last_day_in_an_advanced_economy() -> None:
    assert outcome("R030", a_case(**SWEDEN, on=date(2035, 12, 31))) is PASS
    assert outcome("R030", a_case(**SWEDEN, on=date(2036, 1, 1))) is FAIL


@pytest.mark.rule("R030", "fail")
def test_a_stand_alone_blast_furnace_ends_likewise() -> None:
    late = an_iron_case(site_country="SE", on=date(2036, 1, 1))
    assert outcome("R030", late) is FAIL
    assert "2035" in finding("R030", late).allowed


def test_issuance_decides_and_not_the_day_of_production() -> None:
    made_in_time = a_case(
        **SWEDEN,
        period_start=date(2035, 1, 1),
        period_end=date(2035, 12, 31),
        on=date(2036, 2, 1),
    )
    assert outcome("R030", made_in_time) is FAIL


@pytest.mark.parametrize("country", ["BR", "CN", "IN", "PL", "HU", "CL", "MX", "TR"])
def test_a_country_outside_the_list_has_only_the_later_end(country: str) -> None:
    later = a_case(site_country=country, site_route="bf_bof", on=date(2036, 1, 1))
    assert outcome("R030", later) is NOT_APPLICABLE
    assert outcome("R031", later) is PASS


@pytest.mark.parametrize("country", ["US", "DE", "JP", "KR", "TW", "GB", "CZ", "SK"])
def test_the_list_is_the_fund_s(country: str) -> None:
    assert country in EDITION.advanced_economies
    assert len(EDITION.advanced_economies) == 41


@pytest.mark.parametrize("route", ["dri", "dri_eaf", "scrap_eaf", "electrolysis", "other"])
@pytest.mark.parametrize("rule", ["R030", "R031", "R032"])
def test_other_routes_are_not_judged(rule: str, route: str) -> None:
    late = a_case(site_route=route, on=date(2050, 1, 1), site_started_on=date(2045, 1, 1))
    assert outcome(rule, late) is NOT_APPLICABLE


@pytest.mark.rule("R031", "pass")
def test_a_blast_furnace_issues_anywhere_today() -> None:
    assert outcome("R031", a_case(**BRAZIL)) is PASS


@pytest.mark.rule("R031", "boundary")
def test_the_last_day_of_2040_is_the_last_day_anywhere() -> None:
    assert outcome("R031", a_case(**BRAZIL, on=date(2040, 12, 31))) is PASS
    assert outcome("R031", a_case(**BRAZIL, on=date(2041, 1, 1))) is FAIL


@pytest.mark.rule("R031", "fail")
def test_an_advanced_economy_is_no_exception_to_the_end_of_all() -> None:
    assert outcome("R031", a_case(**SWEDEN, on=date(2041, 1, 1))) is FAIL


@pytest.mark.rule("R032", "pass")
def test_an_old_blast_furnace_is_no_new_one() -> None:
    assert outcome("R032", a_case(**BRAZIL, site_started_on=date(1971, 5, 1))) is PASS


@pytest.mark.rule("R032", "boundary")
def test_a_start_on_the_first_day_of_2030_is_too_late_and_the_day_before_is_not() -> None:
    assert outcome("R032", a_case(**BRAZIL, site_started_on=date(2029, 12, 31))) is PASS
    assert outcome("R032", a_case(**BRAZIL, site_started_on=date(2030, 1, 1))) is FAIL


@pytest.mark.rule("R032", "fail")
def test_carbon_capture_does_not_save_a_new_blast_furnace() -> None:
    new = an_iron_case(site_started_on=date(2031, 1, 1), technology_labels=("ccs",))
    assert outcome("R032", new) is FAIL


def test_a_start_that_is_not_given_fails_a_blast_furnace() -> None:
    missing = finding("R032", a_case(**BRAZIL, site_started_on=None))
    assert missing.outcome is FAIL
    assert missing.field == "started_on"


@given(
    on=st.dates(min_value=date(2026, 1, 1), max_value=date(2060, 1, 1)),
    later=st.integers(0, 5_000),
    country=st.sampled_from(["SE", "BR"]),
)
def test_waiting_never_makes_a_blast_furnace_eligible(on: date, later: int, country: str) -> None:
    case = a_case(site_country=country, site_route="bf_bof", on=on)
    after = replace(case, on=on + timedelta(days=later))
    for rule in ("R030", "R031"):
        assert outcome(rule, case) is not FAIL or outcome(rule, after) is FAIL
