"""How many units a claim applies (9.2): R116, R124, R125."""

from decimal import Decimal
from typing import Any

import pytest

from claims.accounting.claim import compute
from claims.accounting.facts import IronContent, Match, UnitLot
from claims.accounting.iron import iron_content
from tests.accounting.facts import ALIGNED, case, finding, line, lot, match, outcome


def iron(quantity: int, **more: Any) -> UnitLot:
    return lot(quantity, functional_unit="iron", intensity="0.4", baseline="1.9", **more)


def content(
    supplier: str | None = None, regional: str | None = None, world: str | None = None
) -> IronContent:
    shares = (supplier, regional, world)
    return IronContent(*(None if each is None else Decimal(each) for each in shares))


@pytest.mark.rule("R125", "pass")
def test_units_within_the_tonnes_pass() -> None:
    assert outcome("R125", case()) == "pass"


@pytest.mark.rule("R125", "boundary")
@pytest.mark.parametrize("method", ["direct", "enhanced"])
@pytest.mark.parametrize(("units", "expected"), [(100, "pass"), (101, "fail")])
def test_no_method_takes_more_units_than_tonnes(method: str, units: int, expected: str) -> None:
    of = match(line(tonnes="100.999999"), lots=(lot(units),), method=method, alignment=ALIGNED)
    assert outcome("R125", case(of)) == expected


@pytest.mark.rule("R125", "fail")
def test_not_even_under_the_total_cap() -> None:
    of = match(lots=(lot(101),), cap="total", cap_reason="r", auditor_note="n")
    assert outcome("R125", case(of)) == "fail"


@pytest.mark.rule("R125", "boundary")
@pytest.mark.parametrize(("units", "expected"), [(40, "pass"), (41, "fail")])
def test_what_was_applied_before_is_taken_off(units: int, expected: str) -> None:
    earlier = compute(case(match(lots=(lot(60),)))).shares
    assert outcome("R125", case(match(lots=(lot(units, first=61),)), earlier=earlier)) == expected


@pytest.mark.rule("R125", "fail")
@pytest.mark.parametrize("tonnes", [None, "0", "-5", "NaN", "Infinity", "1E+20", "1.0000001"])
def test_lines_without_usable_tonnes_are_refused(tonnes: str | None) -> None:
    found = finding("R125", case(match(line(tonnes=tonnes))))
    assert found.failed
    assert found.field == "lines"


@pytest.mark.rule("R124", "pass")
def test_whole_units_applied_once_pass() -> None:
    assert outcome("R124", case()) == "pass"


@pytest.mark.rule("R124", "boundary")
@pytest.mark.parametrize(("units", "expected"), [(1, "pass"), (2, "fail")])
def test_the_floor_is_taken_once_over_all_lines(units: int, expected: str) -> None:
    """Three lines of 0.5 t hold 1.5 t: one whole unit, though no line holds one."""
    lines = [line(f"L{number}", tonnes="0.5") for number in range(3)]
    assert outcome("R124", case(match(*lines, lots=(lot(units),)))) == expected


@pytest.mark.rule("R124", "fail")
@pytest.mark.parametrize(
    "lots",
    [
        (lot(10), lot(10, first=10)),
        (lot(10), lot(10)),
        (lot(10), lot(5, first=3, copy=2)),
        (lot(20), lot(2, first=2), lot(2, first=19)),
        (lot(claimed=True),),
    ],
)
def test_a_tonne_applied_twice_is_refused(lots: tuple[UnitLot, ...]) -> None:
    assert outcome("R124", case(match(lots=lots))) == "fail"


@pytest.mark.rule("R124", "boundary")
def test_neighbouring_serials_are_different_units() -> None:
    lots = (lot(10), lot(10, first=11), lot(10, issuance="ISS-2"))
    assert outcome("R124", case(match(lots=lots))) == "pass"


@pytest.mark.rule("R124", "fail")
def test_more_asked_for_than_is_retired_is_refused() -> None:
    found = finding("R124", case(match(lots=(lot(10),), requested=12)))
    assert found.failed
    assert "12 units asked for, 10" in found.found


@pytest.mark.rule("R124", "fail")
def test_an_empty_claim_is_refused() -> None:
    without_units = Match(lines=(line(),), lots=(), method="enhanced")
    without_lines = Match(lines=(), lots=(lot(),), method="enhanced")
    assert outcome("R124", case(without_units)) == "fail"
    assert outcome("R124", case(without_lines)) == "fail"
    assert outcome("R124", case(matches=())) == "fail"


@pytest.mark.rule("R124", "fail")
def test_lines_of_several_kinds_in_one_match_are_refused() -> None:
    of = case(match(line("L1", factor="2"), line("L2", factor="1.9")))
    assert outcome("R124", of) == "fail"


@pytest.mark.parametrize("factor", ["NaN", "sNaN", "-Infinity"])
def test_nor_when_a_factor_that_nothing_needs_is_no_number(factor: str) -> None:
    odd = line("L2", product_type="long", iron_factor_intensity=Decimal(factor))
    assert outcome("R124", case(match(line("L1"), odd))) == "fail"
    assert outcome("R124", case(match(odd))) == "pass"


@pytest.mark.rule("R124", "fail")
def test_one_line_is_matched_in_one_way_per_claim() -> None:
    both = case(
        match(lots=(lot(1),)), match(lots=(lot(1, first=2),), method="direct", alignment=ALIGNED)
    )
    assert outcome("R124", both) == "fail"


@pytest.mark.rule("R116", "pass")
@pytest.mark.parametrize(
    ("known", "tier", "share"),
    [
        (content("0.7", "0.5", "0.4"), "supplier", "0.7"),
        (content(None, "0.5", "0.4"), "regional", "0.5"),
        (content(None, None, "0.4"), "global", "0.6"),
    ],
)
def test_the_most_representative_iron_content_is_taken(
    known: IronContent, tier: str, share: str
) -> None:
    of = line(iron_content=known)
    found = iron_content(of)
    assert found is not None
    assert (found.tier, found.share) == (tier, Decimal(share))
    assert tier in finding("R116", case(match(of, lots=(iron(10),)))).found


@pytest.mark.rule("R116", "fail")
@pytest.mark.parametrize(
    "known",
    [content(), content("0"), content("1.01"), content("-0.1"), content("NaN"), content(None, "1")],
)
def test_iron_units_without_an_iron_content_are_refused(known: IronContent) -> None:
    assert outcome("R116", case(match(line(iron_content=known), lots=(iron(10),)))) == "fail"


@pytest.mark.rule("R116", "fail")
def test_the_iron_part_cannot_exceed_the_line() -> None:
    of = line(iron_content=content("0.9"), iron_factor_intensity=Decimal("2.3"))
    assert outcome("R116", case(match(of, lots=(iron(10),)))) == "fail"


@pytest.mark.rule("R116", "boundary")
@pytest.mark.parametrize(("units", "expected"), [(70, "pass"), (71, "fail")])
def test_iron_units_fill_the_iron_content_and_no_more(units: int, expected: str) -> None:
    of = match(line(iron_content=content("0.7")), lots=(iron(units),))
    assert outcome("R116", case(of)) == expected


@pytest.mark.rule("R116", "boundary")
@pytest.mark.parametrize(("units", "expected"), [(35, "pass"), (36, "fail")])
def test_steel_units_applied_before_leave_less_iron(units: int, expected: str) -> None:
    """V_steel + V_iron / content ≤ tonnes: 50 + 35 / 0.7 = 100."""
    of = line(iron_content=content("0.7"))
    earlier = compute(case(match(of, lots=(lot(50),)))).shares
    later = match(of, lots=(iron(units, issuance="IRON"),))
    assert outcome("R116", case(later, earlier=earlier)) == expected


@pytest.mark.parametrize(("units", "expected"), [(50, "pass"), (51, "fail")])
def test_iron_units_applied_before_leave_less_steel(units: int, expected: str) -> None:
    of = line(iron_content=content("0.7"))
    earlier = compute(case(match(of, lots=(iron(35, issuance="IRON"),)))).shares
    later = match(of, lots=(lot(units),))
    assert outcome("R125", case(later, earlier=earlier)) == expected


def test_iron_units_reduce_the_iron_related_part_only() -> None:
    of = line(iron_content=content("0.7"), iron_factor_intensity=Decimal("2.1"))
    (result,) = compute(case(match(of, lots=(iron(70),)))).substitutions
    assert result.physical_emissions == Decimal("147.0")
    assert result.reduction_emissions == Decimal("105.0")
