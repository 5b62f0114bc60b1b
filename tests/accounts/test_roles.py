"""R010–R017: the one table of section 2.3, with the readings of 9.1."""

from itertools import chain, combinations, product
from typing import Any, get_args

import pytest

from accounts.roles import (
    CONDITIONS,
    RULES,
    TABLE,
    Action,
    Decision,
    Role,
    RoleReadings,
    UnitKind,
    decide,
    valid_combination,
)

ALL_SETS = [
    frozenset(each)
    for each in chain.from_iterable(combinations(Role, size) for size in range(len(Role) + 1))
]
UNITS: tuple[UnitKind, ...] = get_args(UnitKind)
ALL_READINGS = [
    RoleReadings(
        intermediary_may_retire=retire,
        end_user_may_transfer=transfer,
        integrated_producer_iron=integrated,
    )
    for retire, transfer, integrated in product(
        (True, False), (True, False), ("own_issue_only", "no_transfer")
    )
]

IRON, STEEL = Role.IRON_PRODUCER, Role.STEEL_PRODUCER
TRADER, END_USER = Role.INTERMEDIARY, Role.CORPORATE_END_USER
AUDITOR, OPERATOR = Role.AUDITOR, Role.OPERATOR


def asked(
    *roles: Role, action: str, unit: UnitKind = "crude_steel", own: bool = False, **more: Any
) -> Decision:
    return decide(
        roles=frozenset(roles),
        action=Action(action),
        unit=unit,
        own_issue=own,
        readings=more.pop("readings", RoleReadings()),
        **more,
    )


def expected(
    roles: frozenset[Role],
    action: str,
    unit: str,
    own: bool,
    readings: RoleReadings,
) -> bool:
    """The table once more, written from sections 2.3 and 9.1 and not from the code."""
    if roles & {AUDITOR, OPERATOR}:
        return action == "read"
    if action == "read":
        return False
    is_steelmaker = STEEL in roles
    if is_steelmaker and action in ("claim", "co_claim"):
        return False
    if is_steelmaker and unit == "iron":
        if action in ("acquire", "retire"):
            return False
        if action in ("hold", "transfer") and not own:
            return False
        if action == "transfer" and readings.integrated_producer_iron == "no_transfer":
            return False
    if action == "register":
        return (IRON if unit == "iron" else STEEL) in roles
    if action in ("hold", "acquire"):
        return bool(roles & {TRADER, END_USER, IRON if unit == "iron" else STEEL})
    if action == "transfer":
        return bool(roles & {TRADER, IRON if unit == "iron" else STEEL}) or (
            END_USER in roles and readings.end_user_may_transfer
        )
    if action == "retire":
        return END_USER in roles or (TRADER in roles and readings.intermediary_may_retire)
    return bool(roles & {TRADER, END_USER})


@pytest.mark.parametrize("readings", ALL_READINGS)
def test_the_table_decides_as_the_text_for_every_combination(readings: RoleReadings) -> None:
    for roles, action, unit, own, allocates in product(
        ALL_SETS, Action, UNITS, (True, False), (True, False)
    ):
        decision = decide(
            roles=roles,
            action=action,
            unit=unit,
            own_issue=own,
            allocates_green_iron=allocates,
            readings=readings,
        )
        wanted = expected(roles, action.value, unit, own, readings)
        assert decision.allowed is wanted, (sorted(roles), action, unit, own, decision)


def test_every_decision_cites_a_rule_and_says_what_to_do_when_it_refuses() -> None:
    ids = {each.id for each in RULES}
    for roles, action, unit, own in product(ALL_SETS, Action, UNITS, (True, False)):
        decision = decide(
            roles=roles, action=action, unit=unit, own_issue=own, readings=RoleReadings()
        )
        assert decision.rule in ids
        assert decision.section
        assert decision.modality
        assert decision.found
        assert decision.allowed_text
        assert bool(decision.action_text) is not decision.allowed


def test_every_row_is_of_a_listed_rule_and_a_known_condition() -> None:
    assert {row.rule for row in TABLE} == {each.id for each in RULES}
    assert {row.when for row in TABLE} == set(CONDITIONS)


# --- rule by rule ---------------------------------------------------------------------------


@pytest.mark.rule("R010", "pass")
@pytest.mark.parametrize("action", ["register", "hold", "transfer"])
def test_an_iron_producer_registers_holds_and_transfers_iron(action: str) -> None:
    decision = asked(IRON, action=action, unit="iron", own=True)
    assert decision.allowed
    assert (decision.rule, decision.section, decision.modality) == ("R010", "2.3", "may")


@pytest.mark.rule("R010", "fail")
@pytest.mark.parametrize("action", ["retire", "claim", "co_claim"])
def test_an_iron_producer_neither_retires_nor_claims(action: str) -> None:
    decision = asked(IRON, action=action, unit="iron", own=True)
    assert not decision.allowed
    assert decision.rule == "R010"


@pytest.mark.rule("R010", "boundary")
def test_an_iron_producers_grant_ends_at_steel() -> None:
    assert asked(IRON, action="register", unit="iron").allowed
    assert not asked(IRON, action="register", unit="crude_steel").allowed


@pytest.mark.rule("R011", "pass")
@pytest.mark.parametrize("action", ["register", "hold", "acquire", "transfer"])
def test_a_steel_producer_registers_holds_and_transfers_steel(action: str) -> None:
    decision = asked(STEEL, action=action)
    assert decision.allowed
    assert decision.rule == "R011"


@pytest.mark.rule("R011", "fail")
@pytest.mark.parametrize("action", ["claim", "co_claim"])
@pytest.mark.parametrize("second", [TRADER, END_USER])
def test_a_steel_producer_never_claims_whatever_its_second_role(action: str, second: Role) -> None:
    """AMB-15: a company that only rolls or coats registers as intermediary."""
    decision = asked(STEEL, second, action=action)
    assert not decision.allowed
    assert decision.rule == "R011"
    assert "intermediary" in decision.action_text


@pytest.mark.rule("R011", "boundary")
def test_a_company_that_only_rolls_claims_as_intermediary() -> None:
    assert asked(TRADER, action="claim").allowed
    assert not asked(TRADER, STEEL, action="claim").allowed


@pytest.mark.rule("R012", "pass")
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("action", ["hold", "acquire", "transfer", "claim", "co_claim", "retire"])
def test_an_intermediary_holds_transfers_and_claims_both(action: str, unit: UnitKind) -> None:
    decision = asked(TRADER, action=action, unit=unit)
    assert decision.allowed
    assert decision.rule == "R012"


@pytest.mark.rule("R012", "fail")
def test_an_intermediary_registers_nothing() -> None:
    decision = asked(TRADER, action="register")
    assert not decision.allowed
    assert decision.rule == "R012"


@pytest.mark.rule("R012", "boundary")
def test_an_intermediary_retires_only_under_the_default_reading() -> None:
    """AMB-2."""
    strict = RoleReadings(intermediary_may_retire=False)
    assert asked(TRADER, action="retire").allowed
    refused = asked(TRADER, action="retire", readings=strict)
    assert not refused.allowed
    assert refused.rule == "R012"
    assert asked(TRADER, END_USER, action="retire", readings=strict).rule == "R013"


@pytest.mark.rule("R013", "pass")
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("action", ["hold", "acquire", "retire", "claim", "co_claim"])
def test_an_end_user_holds_retires_and_claims_both(action: str, unit: UnitKind) -> None:
    decision = asked(END_USER, action=action, unit=unit)
    assert decision.allowed
    assert (decision.rule, decision.section) == ("R013", "2.3, 9.3")


@pytest.mark.rule("R013", "fail")
def test_an_end_user_transfers_nothing_under_the_default_reading() -> None:
    """AMB-3."""
    decision = asked(END_USER, action="transfer")
    assert not decision.allowed
    assert decision.rule == "R013"


@pytest.mark.rule("R013", "boundary")
def test_an_end_user_transfers_under_the_other_reading_or_as_intermediary() -> None:
    loose = RoleReadings(end_user_may_transfer=True)
    assert asked(END_USER, action="transfer", readings=loose).rule == "R013"
    assert asked(END_USER, action="transfer", readings=loose).allowed
    assert asked(END_USER, TRADER, action="transfer").rule == "R012"


@pytest.mark.rule("R014", "pass")
def test_an_auditor_reads() -> None:
    decision = asked(AUDITOR, action="read", unit="iron")
    assert decision.allowed
    assert decision.rule == "R014"


@pytest.mark.rule("R014", "fail")
@pytest.mark.parametrize("role", [IRON, STEEL, TRADER, END_USER])
def test_nobody_else_reads_beyond_its_own(role: Role) -> None:
    assert not asked(role, action="read").allowed


@pytest.mark.rule("R014", "boundary")
def test_reading_is_all_an_auditor_does() -> None:
    allowed = [action for action in Action if asked(AUDITOR, action=action).allowed]
    assert allowed == [Action.READ]


@pytest.mark.rule("R015", "pass")
def test_the_prohibitions_of_an_auditor_are_not_for_others() -> None:
    assert asked(TRADER, action="hold").allowed


@pytest.mark.rule("R015", "fail")
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("action", ["register", "hold", "acquire", "transfer", "retire", "claim"])
def test_an_auditor_does_nothing_with_units(action: str, unit: UnitKind) -> None:
    decision = asked(AUDITOR, action=action, unit=unit)
    assert not decision.allowed
    assert (decision.rule, decision.modality) == ("R015", "shall not")


@pytest.mark.rule("R015", "boundary")
@pytest.mark.parametrize("second", [IRON, STEEL, TRADER, END_USER])
def test_an_auditors_prohibitions_beat_the_grants_of_a_second_role(second: Role) -> None:
    for action in ("register", "hold", "acquire", "transfer", "retire", "claim", "co_claim"):
        assert asked(AUDITOR, second, action=action, unit="iron", own=True).rule == "R015"


@pytest.mark.rule("R016", "pass")
@pytest.mark.parametrize("action", ["register", "hold", "transfer"])
def test_an_integrated_producer_moves_iron_it_issued_itself(action: str) -> None:
    """AMB-4."""
    assert asked(IRON, STEEL, action=action, unit="iron", own=True).rule == "R010"
    assert asked(IRON, STEEL, action=action, unit="iron", own=True).allowed


@pytest.mark.rule("R016", "fail")
@pytest.mark.parametrize("action", ["acquire", "claim", "co_claim", "retire"])
@pytest.mark.parametrize("others", [(), (IRON,), (TRADER,), (END_USER,), (IRON, TRADER, END_USER)])
def test_a_steelmaker_acquires_claims_and_retires_no_iron(
    action: str, others: tuple[Role, ...]
) -> None:
    for own in (True, False):
        decision = asked(STEEL, *others, action=action, unit="iron", own=own)
        assert not decision.allowed
        assert (decision.rule, decision.section) == ("R016", "9.1")


@pytest.mark.rule("R016", "boundary")
@pytest.mark.parametrize("action", ["hold", "transfer"])
def test_a_steelmakers_iron_ends_at_its_own_issue(action: str) -> None:
    assert asked(IRON, STEEL, action=action, unit="iron", own=True).allowed
    assert asked(IRON, STEEL, action=action, unit="iron", own=False).rule == "R016"
    assert asked(TRADER, STEEL, action=action, unit="iron", own=False).rule == "R016"


def test_a_stricter_reading_keeps_even_its_own_iron_where_it_is() -> None:
    strict = RoleReadings(integrated_producer_iron="no_transfer")
    assert asked(IRON, STEEL, action="hold", unit="iron", own=True, readings=strict).allowed
    refused = asked(IRON, STEEL, action="transfer", unit="iron", own=True, readings=strict)
    assert not refused.allowed
    assert refused.rule == "R016"


def test_an_unknown_reading_is_the_stricter_one() -> None:
    unknown = RoleReadings(integrated_producer_iron="anything")
    assert not asked(
        IRON, STEEL, action="transfer", unit="iron", own=True, readings=unknown
    ).allowed


def test_a_steelmaker_is_free_with_its_steel() -> None:
    assert asked(IRON, STEEL, action="transfer").allowed
    assert asked(STEEL, END_USER, action="retire").allowed


@pytest.mark.rule("R017", "pass")
def test_allocating_green_iron_forbids_no_steel() -> None:
    assert asked(STEEL, action="acquire", allocates_green_iron=True).allowed


@pytest.mark.rule("R017", "fail")
def test_a_steelmaker_that_allocates_green_iron_buys_no_iron_units() -> None:
    decision = asked(STEEL, TRADER, action="acquire", unit="iron", allocates_green_iron=True)
    assert not decision.allowed
    assert decision.rule == "R017"


@pytest.mark.rule("R017", "boundary")
def test_who_is_no_steelmaker_may_buy_iron_units_and_a_steelmaker_may_not_anyway() -> None:
    assert asked(TRADER, action="acquire", unit="iron", allocates_green_iron=True).allowed
    assert asked(STEEL, action="acquire", unit="iron").rule == "R016"


@pytest.mark.rule("OURS-1", "pass")
def test_the_operator_reads() -> None:
    assert asked(OPERATOR, action="read").allowed


@pytest.mark.rule("OURS-1", "fail")
def test_the_operator_and_whoever_has_no_role_hold_no_units() -> None:
    for roles in ((OPERATOR,), ()):
        for action in (each for each in Action if each is not Action.READ):
            decision = asked(*roles, action=action)
            assert not decision.allowed
            assert decision.rule == "OURS-1"


@pytest.mark.rule("OURS-1", "boundary")
def test_a_second_role_gives_the_operator_nothing() -> None:
    assert asked(TRADER, action="hold").allowed
    assert asked(OPERATOR, TRADER, action="hold").rule == "OURS-1"


def test_a_refusal_cites_the_rule_that_another_reading_would_let_speak() -> None:
    strict = RoleReadings(intermediary_may_retire=False)
    assert asked(IRON, TRADER, action="retire", unit="iron", readings=strict).rule == "R012"
    assert asked(IRON, TRADER, action="read", unit="iron").rule == "R010"


def test_a_decision_says_who_asked_for_what() -> None:
    assert asked(STEEL, IRON, action="co_claim", unit="iron").found == (
        "iron producer, steel producer: co-claim iron units"
    )
    assert asked(action="hold").found == "no role: hold crude steel units"


def test_an_auditor_and_the_operator_combine_with_no_other_role() -> None:
    producing_and_using = {IRON, STEEL, TRADER, END_USER}
    for roles in ALL_SETS:
        alone = len(roles) == 1
        wanted = alone or (len(roles) > 1 and roles <= producing_and_using)
        assert valid_combination(roles) is wanted, sorted(roles)


def test_roles_are_labelled_for_readers() -> None:
    assert Role.CORPORATE_END_USER.label == "corporate end user"
