"""Captured CO2 (3.2): how much, for ever, by what way, and what leaks. R033–R036."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.facts import CapturedFraction, CapturePoint, IssuanceCase
from tests.rulebook.cases import (
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    a_case,
    failing,
    finding,
    outcome,
)

RULES = ("R033", "R034", "R035", "R036")
ON = date(2026, 3, 15)
shares = st.decimals(min_value=0, max_value=1, places=3)


def point(
    share: str | None, emissions: str | None = "1000000", name: str = "stove"
) -> CapturePoint:
    return CapturePoint(
        name=name,
        emissions=None if emissions is None else Decimal(emissions),
        captured_share=None if share is None else Decimal(share),
    )


def part(share: str = "1", destination: str = "geological", **values: Any) -> CapturedFraction:
    """A fraction that counts, with its files."""
    return replace(
        CapturedFraction(
            destination=destination,
            share=Decimal(share),
            lowers_intensity=True,
            monitoring="MRV plan 7",
            liability="transfer agreement 3",
        ),
        **values,
    )


def capturing(**changes: Any) -> IssuanceCase:
    """A site that captures and stores as 3.2 asks, with some facts of its technology changed."""
    technology: dict[str, Any] = {
        "capture_points": (point("0.95"),),
        "captured": (part(),),
        "storage_operational_on": date(2025, 1, 1),
        "leakage_detection": "pressure and mass balance",
        "co2_leaked_share": Decimal("0.001"),
        "labels": ("ccs", "renewable_hydrogen"),
    } | changes
    return a_case(**{f"technology_{name}": value for name, value in technology.items()})


def test_a_site_that_captures_as_asked_may_issue() -> None:
    assert failing(capturing()) == set()
    assert [outcome(rule, capturing()) for rule in RULES] == [PASS] * 4


@pytest.mark.parametrize("rule", RULES)
def test_a_site_that_captures_nothing_is_not_judged(rule: str) -> None:
    assert outcome(rule, a_case()) is NOT_APPLICABLE


@pytest.mark.parametrize("rule", [*RULES, "R037", "R038", "R088"])
def test_a_site_whose_technology_is_not_described_fails(rule: str) -> None:
    found = finding(rule, a_case(technology=None))
    assert (found.outcome, found.field) == (FAIL, "technology")


@pytest.mark.parametrize("rule", [*RULES, "R037", "R038", "R088"])
def test_a_technology_that_changes_inside_the_period_fails(rule: str) -> None:
    found = finding(rule, a_case(technology_changed_on=date(2025, 7, 1)))
    assert found.outcome is FAIL
    assert "two productions" in found.action


# --- R033


@pytest.mark.rule("R033", "pass")
def test_enough_is_captured_at_the_largest_source() -> None:
    points = (point("0.95", "900000"), point("0.10", "100000", "lime kiln"))
    assert outcome("R033", capturing(capture_points=points)) is PASS


@pytest.mark.rule("R033", "fail")
def test_a_small_source_well_captured_does_not_help_a_large_one() -> None:
    points = (point("0.99", "100000"), point("0.50", "900000", "power plant"))
    found = finding("R033", capturing(capture_points=points))
    assert found.outcome is FAIL
    assert "power plant" in found.found


@pytest.mark.rule("R033", "boundary")
@pytest.mark.parametrize(("share", "expected"), [("0.9", PASS), ("0.899999", FAIL), ("1", PASS)])
def test_ninety_percent_is_enough(share: str, expected: object) -> None:
    assert outcome("R033", capturing(capture_points=(point(share),))) is expected


def test_of_two_sources_alike_the_worse_captured_decides() -> None:
    for points in [
        (point("0.95"), point("0.85", name="other")),
        (point("0.85", name="other"), point("0.95")),
    ]:
        assert outcome("R033", capturing(capture_points=points)) is FAIL


@pytest.mark.parametrize("points", [(), (point(None),), (point("0.95", None),)])
def test_points_that_say_too_little_fail(points: tuple[CapturePoint, ...]) -> None:
    found = finding("R033", capturing(capture_points=points))
    assert (found.outcome, found.field) == (FAIL, "capture_points")


def test_captured_co2_that_does_not_lower_the_intensity_is_not_judged_by_r033_and_r034() -> None:
    used = part(destination="use", lowers_intensity=False, monitoring="", liability="")
    case = capturing(capture_points=(point("0.6"),), captured=(used,))
    assert outcome("R033", case) is NOT_APPLICABLE
    assert outcome("R034", case) is NOT_APPLICABLE
    assert outcome("R035", case) is NOT_APPLICABLE


# --- R034


@pytest.mark.rule("R034", "pass")
def test_geological_storage_with_its_files_counts() -> None:
    assert outcome("R034", capturing()) is PASS


@pytest.mark.rule("R034", "fail")
@pytest.mark.parametrize("destination", ["use", "oil_production", "somewhere"])
def test_what_is_used_or_stored_where_oil_is_made_does_not_count(destination: str) -> None:
    assert outcome("R034", capturing(captured=(part(destination=destination),))) is FAIL


@pytest.mark.rule("R034", "boundary")
def test_the_smallest_fraction_that_counts_and_is_used_fails() -> None:
    rest = part("0.999999")
    used = part("0.000001", "use")
    assert outcome("R034", capturing(captured=(rest, used))) is FAIL
    uncounted = replace(used, lowers_intensity=False)
    assert outcome("R034", capturing(captured=(rest, uncounted))) is PASS
    nothing = replace(used, share=Decimal(0))
    assert outcome("R034", capturing(captured=(part(), nothing))) is PASS


@pytest.mark.parametrize("missing", ["monitoring", "liability"])
def test_storage_without_its_files_does_not_count(missing: str) -> None:
    found = finding("R034", capturing(captured=(part(**{missing: "  "}),)))
    assert found.outcome is FAIL
    assert missing in found.found


@pytest.mark.parametrize("total", [("0.6", "0.3"), ("0.6", "0.5")])
def test_fractions_that_are_not_all_of_it_fail(total: tuple[str, str]) -> None:
    assert outcome("R034", capturing(captured=tuple(map(part, total)))) is FAIL


def test_points_without_a_destination_fail() -> None:
    case = capturing(captured=())
    assert [outcome(rule, case) for rule in RULES] == [FAIL] * 4


def test_a_fraction_that_does_not_say_whether_it_counts_fails() -> None:
    assert outcome("R034", capturing(captured=(part(lowers_intensity=None),))) is FAIL


def test_an_edition_may_let_use_count_as_storage() -> None:
    lenient = replace(EDITION, ccu_counts_as_storage=True)
    used = capturing(captured=(part(destination="use"),))
    assert outcome("R034", used, lenient) is PASS
    oil = capturing(captured=(part(destination="oil_production"),))
    assert outcome("R034", oil, lenient) is FAIL


# --- R035


@pytest.mark.rule("R035", "pass")
@pytest.mark.parametrize("name", ["storage_operational_on", "storage_contracted_on"])
def test_storage_operates_or_is_contracted(name: str) -> None:
    days = {"storage_operational_on": None, "storage_contracted_on": None, name: date(2025, 1, 1)}
    assert outcome("R035", capturing(**days)) is PASS


@pytest.mark.rule("R035", "fail")
def test_storage_that_is_neither_fails() -> None:
    assert outcome("R035", capturing(storage_operational_on=None)) is FAIL


@pytest.mark.rule("R035", "boundary")
@pytest.mark.parametrize(("days", "expected"), [(0, PASS), (1, FAIL), (-1, PASS)])
def test_a_contract_of_the_day_of_issuance_is_in_time(days: int, expected: object) -> None:
    signed = ON + timedelta(days=days)
    case = capturing(storage_operational_on=None, storage_contracted_on=signed)
    assert outcome("R035", case) is expected


def test_an_operation_to_come_is_covered_by_a_contract_of_today() -> None:
    case = capturing(storage_operational_on=date(2029, 1, 1), storage_contracted_on=ON)
    assert outcome("R035", case) is PASS


# --- R036


@pytest.mark.rule("R036", "pass")
def test_little_leaks() -> None:
    assert outcome("R036", capturing(co2_leaked_share=Decimal(0))) is PASS


@pytest.mark.rule("R036", "fail")
@pytest.mark.parametrize(
    "changes",
    [
        {"co2_leaked_share": Decimal("0.05")},
        {"co2_leaked_share": None},
        {"co2_leaked_share": Decimal("1.2")},
        {"leakage_detection": " "},
    ],
)
def test_much_leaks_or_nobody_knows(changes: dict[str, Any]) -> None:
    assert outcome("R036", capturing(**changes)) is FAIL


@pytest.mark.rule("R036", "boundary")
@pytest.mark.parametrize(("leaked", "expected"), [("0.005", PASS), ("0.005001", FAIL)])
def test_half_a_percent_may_leak(leaked: str, expected: object) -> None:
    assert outcome("R036", capturing(co2_leaked_share=Decimal(leaked))) is expected


def test_co2_that_is_stored_without_being_counted_is_still_transported() -> None:
    stored = part(lowers_intensity=False)
    assert outcome("R036", capturing(captured=(stored,), co2_leaked_share=Decimal("0.01"))) is FAIL


# --- properties


@given(
    emissions=st.lists(st.integers(1, 10**6), min_size=1, max_size=4), more=shares, data=st.data()
)
def test_more_captured_never_turns_a_pass_into_a_fail(
    emissions: list[int], more: Decimal, data: st.DataObject
) -> None:
    points = tuple(
        CapturePoint(f"p{number}", Decimal(tonnes), data.draw(shares))
        for number, tonnes in enumerate(emissions)
    )
    better = tuple(
        replace(each, captured_share=max(each.captured_share or more, more)) for each in points
    )
    before, after = (outcome("R033", capturing(capture_points=some)) for some in (points, better))
    assert before is not PASS or after is PASS


@given(leaked=shares, less=shares)
def test_less_leakage_never_turns_a_pass_into_a_fail(leaked: Decimal, less: Decimal) -> None:
    low, high = sorted((leaked, less))
    if outcome("R036", capturing(co2_leaked_share=high)) is PASS:
        assert outcome("R036", capturing(co2_leaked_share=low)) is PASS
