"""R080–R087: issuance (6)."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from registry.rulebook.facts import Stage
from registry.rulebook.issuance import due_date
from registry.rulebook.names import name_of
from tests.rulebook.cases import (
    EDITION,
    FAIL,
    PASS,
    WARN,
    a_case,
    agreed,
    an_iron_case,
    counted,
    finding,
    outcome,
)

RECORD = dict(a_case().record or {})
YEAR = ("2025-01-01", "2025-12-31")


@pytest.mark.rule("R080", "pass")
def test_units_follow_a_proven_delivery() -> None:
    assert outcome("R080", a_case()) is PASS


@pytest.mark.rule("R080", "fail")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"delivered_on": None}, "delivered_on"),
        ({"delivered_on": date(2026, 3, 16)}, "delivered_on"),
        ({"delivered_on": date(2024, 12, 31)}, "delivered_on"),
        ({"delivered_on": datetime(2026, 1, 20, 12)}, "delivered_on"),  # noqa: DTZ001
        ({"delivery_proofs": 0}, "delivery_proofs"),
        ({"delivery_proofs": 1.0}, "delivery_proofs"),
        ({"period_start": None}, "period_start"),
    ],
)
def test_units_without_a_proven_delivery_are_refused(changes: dict[str, Any], field: str) -> None:
    found = finding("R080", a_case(**changes))
    assert found.outcome is FAIL
    assert found.field == field


@pytest.mark.rule("R080", "boundary")
@pytest.mark.parametrize(("day", "expected"), [(14, PASS), (15, PASS), (16, FAIL)])
def test_units_may_be_issued_on_the_day_of_delivery(day: int, expected: object) -> None:
    assert outcome("R080", a_case(delivered_on=date(2026, 3, day))) is expected


@pytest.mark.rule("R080", "boundary")
def test_one_proof_is_enough() -> None:
    assert outcome("R080", a_case(delivery_proofs=1)) is PASS


@pytest.mark.rule("R081", "pass")
def test_production_of_the_past_passes() -> None:
    assert outcome("R081", a_case()) is PASS


@pytest.mark.rule("R081", "fail")
def test_future_production_is_refused() -> None:
    case = a_case(period_start=date(2027, 1, 1), period_end=date(2027, 12, 31))
    assert outcome("R081", case) is FAIL


@pytest.mark.rule("R081", "fail")
def test_a_reversed_period_is_refused() -> None:
    reversed_ = a_case(period_start=date(2025, 12, 31), period_end=date(2025, 1, 1))
    for rule in ("R080", "R081", "R084", "R085"):
        found = finding(rule, reversed_)
        assert found.outcome is FAIL
        assert found.field == "period_end"


@pytest.mark.rule("R081", "boundary")
@pytest.mark.parametrize(("day", "expected"), [(14, PASS), (15, FAIL), (16, FAIL)])
def test_a_period_that_ends_today_is_not_over(day: int, expected: object) -> None:
    assert outcome("R081", a_case(period_end=date(2026, 3, day))) is expected


def test_a_period_of_one_day_is_a_period() -> None:
    case = a_case(period_start=date(2025, 6, 1), period_end=date(2025, 6, 1))
    assert outcome("R081", case) is PASS


@pytest.mark.parametrize(
    ("end", "due"),
    [
        (date(2025, 12, 31), date(2027, 12, 31)),
        (date(2025, 3, 15), date(2027, 3, 15)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2022, 2, 28), date(2024, 2, 28)),
    ],
)
def test_the_due_date_is_the_same_day_or_the_months_last(end: date, due: date) -> None:
    assert due_date(end, EDITION.verification_due_months) == due


def test_the_due_date_of_a_long_month_falls_on_the_last_of_a_short_one() -> None:
    assert due_date(date(2025, 8, 31), 1) == date(2025, 9, 30)


@pytest.mark.rule("R084", "pass")
def test_units_created_soon_are_in_time() -> None:
    assert outcome("R084", a_case()) is PASS


@pytest.mark.rule("R084", "fail")
@pytest.mark.parametrize("reason", ["", "   "])
def test_late_units_without_a_reason_are_refused(reason: str) -> None:
    found = finding("R084", a_case(on=date(2028, 1, 1), late_reason=reason))
    assert found.outcome is FAIL
    assert found.field == "late_reason"


@pytest.mark.rule("R084", "boundary")
@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2027, 12, 30), PASS), (date(2027, 12, 31), PASS), (date(2028, 1, 1), FAIL)],
)
def test_the_due_date_is_still_in_time(on: date, expected: object) -> None:
    assert outcome("R084", a_case(on=on)) is expected


def test_late_units_with_a_reason_warn_and_publish_it() -> None:
    found = finding("R084", a_case(on=date(2028, 1, 1), late_reason="audit delayed by flood"))
    assert found.outcome is WARN
    assert "flood" in found.found


@pytest.mark.rule("R085", "pass")
def test_fewer_units_than_delivered_tonnes_pass() -> None:
    assert outcome("R085", a_case()) is PASS


@pytest.mark.rule("R085", "fail")
def test_more_units_than_delivered_tonnes_are_refused() -> None:
    found = finding("R085", a_case(tonnes=10_500))
    assert found.outcome is FAIL
    assert found.field == "tonnes"
    assert found.numbers["room"] == "10000"
    assert "10000" in found.action


@pytest.mark.rule("R085", "boundary")
@pytest.mark.parametrize(("tonnes", "expected"), [(9_999, PASS), (10_000, PASS), (10_001, FAIL)])
def test_every_delivered_tonne_may_carry_one_unit(tonnes: int, expected: object) -> None:
    assert outcome("R085", a_case(tonnes=tonnes)) is expected


@pytest.mark.rule("R085", "boundary")
@pytest.mark.parametrize(("tonnes", "expected"), [(400, PASS), (401, FAIL)])
def test_the_same_period_is_counted_once(tonnes: int, expected: object) -> None:
    before = (counted(*YEAR, units=9_600, delivered=10_000),)
    assert outcome("R085", a_case(tonnes=tonnes, issued_before=before)) is expected


def test_another_period_does_not_count() -> None:
    before = (counted("2024-01-01", "2024-12-31", units=10_000, delivered=10_000),)
    assert outcome("R085", a_case(tonnes=10_000, issued_before=before)) is PASS


def test_at_issuance_the_verified_tonnes_decide() -> None:
    assert outcome("R085", a_case(verified_delivered_tonnes=7_999)) is FAIL
    assert outcome("R085", a_case(verified_delivered_tonnes=8_000)) is PASS
    assert outcome("R085", a_case(verified_delivered_tonnes=20_000, tonnes=10_001)) is FAIL


def test_at_issuance_unverified_tonnes_are_refused() -> None:
    assert outcome("R085", a_case(verification=None)) is FAIL
    assert "not verified" in finding("R085", a_case(verified_delivered_tonnes=None)).found


def test_an_application_is_judged_by_the_declared_tonnes() -> None:
    application = a_case(stage=Stage.APPLICATION, verification=None)
    assert outcome("R085", application) is PASS
    assert (
        outcome("R085", replace(application, production=a_case(tonnes=10_001).production)) is FAIL
    )


@pytest.mark.parametrize("delivered", [None, 9_000.0, Decimal(9_000), -1, True])
def test_delivered_tonnes_no_rule_can_count_never_pass(delivered: object) -> None:
    assert outcome("R085", a_case(delivered_tonnes=delivered)) is FAIL


@pytest.mark.rule("R085", "boundary")
@pytest.mark.parametrize(("tonnes", "expected"), [(5_000, PASS), (5_001, FAIL)])
def test_an_agreement_caps_the_units_at_its_share(tonnes: int, expected: object) -> None:
    """6.1: "shall not exceed 50% of verified delivered production"."""
    assert outcome("R085", a_case(tonnes=tonnes, agreement=agreed("0.50"))) is expected


def test_the_share_is_rounded_down_to_whole_units() -> None:
    case = a_case(delivered_tonnes=101, tonnes=50, agreement=agreed("0.5"))
    assert outcome("R085", case) is PASS
    assert outcome("R085", a_case(delivered_tonnes=101, tonnes=51, agreement=agreed("0.5"))) is FAIL


def test_registering_a_period_twice_under_an_agreement_does_not_double_its_share() -> None:
    before = (counted(*YEAR, units=5_000, delivered=10_000, agreement="LTA-1"),)
    case = a_case(tonnes=1, agreement=agreed("0.50"), issued_before=before)
    assert outcome("R085", case) is FAIL


def test_units_under_another_agreement_do_not_use_up_this_share() -> None:
    before = (counted(*YEAR, units=5_000, delivered=10_000, agreement="LTA-2"),)
    case = a_case(tonnes=5_000, agreement=agreed("0.50"), issued_before=before)
    assert outcome("R085", case) is PASS
    assert outcome("R085", replace(case, agreement=agreed(None))) is PASS


def test_each_quarter_has_its_own_ceiling() -> None:
    """6.1: "For each quarter, BCU issuance shall not exceed 50%", so nothing carries over."""
    before = (counted("2024-10-01", "2024-12-31", units=0, delivered=10_000, agreement="LTA-1"),)
    case = a_case(tonnes=5_001, agreement=agreed("0.50"), issued_before=before)
    assert outcome("R085", case) is FAIL


@pytest.mark.parametrize("share", ["1.01", "-0.5", "NaN"])
def test_a_share_that_is_none_is_refused(share: str) -> None:
    found = finding("R085", a_case(agreement=agreed(share)))
    assert found.outcome is FAIL
    assert found.field == "offtake_share"


@pytest.mark.rule("R087", "pass")
def test_a_complete_record_passes() -> None:
    assert outcome("R087", a_case()) is PASS
    assert outcome("R087", an_iron_case()) is PASS


@pytest.mark.rule("R087", "fail")
@pytest.mark.parametrize("missing", EDITION.issuance_record_fields)
def test_a_record_lacking_one_field_is_refused_and_names_it(missing: str) -> None:
    for lacking in ({**RECORD, missing: ""}, {**RECORD, missing: " "}, _without(missing)):
        found = finding("R087", a_case(record=lacking))
        assert found.outcome is FAIL
        assert found.field == missing


@pytest.mark.rule("R087", "boundary")
def test_fifteen_fields_are_enough_and_fourteen_are_not() -> None:
    assert len(RECORD) == len(EDITION.issuance_record_fields) == 15
    assert finding("R087", a_case(record=_without("vintage"))).numbers["given"] == "14"
    assert finding("R087", a_case()).numbers["given"] == "15"


def test_every_missing_field_is_named_at_once() -> None:
    found = finding("R087", a_case(record=None))
    assert all(name_of(name) in found.found for name in EDITION.issuance_record_fields)


def test_an_application_lacks_only_the_issue_date() -> None:
    record = _without("issue_date")
    assert outcome("R087", a_case(stage=Stage.APPLICATION, record=record)) is PASS
    assert outcome("R087", a_case(record=record)) is FAIL


def test_an_epd_needs_its_verifier() -> None:
    with_epd = {**RECORD, "epd": "EPD-1"}
    assert finding("R087", a_case(record=with_epd)).field == "epd_verifier"
    assert outcome("R087", a_case(record={**with_epd, "epd_verifier": "Auditor"})) is PASS


def test_a_scrap_adjusted_intensity_is_recorded() -> None:
    adjusted = {"adjusted_intensity": Decimal("0.5")}
    assert finding("R087", a_case(**adjusted)).field == "adjusted_intensity"
    assert (
        outcome("R087", a_case(**adjusted, record={**RECORD, "adjusted_intensity": "0.5"})) is PASS
    )


@pytest.mark.parametrize("field", ["scrap_share", "baseline_scrap"])
def test_scrap_fields_read_not_applicable_for_iron_and_only_for_iron(field: str) -> None:
    iron = dict(an_iron_case().record or {})
    assert finding("R087", an_iron_case(record={**iron, field: "0.1"})).field == field
    assert finding("R087", a_case(record={**RECORD, field: "not applicable"})).field == field


def _without(name: str) -> dict[str, str]:
    return {key: value for key, value in RECORD.items() if key != name}
