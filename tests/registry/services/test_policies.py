"""An account's policy: who changes it and when it holds, and what transfers meet by it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from accounts.models import Account, User
from accounts.permissions import Right, grant
from accounts.roles import Role
from accounts.services import add_member, open_account
from registry.errors import BadInput, NotNow
from registry.models import Issuance, Transfer
from registry.queries import Wanted
from registry.services.policies import (
    approve_policy_change,
    change_limits,
    distrust_account,
    policy_of,
    trust_account,
    withdraw_policy_change,
)
from registry.services.transfers import (
    accept_transfer,
    approve_transfer,
    propose_transfer,
    withdraw_transfer,
)
from registry.transitions import TransferState
from registry.workdays import working_day_after
from tests import cast as made
from tests.cast import APPROVE, START, Cast, cast, key, person
from tests.registry.services.acts import account_of
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = NOW.date()


def after(days: int, since: date = TODAY) -> date:
    return working_day_after(since, days, calendar="TARGET")


def at(day: date) -> datetime:
    return datetime.combine(day, NOW.time(), tzinfo=NOW.tzinfo)


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def steel(people: Cast) -> Issuance:
    return made.issue(people, tonnes=1_000, steel=True)


def limits(people: Cast, account: Account | None = None, by: User | None = None, **to: Any) -> Any:
    given = {"approval_above": None, "delay_days": 0, **to}
    return change_limits(
        by=by or people.erik,
        now=NOW,
        key=key(),
        account=account or people.steel_account,
        **given,
    )


def trust(people: Cast, other: Account, *, by: User | None = None) -> Any:
    return trust_account(
        by=by or people.erik, now=NOW, key=key(), account=people.steel_account, other=other
    )


def propose(
    people: Cast, units: int, *, to: Account | None = None, now: datetime = NOW
) -> Transfer:
    return propose_transfer(
        by=people.erik,
        now=NOW,
        key=key(),
        from_account=people.steel_account,
        to_account=to or people.broker_account,
        units=Wanted(units),
        surrendered=True,
    )


def second_person(people: Cast) -> User:
    """Ella may approve in the steelmaker's account."""
    ella = person("Ella", people.elektra)
    grant(user=ella, account=people.steel_account, rights=APPROVE)
    return ella


# --- how a policy comes to be in force --------------------------------------------------------


def test_an_account_begins_without_a_policy(people: Cast) -> None:
    policy = policy_of(people.steel_account, on=TODAY)
    assert (policy.approval_above, policy.delay_days, policy.trusted) == (None, 0, frozenset())


def test_what_is_stricter_holds_at_once(people: Cast) -> None:
    limits(people, approval_above=100, delay_days=2)
    policy = policy_of(people.steel_account, on=TODAY)
    assert (policy.approval_above, policy.delay_days) == (100, 2)


@pytest.mark.parametrize(
    "looser",
    [
        {"approval_above": 101, "delay_days": 2},
        {"approval_above": None, "delay_days": 2},
        {"approval_above": 100, "delay_days": 1},
    ],
)
def test_what_is_looser_waits_for_a_second_person(people: Cast, looser: dict[str, Any]) -> None:
    ella = second_person(people)
    limits(people, approval_above=100, delay_days=2)
    change = limits(people, **looser)
    assert change.in_force_on is None
    assert policy_of(people.steel_account, on=after(30)).delay_days == 2
    approve_policy_change(by=ella, now=NOW, key=key(), change=change)
    policy = policy_of(people.steel_account, on=TODAY)
    assert (policy.approval_above, policy.delay_days) == tuple(looser.values())


def test_where_there_is_no_second_person_it_waits_for_its_day(people: Cast) -> None:
    change = trust(people, people.broker_account)
    assert change.in_force_on == after(3)
    trusted = people.broker_account.pk
    assert trusted not in policy_of(people.steel_account, on=after(3) - timedelta(days=1)).trusted
    assert trusted in policy_of(people.steel_account, on=after(3)).trusted


def test_nobody_approves_their_own_change(people: Cast) -> None:
    second_person(people)
    grant(user=people.erik, account=people.steel_account, rights=APPROVE)
    change = trust(people, people.broker_account)
    with refused(Refused, match="yourself"):
        approve_policy_change(by=people.erik, now=NOW, key=key(), change=change)


def test_a_change_is_withdrawn_before_it_holds_and_not_after(people: Cast) -> None:
    change = trust(people, people.broker_account)
    with refused(NotNow, match="in force"):
        withdraw_policy_change(by=people.erik, now=at(after(3)), key=key(), change=change)
    withdraw_policy_change(by=people.erik, now=NOW, key=key(), change=change)
    assert not policy_of(people.steel_account, on=after(9)).trusted
    with refused(NotNow):
        withdraw_policy_change(by=people.erik, now=NOW, key=key(), change=change)


def test_an_account_is_taken_off_the_list_at_once(people: Cast) -> None:
    ella = second_person(people)
    change = trust(people, people.broker_account)
    approve_policy_change(by=ella, now=NOW, key=key(), change=change)
    assert policy_of(people.steel_account, on=TODAY).trusted == {people.broker_account.pk}
    later = NOW + timedelta(seconds=1)
    distrust_account(
        by=people.erik,
        now=later,
        key=key(),
        account=people.steel_account,
        other=people.broker_account,
    )
    assert not policy_of(people.steel_account, on=TODAY).trusted


def test_a_repeat_is_the_same_change(people: Cast) -> None:
    same = key()
    first, again = (
        trust_account(
            by=people.erik,
            now=NOW,
            key=same,
            account=people.steel_account,
            other=people.broker_account,
        )
        for _ in range(2)
    )
    assert first == again


@pytest.mark.parametrize(
    "wrong",
    [
        {"approval_above": -1},
        {"approval_above": 10**12 + 1},
        {"delay_days": -1},
        {"delay_days": 61},
    ],
)
def test_limits_out_of_range_are_named(people: Cast, wrong: dict[str, int]) -> None:
    with refused(BadInput) as refusal:
        limits(people, **wrong)
    assert set(refusal.value.errors) == set(wrong)


def test_only_others_accounts_are_trusted_and_only_once(people: Cast) -> None:
    own = open_account(organisation=people.elektra, name="Second", rights={people.erik: START})
    for other in (people.steel_account, own):
        with refused(BadInput, match="own accounts"):
            trust(people, other)
    with refused(BadInput, match="is not on the list"):
        distrust_account(
            by=people.erik,
            now=NOW,
            key=key(),
            account=people.steel_account,
            other=people.broker_account,
        )


def test_outsiders_see_nothing_and_onlookers_change_nothing(people: Cast) -> None:
    with refused(NotVisible):
        limits(people, by=people.bob)
    with refused(NotVisible):
        trust(people, people.broker_account, by=people.bob)
    looker = person("Eve", people.elektra)
    grant(user=looker, account=people.steel_account, rights={Right.VIEW})
    with refused(Refused):
        limits(people, by=looker)
    change = trust(people, people.broker_account)
    with refused(Refused):
        approve_policy_change(by=looker, now=NOW, key=key(), change=change)
    with refused(NotVisible):
        withdraw_policy_change(by=people.bob, now=NOW, key=key(), change=change)


# --- what transfers meet ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "units", "waits"),
    [(0, 100, False), (0, 101, True), (60, 40, False), (60, 41, True)],
)
def test_the_days_units_above_the_limit_wait_for_a_second_person(
    people: Cast, steel: Issuance, before: int, units: int, waits: bool
) -> None:
    limits(people, approval_above=100)
    if before:
        propose(people, before)
    state = propose(people, units).state
    assert state == (TransferState.AWAITING_APPROVAL if waits else TransferState.OFFERED)


def test_what_was_withdrawn_does_not_count_for_the_day(people: Cast, steel: Issuance) -> None:
    limits(people, approval_above=100)
    withdraw_transfer(by=people.erik, now=NOW, key=key(), transfer=propose(people, 90))
    assert propose(people, 90).state == TransferState.OFFERED


def test_a_stranger_waits_working_days_and_the_sender_may_withdraw(
    people: Cast, steel: Issuance
) -> None:
    limits(people, delay_days=2)
    offer = propose(people, 10)
    assert offer.delay.acceptable_on == after(2)
    assert offer.due_on == after(2) + timedelta(days=14)
    before = at(after(2) - timedelta(days=1))
    with refused(NotNow, match=after(2).isoformat()):
        accept_transfer(by=people.bob, now=before, key=key(), transfer=offer)
    accept_transfer(by=people.bob, now=at(after(2)), key=key(), transfer=offer)
    second = propose(people, 10)
    withdraw_transfer(by=people.erik, now=NOW, key=key(), transfer=second)


def test_a_trusted_account_and_an_own_one_wait_for_nothing(people: Cast, steel: Issuance) -> None:
    ella = second_person(people)
    change = trust(people, people.broker_account)
    approve_policy_change(by=ella, now=NOW, key=key(), change=change)
    limits(people, delay_days=2)
    offer = propose(people, 10)
    accept_transfer(by=people.bob, now=NOW, key=key(), transfer=offer)
    own = open_account(organisation=people.elektra, name="Second", rights={people.erik: START})
    moved = propose(people, 10, to=own)
    accept_transfer(by=people.erik, now=NOW, key=key(), transfer=moved)
    _, stranger = account_of(Role.INTERMEDIARY)
    assert propose(people, 10, to=stranger).delay.delay_days == 2


def test_the_delay_begins_anew_with_the_approval(people: Cast, steel: Issuance) -> None:
    ella = second_person(people)
    limits(people, approval_above=0, delay_days=1)
    offer = propose(people, 10)
    assert offer.state == TransferState.AWAITING_APPROVAL
    day = after(3)
    approve_transfer(by=ella, now=at(day), key=key(), transfer=offer)
    offer.refresh_from_db()
    assert offer.delay.acceptable_on == after(1, day)
    assert offer.due_on == after(1, day) + timedelta(days=14)


def test_a_leaver_is_no_second_person(people: Cast) -> None:
    ella = second_person(people)
    ella.is_active = False
    ella.save()
    assert trust(people, people.broker_account).in_force_on == after(3)
    add_member(user=people.carl, organisation=people.elektra)
    grant(user=people.carl, account=people.steel_account, rights=APPROVE)
    _, stranger = account_of(Role.INTERMEDIARY)
    assert trust(people, stranger).in_force_on is None
