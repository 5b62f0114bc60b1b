"""R130–R135: co-claiming (9.3)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.facts import ClaimantFacts, CoClaimCase, SeatFacts
from tests.rulebook.cases import (
    EDITION,
    FAIL,
    PASS,
    WARN,
    a_co_claim,
    failing,
    finding,
    outcome,
    some_terms,
    some_units,
)

CAR, PRESS, FLEET = a_co_claim().claimants
SEATS = some_terms().seats


def with_units(**changes: Any) -> CoClaimCase:
    return a_co_claim(units=(some_units(**{"agreement": "AG-1", **changes}),))


def with_terms(**changes: Any) -> CoClaimCase:
    return a_co_claim(terms=some_terms(**changes))


def naming(**changes: Any) -> CoClaimCase:
    """The fleet's seat gets its holder."""
    named = replace(FLEET, organisation="Rent a Car")
    units = some_units(agreement="AG-1", copy=3, last=600, state="reserved", co_claimed=True)
    case = a_co_claim(units=(units,), claimants=(CAR, PRESS, named), named_copy=3)
    return replace(case, **changes)


def test_the_co_claim_and_the_naming_pass_every_rule() -> None:
    assert failing(a_co_claim()) == set()
    assert failing(naming()) == set()


# --- R130 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R130", "pass")
def test_a_unit_may_carry_two_claims_or_three() -> None:
    assert outcome("R130", a_co_claim()) is PASS
    assert outcome("R130", a_co_claim(claimants=(CAR, PRESS))) is PASS


@pytest.mark.rule("R130", "boundary")
@pytest.mark.parametrize(("claims", "expected"), [(2, PASS), (3, PASS), (4, FAIL)])
def test_three_claims_are_the_most(claims: int, expected: object) -> None:
    crowd = tuple(ClaimantFacts(n, n, f"Party {n}") for n in range(1, claims + 1))
    assert outcome("R130", a_co_claim(claimants=crowd)) is expected


@pytest.mark.rule("R130", "fail")
@pytest.mark.parametrize(
    "state", ["reserved", "retiring", "suspended", "retired", "cancelled", "expired"]
)
def test_only_active_units_are_co_claimed(state: str) -> None:
    assert outcome("R130", with_units(state=state)) is FAIL


@pytest.mark.rule("R130", "fail")
def test_units_that_are_co_claimed_carry_no_more_claims() -> None:
    assert outcome("R130", with_units(co_claimed=True)) is FAIL
    assert outcome("R130", with_units(copy=2)) is FAIL


@pytest.mark.rule("R130", "boundary")
@pytest.mark.parametrize(
    ("requested", "expected"), [(0, FAIL), (1, PASS), (1_000, PASS), (1_001, FAIL)]
)
def test_no_more_than_the_units_there_are(requested: int, expected: object) -> None:
    assert outcome("R130", a_co_claim(requested=requested)) is expected


@pytest.mark.rule("R130", "boundary")
@pytest.mark.parametrize(("on", "expected"), [(date(2028, 12, 31), PASS), (date(2029, 1, 1), FAIL)])
def test_expired_units_are_not_co_claimed(on: date, expected: object) -> None:
    assert outcome("R130", a_co_claim(on=on)) is expected


def test_only_the_seats_own_copy_is_named() -> None:
    assert outcome("R130", naming(named_copy=2)) is FAIL


# --- R131 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R131", "pass")
def test_distinct_parties_at_distinct_layers_of_one_chain() -> None:
    assert outcome("R131", a_co_claim()) is PASS


@pytest.mark.rule("R131", "boundary")
@pytest.mark.parametrize(("many", "expected"), [(1, FAIL), (2, PASS), (3, PASS), (4, FAIL)])
def test_two_or_three_claimants(many: int, expected: object) -> None:
    crowd = tuple(ClaimantFacts(n, n, f"Party {n}") for n in range(1, many + 1))
    assert outcome("R131", a_co_claim(claimants=crowd)) is expected


@pytest.mark.rule("R131", "boundary")
@pytest.mark.parametrize(
    ("layer", "expected"), [(0, FAIL), (1, PASS), (5, PASS), (6, FAIL), (None, FAIL)]
)
def test_the_layers_are_those_of_the_role_map(layer: Any, expected: object) -> None:
    claimants = (CAR, replace(PRESS, layer=layer))
    assert outcome("R131", a_co_claim(claimants=claimants)) is expected


@pytest.mark.rule("R131", "fail")
def test_one_layer_has_one_claim_whoever_makes_it() -> None:
    same_layer = (CAR, replace(PRESS, layer=4))
    assert finding("R131", a_co_claim(claimants=same_layer)).field == "layer"
    same_party = (CAR, replace(PRESS, organisation="Carmaker"))
    assert outcome("R131", a_co_claim(claimants=same_party)) is FAIL
    reserved_at_the_same = (CAR, PRESS, replace(FLEET, layer=3))
    assert outcome("R131", a_co_claim(claimants=reserved_at_the_same)) is FAIL


@pytest.mark.rule("R131", "fail")
@pytest.mark.parametrize("chain", ["", "bridges", "Automotive"])
def test_the_chain_is_one_that_the_edition_knows(chain: str) -> None:
    assert outcome("R131", a_co_claim(chain=chain)) is FAIL


def test_steelmaking_and_rolling_are_one_layer_of_every_chain() -> None:
    for layers in EDITION.value_chain_layers.values():
        assert "steelmaking and steel manufacturing" in layers[0]


def test_a_chain_that_lacks_a_layer_has_no_claim_there() -> None:
    claimants = (CAR, replace(PRESS, layer=2))
    assert outcome("R131", a_co_claim(chain="packaging", claimants=claimants)) is FAIL


@given(st.lists(st.integers(1, 5), min_size=2, max_size=3))
def test_layers_pass_exactly_when_they_differ(layers: list[int]) -> None:
    crowd = tuple(ClaimantFacts(n, layer, f"P{n}") for n, layer in enumerate(layers, 1))
    is_distinct = len(set(layers)) == len(layers)
    assert (outcome("R131", a_co_claim(claimants=crowd)) is PASS) == is_distinct


# --- R132 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R132", "pass")
def test_the_contract_gives_each_claim() -> None:
    assert outcome("R132", a_co_claim()) is PASS


@pytest.mark.rule("R132", "fail")
@pytest.mark.parametrize(
    "case",
    [
        a_co_claim(terms=None),
        with_units(agreement=""),
        with_units(agreement="AG-2"),
        with_terms(executed_on=date(2026, 5, 5)),
        with_terms(unconfirmed=("Pressworks",)),
        with_terms(chain="construction"),
        with_terms(seats=SEATS[:2]),
        a_co_claim(claimants=(CAR, replace(PRESS, organisation="Stampers"))),
        a_co_claim(claimants=(CAR, replace(PRESS, layer=2))),
    ],
)
def test_nothing_beyond_the_contract(case: CoClaimCase) -> None:
    assert outcome("R132", case) is FAIL


@pytest.mark.rule("R132", "boundary")
@pytest.mark.parametrize(("agreed", "expected"), [(1, FAIL), (2, FAIL), (3, PASS)])
def test_no_more_claims_than_agreed(agreed: int, expected: object) -> None:
    assert outcome("R132", with_terms(claims_agreed=agreed)) is expected


@pytest.mark.rule("R132", "boundary")
@pytest.mark.parametrize(
    ("before", "requested", "expected"),
    [(0, 500, PASS), (0, 501, FAIL), (100, 400, PASS), (100, 401, FAIL)],
)
def test_a_party_claims_up_to_its_extent(before: int, requested: int, expected: object) -> None:
    half = (SEATS[0], replace(SEATS[1], extent_share=Decimal("0.5")), SEATS[2])
    claimants = (CAR, replace(PRESS, co_claimed=before), FLEET)
    case = a_co_claim(terms=some_terms(seats=half), claimants=claimants, requested=requested)
    assert outcome("R132", case) is expected


# --- R133 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R133", "pass")
def test_every_claim_is_in_the_register() -> None:
    assert outcome("R133", a_co_claim()) is PASS


@pytest.mark.rule("R133", "boundary")
@pytest.mark.parametrize(("copy", "expected"), [(1, FAIL), (2, PASS), (3, FAIL)])
def test_copies_are_numbered_without_a_gap(copy: int, expected: object) -> None:
    assert outcome("R133", a_co_claim(claimants=(CAR, replace(PRESS, copy=copy)))) is expected


@pytest.mark.rule("R133", "fail")
def test_the_primary_is_the_holder_and_somebody_is_responsible() -> None:
    assert outcome("R133", a_co_claim(holder="Broker")) is FAIL
    assert finding("R133", a_co_claim(responsible=" ")).field == "responsible"


# --- R134 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R134", "pass")
def test_a_seat_may_be_named_later() -> None:
    assert outcome("R134", a_co_claim()) is PASS
    assert outcome("R134", naming()) is PASS


@pytest.mark.rule("R134", "fail")
def test_a_seat_is_named_by_a_name() -> None:
    assert outcome("R134", naming(claimants=(CAR, PRESS, FLEET))) is FAIL
    primary = replace(CAR, organisation="")
    assert outcome("R134", a_co_claim(claimants=(primary, PRESS))) is FAIL


@pytest.mark.rule("R134", "boundary")
@pytest.mark.parametrize(("reserved", "expected"), [((), PASS), ((3,), PASS), ((2, 3), FAIL)])
def test_no_more_seats_are_reserved_than_the_contract_leaves_open(
    reserved: tuple[int, ...], expected: object
) -> None:
    named = (CAR, PRESS, replace(FLEET, organisation="Rent a Car"))
    claimants = tuple(
        replace(each, organisation="") if each.copy in reserved else each for each in named
    )
    assert outcome("R134", a_co_claim(claimants=claimants)) is expected


# --- R135 ---------------------------------------------------------------------------------------


@pytest.mark.rule("R135", "pass")
def test_a_contract_that_says_it_all() -> None:
    assert outcome("R135", a_co_claim()) is PASS


@pytest.mark.rule("R135", "fail")
@pytest.mark.parametrize(
    "missing",
    [
        {"types": ""},
        {"transfer_terms": ""},
        {"measures": ""},
        {"responsible": ""},
        {"end_use": ""},
        {"seats": ()},
        {"seats": (SEATS[0], SeatFacts(copy=2, layer=3, organisation="Pressworks"))},
    ],
)
def test_a_contract_that_leaves_something_out(missing: dict[str, Any]) -> None:
    assert outcome("R135", with_terms(**missing)) is FAIL
    as_recommended = replace(EDITION, co_claim_terms_required=False)
    assert outcome("R135", with_terms(**missing), as_recommended) is WARN
