"""In a blocked account no sweep moves anything; what was due is made good when it is lifted."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import blocks
from accounts.models import Account, AccountBlock
from registry.ledger import Line
from registry.models import Entry, Issuance, Retirement, RetirementOrder
from registry.queries import Wanted
from registry.services.retirements import retire, set_cooling_off
from registry.services.suspensions import Scope, approve_suspension, propose_suspension
from registry.services.sweeps import expire_vintages, finish_retirements, lapse_offers
from registry.services.transfers import propose_transfer
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.registry.ledger.invariants import assert_sound, total
from tests.registry.services.acts import put

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def steel(people: Cast) -> Issuance:
    return made.issue(people, tonnes=1_000, steel=True)


def block(*accounts: Account) -> None:
    blocks.block(accounts=[each.pk for each in accounts], reason="A difference.", now=NOW)


def lift(people: Cast) -> None:
    blocks.lift(by=people.olga, blocks=AccountBlock.objects.all(), now=NOW)


def offer(people: Cast) -> Any:
    return propose_transfer(
        by=people.erik, now=NOW, key=key(), from_account=people.steel_account,
        to_account=people.broker_account, units=Wanted(100), surrendered=True,
    )  # fmt: skip


def order(people: Cast, steel: Issuance) -> RetirementOrder:
    put(steel, people.auto_account)
    account = people.auto_account
    set_cooling_off(by=people.olga, now=NOW, key=key(), account=account, minutes=60)
    units = [Line(steel.pk, 1, 1, 400)]
    found = retire(by=people.carl, now=NOW, key=key(), account=account, units=units)
    assert isinstance(found, RetirementOrder)
    return found


@pytest.mark.parametrize("side", ["steel_account", "broker_account"])
def test_an_offer_of_a_blocked_account_lapses_when_the_block_is_lifted(
    people: Cast, steel: Issuance, side: str
) -> None:
    late = NOW + timedelta(days=100)
    transfer = offer(people)
    block(getattr(people, side))
    assert lapse_offers(now=late) == 0
    assert total(people.steel_account.pk, "reserved") == 100
    lift(people)
    assert lapse_offers(now=late) == 1
    transfer.refresh_from_db()
    assert (transfer.state, transfer.settled_at) == ("expired", late)
    assert_sound()


def test_a_retirement_out_of_a_blocked_account_is_final_later_by_its_own_date(
    people: Cast, steel: Issuance
) -> None:
    made_order = order(people, steel)
    block(people.auto_account)
    assert finish_retirements(now=NOW + 5 * HOUR) == 0
    assert not Retirement.objects.exists()
    lift(people)
    assert finish_retirements(now=NOW + 6 * HOUR) == 1
    assert Retirement.objects.get().retired_at == made_order.due_at == NOW + HOUR


def test_units_of_a_blocked_account_expire_when_the_block_is_lifted(
    people: Cast, steel: Issuance
) -> None:
    put(steel, people.auto_account)
    after = datetime.combine(steel.expires_on + timedelta(days=1), time(9), tzinfo=NOW.tzinfo)
    block(people.auto_account)
    assert expire_vintages(now=after) == 0
    assert not Entry.objects.filter(kind="expire").exists()
    lift(people)
    assert expire_vintages(now=after) == 1_000


def test_other_accounts_are_swept_meanwhile(people: Cast, steel: Issuance) -> None:
    transfer = offer(people)
    block(people.auto_account)
    assert lapse_offers(now=NOW + timedelta(days=100)) == 1
    transfer.refresh_from_db()
    assert transfer.state == "expired"


def test_the_operator_suspends_units_of_a_blocked_account_all_the_same(
    people: Cast, steel: Issuance
) -> None:
    """What is due is final by its date; what is not is closed (GAP-6)."""
    order(people, steel)
    block(people.auto_account)
    later = NOW + 5 * HOUR
    scope = Scope(account=people.auto_account)
    row = propose_suspension(by=people.olga, now=later, key=key(), scope=scope, reason="Doubt.")
    approve_suspension(by=people.oscar, now=later, key=key(), suspension=row)
    assert total(people.auto_account.pk, "suspended") == 600
    assert Retirement.objects.get().quantity == 400
