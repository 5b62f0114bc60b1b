"""What becomes of an offer: approved, accepted, declined, withdrawn or expired, once."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from accounts.models import Account, User
from accounts.permissions import Right, revoke
from accounts.roles import Role
from accounts.services import remove_member
from registry.errors import KeyReused, NotNow, RulesBroken
from registry.models import Entry, Issuance, Transfer
from registry.queries import Wanted
from registry.services.transfers import (
    accept_transfer,
    approve_transfer,
    decline_transfer,
    lapse_transfer,
    propose_transfer,
    visible_transfer,
    withdraw_transfer,
)
from registry.transitions import TRANSFER_STEPS, TransferState
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.ledger.invariants import assert_sound, total
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db

NOW = timezone.now()
Act = Callable[..., Transfer]


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def steel(people: Cast) -> Issuance:
    return made.issue(people, tonnes=1_000, steel=True)


@pytest.fixture(scope="module")
def offer(people: Cast, steel: Issuance) -> Transfer:
    """Erik offers 600 units to the broker's trading account."""
    return propose(people.erik, people.steel_account, people.broker_account, 600)


@pytest.fixture(scope="module")
def desk(people: Cast, steel: Issuance, offer: Transfer) -> Transfer:
    """Bob offers 100 units out of an account where a second person approves."""
    stock = propose(people.erik, people.steel_account, people.broker_desk, 100)
    accept_transfer(by=people.bob, now=NOW, key=key(), transfer=stock)
    return propose(people.bob, people.broker_desk, people.auto_account, 100)


def propose(by: User, source: Account, target: Account, quantity: int) -> Transfer:
    return propose_transfer(
        by=by,
        now=NOW,
        key=key(),
        from_account=source,
        to_account=target,
        units=Wanted(quantity),
        surrendered=True,
    )


def do(act: Act, by: User, transfer: Transfer, *, now: datetime = NOW, same: str = "") -> Transfer:
    return act(by=by, now=now, key=same or key(), transfer=transfer)


ACTS: dict[str, Act] = {
    "approve": approve_transfer,
    "accept": accept_transfer,
    "decline": decline_transfer,
    "withdraw": withdraw_transfer,
}


# --- each step -----------------------------------------------------------------------------------


def test_accepted_units_are_the_recipients(people: Cast, offer: Transfer) -> None:
    accepted = do(accept_transfer, people.bob, offer)
    assert accepted.state == TransferState.ACCEPTED
    assert (accepted.settled_by, accepted.settled_at) == (people.bob, NOW)
    assert total(people.broker_account.pk) == 600
    assert_sound()


@pytest.mark.parametrize(("act", "who"), [("decline", "bob"), ("withdraw", "erik")])
def test_units_not_accepted_go_back_to_the_sender(
    people: Cast, offer: Transfer, act: str, who: str
) -> None:
    before = total(people.steel_account.pk)
    settled = do(ACTS[act], getattr(people, who), offer)
    assert settled.state == {"decline": "declined", "withdraw": "withdrawn"}[act]
    assert total(people.steel_account.pk) == before + 600
    assert_sound()


def test_an_account_may_ask_for_a_second_person(people: Cast, desk: Transfer) -> None:
    assert desk.state == TransferState.AWAITING_APPROVAL
    approved = do(approve_transfer, people.bea, desk)
    assert (approved.state, approved.approved_by) == (TransferState.OFFERED, people.bea)
    assert do(accept_transfer, people.carl, desk).state == TransferState.ACCEPTED


def test_who_proposed_does_not_approve(people: Cast, desk: Transfer) -> None:
    with refused(Refused, match="second person"):
        do(approve_transfer, people.bob, desk)


def test_the_database_knows_that_nobody_approves_their_own(people: Cast, desk: Transfer) -> None:
    with (
        pytest.raises(IntegrityError, match="nobody_approves_their_own_transfer"),
        transaction.atomic(),
    ):
        Transfer.objects.filter(pk=desk.pk).update(approved_by=people.bob)


def test_the_database_knows_that_a_transfer_surrenders_the_right_to_claim(
    people: Cast, offer: Transfer
) -> None:
    with (
        pytest.raises(IntegrityError, match="a_transfer_surrenders_the_right_to_claim"),
        transaction.atomic(),
    ):
        Transfer.objects.filter(pk=offer.pk).update(surrendered=False)


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("who", ["alice", "vera", "olga"])
def test_outsiders_are_not_shown_an_offer(
    people: Cast, offer: Transfer, act: str, who: str
) -> None:
    with refused(NotVisible):
        do(ACTS[act], getattr(people, who), offer)
    with pytest.raises(NotVisible):
        visible_transfer(getattr(people, who), offer.pk)


@pytest.mark.parametrize("who", ["erik", "bob", "bea"])
def test_both_sides_are_shown_an_offer(people: Cast, offer: Transfer, who: str) -> None:
    assert visible_transfer(getattr(people, who), offer.pk) == offer


@pytest.mark.parametrize(
    ("act", "who"),
    [("accept", "erik"), ("decline", "erik"), ("withdraw", "bob"), ("approve", "bea")],
)
def test_neither_side_acts_for_the_other(people: Cast, offer: Transfer, act: str, who: str) -> None:
    with refused(NotVisible):
        do(ACTS[act], getattr(people, who), offer)


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_a_member_without_the_right_settles_nothing(
    people: Cast, offer: Transfer, act: str
) -> None:
    with refused(Refused):
        do(ACTS[act], people.bea, offer)


def test_who_may_start_may_not_therefore_approve(people: Cast, desk: Transfer) -> None:
    revoke(user=people.bea, account=people.broker_desk, rights={Right.APPROVE})
    with refused(Refused):
        do(approve_transfer, people.bea, desk)


def test_who_left_the_recipient_accepts_nothing(people: Cast, offer: Transfer) -> None:
    remove_member(user=people.bob, organisation=people.broker)
    with refused(NotVisible):
        do(accept_transfer, people.bob, offer)


@pytest.mark.parametrize(("role", "rule"), [(Role.AUDITOR, "R015"), (Role.IRON_PRODUCER, "R010")])
def test_a_recipient_whose_role_moved_on_is_refused_by_its_rule(
    people: Cast, offer: Transfer, role: Role, rule: str
) -> None:
    people.broker.role_rows.update(role=role)
    with refused(Refused) as refusal:
        do(accept_transfer, people.bob, offer)
    assert refusal.value.rule == rule


def test_a_recipient_that_became_a_steelmaker_acquires_no_iron(people: Cast) -> None:
    made.issue(people, tonnes=10)
    iron = propose(people.alice, people.iron_account, people.broker_account, 10)
    people.broker.role_rows.create(role=Role.STEEL_PRODUCER)
    with refused(Refused) as refusal:
        do(accept_transfer, people.bob, iron)
    assert refusal.value.rule == "R016"


# --- states ------------------------------------------------------------------------------------


def actor(people: Cast, act: str) -> User:
    return {
        "approve": people.bea,
        "accept": people.carl,
        "decline": people.carl,
        "withdraw": people.bob,
    }[act]


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("state", list(TransferState))
def test_every_step_that_the_table_does_not_have_is_refused(
    people: Cast, desk: Transfer, act: str, state: TransferState
) -> None:
    if any((step.before, step.action) == (state, act) for step in TRANSFER_STEPS):
        return
    Transfer.objects.filter(pk=desk.pk).update(state=state)
    with refused(NotNow) as refusal:
        do(ACTS[act], actor(people, act), desk)
    assert state.label in refusal.value.found


def test_a_refusal_says_what_is_possible(people: Cast, desk: Transfer) -> None:
    """Not 'not any more' of what is not possible yet."""
    with refused(NotNow, match="possible is: approve, withdraw, expire"):
        do(accept_transfer, people.carl, desk)


# --- dates -------------------------------------------------------------------------------------


def day(transfer: Transfer, days: int) -> datetime:
    """The end of the day so many days after the offer's last."""
    last = transfer.due_on + timedelta(days=days)
    return datetime.combine(last, time(23, 59, 59), tzinfo=NOW.tzinfo)


def test_an_offer_is_accepted_on_its_last_day(people: Cast, offer: Transfer) -> None:
    assert do(accept_transfer, people.bob, offer, now=day(offer, 0)).state == "accepted"


def test_an_offer_is_not_accepted_the_day_after_though_no_sweep_has_run(
    people: Cast, offer: Transfer
) -> None:
    with refused(NotNow, match="open until"):
        do(accept_transfer, people.bob, offer, now=day(offer, 1))


def test_nobody_approves_after_the_last_day(people: Cast, desk: Transfer) -> None:
    with refused(NotNow, match="open until"):
        do(approve_transfer, people.bea, desk, now=day(desk, 1))


@pytest.mark.parametrize(("act", "who"), [("decline", "bob"), ("withdraw", "erik")])
def test_units_may_still_go_back_after_the_last_day(
    people: Cast, offer: Transfer, act: str, who: str
) -> None:
    assert do(ACTS[act], getattr(people, who), offer, now=day(offer, 3)).settled_at


def test_units_that_expired_in_the_meantime_are_not_accepted(people: Cast, steel: Issuance) -> None:
    last = datetime.combine(steel.expires_on, time(12), tzinfo=NOW.tzinfo)
    late = propose_transfer(
        by=people.erik,
        now=last,
        key=key(),
        from_account=people.steel_account,
        to_account=people.broker_account,
        units=Wanted(10),
        surrendered=True,
    )
    with refused(RulesBroken) as refusal:
        do(accept_transfer, people.bob, late, now=last + timedelta(days=1))
    assert [finding.rule for finding in refusal.value.failures] == ["R090"]
    assert do(accept_transfer, people.bob, late, now=last).state == "accepted"


# --- idempotency -------------------------------------------------------------------------------


@pytest.mark.parametrize("act", list(ACTS))
def test_a_repeat_of_a_step_takes_it_once(people: Cast, desk: Transfer, act: str) -> None:
    if act in ("accept", "decline"):
        do(approve_transfer, people.bea, desk)
    same = key()
    first = do(ACTS[act], actor(people, act), desk, same=same)
    with writes_nothing():
        assert do(ACTS[act], actor(people, act), desk, same=same).state == first.state


def test_a_repeated_approval_is_answered_after_the_units_moved_on(
    people: Cast, desk: Transfer
) -> None:
    same = key()
    do(approve_transfer, people.bea, desk, same=same)
    do(accept_transfer, people.carl, desk)
    assert do(approve_transfer, people.bea, desk, same=same).state == "accepted"


def test_the_key_of_one_step_is_not_the_key_of_another(people: Cast, offer: Transfer) -> None:
    same = key()
    do(decline_transfer, people.bob, offer, same=same)
    with refused(KeyReused):
        do(accept_transfer, people.bob, offer, same=same)


def test_a_refused_step_leaves_its_key_free(people: Cast, offer: Transfer) -> None:
    same = key()
    with refused(NotNow):
        do(accept_transfer, people.bob, offer, now=day(offer, 1), same=same)
    assert do(accept_transfer, people.bob, offer, same=same).state == "accepted"


def test_a_lapsed_offer_leaves_an_entry_of_nobody(people: Cast, offer: Transfer) -> None:
    assert lapse_transfer(now=day(offer, 1), transfer=offer.pk)
    entry: Any = Entry.objects.filter(order=offer.pk, kind="lapse").get()
    assert (entry.by, entry.to_account) == (None, people.steel_account)
