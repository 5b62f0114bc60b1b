"""Dividing units over lines (R124): as many as the limits allow, oldest vintage first."""

from datetime import date

import pytest

from claims.accounting.facts import Match
from claims.accounting.plan import assign, divide
from tests.accounting.facts import ALIGNED, case, finding, line, lot

STEEL = Match(lines=(line(),), lots=(), method="enhanced")


def test_units_beyond_the_cap_are_left_over() -> None:
    (planned,), rest = divide(STEEL, [lot(100, baseline="2.5")])
    assert planned.volume == 80
    assert [(each.first, each.last) for each in rest] == [(81, 100)]


def test_the_oldest_vintage_goes_first() -> None:
    new = lot(100, issuance="NEW")
    old = lot(60, issuance="OLD", vintage_start=date(2023, 1, 1), vintage_end=date(2023, 12, 31))
    (planned,), rest = divide(STEEL, [new, old])
    assert [(each.issuance, each.quantity) for each in planned.lots] == [("OLD", 60), ("NEW", 40)]
    assert [(each.issuance, each.first) for each in rest] == [("NEW", 41)]


def test_lines_of_several_kinds_become_several_matches() -> None:
    lines = (line("L1", factor="2"), line("L2", factor="1.9"), line("L3", factor="2"))
    matches, rest = divide(Match(lines=lines, lots=(), method="enhanced"), [lot(250)])
    assert [sorted(each.id for each in match.lines) for match in matches] == [["L2"], ["L1", "L3"]]
    assert [match.volume for match in matches] == [100, 150]
    assert rest == ()


def test_units_that_reduce_nothing_find_no_room() -> None:
    matches, rest = divide(STEEL, [lot(5, baseline="0.5"), lot(5, issuance="ISS-2")])
    assert [each.lots[0].issuance for each in matches] == ["ISS-2"]
    assert [each.issuance for each in rest] == ["ISS-1"]


def test_one_match_takes_one_kind_of_unit() -> None:
    iron = lot(5, issuance="IRON", functional_unit="iron", vintage_start=date(2024, 6, 1))
    (planned,), rest = divide(STEEL, [lot(5), iron])
    assert [each.issuance for each in planned.lots] == ["ISS-1"]
    assert rest == (iron,)


def test_no_units_make_no_plan() -> None:
    assert divide(STEEL, []) == ((), ())


def test_lines_without_figures_cannot_be_planned() -> None:
    with pytest.raises(ValueError, match="factor"):
        divide(Match(lines=(line(factor=None),), lots=(), method="enhanced"), [lot(5)])


def test_everything_asked_for_is_assigned_so_that_a_rule_names_the_limit() -> None:
    lines = (line("L1", factor="2"), line("L2", factor="1.9"))
    template = Match(lines=lines, lots=(), method="direct", alignment=ALIGNED)
    matches = assign(template, [lot(201)])
    assert [each.volume for each in matches] == [100, 101]
    found = finding("R125", case(*matches))
    assert found.failed
    assert "101 units on 100 t" in found.found


def test_units_of_another_kind_are_assigned_and_refused() -> None:
    iron = lot(5, issuance="IRON", functional_unit="iron", vintage_start=date(2024, 6, 1))
    assert finding("R124", case(*assign(STEEL, [lot(5), iron]))).failed


def test_what_fits_nowhere_is_assigned_to_the_first_lines() -> None:
    matches = assign(STEEL, [lot(5, baseline="0.5")])
    assert [each.volume for each in matches] == [5]
    assert finding("R123", case(*matches)).failed
