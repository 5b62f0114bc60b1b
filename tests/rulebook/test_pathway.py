"""R069–R071: the pathway to certification by production history (Exhibit 9)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.facts import CertificateFacts, PathwayFacts
from registry.rulebook.pathway import Band, band_of
from tests.rulebook.cases import (
    CERTIFIED,
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    WARN,
    a_case,
    an_iron_case,
    finding,
    outcome,
)

# The cases' period ends on 2025-12-31.
THREE_YEARS, ONE_YEAR = date(2023, 1, 1), date(2025, 1, 1)


def pathway(since: date | None, **changes: Any) -> PathwayFacts:
    """A site on its way, without a certificate."""
    start = PathwayFacts(
        first_data_on=since,
        self_assessed_on=date(2026, 1, 15),
        principle_10="Report of 2025",
        progress="Stage 1 audit booked",
        checkpoints={1: date(2025, 6, 1), 2: date(2025, 7, 1)},
    )
    return replace(start, **changes)


def certificate(kind: str = "rs_core_site", until: str = "2030-12-31") -> CertificateFacts:
    return CertificateFacts(kind, "C-1", date(2024, 1, 1), date.fromisoformat(until))


@pytest.mark.parametrize(
    ("since", "band"),
    [
        (date(2025, 1, 2), Band.SHORT),
        (ONE_YEAR, Band.MIDDLE),
        (THREE_YEARS, Band.MIDDLE),
        (date(2022, 12, 31), Band.LONG),
    ],
)
def test_the_edges_belong_to_the_middle_band(since: date, band: Band) -> None:
    assert band_of(since, date(2025, 12, 31), EDITION) is band


def test_a_leap_day_begins_a_year_that_ends_on_the_last_of_february() -> None:
    assert band_of(date(2024, 2, 29), date(2025, 2, 27), EDITION) is Band.MIDDLE
    assert band_of(date(2024, 2, 29), date(2025, 2, 26), EDITION) is Band.SHORT


@given(
    since=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    days=st.integers(0, 3000),
    more=st.integers(0, 3000),
)
def test_more_data_never_leads_to_an_earlier_band(since: date, days: int, more: int) -> None:
    bands = list(Band)
    end = since + timedelta(days=days)
    later = band_of(since, end + timedelta(days=more), EDITION)
    assert bands.index(band_of(since, end, EDITION)) <= bands.index(later)


@pytest.mark.rule("R069", "pass")
@pytest.mark.parametrize("kind", ["rs_core_site", "interoperable"])
def test_a_certified_steel_site_passes(kind: str) -> None:
    certified = pathway(date(2016, 1, 1), certificates=(certificate(kind),))
    assert outcome("R069", a_case(pathway=certified)) is PASS


@pytest.mark.rule("R069", "fail")
@pytest.mark.parametrize(
    "given_pathway",
    [
        pathway(date(2016, 1, 1)),
        pathway(date(2016, 1, 1), certificates=(certificate("other"),)),
        pathway(date(2016, 1, 1), certificates=(certificate(until="2026-03-14"),)),
    ],
)
def test_a_long_history_of_steel_without_certification_is_refused(
    given_pathway: PathwayFacts,
) -> None:
    found = finding("R069", a_case(pathway=given_pathway))
    assert found.outcome is FAIL
    assert found.field == "certificates"


@pytest.mark.rule("R069", "boundary")
@pytest.mark.parametrize(
    ("since", "expected"), [(THREE_YEARS, NOT_APPLICABLE), (date(2022, 12, 31), FAIL)]
)
def test_three_years_to_the_day_need_no_certification_yet(since: date, expected: object) -> None:
    assert outcome("R069", a_case(pathway=pathway(since))) is expected


@pytest.mark.rule("R069", "boundary")
@pytest.mark.parametrize(("until", "expected"), [("2026-03-14", FAIL), ("2026-03-15", PASS)])
def test_a_certificate_counts_on_its_last_day(until: str, expected: object) -> None:
    certified = pathway(date(2016, 1, 1), certificates=(certificate(until=until),))
    assert outcome("R069", a_case(pathway=certified)) is expected


def test_iron_has_no_standard_to_be_certified_under() -> None:
    assert outcome("R069", an_iron_case(pathway=pathway(date(2016, 1, 1)))) is NOT_APPLICABLE


@pytest.mark.rule("R070", "pass")
def test_the_middle_band_follows_principle_10() -> None:
    assert outcome("R070", a_case(pathway=pathway(THREE_YEARS))) is PASS
    held = pathway(THREE_YEARS, principle_10="", certificates=(certificate("other"),))
    assert outcome("R070", a_case(pathway=held)) is PASS
    assert outcome("R070", an_iron_case(pathway=pathway(date(2010, 1, 1)))) is PASS


@pytest.mark.rule("R070", "fail")
@pytest.mark.parametrize("since", [THREE_YEARS, ONE_YEAR])
def test_the_middle_band_without_excerpts_or_certificate_is_refused(since: date) -> None:
    found = finding("R070", a_case(pathway=pathway(since, principle_10=" ")))
    assert found.outcome is FAIL
    assert found.field == "principle_10"
    old = pathway(since, principle_10="", certificates=(certificate("other", "2026-03-14"),))
    assert outcome("R070", a_case(pathway=old)) is FAIL


@pytest.mark.rule("R070", "fail")
def test_old_iron_without_excerpts_or_certificate_is_refused() -> None:
    old = pathway(date(2010, 1, 1), principle_10="")
    assert outcome("R070", an_iron_case(pathway=old)) is FAIL


@pytest.mark.rule("R070", "boundary")
@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (date(2025, 1, 2), NOT_APPLICABLE),
        (ONE_YEAR, FAIL),
        (THREE_YEARS, FAIL),
        (date(2022, 12, 31), NOT_APPLICABLE),
    ],
)
def test_the_middle_band_of_steel_has_two_edges(since: date, expected: object) -> None:
    assert outcome("R070", a_case(pathway=pathway(since, principle_10=""))) is expected


@pytest.mark.parametrize(
    ("since", "checkpoints", "expected"),
    [
        (date(2025, 1, 2), {}, NOT_APPLICABLE),
        (ONE_YEAR, {}, WARN),
        (ONE_YEAR, {1: date(2026, 1, 5)}, PASS),
        (date(2024, 1, 1), {1: date(2025, 1, 5)}, WARN),
        (date(2024, 1, 2), {1: date(2025, 1, 5)}, PASS),
    ],
)
def test_a_checkpoint_follows_each_of_the_first_two_years(
    since: date, checkpoints: dict[int, date], expected: object
) -> None:
    assert outcome("R070", a_case(pathway=pathway(since, checkpoints=checkpoints))) is expected


def test_certification_should_be_pursued() -> None:
    assert outcome("R070", a_case(pathway=pathway(ONE_YEAR, progress=" "))) is WARN


@pytest.mark.rule("R071", "pass")
def test_a_short_history_that_assessed_itself_passes() -> None:
    assert outcome("R071", a_case(pathway=pathway(date(2025, 1, 2)))) is PASS


@pytest.mark.rule("R071", "fail")
@pytest.mark.parametrize("assessed", [None, date(2026, 3, 16)])
def test_a_short_history_without_self_assessment_is_refused(assessed: date | None) -> None:
    short = pathway(date(2025, 1, 2), self_assessed_on=assessed)
    found = finding("R071", a_case(pathway=short))
    assert found.outcome is FAIL
    assert found.field == "self_assessed_on"


def test_a_short_history_without_progress_warns() -> None:
    assert outcome("R071", a_case(pathway=pathway(date(2025, 1, 2), progress=""))) is WARN


def test_a_longer_history_needs_no_self_assessment() -> None:
    case = a_case(pathway=pathway(ONE_YEAR, self_assessed_on=None))
    assert outcome("R071", case) is NOT_APPLICABLE


@pytest.mark.parametrize("rule", ["R069", "R070", "R071"])
@pytest.mark.parametrize("since", [None, date(2026, 1, 1), "2020-01-01"])
def test_data_that_begin_nowhere_or_after_the_period_never_pass(rule: str, since: Any) -> None:
    found = finding(rule, a_case(pathway=replace(CERTIFIED, first_data_on=since)))
    assert found.outcome is FAIL
    assert found.field == "first_data_on"
    assert outcome(rule, a_case(pathway=None)) is FAIL
