"""What a claim may be applied to, and what it may be for (9.1): R110–R112, R115."""

import pytest

from claims.accounting.facts import PurposeCase, UnitLot
from claims.accounting.rules import judge_claim
from claims.accounting.wording import DISCLOSURE, missing_disclosures, offences
from tests.accounting.facts import EDITION, case, finding, line, lot, match, outcome


def iron_lot(quantity: int = 10) -> UnitLot:
    return lot(quantity, functional_unit="iron", baseline="1.9")


def purpose_outcome(purpose: PurposeCase) -> str:
    found = judge_claim(case(), purpose, EDITION)
    return next(str(each.outcome) for each in found if each.rule == "R112")


@pytest.mark.rule("R110", "pass")
def test_a_line_of_steel_may_be_claimed() -> None:
    assert outcome("R110", case()) == "pass"


@pytest.mark.rule("R110", "fail")
@pytest.mark.parametrize("material", ["other", "aluminium", ""])
def test_another_material_is_refused(material: str) -> None:
    assert outcome("R110", case(match(line(material=material)))) == "fail"


@pytest.mark.rule("R110", "boundary")
def test_one_wrong_line_among_many_is_named() -> None:
    lines = (line("L1"), line("L2", material="other"), line("L3"))
    found = finding("R110", case(match(*lines)))
    assert found.failed
    assert "L2" in found.found
    assert "L1" not in found.found


@pytest.mark.rule("R110", "fail")
def test_crude_steel_units_on_a_line_of_iron_are_refused() -> None:
    assert outcome("R110", case(match(line(material="iron")))) == "fail"


@pytest.mark.rule("R110", "boundary")
@pytest.mark.parametrize(("material", "expected"), [("iron", "pass"), ("steel", "fail")])
def test_scope_1_holds_the_users_own_iron_only(material: str, expected: str) -> None:
    of = case(match(line(material=material, category="scope_1"), lots=(iron_lot(),)))
    assert outcome("R110", of) == expected


@pytest.mark.rule("R111", "pass")
def test_emissions_of_making_steel_may_be_claimed() -> None:
    assert outcome("R111", case()) == "pass"


@pytest.mark.rule("R111", "fail")
def test_another_activity_is_refused() -> None:
    assert outcome("R111", case(match(line(activity="transport to site")))) == "fail"


@pytest.mark.rule("R111", "boundary")
def test_one_line_of_another_material_fails_the_whole_claim() -> None:
    found = finding("R111", case(match(line("L1"), line("L2", material="other"))))
    assert found.failed
    assert "L2" in found.found


@pytest.mark.rule("R112", "pass")
@pytest.mark.parametrize("claim_type", ["corporate_inventory", "climate_progress"])
def test_corporate_claims_are_allowed(claim_type: str) -> None:
    assert purpose_outcome(PurposeCase(claim_type, DISCLOSURE)) == "pass"


@pytest.mark.rule("R112", "fail")
@pytest.mark.parametrize(
    "claim_type", ["on_product", "label", "epd", "lca", "project", "building", "", "something"]
)
def test_claims_on_products_projects_and_buildings_are_refused(claim_type: str) -> None:
    assert purpose_outcome(PurposeCase(claim_type)) == "fail"


@pytest.mark.rule("R112", "fail")
@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Our chassis is made with green steel.", "made with green steel"),
        ("It contains fossil-free steel.", "contains fossil-free steel"),
        ("The first low-carbon car.", "low-carbon car"),
        ("This building is climate neutral.", "This building is climate neutral"),
        ("Reduced EPDs are on our site.", "Reduced EPDs"),
        ("The carbon footprint of our products fell.", "carbon footprint of our products"),
        ("We cut the embodied carbon.", "embodied carbon"),
        ("Our customers can report the reduction.", "Our customers can report"),
        ("Our Scope 3 emissions fell by half.", "Our Scope 3 emissions fell"),
        ("We show target progress.", "target progress"),
        ("We offset our steel.", "offset"),
    ],
)
def test_an_offending_phrase_is_shown_with_what_is_allowed(text: str, phrase: str) -> None:
    (offence,) = offences(text)
    assert offence.phrase == phrase
    assert text[offence.start :].startswith(phrase)
    assert offences(offence.allowed) == ()
    assert purpose_outcome(PurposeCase("corporate_inventory", text)) == "fail"


@pytest.mark.rule("R112", "boundary")
@pytest.mark.parametrize(
    "text",
    [
        "We support the production of low-emissions steel.",
        "Green steel is scarce; we retired book-and-claim units.",
        "Our market-based inventory with BCUs applied is lower than the physical one.",
        "Scope 3 Category 1 is reported in both inventories.",
        "",
    ],
)
def test_words_about_the_inventory_are_allowed(text: str) -> None:
    assert purpose_outcome(PurposeCase("corporate_inventory", text)) == "pass"


def test_the_disclosure_we_offer_says_all_and_offends_nothing() -> None:
    assert missing_disclosures(DISCLOSURE) == ()
    assert offences(DISCLOSURE) == ()


@pytest.mark.rule("R115", "pass")
def test_the_same_product_type_is_preferred() -> None:
    assert outcome("R115", case()) == "pass"


@pytest.mark.rule("R115", "fail")
@pytest.mark.parametrize("product_type", ["long", ""])
def test_another_product_type_is_warned_of(product_type: str) -> None:
    assert outcome("R115", case(match(line(product_type=product_type)))) == "warn"
