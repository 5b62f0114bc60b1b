"""Units with a life behind them: issued, offered in vain, sold in part, retired in part."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import Issuance, Retirement
from registry.queries import Wanted
from registry.services.retirements import retire
from registry.services.transfers import accept_transfer, decline_transfer, propose_transfer
from tests.cast import Cast, cast, issue, key


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def issuance(people: Cast) -> Issuance:
    """1,000 t of iron: 300 sold to the broker, 100 of those retired, an offer of 50 declined."""
    units = issue(people, tonnes=1_000)
    sell(people, units, 300)
    sell(people, units, 50, taken=False)
    withdraw_from_use(people, units, 100)
    return units


@pytest.fixture
def retirement(issuance: Issuance) -> Retirement:
    return Retirement.objects.get()


def sell(people: Cast, units: Issuance, quantity: int, *, taken: bool = True) -> None:
    """From the ironmaker to the broker."""
    offer = propose_transfer(
        by=people.alice,
        now=timezone.now(),
        key=key(),
        from_account=people.iron_account,
        to_account=people.broker_account,
        units=Wanted(quantity, issuance=units.pk),
        surrendered=True,
    )
    settle = accept_transfer if taken else decline_transfer
    settle(by=people.bob, now=timezone.now(), key=key(), transfer=offer)


def withdraw_from_use(people: Cast, units: Issuance, quantity: int) -> Retirement:
    """The broker retires; a moment apart, so that the newest is the last."""
    return retire(
        by=people.bob,
        now=timezone.now() + timedelta(seconds=Retirement.objects.count()),
        key=key(),
        account=people.broker_account,
        units=Wanted(quantity, issuance=units.pk),
        purpose="=Scope 3 claim",
        beneficiary="Bridge Builders Ltd",
    )
