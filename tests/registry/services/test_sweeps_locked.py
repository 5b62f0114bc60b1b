"""A sweep passes over what somebody is working on just now, and takes it the next time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from registry.queries import Wanted
from registry.services.sweeps import expire_vintages, lapse_offers
from registry.services.transfers import propose_transfer
from tests import cast as made
from tests.cast import cast, key
from tests.registry.ledger.invariants import assert_sound, total
from tests.support.template import database_url

pytestmark = pytest.mark.django_db(transaction=True)

ONE_DAY = timedelta(days=1)


@contextmanager
def held(query: str, *values: object) -> Iterator[None]:
    """Another connection holds these rows; whoever waits for them fails at once."""
    url = database_url(connection.settings_dict["NAME"])
    with psycopg.connect(url) as other, connection.cursor() as cursor:
        other.execute(query, values)
        cursor.execute("SET lock_timeout = '1s'")
        try:
            yield
        finally:
            cursor.execute("SET lock_timeout = DEFAULT")
            other.rollback()


def test_sweeps_pass_over_what_is_locked_and_take_it_the_next_time() -> None:
    people = cast()
    issuance = made.issue(people, tonnes=1_000, steel=True)
    now = timezone.now()
    for quantity in (100, 200):
        offer = propose_transfer(
            by=people.erik,
            now=now,
            key=key(),
            from_account=people.steel_account,
            to_account=people.broker_account,
            units=Wanted(quantity),
            surrendered=True,
        )
    late = now + timedelta(days=15)
    with held("SELECT 1 FROM registry_transfer WHERE id = %s FOR UPDATE", offer.pk):
        assert lapse_offers(now=late) == 1
        assert total(people.steel_account.pk, "reserved") == 200
    assert lapse_offers(now=late) == 1

    after = now + (issuance.expires_on - now.date()) + ONE_DAY
    with held("SELECT 1 FROM registry_holding WHERE state = 'active' FOR UPDATE"):
        assert expire_vintages(now=after) == 0
    assert expire_vintages(now=after) == 1_000
    assert_sound()
