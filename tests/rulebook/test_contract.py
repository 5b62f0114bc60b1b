"""What a contract adds: buyers' criteria and the metal's end use. R039, R089."""

from dataclasses import replace

import pytest

from registry.rulebook.facts import BuyerCriterion, IssuanceCase
from tests.rulebook.cases import (
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


def asked(*met: bool | None) -> IssuanceCase:
    criteria = tuple(
        BuyerCriterion("hydrogen", f"criterion {n}", each) for n, each in enumerate(met)
    )
    return a_case(agreement=replace(agreed(None), criteria=criteria))


@pytest.mark.rule("R039", "pass")
def test_criteria_that_are_all_met_pass() -> None:
    assert outcome("R039", asked(True, True)) is PASS


@pytest.mark.rule("R039", "fail")
@pytest.mark.parametrize("answer", [False, None])
def test_a_criterion_that_is_not_met_is_told_and_refuses_nothing(answer: bool | None) -> None:
    assert outcome("R039", asked(answer)) is WARN
    assert failing(asked(answer)) == set()


@pytest.mark.rule("R039", "boundary")
def test_one_criterion_short_of_all_is_not_all() -> None:
    found = finding("R039", asked(True, True, None))
    assert found.outcome is WARN
    assert found.found.startswith("2 of 3")


def test_a_contract_without_criteria_is_not_judged() -> None:
    assert outcome("R039", a_case()) is NOT_APPLICABLE
    assert outcome("R039", asked()) is NOT_APPLICABLE


@pytest.mark.rule("R089", "pass")
def test_an_end_use_in_the_record_is_disclosed() -> None:
    assert outcome("R089", a_case(end_use="rails")) is PASS


@pytest.mark.rule("R089", "boundary")
def test_the_contract_alone_discloses_it() -> None:
    contract = replace(agreed(None), end_use="rails")
    assert outcome("R089", a_case(end_use="", agreement=contract)) is PASS
    assert outcome("R089", a_case(end_use="", agreement=replace(contract, end_use=" "))) is FAIL


@pytest.mark.rule("R089", "fail")
@pytest.mark.parametrize("end_use", ["", "   "])
def test_an_end_use_that_nobody_discloses_fails(end_use: str) -> None:
    assert outcome("R089", a_case(end_use=end_use)) is FAIL
