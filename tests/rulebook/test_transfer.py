"""R090–R097: transfer (7)."""

from datetime import date
from typing import Any

import pytest

from tests.rulebook.cases import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    WARN,
    a_transfer,
    failing,
    finding,
    outcome,
    some_units,
)

OWN_MOVE = {"to_organisation": "Trader", "to_account": "T-2"}


def test_the_transfer_passes_every_rule() -> None:
    assert failing(a_transfer()) == set()


def test_a_move_between_own_accounts_passes_every_rule_without_surrender_or_role() -> None:
    assert failing(a_transfer(**OWN_MOVE, surrendered=False, recipient_may_hold={})) == set()


@pytest.mark.rule("R090", "pass")
def test_active_units_go_to_an_eligible_user() -> None:
    assert outcome("R090", a_transfer()) is PASS


@pytest.mark.rule("R090", "fail")
@pytest.mark.parametrize(
    "state", ["reserved", "retiring", "suspended", "retired", "cancelled", "expired", ""]
)
def test_only_active_units_move(state: str) -> None:
    found = finding("R090", a_transfer(units=(some_units(state=state),)))
    assert found.outcome is FAIL
    assert found.field == "units"


@pytest.mark.rule("R090", "fail")
@pytest.mark.parametrize("may_hold", [{}, {"iron": True}, {"crude_steel": False}])
def test_a_recipient_that_may_not_hold_is_refused(may_hold: dict[str, bool]) -> None:
    found = finding("R090", a_transfer(recipient_may_hold=may_hold))
    assert found.outcome is FAIL
    assert found.field == "to_organisation"


@pytest.mark.rule("R090", "boundary")
@pytest.mark.parametrize(
    ("requested", "expected"), [(0, FAIL), (1, PASS), (999, PASS), (1_000, PASS), (1_001, FAIL)]
)
def test_every_unit_there_is_may_move_and_not_one_more(requested: int, expected: object) -> None:
    assert outcome("R090", a_transfer(requested=requested)) is expected


@pytest.mark.rule("R090", "boundary")
@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2028, 12, 30), PASS), (date(2028, 12, 31), PASS), (date(2029, 1, 1), FAIL)],
)
def test_expiry_counts_by_its_date_even_when_no_sweep_has_run(on: date, expected: object) -> None:
    assert outcome("R090", a_transfer(on=on)) is expected


def test_units_of_several_holdings_add_up() -> None:
    split = (some_units(last=400), some_units(first=401))
    assert outcome("R090", a_transfer(units=split, requested=1_000)) is PASS


def test_the_same_serials_named_twice_are_refused() -> None:
    for again in (some_units(), some_units(first=1_000, last=1_500)):
        case = a_transfer(units=(some_units(), again), requested=1_200)
        assert "twice" in finding("R090", case).found


def test_the_same_serials_of_two_issuances_are_not_the_same_units() -> None:
    units = (some_units(), some_units(issuance="I2"))
    assert outcome("R090", a_transfer(units=units, requested=2_000)) is PASS


def test_one_unit_among_many_refuses_them_all() -> None:
    units = (some_units(), some_units(issuance="I2", state="suspended"))
    assert outcome("R090", a_transfer(units=units, requested=10)) is FAIL
    mixed = (some_units(), some_units(issuance="I2", functional_unit="iron"))
    assert outcome("R090", a_transfer(units=mixed, requested=10)) is FAIL


@pytest.mark.parametrize("requested", [None, 1.0, "10", True, -5])
def test_a_request_that_is_no_number_of_units_is_refused(requested: object) -> None:
    assert outcome("R090", a_transfer(requested=requested)) is FAIL
    assert outcome("R094", a_transfer(requested=requested)) is FAIL


@pytest.mark.parametrize(("first", "last"), [(0, 5), (5, 4), (None, 5), (1.0, 5)])
def test_serials_that_are_no_range_are_refused(first: object, last: object) -> None:
    units = (some_units(first=first, last=last),)
    assert outcome("R090", a_transfer(units=units, requested=1)) is FAIL


def test_units_do_not_move_to_the_account_they_are_in() -> None:
    case = a_transfer(to_organisation="Trader", to_account="T-1")
    assert finding("R090", case).field == "to_account"


def test_co_claimed_units_are_refused() -> None:
    assert outcome("R090", a_transfer(units=(some_units(co_claimed=True),))) is FAIL


def test_a_transfer_being_settled_moves_the_units_reserved_for_it() -> None:
    reserved = (some_units(state="reserved"),)
    assert outcome("R090", a_transfer(units=reserved, settling=True)) is PASS
    assert outcome("R090", a_transfer(settling=True)) is FAIL
    expired = a_transfer(units=reserved, settling=True, on=date(2029, 1, 1))
    assert outcome("R090", expired) is FAIL


def test_a_move_between_own_accounts_still_needs_active_units() -> None:
    suspended = (some_units(state="suspended"),)
    assert outcome("R090", a_transfer(**OWN_MOVE, units=suspended)) is FAIL


@pytest.mark.rule("R091", "pass")
def test_a_contract_without_a_limit_allows_any_number() -> None:
    assert outcome("R091", a_transfer(units=(some_units(onward_transfers=40),))) is PASS


@pytest.mark.rule("R091", "fail")
def test_a_contract_without_onward_transfers_forbids_the_first() -> None:
    found = finding("R091", a_transfer(units=(some_units(transfers_allowed=0),)))
    assert found.outcome is FAIL
    assert found.numbers == {"onward_transfer": "1", "transfers_allowed": "0"}


@pytest.mark.rule("R091", "boundary")
@pytest.mark.parametrize(("so_far", "expected"), [(0, PASS), (1, PASS), (2, FAIL), (3, FAIL)])
def test_the_last_allowed_transfer_passes(so_far: int, expected: object) -> None:
    units = (some_units(transfers_allowed=2, onward_transfers=so_far),)
    assert outcome("R091", a_transfer(units=units)) is expected


def test_the_issuers_own_sale_is_not_counted() -> None:
    units = (some_units(transfers_allowed=0),)
    assert outcome("R091", a_transfer(units=units, from_organisation="Norrland Steel")) is PASS


def test_a_move_between_own_accounts_is_no_transfer() -> None:
    case = a_transfer(**OWN_MOVE, units=(some_units(transfers_allowed=0),))
    for rule in ("R091", "R092", "R094"):
        assert outcome(rule, case) is NOT_APPLICABLE


def test_the_tightest_contract_decides() -> None:
    units = (
        some_units(transfers_allowed=5),
        some_units(issuance="I2", transfers_allowed=1, onward_transfers=1),
    )
    assert outcome("R091", a_transfer(units=units)) is FAIL
    assert outcome("R091", a_transfer(units=tuple(reversed(units)))) is FAIL


@pytest.mark.parametrize("limit", [-1, 1.0, "1"])
def test_a_limit_that_is_no_number_is_refused(limit: object) -> None:
    assert outcome("R091", a_transfer(units=(some_units(transfers_allowed=limit),))) is FAIL


@pytest.mark.rule("R092", "pass")
def test_a_sole_claimants_units_may_move() -> None:
    assert outcome("R092", a_transfer()) is PASS


@pytest.mark.rule("R092", "fail")
def test_a_co_claimed_unit_stays() -> None:
    found = finding("R092", a_transfer(units=(some_units(co_claimed=True),)))
    assert found.outcome is FAIL
    assert found.numbers["co_claimed"] == "1000"


@pytest.mark.rule("R092", "boundary")
@pytest.mark.parametrize(("copy", "expected"), [(1, PASS), (2, FAIL), (3, FAIL)])
def test_a_second_copy_is_co_claimed_whatever_its_flag_says(copy: int, expected: object) -> None:
    assert outcome("R092", a_transfer(units=(some_units(copy=copy),))) is expected


@pytest.mark.rule("R093", "pass")
def test_a_transfer_in_the_registry_passes() -> None:
    assert outcome("R093", a_transfer()) is PASS


@pytest.mark.rule("R093", "fail")
def test_a_transfer_outside_the_registry_is_refused() -> None:
    assert outcome("R093", a_transfer(through_registry=False)) is FAIL


@pytest.mark.rule("R093", "boundary")
@pytest.mark.parametrize(
    ("units", "expected"),
    [((), FAIL), ((some_units(issuance=""),), FAIL), ((some_units(),), PASS)],
)
def test_every_unit_is_linked_to_its_issuance(units: tuple[Any, ...], expected: object) -> None:
    assert outcome("R093", a_transfer(units=units)) is expected


@pytest.mark.rule("R094", "pass")
def test_a_documented_transfer_passes() -> None:
    assert outcome("R094", a_transfer()) is PASS


@pytest.mark.rule("R094", "fail")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"surrendered": False}, "surrendered"),
        ({"surrendered": None}, "surrendered"),
        ({"surrendered": "yes"}, "surrendered"),
        ({"parties_named": False}, "to_organisation"),
        ({"to_organisation": " "}, "to_organisation"),
        ({"on": None}, "on"),
    ],
)
def test_a_transfer_without_its_documents_is_refused(changes: dict[str, Any], field: str) -> None:
    found = finding("R094", a_transfer(**changes))
    assert found.outcome is FAIL
    assert found.field == field


@pytest.mark.rule("R094", "boundary")
@pytest.mark.parametrize(("volume", "expected"), [(0, FAIL), (1, PASS)])
def test_the_volume_is_at_least_one_unit(volume: int, expected: object) -> None:
    assert outcome("R094", a_transfer(requested=volume)) is expected


@pytest.mark.rule("R095", "pass")
def test_a_transfer_that_changes_nothing_passes() -> None:
    assert outcome("R095", a_transfer()) is PASS


@pytest.mark.rule("R095", "fail")
def test_a_transfer_that_alters_the_vintage_is_refused() -> None:
    found = finding("R095", a_transfer(attributes_changed=("vintage", "intensity")))
    assert found.outcome is FAIL
    assert found.field == "vintage"


@pytest.mark.rule("R095", "boundary")
@pytest.mark.parametrize(("changed", "expected"), [((), PASS), (("level",), FAIL)])
def test_not_one_attribute_changes(changed: tuple[str, ...], expected: object) -> None:
    assert outcome("R095", a_transfer(attributes_changed=changed)) is expected
    assert outcome("R095", a_transfer(**OWN_MOVE, attributes_changed=changed)) is expected


# --- R091: to whom ------------------------------------------------------------------------------


@pytest.mark.rule("R091", "fail")
def test_the_contracts_named_parties_and_roles_bind_from_the_first_buyer_on() -> None:
    named = (some_units(may_go_to=("Trader", "Builder")),)
    assert finding("R091", a_transfer(units=named)).field == "to_organisation"
    roles = (some_units(may_go_to_roles=("intermediary",)),)
    case = a_transfer(units=roles, recipient_roles=frozenset({"corporate_end_user"}))
    assert outcome("R091", case) is FAIL
    nobody = (some_units(may_go_to=()),)
    assert "nobody" in finding("R091", a_transfer(units=nobody)).allowed


@pytest.mark.rule("R091", "pass")
def test_a_named_party_a_role_and_whomever_the_issuer_sells_to() -> None:
    assert outcome("R091", a_transfer(units=(some_units(may_go_to=("Carmaker",)),))) is PASS
    roles = (some_units(may_go_to_roles=("corporate_end_user", "intermediary")),)
    case = a_transfer(units=roles, recipient_roles=frozenset({"corporate_end_user"}))
    assert outcome("R091", case) is PASS
    first = (some_units(may_go_to=("Builder",), issuer="Trader"),)
    assert outcome("R091", a_transfer(units=first)) is PASS


# --- R096, R097 ---------------------------------------------------------------------------------


@pytest.mark.rule("R096", "pass")
def test_few_transfers_are_reported_without_a_word() -> None:
    assert outcome("R096", a_transfer(recent_transfers=2, recent_sales=249)) is PASS
    own = (some_units(issuer="Trader"),)
    assert outcome("R096", a_transfer(units=own)) is PASS
    assert outcome("R096", a_transfer(**OWN_MOVE, recent_transfers=9)) is NOT_APPLICABLE


@pytest.mark.rule("R096", "fail")
@pytest.mark.parametrize("counts", [{"recent_transfers": 3}, {"recent_sales": 250}])
def test_frequent_transfers_are_reported_and_never_refused(counts: dict[str, int]) -> None:
    found = finding("R096", a_transfer(**counts))
    assert found.outcome is WARN
    assert found.numbers["recent_transfers"]
    assert failing(a_transfer(**counts)) == set()


@pytest.mark.rule("R097", "pass")
def test_the_record_follows_the_transfer() -> None:
    assert outcome("R097", a_transfer()) is PASS


@pytest.mark.rule("R097", "fail")
def test_a_record_that_is_to_be_changed_later_is_refused() -> None:
    assert outcome("R097", a_transfer(record_follows=False)) is FAIL
