"""The cast itself: its productions pass every rule, and its people can sign in."""

import pytest
from django.test import Client

from registry.models import Holding
from tests.cast import PASSWORD, cast, issue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("steel", [False, True])
def test_the_casts_production_becomes_units_in_its_producers_account(steel: bool) -> None:
    people = cast()

    issuance = issue(people, tonnes=1_000, steel=steel)

    account = people.steel_account if steel else people.iron_account
    assert [(h.account, h.quantity) for h in Holding.objects.all()] == [(account, 1_000)]
    assert issuance.quantity == 1_000


def test_everybody_signs_in_with_the_casts_password(client: Client) -> None:
    cast()

    assert client.login(email="alice@example.test", password=PASSWORD)
