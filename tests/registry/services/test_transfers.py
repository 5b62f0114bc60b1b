"""A transfer proposed: who may, which units, and everything that is wrong at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from accounts.models import Account, User
from accounts.permissions import Right, revoke
from accounts.roles import Role
from accounts.services import open_account
from registry.errors import KeyReused, RulesBroken
from registry.ledger import Line
from registry.models import Entry, Holding, Issuance, Transfer, WriteRequest
from registry.queries import Wanted
from registry.services.transfers import accept_transfer, propose_transfer
from registry.transitions import TransferState
from tests import cast as made
from tests.cast import START, Cast, cast, key
from tests.registry.ledger.invariants import assert_sound, total
from tests.registry.services.acts import account_of, broken, lines_of, put, queries_of
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def steel(people: Cast) -> Issuance:
    return made.issue(people, tonnes=1_000, steel=True)


@pytest.fixture(scope="module")
def iron(people: Cast) -> Issuance:
    return made.issue(people, tonnes=500)


def propose(
    people: Cast,
    units: Any,
    *,
    by: User | None = None,
    out_of: Account | None = None,
    to: Account | None = None,
    same: str = "",
    now: datetime = NOW,
    **more: Any,
) -> Transfer:
    given: dict[str, Any] = {"surrendered": True}
    return propose_transfer(
        by=by or people.erik,
        now=now,
        key=same or key(),
        from_account=out_of or people.steel_account,
        to_account=to or people.broker_account,
        units=units,
        **(given | more),
    )


def run(issuance: Issuance, first: int, last: int) -> Line:
    return Line(issuance.pk, 1, first, last)


def words(refusal: pytest.ExceptionInfo[RulesBroken]) -> str:
    return str(refusal.value)


# --- success -----------------------------------------------------------------------------------


def test_the_holder_of_record_changes_with_the_acceptance_and_not_before(
    people: Cast, steel: Issuance
) -> None:
    """R097 (7.2): the record follows by itself, in the transaction of the acceptance."""

    def holders() -> dict[str, int]:
        held = Holding.objects.filter(issuance=steel).select_related("account__organisation")
        found: dict[str, int] = {}
        for each in held:
            name = each.account.organisation.name if each.account else ""
            found[name] = found.get(name, 0) + each.quantity
        return found

    offer = propose(people, [run(steel, 1, 10), run(steel, 101, 400)])
    assert holders() == {people.elektra.name: 1_000}
    accepted = accept_transfer(by=people.bob, now=NOW, key=key(), transfer=offer)
    assert accepted.settled_at == NOW
    assert holders() == {people.elektra.name: 690, people.broker.name: 310}
    entries = Entry.objects.filter(order=offer.pk, kind="accept")
    assert {each.to_account_id for each in entries} == {people.broker_account.pk}
    assert_sound()


def test_units_are_reserved_and_offered(people: Cast, steel: Issuance) -> None:
    transfer = propose(people, Wanted(600), note="Order 4711")
    assert transfer.state == TransferState.OFFERED
    assert (transfer.quantity, transfer.note) == (600, "Order 4711")
    assert total(people.steel_account.pk, "reserved") == 600
    assert total(people.steel_account.pk) == 400
    assert_sound()


def test_an_offer_stays_open_for_fourteen_days(people: Cast, steel: Issuance) -> None:
    assert propose(people, Wanted(1)).due_on == NOW.date() + timedelta(days=14)


def test_named_serials_are_the_ones_reserved(people: Cast, steel: Issuance) -> None:
    named = [run(steel, 901, 1_000), run(steel, 1, 1), run(steel, 400, 499)]
    assert lines_of(propose(people, named)) == sorted(named)


def test_the_judgement_is_kept_with_the_transfer(people: Cast, steel: Issuance) -> None:
    rules = {finding["rule"] for finding in propose(people, Wanted(1)).findings}
    assert rules == {f"R09{n}" for n in range(8)}


def test_findings_speak_of_organisations_and_issuances_by_their_names(
    people: Cast, steel: Issuance
) -> None:
    texts = " ".join(f["found"] + f["allowed"] for f in propose(people, Wanted(1)).findings)
    assert "Broker & Sons" in texts
    assert str(people.broker.pk) not in texts


def test_no_more_queries_are_asked_for_ten_ranges_than_for_one(
    people: Cast, steel: Issuance
) -> None:
    counts = []
    for ranges in (1, 10):
        named = [run(steel, ranges * 50 + 2 * n, ranges * 50 + 2 * n) for n in range(ranges)]
        counts.append(queries_of(lambda units=named: propose(people, units)))
    assert counts[0] == counts[1] <= 30


# --- who may -----------------------------------------------------------------------------------


def test_an_outsider_is_not_shown_the_account(people: Cast, steel: Issuance) -> None:
    with refused(NotVisible):
        propose(people, Wanted(1), by=people.bob)


def test_an_outsider_hears_of_nothing_else_that_is_wrong(people: Cast, steel: Issuance) -> None:
    same = key()
    propose(people, Wanted(1), same=same)
    bob, wrong = people.bob, [run(steel, 5, 4)]
    with refused(NotVisible):
        propose(people, wrong, by=bob)
    with refused(NotVisible):
        propose(people, Wanted(1), by=bob, same="x" * 101)
    with refused(NotVisible):
        propose(people, [run(steel, 1, 10**12)], by=bob, note="\x00")
    transfer = propose(people, [run(steel, 900, 901)])
    with refused(NotVisible):
        accept_transfer(by=people.erik, now=NOW, key=same, transfer=transfer)


def test_somebody_who_left_is_asked_nothing(people: Cast, steel: Issuance) -> None:
    people.erik.is_active = False
    try:
        with refused(NotVisible):
            propose(people, Wanted(1))
    finally:
        people.erik.is_active = True


def test_a_member_without_the_right_is_refused(people: Cast, steel: Issuance) -> None:
    put(steel, people.broker_account)
    with refused(Refused) as refusal:
        propose(
            people, Wanted(1), by=people.bea, out_of=people.broker_account, to=people.auto_account
        )
    assert refusal.value.rule == ""


def test_a_right_that_was_taken_away_is_gone(people: Cast, steel: Issuance) -> None:
    revoke(user=people.erik, account=people.steel_account, rights={Right.INITIATE})
    with refused(Refused):
        propose(people, Wanted(1))


def test_an_end_user_transfers_nothing(people: Cast, steel: Issuance) -> None:
    put(steel, people.auto_account)
    with refused(Refused) as refusal:
        propose(
            people, Wanted(1), by=people.carl, out_of=people.auto_account, to=people.broker_account
        )
    assert refusal.value.rule == "R013"


def test_a_steelmaker_transfers_no_iron_of_others(people: Cast, iron: Issuance) -> None:
    put(iron, people.steel_account)
    with refused(Refused) as refusal:
        propose(people, Wanted(1, "iron"))
    assert refusal.value.rule == "R016"


@pytest.mark.parametrize(("role", "rule"), [(Role.AUDITOR, "R015"), (Role.OPERATOR, "OURS-1")])
def test_who_may_hold_nothing_transfers_nothing(
    people: Cast, steel: Issuance, role: Role, rule: str
) -> None:
    somebody, account = account_of(role)
    put(steel, account)
    with refused(Refused) as refusal:
        propose(people, Wanted(1), by=somebody, out_of=account)
    assert refusal.value.rule == rule


def test_a_maker_of_both_transfers_iron_it_issued_itself(people: Cast, iron: Issuance) -> None:
    """AMB-4: own issue only; the sale itself is not the steelmaker's purchase."""
    people.nordmetall.role_rows.create(role=Role.STEEL_PRODUCER)
    offer = propose(people, Wanted(500), by=people.alice, out_of=people.iron_account)
    assert offer.state == TransferState.OFFERED


# --- to whom -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR, Role.IRON_PRODUCER])
def test_a_recipient_that_may_not_hold_steel_is_a_finding(
    people: Cast, steel: Issuance, role: Role
) -> None:
    _, account = account_of(role)
    with refused(RulesBroken) as refusal:
        propose(people, Wanted(1), to=account)
    assert broken(refusal) == ["R090"]
    assert f"Another {role} may not hold crude_steel units" in words(refusal)


def test_a_steelmaker_is_offered_no_iron(people: Cast, iron: Issuance) -> None:
    with refused(RulesBroken) as refusal:
        propose(
            people, Wanted(1), by=people.alice, out_of=people.iron_account, to=people.steel_account
        )
    assert broken(refusal) == ["R090"]


def test_a_maker_of_both_acquires_no_iron(people: Cast, iron: Issuance) -> None:
    people.elektra.role_rows.create(role=Role.IRON_PRODUCER)
    with refused(RulesBroken) as refusal:
        propose(
            people, Wanted(1), by=people.alice, out_of=people.iron_account, to=people.steel_account
        )
    assert broken(refusal) == ["R090"]


def test_an_account_transfers_nothing_to_itself(people: Cast, steel: Issuance) -> None:
    with refused(RulesBroken) as refusal:
        propose(people, Wanted(1), to=people.steel_account)
    assert broken(refusal) == ["R090"]


def test_an_end_user_moves_units_between_its_own_accounts(people: Cast, steel: Issuance) -> None:
    """No transfer in the framework's sense: no role question, and nothing is surrendered."""
    put(steel, people.auto_account)
    second = open_account(
        organisation=people.auto_werke, name="Trucks", rights={people.carl: START}
    )
    moved = propose(
        people,
        Wanted(10),
        by=people.carl,
        out_of=people.auto_account,
        to=second,
        surrendered=False,
    )
    accept_transfer(by=people.carl, now=NOW, key=key(), transfer=moved)
    assert moved.surrendered is None
    assert total(second.pk) == 10


# --- idempotency -------------------------------------------------------------------------------


def test_a_repeat_reserves_nothing_twice(people: Cast, steel: Issuance) -> None:
    same = key()
    first = propose(people, Wanted(600), same=same)
    with writes_nothing():
        assert propose(people, Wanted(600), same=same) == first


def test_a_repeat_after_the_units_were_accepted_is_still_answered(
    people: Cast, steel: Issuance
) -> None:
    same = key()
    first = propose(people, Wanted(600), same=same)
    accept_transfer(by=people.bob, now=NOW, key=key(), transfer=first)
    with writes_nothing():
        assert propose(people, Wanted(600), same=same).state == TransferState.ACCEPTED


@pytest.mark.parametrize("more", [{"note": "other"}, {"units": Wanted(5)}, {"surrendered": False}])
def test_the_same_key_for_something_else_is_refused(
    people: Cast, steel: Issuance, more: dict[str, Any]
) -> None:
    same = key()
    propose(people, Wanted(6), same=same)
    given: dict[str, Any] = {"units": Wanted(6)} | more
    with refused(KeyReused):
        propose(people, given.pop("units"), same=same, **given)


def test_a_refused_proposal_leaves_its_key_free(people: Cast, steel: Issuance) -> None:
    same = key()
    with refused(RulesBroken):
        propose(people, Wanted(1_001), same=same)
    assert not WriteRequest.objects.filter(key=same).exists()
    assert propose(people, Wanted(1_000), same=same).quantity == 1_000


def test_one_proposal_is_one_entry_per_range(people: Cast, steel: Issuance) -> None:
    transfer = propose(people, [run(steel, 1, 5), run(steel, 11, 15)])
    entries = Entry.objects.filter(order=transfer.pk)
    assert {(entry.kind, entry.by) for entry in entries} == {("propose", people.erik)}
    assert entries.count() == 2
