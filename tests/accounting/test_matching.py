"""Which units are suggested for which lines, and why."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from claims.accounting.facts import Line, Match, UnitLot
from claims.accounting.plan import Plan, divide, suggest
from tests.accounting.facts import EDITION, line, lot


def suggested(*lines: Line, lots: list[UnitLot], method: str = "enhanced") -> Plan:
    return suggest(
        Match(lines=lines, lots=(), method=method),
        lots,
        period=(date(2025, 1, 1), date(2025, 12, 31)),
        on=date(2026, 2, 1),
        edition=EDITION,
    )


def taken(plan: Plan) -> list[tuple[str, int]]:
    return [(each.lot.issuance, each.lot.quantity) for each in plan.suggestions]


def test_each_line_gets_units_of_its_own_product_type() -> None:
    """Though the long units are older: flat before long by type, then by age."""
    flat, long = line("FLAT"), line("LONG", product_type="long", factor="1.9")
    old: dict[str, Any] = {"vintage_start": date(2023, 1, 1), "vintage_end": date(2023, 12, 31)}
    lots = [lot(150, issuance="BAR", product_type="long", **old), lot(150, issuance="COIL")]
    plan = suggested(flat, long, lots=lots)
    by_line = {
        match.lines[0].id: [(each.issuance, each.quantity) for each in match.lots]
        for match in plan.matches
    }
    assert by_line == {"FLAT": [("COIL", 100)], "LONG": [("BAR", 100)]}


def test_the_same_region_comes_before_another() -> None:
    lots = [lot(60, issuance="A", region="CN"), lot(60, issuance="B", region="DE")]
    assert taken(suggested(line(region="de"), lots=lots)) == [("A", 40), ("B", 60)]


def test_a_scrap_share_nearby_comes_before_one_far_off() -> None:
    lots = [
        lot(60, issuance="A", scrap_share=Decimal("0.9")),
        lot(60, issuance="B", scrap_share=Decimal("0.2")),
    ]
    of = line(scrap_share=Decimal("0.25"))
    assert dict(taken(suggested(of, lots=lots))) == {"B": 60, "A": 40}


def test_what_expires_first_goes_first_among_equals() -> None:
    late: dict[str, Any] = {"vintage_start": date(2024, 7, 1), "vintage_end": date(2024, 12, 31)}
    lots = [lot(60, issuance="A", **late), lot(60, issuance="B")]
    assert taken(suggested(line(), lots=lots)) == [("B", 60), ("A", 40)]


def test_every_suggestion_says_why() -> None:
    units = lot(10, region="DE", scrap_share=Decimal("0.2"))
    (found,) = suggested(line(region="DE", scrap_share=Decimal("0.4")), lots=[units]).suggestions
    assert found.reasons == (
        "same product type (flat)",
        "same region (DE)",
        "scrap share about 20 points off",
        "vintage from 2024-01-01: what expires first goes first",
    )
    (found,) = suggested(line(product_type="long"), lots=[units]).suggestions
    assert found.reasons[0] == "other product type (flat, the lines are long)"


def test_units_outside_the_window_are_left_out_with_the_reason() -> None:
    """The first day before it (R101), production not over (R102), no reduction (R056)."""
    early = lot(5, issuance="EARLY", vintage_start=date(2022, 12, 31))
    future = lot(5, issuance="AHEAD", issued_on=date(2026, 2, 2))
    useless = lot(5, issuance="USELESS", baseline="0.5")
    claimed = replace(lot(5, issuance="TAKEN"), claimed=True)
    plan = suggested(line(), lots=[early, future, useless, claimed, lot(5, issuance="GOOD")])
    assert taken(plan) == [("GOOD", 5)]
    why = {each.issuance: text for each, text in plan.left_out}
    assert "outside the window 2023-01-01 to 2025-12-31" in why["EARLY"]
    assert "not there yet" in why["AHEAD"]
    assert "reduces nothing" in why["USELESS"]
    assert "another claim" in why["TAKEN"]


def test_units_at_the_edge_of_the_window_are_in() -> None:
    edge = lot(5, vintage_start=date(2023, 1, 1), vintage_end=date(2025, 12, 31))
    assert suggested(line(), lots=[edge]).volume == 5


def test_what_finds_no_room_is_left() -> None:
    plan = suggested(line(tonnes="100"), lots=[lot(130)])
    assert plan.volume == 100
    assert [each.quantity for each in plan.left] == [30]


def test_direct_substitution_passes_by_units_above_the_factor() -> None:
    lots = [lot(50, issuance="HIGH", intensity="1.9", region="X"), lot(50, issuance="LOW")]
    of = line(factor="1.8", region="X")
    assert taken(suggested(of, lots=lots, method="direct")) == [("LOW", 50)]


def test_every_unit_is_planned_or_left_once() -> None:
    lots = [lot(70, issuance=f"I{n}", region="DE" if n % 2 else "CN") for n in range(9)]
    lines = tuple(line(f"L{n}", factor=f"1.{n}", tonnes="55.5") for n in range(1, 6))
    matches, rest = divide(Match(lines=lines, lots=(), method="enhanced"), lots)
    serials = [
        (each.issuance, serial)
        for each in (*(one for match in matches for one in match.lots), *rest)
        for serial in range(each.first, each.last + 1)
    ]
    assert len(serials) == len(set(serials)) == 630
