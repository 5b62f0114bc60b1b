"""Biomass and natural gas (3.2). R037, R038."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.facts import Feedstock, IssuanceCase
from tests.rulebook.cases import (
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    WARN,
    a_case,
    finding,
    outcome,
)


def burning(*kinds: str, origin: str = "Minas Gerais") -> IssuanceCase:
    return a_case(technology_feedstocks=tuple(Feedstock(kind, kind, origin) for kind in kinds))


def gas(leakage: str | None, **changes: Any) -> IssuanceCase:
    share = None if leakage is None else Decimal(leakage)
    return a_case(
        technology_natural_gas_used=True, technology_methane_leakage_share=share, **changes
    )


@pytest.mark.rule("R037", "pass")
def test_residue_and_waste_pass() -> None:
    assert outcome("R037", burning("residue", "waste")) is PASS


@pytest.mark.rule("R037", "fail")
@pytest.mark.parametrize("kind", ["purpose_grown", "high_risk_forestry", "other", "", "RESIDUE"])
def test_no_other_feedstock_passes(kind: str) -> None:
    assert outcome("R037", burning(kind)) is FAIL


@pytest.mark.rule("R037", "boundary")
def test_one_refused_feedstock_among_many_is_one_too_many() -> None:
    assert outcome("R037", burning("residue", "waste", "residue", "purpose_grown")) is FAIL


def test_origin_is_recorded() -> None:
    assert outcome("R037", burning("residue", origin=" ")) is FAIL


def test_a_site_without_biomass_is_not_judged() -> None:
    assert outcome("R037", a_case()) is NOT_APPLICABLE


@pytest.mark.parametrize("name", ["bioenergy_reduction_share", "bioenergy_heat_share"])
def test_bioenergy_without_a_feedstock_fails(name: str) -> None:
    assert outcome("R037", a_case(**{f"technology_{name}": Decimal("0.000001")})) is FAIL
    assert outcome("R037", a_case(**{f"technology_{name}": Decimal(0)})) is NOT_APPLICABLE


@pytest.mark.rule("R038", "pass")
def test_gas_that_hardly_leaks_passes() -> None:
    assert outcome("R038", gas("0.001")) is PASS


@pytest.mark.rule("R038", "fail")
@pytest.mark.parametrize("leakage", [None, "0.01", "1.5"])
def test_gas_that_leaks_or_is_not_known_fails(leakage: str | None) -> None:
    assert outcome("R038", gas(leakage)) is FAIL


@pytest.mark.rule("R038", "boundary")
@pytest.mark.parametrize(("leakage", "expected"), [("0.002", PASS), ("0.002001", FAIL)])
def test_two_thousandths_may_leak(leakage: str, expected: object) -> None:
    assert outcome("R038", gas(leakage)) is expected


def test_a_site_that_runs_on_electricity_alone_is_not_judged() -> None:
    case = a_case(technology_natural_gas_used=False, technology_methane_leakage_share=Decimal(1))
    assert outcome("R038", case) is NOT_APPLICABLE


def test_a_site_that_does_not_say_whether_it_uses_gas_fails() -> None:
    found = finding("R038", a_case(technology_natural_gas_used=None))
    assert (found.outcome, found.field) == (FAIL, "natural_gas_used")


@pytest.mark.parametrize("leakage", [None, "0.01"])
def test_an_edition_that_reads_should_only_warns(leakage: str | None) -> None:
    lenient = replace(EDITION, methane_limit_modality="should")
    assert outcome("R038", gas(leakage), lenient) is WARN
    assert outcome("R038", gas("0.002"), lenient) is PASS


@given(
    leakage=st.decimals(min_value=0, max_value=Decimal("0.01"), places=5),
    less=st.decimals(min_value=0, max_value=1, places=3),
)
def test_less_leakage_never_hurts(leakage: Decimal, less: Decimal) -> None:
    before = outcome("R038", gas(str(leakage)))
    after = outcome("R038", gas(f"{leakage * less:f}"))
    assert before is not PASS or after is PASS
