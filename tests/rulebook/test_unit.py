"""R001–R005: unit and scope (2.2, 3)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.rulebook.cases import (
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    a_case,
    an_iron_case,
    failing,
    finding,
    outcome,
)


def test_the_steel_case_passes_every_rule() -> None:
    assert failing(a_case()) == set()


def test_the_iron_case_passes_every_rule() -> None:
    assert failing(an_iron_case()) == set()


@pytest.mark.rule("R001", "pass")
def test_whole_tonnes_make_units() -> None:
    assert outcome("R001", a_case(tonnes=8_000)) is PASS


@pytest.mark.rule("R001", "fail")
@pytest.mark.parametrize("tonnes", [None, 1.0, Decimal("8000"), Decimal("0.5"), True, "8000", -1])
def test_anything_but_whole_tonnes_is_refused(tonnes: object) -> None:
    found = finding("R001", a_case(tonnes=tonnes))
    assert found.outcome is FAIL
    assert found.field == "tonnes"


@pytest.mark.rule("R001", "boundary")
@pytest.mark.parametrize(("tonnes", "expected"), [(0, FAIL), (1, PASS), (2, PASS)])
def test_one_tonne_is_the_least(tonnes: int, expected: object) -> None:
    assert outcome("R001", a_case(tonnes=tonnes)) is expected


@pytest.mark.rule("R002", "pass")
def test_crude_steel_is_a_functional_unit() -> None:
    assert outcome("R002", a_case()) is PASS


@pytest.mark.rule("R002", "fail")
def test_hot_rolled_coil_is_refused_as_a_future_unit() -> None:
    found = finding("R002", a_case(functional_unit="hot_rolled_coil"))
    assert found.outcome is FAIL
    assert "App. B" in found.action


@pytest.mark.rule("R002", "boundary")
@pytest.mark.parametrize(
    ("unit", "expected"),
    [("iron", PASS), ("crude_steel", PASS), ("steel", FAIL), ("Iron", FAIL), ("", FAIL)],
)
def test_only_the_two_units_by_their_exact_names_pass(unit: str, expected: object) -> None:
    assert outcome("R002", an_iron_case(functional_unit=unit)) is expected


def test_a_missing_unit_fails_every_rule_that_needs_it() -> None:
    found = failing(a_case(functional_unit=None))
    assert {"R002", "R003", "R004", "R020", "R021", "R022", "R023", "R024"} <= found


@pytest.mark.rule("R003", "pass")
@pytest.mark.parametrize("product", ["bloom", "billet", "slab"])
def test_a_semi_finished_steel_product_passes(product: str) -> None:
    assert outcome("R003", a_case(product=product)) is PASS


@pytest.mark.rule("R003", "pass")
@pytest.mark.parametrize("product", ["pig_iron", "dri", "hbi", "cast_iron", "electrolytic_iron"])
def test_an_iron_product_passes(product: str) -> None:
    assert outcome("R003", an_iron_case(product=product)) is PASS


@pytest.mark.rule("R003", "fail")
def test_a_hot_rolled_product_is_refused() -> None:
    found = finding("R003", a_case(product="rebar"))
    assert found.outcome is FAIL
    assert "slab" in found.allowed
    assert found.field == "product"


@pytest.mark.rule("R003", "boundary")
def test_a_product_of_the_other_unit_is_refused() -> None:
    assert outcome("R003", a_case(product="pig_iron")) is FAIL
    assert outcome("R003", an_iron_case(product="slab")) is FAIL


def test_a_missing_product_is_refused() -> None:
    assert "not given" in finding("R003", a_case(product=None)).found


@pytest.mark.rule("R004", "pass")
def test_pure_iron_passes() -> None:
    assert outcome("R004", an_iron_case(fe_metallic_share=Decimal("0.94"))) is PASS


@pytest.mark.rule("R004", "fail")
@pytest.mark.parametrize("share", ["0.830", "0.884"])
def test_typical_hbi_is_refused_and_told_that_total_fe_may_be_meant(share: str) -> None:
    found = finding(
        "R004", an_iron_case(fe_metallic_share=Decimal(share), fe_total_share=Decimal("0.94"))
    )
    assert found.outcome is FAIL
    assert "total Fe" in found.action
    assert found.field == "fe_metallic_share"


@pytest.mark.rule("R004", "boundary")
@pytest.mark.parametrize(
    ("share", "expected"), [("0.8999999", FAIL), ("0.90", PASS), ("0.9000001", PASS)]
)
def test_ninety_per_cent_metallic_is_enough(share: str, expected: object) -> None:
    assert outcome("R004", an_iron_case(fe_metallic_share=Decimal(share))) is expected


def test_an_edition_may_read_total_fe() -> None:
    total = replace(EDITION, iron_fe_basis="total")
    hbi = an_iron_case(fe_metallic_share=Decimal("0.86"), fe_total_share=Decimal("0.92"))
    assert outcome("R004", hbi, total) is PASS
    assert outcome("R004", hbi) is FAIL


def test_steel_has_no_iron_content_to_test() -> None:
    assert outcome("R004", a_case(fe_metallic_share=None)) is NOT_APPLICABLE


@pytest.mark.parametrize("share", [None, Decimal("1.01"), Decimal("94"), 0.94])
def test_an_fe_share_that_is_no_share_is_refused(share: object) -> None:
    assert outcome("R004", an_iron_case(fe_metallic_share=share)) is FAIL


@pytest.mark.rule("R005", "pass")
def test_figures_of_the_site_pass() -> None:
    assert outcome("R005", a_case(measured_site="LULEA")) is PASS


@pytest.mark.rule("R005", "fail")
def test_company_figures_are_refused() -> None:
    found = finding("R005", a_case(measured_site=""))
    assert found.outcome is FAIL
    assert found.field == "measured_site"


@pytest.mark.rule("R005", "boundary")
@pytest.mark.parametrize("measured", ["LULEA2", "lulea", " "])
def test_figures_of_nearly_the_same_site_are_refused(measured: str) -> None:
    assert outcome("R005", a_case(measured_site=measured)) is FAIL


def test_a_site_without_a_code_is_refused() -> None:
    assert outcome("R005", a_case(measured_site="", site_code="")) is FAIL
