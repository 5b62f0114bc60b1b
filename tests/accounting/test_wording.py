"""Words of claims, both ways (9.1, R112): what is refused, and what must not be."""

import pytest

from claims.accounting.facts import PurposeCase
from claims.accounting.phrases import CONSUMER, EVERYWHERE, LABELS
from claims.accounting.phrases_abroad import CONSUMER_ABROAD, EVERYWHERE_ABROAD
from claims.accounting.rules import judge_claim
from claims.accounting.wording import (
    AUDIENCES,
    CONSUMER_ADVERTISING,
    DISCLOSURE,
    JURISDICTIONS,
    missing_disclosures,
    offences,
)
from tests.accounting.facts import EDITION, case

REFUSED = [
    "Our cars are made with low-carbon steel.",
    "Made from 100% green steel.",
    "Our chassis is built using fossil‑free steel.",
    "Every beam contains certified near-zero emission steel.",
    "The green steel in our cars comes from Sweden.",
    "Our new model has fossil-free steel.",
    "Green steel inside.",
    "The steel in our products is low-carbon.",
    "Buy our carbon neutral rebar.",
    "A zero-carbon bridge for the city.",
    "Our vehicles are now carbon-free.",
    "These appliances are climate-friendly.",
    "Eco-friendly products from our plant.",
    "CO₂-reduced coils are available.",
    "Reduced-carbon beams for your site.",
    "Our cars are climate neutral.",
    "The carbon footprint of our buildings has halved.",
    "The emissions intensity per vehicle fell to 0.4.",
    "Our product's carbon footprint is 0.4 t.",
    "A car with a 60 % lower carbon footprint.",
    "Beams with lower emissions.",
    "Each car saves one tonne.",
    "We lowered the embodied carbon of the stadium.",
    "Our updated EPD shows 0.4 t CO2e/t.",
    "We reduced the EPDs of all profiles.",
    "Customers can now claim these reductions.",
    "Customers may report a lower factor.",
    "We pass the reductions on to our customers.",
    "This lowers your Scope 3 emissions.",
    "Our Scope 3 emissions fell by 89 %.",
    "We cut our Scope 3 emissions by 89 %.",
    "Scope 3 emissions were halved.",
    "This is progress towards our science-based target.",
    "We are on track to our 2030 target.",
    "We offset our steel emissions.",
    "We bought carbon credits.",
    "Not only green cars, but green trucks.",
    "We do not exaggerate: our cars are carbon neutral.",
    "There is no longer a doubt and our cars are climate neutral.",
    "GREEN STEEL INSIDE",
    "gre\u200ben steel inside",
    "ｇｒｅｅｎ steel inside",
    "made\nwith   green\nsteel",
    "Green Steel™ inside",
    "Greensteel inside",
    "Climateneutral cars.",
    "Our steel is green.",
    "The steel we use is fossil-free.",
    "The bridge contains 50 % green steel.",
    "This project used low-carbon steel.",
    "The EPD of our beams now shows lower emissions.",
    "We updated our EPDs with the units.",
    "Our LCA results improved thanks to the units.",
    "Our customers benefit from lower Scope 3 emissions.",
    "The reductions can be passed on to buyers.",
    "Our Scope 3 is down 20 %.",
    "We reduced our Scope 3 Category 1 emissions.",
    "Our value chain emissions decreased.",
    "Our adjusted Scope 3 emissions are 100 t.",
    "Scope 3 emissions after BCUs: 100 t.",
    "Scope 3 with book-and-claim units applied",
    "We are closer to our climate target.",
    "Our steel emissions were fully compensated.",
    "Our beams have an intensity of 0.4 t CO2e/t.",
    "The project's emissions were reduced by 300 t.",
    "Unsere Autos sind klimaneutral.",
    "CO2-neutrale Produkte",
    "Hergestellt aus grünem Stahl.",
    "Aus grünem Stahl gefertigt.",
    "Nos voitures sont neutres en carbone.",
    "Fabriquées avec de l'acier vert.",
    "Hecho con acero verde.",
    "Edificios neutros en carbono.",
    "Costruito con acciaio verde.",
    "Gemaakt van groen staal.",
    "Onze auto's zijn klimaatneutraal.",
    "Tillverkad av fossilfritt stål.",
    "Klimatneutrala bilar.",
    "Nicht nur unsere Brücken sind klimaneutral.",
]

ALLOWED = [
    DISCLOSURE,
    "We support the production of low-emissions steel.",
    "Green steel is scarce; we retired book-and-claim units.",
    "Our group aims for climate neutrality by 2045.",
    "Net-zero transition plans are described in chapter 4.",
    "BCUs are not carbon offsets.",
    "Book-and-claim units differ from carbon credits.",
    "We do not claim that our cars are carbon neutral.",
    "This is no statement on the carbon footprint of our products.",
    "No product of ours is made with green steel because of these units.",
    "We are a member of the Green Building Council.",
    "The EU's sustainable products initiative does not apply.",
    "We publish a sustainability report.",
    "Our customers will report their own physical emissions.",
    "Our customers cannot claim these reductions.",
    "The reductions cannot be transferred to our customers.",
    "The physical emissions of our vehicles are in chapter 2.",
    "Scope 3 Category 1 is reported in both inventories.",
    "Our Scope 3 emissions are reported without any units applied.",
    "The complete physical inventory is 75,000 t CO2e.",
    "Emissions in our market-based inventory with BCUs applied are 8,334.4 t CO2e.",
    "We use steel in buildings, machinery and vehicles.",
    "The EPD of our supplier gives 1.9 t CO2e/t.",
    "Our steel comes from clean scrap.",
    "We produce rebar, beams and coils.",
    "Units were retired for the steel of our owned buildings.",
    "The steel in our cars is not green steel.",
    "Our steel is not low-carbon because of these units.",
    "The footprint of products is unchanged.",
    "Our physical Scope 3 emissions fell by 5 %, as we bought less.",
    "Our customers benefit from shorter delivery times.",
    "The EPD of our supplier shows a lower factor than last year.",
    "The EU Climate Neutral Act does not apply.",
    "Unsere Autos sind nicht klimaneutral.",
    "Nos voitures ne sont pas neutres en carbone.",
    "Klimaneutralität ist unser Ziel bis 2045.",
    "We buy steel from a mill in Dunkerque and one in Salzgitter.",
    "Verde Steel AB and Grün GmbH are suppliers.",
    "",
]


@pytest.mark.rule("R112", "fail")
@pytest.mark.parametrize("text", REFUSED)
def test_words_on_products_customers_and_targets_are_refused(text: str) -> None:
    found = offences(text)
    assert found
    for each in found:
        assert text[each.start : each.start + len(each.phrase)] == each.phrase


@pytest.mark.rule("R112", "pass")
@pytest.mark.parametrize("text", ALLOWED)
def test_words_on_the_inventory_are_not(text: str) -> None:
    assert offences(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Good for the planet.",
        "Climate-friendly driving.",
        "The sustainable choice.",
        "We use green steel.",
        "Low-carbon steel since 2025.",
        "We will be climate neutral by 2040.",
        "Net zero, step by step.",
        "Drivers save 300 kg of CO2.",
        "Grüner Stahl.",
        "De l'acier vert.",
        "Umweltfreundliche Autos",
        "Bon pour la planète.",
        "Klimaatvriendelijk rijden.",
    ],
)
@pytest.mark.parametrize("where", ["EU", "UK", "US", "other"])
def test_generic_words_are_refused_towards_consumers_only(text: str, where: str) -> None:
    assert offences(text, CONSUMER_ADVERTISING, (where,))
    assert offences(text, "corporate_report", (where,)) == ()


def test_a_label_of_ones_own_is_refused_towards_consumers_of_the_union() -> None:
    text = "Look for our green seal."
    (found,) = offences(text, CONSUMER_ADVERTISING, ("US", "EU"))
    assert found.phrase == "our green seal"
    assert "2024/825" in found.why
    assert offences(text, CONSUMER_ADVERTISING, ("US",)) == ()
    assert offences(text, "corporate_report", ("EU",)) == ()


@pytest.mark.parametrize(
    "phrase",
    [*EVERYWHERE, *CONSUMER, *LABELS, *EVERYWHERE_ABROAD, *CONSUMER_ABROAD],
    ids=lambda p: p.allowed[:20],
)
def test_what_is_offered_instead_offends_nobody(phrase: object) -> None:
    allowed: str = phrase.allowed  # type: ignore[attr-defined]
    assert offences(allowed, CONSUMER_ADVERTISING, tuple(JURISDICTIONS)) == ()


@pytest.mark.parametrize("audience", list(AUDIENCES))
def test_the_disclosure_offends_nobody_anywhere(audience: str) -> None:
    assert offences(DISCLOSURE, audience, tuple(JURISDICTIONS)) == ()


@pytest.mark.rule("R112", "fail")
@pytest.mark.parametrize(
    ("purpose", "field"),
    [
        (PurposeCase("corporate_inventory", "", "everybody"), "audience"),
        (
            PurposeCase("corporate_inventory", "", "corporate_report", ("EU", "Mars")),
            "jurisdictions",
        ),
        (
            PurposeCase("corporate_inventory", "Good for the climate.", "consumer_advertising"),
            "text",
        ),
    ],
)
def test_the_finding_names_the_field(purpose: PurposeCase, field: str) -> None:
    found = next(each for each in judge_claim(case(), purpose, EDITION) if each.rule == "R112")
    assert found.failed
    assert found.field == field


def test_a_long_text_is_read_in_no_time() -> None:
    """Nothing in the patterns grows faster than the text."""
    assert offences("green " * 3_000 + "x" * 20_000) == ()


@pytest.mark.rule("R114", "pass")
@pytest.mark.parametrize(
    "text",
    [
        "MARKET–BASED MECHANISM. Not transferable to our customers.",
        "A market-based mechanism; the reductions are non-transferable to customers.",
        "A market-based mechanism. They may not be passed on to any customer.",
    ],
)
def test_the_disclosures_may_be_said_in_other_words(text: str) -> None:
    assert missing_disclosures(text) == ()


@pytest.mark.rule("R114", "fail")
@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("A market-based mechanism, freely transferable to customers.", 1),
        ("This is not a market-based mechanism. Not transferable to customers.", 1),
        ("", 2),
    ],
)
def test_but_not_turned_round(text: str, missing: int) -> None:
    assert len(missing_disclosures(text)) == missing
