"""Additionality (3.3): declared, disclosed, determined once. R040–R042."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from registry.rulebook.facts import Obligation, Stage
from tests.rulebook.cases import (
    FAIL,
    PASS,
    WARN,
    a_case,
    agreed,
    finding,
    outcome,
)

ETS = Obligation(
    kind="emissions_trading",
    name="EU ETS",
    surplus="exceeds",
    explanation="60 % below the benchmark",
    evidence="compliance report, page 4",
)
TAX = replace(ETS, kind="carbon_tax", name="national carbon tax", surplus="cost_premium")


def obliged(*obligations: Obligation, **changes: Any) -> Any:
    return a_case(additionality_obligations=obligations, **changes)


@pytest.mark.rule("R040", "pass")
def test_every_obligation_with_its_surplus_and_evidence_passes() -> None:
    assert outcome("R040", obliged(ETS, TAX)) is PASS


@pytest.mark.rule("R040", "fail")
def test_nothing_declared_fails() -> None:
    assert outcome("R040", a_case(additionality_declared=False)) is FAIL
    assert outcome("R040", a_case(additionality=None)) is FAIL


@pytest.mark.rule("R040", "boundary")
def test_no_obligation_needs_the_reason_why_none_applies() -> None:
    assert outcome("R040", obliged()) is FAIL
    assert outcome("R040", obliged(additionality_none_apply=" ")) is FAIL
    assert outcome("R040", obliged(additionality_none_apply="no carbon law here")) is PASS
    assert outcome("R040", obliged(ETS, additionality_none_apply="no carbon law here")) is FAIL


@pytest.mark.parametrize(("files", "expected"), [(0, WARN), (1, PASS), (None, PASS)])
def test_evidence_that_is_named_and_not_attached_is_warned_of(files: Any, expected: Any) -> None:
    assert outcome("R040", obliged(ETS, additionality_files=files)) is expected
    reason = {"additionality_none_apply": "no carbon law here"}
    assert outcome("R040", obliged(additionality_files=files, **reason)) is PASS


@pytest.mark.parametrize(
    "change",
    [
        {"kind": ""},
        {"kind": "other law"},
        {"name": " "},
        {"surplus": ""},
        {"surplus": "meets"},
        {"explanation": ""},
        {"evidence": " "},
    ],
)
def test_one_obligation_that_says_too_little_fails(change: dict[str, str]) -> None:
    found = finding("R040", obliged(TAX, replace(ETS, **change)))
    assert (found.outcome, found.field) == (FAIL, "obligations")


@pytest.mark.rule("R041", "pass")
def test_both_attested_pass() -> None:
    assert outcome("R041", a_case()) is PASS


@pytest.mark.rule("R041", "fail")
@pytest.mark.parametrize("missing", ["financial", "common_practice"])
def test_what_is_not_attested_is_a_warning_only(missing: str) -> None:
    found = finding("R041", a_case(**{f"additionality_{missing}": ""}))
    assert (found.outcome, found.field) == (WARN, missing)
    assert outcome("R041", a_case(additionality=None)) is WARN


@pytest.mark.rule("R042", "pass")
def test_additionality_of_the_day_of_signing_holds_for_every_delivery() -> None:
    signed = agreed(None)
    assert outcome("R042", a_case(agreement=signed)) is PASS
    assert outcome("R042", a_case(agreement=signed, on=date(2030, 1, 1))) is PASS


@pytest.mark.rule("R042", "fail")
def test_a_date_that_is_not_given_fails() -> None:
    assert outcome("R042", a_case(additionality_determined_on=None)) is FAIL
    assert outcome("R042", a_case(additionality=None)) is FAIL


@pytest.mark.rule("R042", "boundary")
@pytest.mark.parametrize(("days", "expected"), [(0, PASS), (1, FAIL), (-1, FAIL)])
def test_the_day_of_signing_and_no_other(days: int, expected: object) -> None:
    signed = agreed("0.5")
    day = signed.executed_on + timedelta(days=days)
    assert outcome("R042", a_case(agreement=signed, additionality_determined_on=day)) is expected


def test_without_a_contract_the_application_s_date_decides() -> None:
    applied = date(2026, 2, 20)
    assert outcome("R042", a_case(applied_on=applied)) is PASS
    assert outcome("R042", a_case(additionality_determined_on=date(2026, 2, 21))) is FAIL
    draft = a_case(stage=Stage.APPLICATION, applied_on=None, on=date(2026, 2, 20))
    assert outcome("R042", draft) is PASS
    assert outcome("R042", a_case(applied_on=None)) is FAIL
