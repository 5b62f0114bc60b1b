"""The statement's document (9.1): both inventories, and every figure from the document alone."""

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.accounting.acceptance import STATUSES, shipped
from claims.accounting.codec import DocumentInvalid
from claims.accounting.digest import digest
from claims.accounting.evidence import UnitEvidence
from claims.accounting.facts import Line, UnitLot
from claims.accounting.numbers import text
from claims.accounting.programme import SourcingRecord
from claims.accounting.recompute import check, read, recompute
from claims.accounting.rules import judge_statement
from claims.accounting.spend import Estimation, SpendCase, SpendFacts
from claims.accounting.statement import (
    MadeClaim,
    MadeSpendClaim,
    StatementFacts,
    build,
    figures,
    purpose_case,
    statement_case,
)
from claims.accounting.wording import DISCLOSURE
from registry.rulebook.edition import EditionInvalid
from registry.rulebook.findings import failures
from tests.accounting.facts import ALIGNED, CLAIMANT, EDITION, case, line, lot, match
from tests.accounting.test_properties import histories

CHASSIS = line("chassis", tonnes="10000", factor="1.9", factor_source="supplier's EPD")
REBAR = line("rebar", tonnes="50000", factor="1.5", product_type="long", category="scope_3_2")
CEMENT = line(
    "cement", tonnes=None, factor=None, material="other", stated_emissions=Decimal("1234.5")
)


def statement(
    *claims: MadeClaim, lines: tuple[Line, ...] = (CHASSIS, REBAR, CEMENT)
) -> StatementFacts:
    return StatementFacts(
        registry="Billet",
        claimant=CLAIMANT,
        inventory="Steel 2025",
        period_start=date(2025, 1, 1),
        period_end=date(2025, 12, 31),
        lines=lines,
        claims=claims,
        claim_type="corporate_inventory",
        text=DISCLOSURE,
        stated_on=date(2026, 3, 1),
    )


def rebar_units(quantity: int, first: int = 1) -> UnitLot:
    return lot(
        quantity, first=first, intensity="0.2", baseline="1.8", product_type="long",
        baseline_source="sliding scale", retirement="R-1",
    )  # fmt: skip


def both() -> StatementFacts:
    chassis = lot(10_000, issuance="ISS-9", intensity="0.8", baseline="2.2")
    direct = match(CHASSIS, lots=(chassis,), method="direct", alignment=ALIGNED)
    first = case(direct, match(REBAR, lots=(rebar_units(30_000),)))
    second = case(match(REBAR, lots=(rebar_units(11_666, first=30_001),)))
    return replace(
        statement(MadeClaim("C-1", first), MadeClaim("C-2", second)),
        jurisdictions=("EU",),
        names=(("chassis", "Chassis frames"),),
        evidence=(
            UnitEvidence(
                "ISS-9", 1, 1, 10_000, "BCU-CS-SE-X-2024-ISS9-1-10000~A", url="https://r/1"
            ),
        ),
        acceptance=shipped()[:2],
        sourcing=SourcingRecord("activity", "Coil from the same region."),
    )


def document() -> dict[str, Any]:
    """The document as a stranger gets it: through JSON."""
    loaded: dict[str, Any] = json.loads(json.dumps(build(both(), EDITION)))
    return loaded


def test_both_inventories_stand_side_by_side_by_category() -> None:
    physical, adjusted = document()["physical_inventory"], document()["adjusted_inventory"]
    assert physical["title"] == "Complete physical inventory"
    assert adjusted["title"] == "Market-based inventory with BCUs applied"
    assert [each["category"] for each in physical["categories"]] == ["scope_3_1", "scope_3_2"]
    assert physical["categories"][0]["name"] == "Scope 3 Category 1: Purchased goods and services"
    assert [each["emissions"] for each in physical["categories"]] == ["20234.5", "75000"]
    assert [each["emissions"] for each in adjusted["categories"]] == ["9234.5", "8334.4"]
    assert physical["total_emissions"] == "95234.5"
    assert adjusted["total_emissions"] == "17568.9"


def test_two_claims_on_one_line_end_where_one_would() -> None:
    """9.2: 30,000 and then 11,666 units use the cap of 41,666 to the full."""
    second = document()["claims"][1]["groups"][0]
    assert second["cap_units"] == 11_666
    assert second["exact_cap_tonnes"] == "11666.666667"
    assert second["adjusted_emissions"] == "8334.4"
    assert second["exact_adjusted_emissions"] == "8333.333333"


def test_units_stand_with_all_that_was_claimed_from_them() -> None:
    unit = document()["inputs"]["claims"][0]["matches"][1]["lots"][0]
    assert (unit["issuance"], unit["copy"], unit["first"], unit["last"]) == ("ISS-1", 1, 1, 30_000)
    assert (unit["vintage_start"], unit["vintage_end"]) == ("2024-01-01", "2024-12-31")
    assert (unit["intensity"], unit["baseline_intensity"]) == ("0.2", "1.8")
    assert unit["baseline_source"] == "sliding scale"
    assert (unit["retirement"], unit["retired_on"]) == ("R-1", "2026-01-15")


def test_a_net_below_the_units_own_is_explained() -> None:
    group = document()["claims"][1]["groups"][0]
    assert group["below_unit_intensity"] is True
    assert "below the units' own" in group["explanation"]


def test_a_statement_passes_its_rules() -> None:
    facts = both()
    assert failures(judge_statement(statement_case(facts), purpose_case(facts), EDITION)) == []


@pytest.mark.parametrize(
    "gap",
    [
        line("gap", factor=None),
        line("gap", tonnes="NaN"),
        line("gap", tonnes="-1"),
        line("gap", factor="1E+40"),
        line("gap", tonnes=None, stated_emissions=Decimal("-0.1")),
    ],
)
def test_a_line_without_usable_figures_is_named_and_not_computed(gap: Line) -> None:
    facts = statement(lines=(CHASSIS, gap))
    found = judge_statement(statement_case(facts), purpose_case(facts), EDITION)
    assert any("line gap has no usable emissions" in each.found for each in failures(found))
    with pytest.raises(ValueError, match="gap"):
        build(facts, EDITION)


def test_a_document_recomputes_to_the_same_digits() -> None:
    assert recompute(document()) == []
    assert build(read(document()), EDITION) == document()


@given(history=histories())
def test_any_claims_and_their_document_recompute_to_the_same_digits(history: Any) -> None:
    lines, results = history
    made = tuple(
        MadeClaim(
            f"C-{number}",
            case(*(as_matched(each) for each in result.substitutions)),
        )
        for number, result in enumerate(results)
    )
    facts = statement(*made, lines=tuple(lines))
    assert [each.shares for each in figures(facts).results] == [each.shares for each in results]
    printed = json.loads(json.dumps(build(facts, EDITION)))
    assert recompute(printed) == []
    for claim, result in zip(printed["claims"], results, strict=True):
        assert claim["adjusted_emissions"] == text(result.adjusted_emissions)


def as_matched(result: Any) -> Any:
    group = result.group
    lines = tuple(each.line for each in group.standings)
    return match(*lines, lots=group.lots, method=group.key.method, cap=group.key.cap)


def test_every_run_of_units_stands_with_its_evidence() -> None:
    first, second, third = document()["units"]
    assert (second["claim"], second["identifier"]) == ("C-1", "BCU-CS-SE-X-2024-ISS9-1-10000~A")
    assert second["retirement_url"] == "https://r/1"
    assert (first["issuance"], first["units"], first["baseline_intensity"]) == (
        "ISS-1", 30_000, "1.8",
    )  # fmt: skip
    assert (third["claim"], third["identifier"], third["retirement"]) == ("C-2", "", "R-1")


def test_vintages_and_data_quality_are_summed() -> None:
    (vintage,) = document()["vintages"]
    assert (vintage["units"], vintage["unit_emissions"]) == (51_666, "16333.2")
    (tier,) = document()["data_quality"]["data_tier"]
    assert tier == {"data_tier": "", "lines": 3, "emissions": "95234.5"}


def test_a_check_counts_what_it_compared() -> None:
    found = check(document())
    assert found.differences == []
    assert found.figures > 150


def test_a_document_of_the_first_format_is_still_read() -> None:
    old = document()
    old["format"] = 1
    for name in ("units", "vintages", "data_quality", "spend_claims", "acceptance", "sourcing"):
        del old[name]
    for name in ("spend_claims", "names", "evidence"):
        del old["inputs"][name]
    for name in ("audience", "jurisdictions"):
        del old["words"][name]
    assert recompute(old) == []


def spend() -> StatementFacts:
    """Appendix G, unit cost: 1,000 units applied in two claims to one spend-based line."""
    facts = SpendFacts(
        id="machines", category="scope_3_2", method=Estimation.UNIT_COST,
        spend=Decimal(1_000_000), baseline_intensity=Decimal("2.3"), baseline_source="CBAM",
        price_index_spend=Decimal("332.2"), price_index_reference=Decimal("280.1"),
        unit_price=Decimal("719.9"),
    )  # fmt: skip
    estimated = line("machines", tonnes=None, factor=None, category="scope_3_2",
                     stated_emissions=Decimal("2693.823537"), data_tier="spend")  # fmt: skip
    one, two = (lot(500, first=first, intensity="0.4") for first in (1, 501))
    on = date(2026, 2, 1)
    made = tuple(
        MadeSpendClaim(f"S-{number}", on, SpendCase(facts, (units,)))
        for number, units in enumerate((one, two), start=1)
    )
    return replace(statement(lines=(CHASSIS, estimated)), spend_claims=made)


def test_claims_on_spend_stand_with_the_drafts_rounding_beside() -> None:
    printed = json.loads(json.dumps(build(spend(), EDITION)))
    first, second = printed["spend_claims"]
    assert (first["line"], first["volume"], first["reduction_emissions"]) == (
        "machines", 500, "950",
    )  # fmt: skip
    assert second["reduction_emissions"] == "950"
    gone = Decimal(first["adjusted_emissions"]) - Decimal(second["adjusted_emissions"])
    assert gone == 950
    assert second["draft_adjusted_emissions"] != second["adjusted_emissions"]
    assert printed["lines"][1]["adjusted_emissions"] == "793.823537"
    assert recompute(printed) == []


def test_more_units_than_the_estimated_tonnes_take_is_no_statement() -> None:
    facts = spend()
    again = replace(facts, spend_claims=facts.spend_claims * 2)
    with pytest.raises(ValueError, match="fit the estimated tonnes"):
        build(again, EDITION)


def test_what_is_shipped_on_acceptance_names_status_source_and_day() -> None:
    rows = shipped()
    assert len(rows) == 10
    assert {each.status for each in rows} <= set(STATUSES)
    assert all(each.programme and each.basis and each.source for each in rows)
    not_accepted = {each.programme for each in rows if each.status == "not accepted"}
    assert any("SteelZero" in each for each in not_accepted)
    assert any("CBAM" in each for each in not_accepted)


def _set(*path: Any) -> Callable[[dict[str, Any], Any], None]:
    def change(of: dict[str, Any], value: Any) -> None:
        place: Any = of
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "value", "path"),
    [
        (_set("adjusted_inventory", "total_emissions"), "17568.8", "adjusted_inventory"),
        (_set("physical_inventory", "categories", 0, "emissions"), "1", "physical_inventory"),
        (_set("claims", 0, "groups", 1, "cap_units"), 41_667, "claims[0].groups[1].cap_units"),
        (_set("claims", 1, "shares", 0, "volume"), "1", "claims[1].shares[0].volume"),
        (_set("lines", 0, "adjusted_emissions"), "0", "lines[0].adjusted_emissions"),
        (_set("window", "start"), "2022-01-01", "window.start"),
        (_set("claims", 0, "extra"), "more", "claims[0].extra"),
        (_set("claims"), [], "claims"),
        (_set("inputs", "lines", 2, "tonnes"), "60000", "physical_inventory"),
        (_set("inputs", "claims", 1, "matches", 0, "lots", 0, "intensity"), "0.3", "claims[1]"),
        (_set("inputs", "claims", 1, "matches", 0, "lots", 0, "last"), 50_000, "inputs"),
    ],
)
def test_any_changed_figure_is_found(change: Any, value: Any, path: str) -> None:
    changed = copy.deepcopy(document())
    change(changed, value)
    assert any(each.path.startswith(path) for each in recompute(changed))


@pytest.mark.parametrize(
    ("change", "value"),
    [
        (_set("document"), "something else"),
        (_set("format"), 3),
        (_set("inputs", "names"), []),
        (_set("inputs", "evidence"), [{}]),
        (_set("inputs", "spend_claims"), {}),
        (_set("sourcing"), {"tier": "sector"}),
        (_set("acceptance", 0, "checked_on"), "lately"),
        (_set("inputs"), None),
        (_set("inputs", "lines"), {}),
        (_set("inputs", "lines", 0, "tonnes"), 10_000.0),
        (_set("inputs", "lines", 0, "tonnes"), "NaN"),
        (_set("inputs", "lines", 0, "tonnes"), "many"),
        (_set("inputs", "lines", 0, "surplus"), "1"),
        (_set("inputs", "lines", 0, "id"), "rebar"),
        (_set("inputs", "period_end"), "31 December"),
        (_set("inputs", "claims", 0, "matches", 0, "lines"), ["nothing"]),
        (_set("inputs", "claims", 0, "matches", 0, "lots", 0, "first"), 0),
        (_set("inputs", "claims", 0, "pending"), "no"),
        (_set("inputs", "claims"), "none"),
    ],
)
def test_an_unreadable_document_is_refused(change: Any, value: Any) -> None:
    changed = copy.deepcopy(document())
    change(changed, value)
    with pytest.raises(DocumentInvalid):
        recompute(changed)


def _lot(of: dict[str, Any], claim: int = 0, match: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = of["inputs"]["claims"][claim]["matches"][match]["lots"][0]
    return found


def _twice(of: dict[str, Any]) -> None:
    of["inputs"]["claims"][1]["code"] = "C-1"


@pytest.mark.parametrize(
    ("forge", "why"),
    [
        (lambda of: _lot(of, 1, 0).update(first=1, last=11_666), "twice, in C-2 and in C-1"),
        (lambda of: _lot(of, 1, 0).update(first=1, last=11_666, copy=2), "claimed twice"),
        (_twice, "claim C-1 stands twice"),
        (lambda of: _lot(of).update(state="active"), "R100"),
        (lambda of: _lot(of).update(retired_by="Somebody"), "R100"),
        (lambda of: _lot(of).update(vintage_start="2022-12-31"), "R101"),
        (lambda of: _lot(of).update(baseline_intensity="0.2"), "R123"),
        (lambda of: of["inputs"]["claims"][0]["matches"][1].update(cap="total"), "R123"),
        (lambda of: of["inputs"]["claims"][0]["matches"][1].update(method="magic"), "R120"),
        (lambda of: of["inputs"]["claims"][0]["matches"][1].update(requested=5), "R124"),
        (lambda of: of["inputs"]["lines"][2].update(material="other"), "R110"),
        (lambda of: of["inputs"]["lines"][0].update(category="scope_3_16"), "scope_3_16"),
        (lambda of: of.update(stated_on="2026-01-31"), "after the statement"),
        (lambda of: of["words"].update(text="Our emissions fell."), "does not say"),
        (lambda of: of["words"].update(claim_type="on_product"), "on_product"),
    ],
)  # fmt: skip
def test_a_forger_who_computes_anew_is_found_too(forge: Any, why: str) -> None:
    changed = document()
    forge(changed)
    again = json.loads(json.dumps(build(read(changed), EDITION)))
    found = check(again)
    assert found.differences == []
    assert not found.is_right
    assert any(why in each.why for each in found.contradictions), found.contradictions


@pytest.mark.parametrize(
    ("forge", "why"),
    [
        (lambda case: case["lots"][0].update(first=1, last=500), "claimed twice"),
        (lambda case: case["line"].update(spend="2000000"), "its spend is not that of line"),
        (lambda case: case["line"].update(category="scope_3_5"), "its spend is not that of line"),
        (lambda case: case["line"].update(baseline_source=""), "R126"),
        (lambda case: case["lots"][0].update(functional_unit="iron"), "units of iron"),
        (lambda case: case["lots"][0].update(state="suspended"), "R100"),
    ],
)
def test_nor_does_spend_pass_that_is_not_its_lines(forge: Any, why: str) -> None:
    changed = json.loads(json.dumps(build(spend(), EDITION)))
    assert check(changed).is_right
    forge(changed["inputs"]["spend_claims"][1]["case"])
    again = json.loads(json.dumps(build(read(changed), EDITION)))
    assert any(why in each.why for each in check(again).contradictions)


def test_nothing_stands_beside_the_figures_but_what_a_statement_has() -> None:
    assert check(document()).is_right
    changed = document()
    changed["headline"] = "0 t"
    changed["words"]["disclosures"] = []
    changed["adjusted_inventory"]["title"] = "Scope 3 emissions"
    changed["claims"][1]["groups"][0]["explanation"] = ""
    found = check(changed)
    assert [each.path for each in found.contradictions] == [
        "headline", "words.disclosures", "words.disclosures",
    ]  # fmt: skip
    assert [each.path for each in found.differences] == [
        "adjusted_inventory.title", "claims[1].groups[0].explanation",
    ]  # fmt: skip


def test_what_is_handed_out_carries_the_fingerprint_of_the_whole() -> None:
    own = document()
    given = own | {"sha256": digest(own), "published_on": "2026-03-02", "assurance": []}
    assert check(given).is_right
    given["claimant"] = "Somebody else"
    assert [each.path for each in check(given).contradictions] == ["sha256"]


def test_a_later_document_does_not_pass_as_one_of_the_first_format() -> None:
    changed = document()
    changed["format"], changed["units"] = 1, []
    assert "units" in [each.path for each in check(changed).contradictions]


JSON = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["NaN", "-1", "1E+999999", "1E-999999", "9" * 300, "0." + "1" * 300, "2025-02-30", [], {}]
    )
)


def _somewhere(draw: st.DrawFn, place: Any) -> tuple[Any, Any]:
    """A container within the document and one of its keys or positions."""
    while True:
        step = draw(
            st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place)))
        )
        deeper = place[step]
        if not isinstance(deeper, dict | list) or not deeper or draw(st.integers(0, 9)) == 0:
            return place, step
        place = deeper


@given(data=st.data())
def test_whatever_stands_in_a_document_it_is_refused_or_compared(data: st.DataObject) -> None:
    changed = document()
    place, step = _somewhere(data.draw, changed)
    place[step] = data.draw(JSON)
    with suppress(DocumentInvalid, EditionInvalid):
        assert isinstance(check(changed).contradictions, list)


def test_an_unknown_edition_is_refused() -> None:
    changed = document()
    changed["edition"]["id"] = "rmi-1999-01"
    with pytest.raises(EditionInvalid):
        recompute(changed)


def test_a_claim_of_another_period_or_inventory_is_a_programming_error() -> None:
    made = both().claims[0]
    other = replace(made, case=replace(made.case, period_end=date(2025, 6, 30)))
    with pytest.raises(ValueError, match="another reporting period"):
        figures(statement(other))
    with pytest.raises(ValueError, match="not in the inventory"):
        figures(statement(made, lines=(CHASSIS,)))
