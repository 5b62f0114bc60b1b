"""R103, R104: retirement (8.2)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.rulebook.cases import (
    EDITION,
    FAIL,
    PASS,
    a_retirement,
    failing,
    finding,
    outcome,
    some_units,
)


def test_the_retirement_passes_every_rule() -> None:
    assert failing(a_retirement()) == set()


@pytest.mark.rule("R103", "pass")
def test_the_holder_retires() -> None:
    found = finding("R103", a_retirement())
    assert found.outcome is PASS
    assert "copy 1" in found.found


@pytest.mark.rule("R103", "fail")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"by_organisation": "Trader"}, "by_organisation"),
        ({"by_organisation": "", "holder_organisation": ""}, "by_organisation"),
        ({"entity": ""}, "entity"),
        ({"on": None}, "on"),
        ({"units": ()}, "units"),
    ],
)
def test_nobody_but_the_holder_retires_and_all_is_recorded(
    changes: dict[str, Any], field: str
) -> None:
    found = finding("R103", a_retirement(**changes))
    assert found.outcome is FAIL
    assert found.field == field


@pytest.mark.rule("R103", "boundary")
@pytest.mark.parametrize(("copy", "expected"), [(0, FAIL), (1, PASS), (3, PASS), (4, FAIL)])
def test_the_copy_is_one_of_those_there_can_be(copy: int, expected: object) -> None:
    units = (some_units(copy=copy, co_claimed=copy > 1),)
    assert outcome("R103", a_retirement(units=units)) is expected


@pytest.mark.rule("R104", "pass")
def test_active_units_retire() -> None:
    assert outcome("R104", a_retirement()) is PASS


@pytest.mark.rule("R104", "fail")
@pytest.mark.parametrize(
    "state", ["retired", "retiring", "reserved", "suspended", "cancelled", "expired"]
)
def test_units_out_of_circulation_do_not_retire(state: str) -> None:
    assert outcome("R104", a_retirement(units=(some_units(state=state),))) is FAIL


@pytest.mark.rule("R104", "boundary")
@pytest.mark.parametrize(
    ("requested", "expected"), [(0, FAIL), (1, PASS), (1_000, PASS), (1_001, FAIL)]
)
def test_every_unit_held_may_retire_and_not_one_more(requested: int, expected: object) -> None:
    assert outcome("R104", a_retirement(requested=requested)) is expected


@pytest.mark.rule("R104", "boundary")
@pytest.mark.parametrize(("on", "expected"), [(date(2028, 12, 31), PASS), (date(2029, 1, 1), FAIL)])
def test_units_retire_until_the_day_they_expire(on: date, expected: object) -> None:
    found = finding("R104", a_retirement(on=on))
    assert found.outcome is expected


def test_the_same_unit_named_twice_does_not_retire_twice() -> None:
    case = a_retirement(units=(some_units(), some_units()), requested=2_000)
    assert "twice" in finding("R104", case).found


def test_two_copies_of_one_unit_are_two() -> None:
    units = (some_units(), some_units(copy=2, co_claimed=True))
    assert outcome("R104", a_retirement(units=units, requested=2_000)) is PASS


@pytest.mark.rule("R103", "pass")
def test_the_copy_is_recorded_when_it_is_co_claimed() -> None:
    units = (some_units(copy=2, co_claimed=True), some_units(copy=3, co_claimed=True))
    found = finding("R103", a_retirement(units=units, requested=2_000))
    assert found.outcome is PASS
    assert "copy 2, 3" in found.found


@pytest.mark.rule("R104", "fail")
def test_a_copy_that_retired_at_its_layer_does_not_retire_again() -> None:
    again = (some_units(copy=2, co_claimed=True, state="retired"),)
    assert outcome("R104", a_retirement(units=again)) is FAIL


@pytest.mark.rule("R104", "pass")
def test_a_copy_retires_though_the_primary_has_retired_its_own() -> None:
    """Facts are of the units named: what another copy became says nothing of this one."""
    assert outcome("R104", a_retirement(units=(some_units(copy=2, co_claimed=True),))) is PASS


@pytest.mark.rule("R104", "fail")
@pytest.mark.parametrize("state", ["reserved", "in another account"])
def test_a_seat_that_nobody_holds_yet_retires_by_nobody(state: str) -> None:
    """R134: it is named before that copy retires."""
    seat = (some_units(copy=3, co_claimed=True, state=state),)
    found = finding("R104", a_retirement(units=seat))
    assert (found.outcome, found.field) == (FAIL, "units")


def test_provisional_units_wait_for_their_confirmation() -> None:
    provisional = a_retirement(units=(some_units(provisional=True),))
    assert outcome("R104", provisional) is FAIL
    assert outcome("R104", provisional, replace(EDITION, provisional_may_retire=True)) is PASS
