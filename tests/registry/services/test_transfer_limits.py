"""The agreement's limit on onward transfers, from the first buyer on (7.1, R091)."""

import pytest
from django.utils import timezone

from accounts.models import Account, User
from accounts.roles import Role
from registry.errors import RulesBroken
from registry.ledger import Line
from registry.models import Holding, Issuance
from registry.queries import Wanted
from registry.services.selection import Units
from registry.services.transfers import (
    accept_transfer,
    approve_transfer,
    decline_transfer,
    propose_transfer,
)
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.services.acts import account_of
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def second(people: Cast) -> tuple[User, Account]:
    """A second intermediary: Sam and the account."""
    return account_of(Role.INTERMEDIARY)


def issued(people: Cast, *, onward: int | None) -> Issuance:
    """100 units under an agreement with this limit, in the steelmaker's account."""
    terms = made.agreement(people, steel=True, transfers_allowed=onward)
    return made.issue(people, tonnes=100, steel=True, agreement=terms)


def sell(
    by: User,
    source: Account,
    target: Account,
    taker: User,
    units: Units,
    approver: User | None = None,
) -> None:
    transfer = propose_transfer(
        by=by,
        now=NOW,
        key=key(),
        from_account=source,
        to_account=target,
        units=units,
        surrendered=True,
    )
    if approver:
        approve_transfer(by=approver, now=NOW, key=key(), transfer=transfer)
    accept_transfer(by=taker, now=NOW, key=key(), transfer=transfer)


def first_sale(people: Cast, issuance: Issuance) -> None:
    units = [Line(issuance.pk, 1, 1, 100)]
    sell(people.erik, people.steel_account, people.broker_account, people.bob, units)


def onward_of(issuance: Issuance) -> set[int]:
    return set(Holding.objects.filter(issuance=issuance).values_list("transfers", flat=True))


def test_the_issuers_own_sale_is_not_counted(people: Cast) -> None:
    issuance = issued(people, onward=0)
    first_sale(people, issuance)
    assert onward_of(issuance) == {0}


def test_with_no_onward_transfer_allowed_the_first_buyer_keeps_the_units(people: Cast) -> None:
    first_sale(people, issued(people, onward=0))
    with refused(RulesBroken, match="onward transfer number 1. Allowed: at most 0") as refusal:
        sell(people.bob, people.broker_account, people.auto_account, people.carl, Wanted(1))
    assert [finding.rule for finding in refusal.value.failures] == ["R091"]


def test_the_limit_is_inclusive(people: Cast, second: tuple[User, Account]) -> None:
    sam, stock = second
    issuance = issued(people, onward=1)
    first_sale(people, issuance)
    sell(people.bob, people.broker_account, stock, sam, Wanted(100))
    assert onward_of(issuance) == {1}
    with refused(RulesBroken, match="onward transfer number 2") as refusal:
        sell(sam, stock, people.auto_account, people.carl, Wanted(1))
    assert [finding.rule for finding in refusal.value.failures] == ["R091"]


def test_without_a_limit_units_go_on_and_on(people: Cast, second: tuple[User, Account]) -> None:
    sam, stock = second
    issuance = issued(people, onward=None)
    first_sale(people, issuance)
    for _ in range(2):
        sell(people.bob, people.broker_account, stock, sam, Wanted(100))
        sell(sam, stock, people.broker_account, people.bob, Wanted(100))
    assert onward_of(issuance) == {4}


def test_a_move_between_own_accounts_counts_nothing(people: Cast) -> None:
    issuance = issued(people, onward=1)
    first_sale(people, issuance)
    sell(people.bob, people.broker_account, people.broker_desk, people.bob, Wanted(100))
    assert onward_of(issuance) == {0}
    sell(
        people.bob,
        people.broker_desk,
        people.auto_account,
        people.carl,
        Wanted(100),
        approver=people.bea,
    )
    assert onward_of(issuance) == {1}


def test_units_at_their_limit_still_move_between_own_accounts(people: Cast) -> None:
    issuance = issued(people, onward=0)
    first_sale(people, issuance)
    sell(people.bob, people.broker_account, people.broker_desk, people.bob, Wanted(100))
    assert Holding.objects.get(issuance=issuance).account == people.broker_desk


def test_one_range_at_its_limit_holds_the_whole_transfer_back(people: Cast) -> None:
    free, bound = issued(people, onward=None), issued(people, onward=0)
    for each in (free, bound):
        first_sale(people, each)
    both = [Line(free.pk, 1, 1, 10), Line(bound.pk, 1, 1, 10)]
    with refused(RulesBroken) as refusal:
        sell(people.bob, people.broker_account, people.auto_account, people.carl, both)
    assert [finding.rule for finding in refusal.value.failures] == ["R091"]
    sell(people.bob, people.broker_account, people.auto_account, people.carl, both[:1])


def test_units_that_come_back_to_their_issuer_are_its_own_to_sell(people: Cast) -> None:
    issuance = issued(people, onward=1)
    first_sale(people, issuance)
    sell(people.bob, people.broker_account, people.steel_account, people.erik, Wanted(100))
    first_sale(people, issuance)
    assert onward_of(issuance) == {1}


def test_an_offer_that_was_declined_counts_nothing(people: Cast) -> None:
    issuance = issued(people, onward=1)
    first_sale(people, issuance)
    transfer = propose_transfer(
        by=people.bob,
        now=NOW,
        key=key(),
        from_account=people.broker_account,
        to_account=people.auto_account,
        units=Wanted(100),
        surrendered=True,
    )
    decline_transfer(by=people.carl, now=NOW, key=key(), transfer=transfer)
    assert onward_of(issuance) == {0}
