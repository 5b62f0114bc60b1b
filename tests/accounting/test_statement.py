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

from claims.accounting.codec import DocumentInvalid
from claims.accounting.facts import Line, UnitLot
from claims.accounting.numbers import text
from claims.accounting.recompute import read, recompute
from claims.accounting.rules import judge_statement
from claims.accounting.statement import (
    MadeClaim,
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
    return statement(MadeClaim("C-1", first), MadeClaim("C-2", second))


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
            case(*(_as_matched(each) for each in result.substitutions)),
        )
        for number, result in enumerate(results)
    )
    facts = statement(*made, lines=tuple(lines))
    assert [each.shares for each in figures(facts).results] == [each.shares for each in results]
    printed = json.loads(json.dumps(build(facts, EDITION)))
    assert recompute(printed) == []
    for claim, result in zip(printed["claims"], results, strict=True):
        assert claim["adjusted_emissions"] == text(result.adjusted_emissions)


def _as_matched(result: Any) -> Any:
    group = result.group
    lines = tuple(each.line for each in group.standings)
    return match(*lines, lots=group.lots, method=group.key.method, cap=group.key.cap)


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
        (_set("format"), 2),
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
        assert isinstance(recompute(changed), list)


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
