"""A retirement is final from its due moment for whoever looks first, without any sweep."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims.models import Inventory
from registry.models import Issuance, Retirement, RetirementOrder
from registry.public.units import unit_range
from registry.queries import Wanted
from registry.services.retirements import retire, set_cooling_off
from tests.cast import Cast, cast, issue, key
from tests.claims.services import stage
from tests.registry.services.acts import put

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class World:
    """1,000 t of steel at Carl's, of which 400 became final an hour ago; nobody has looked."""

    people: Cast
    steel: Issuance
    order: RetirementOrder
    inventory: Inventory

    @property
    def units(self) -> str:
        return str(unit_range(self.steel, 1, 1_000))


@pytest.fixture(scope="module")
def world(shared_database: None) -> World:
    people = cast()
    steel = issue(people, tonnes=1_000, steel=True)
    put(steel, people.auto_account)
    ordered = timezone.now() - timedelta(hours=2)
    account = people.auto_account
    set_cooling_off(by=people.olga, now=ordered, key=key(), account=account, minutes=60)
    order = retire(by=people.carl, now=ordered, key=key(), account=account, units=Wanted(400))
    assert isinstance(order, RetirementOrder)
    inventory = stage.inventory(people.carl, people.auto_werke)
    stage.line(people.carl, inventory)
    return World(people, steel, order, inventory)


# What is read, and what it then says.
READ: dict[str, str] = {
    "/": "400 t",
    "/register/issuances/": "400 t",
    "/register/issuances.csv": ",600,400,",
    "/register/issuances/{on.steel.code}/": "{on.order.code}",
    "/register/retirements/": "{on.order.code}",
    "/register/retirements.csv": "{on.order.code}",
    "/register/retirements.json": "{on.order.code}",
    "/register/retirements/{on.order.code}/": "400 t retired by",
    "/register/units/?identifier={on.units}": "/register/retirements/{on.order.code}/",
    "/register/certificates/?code={on.order.code}": "400 t",
    "/api/v1/register/issuances/": "{on.steel.code}",
    "/api/v1/register/retirements/": "{on.order.code}",
    "/api/v1/register/retirements/{on.order.code}/": "{on.order.code}",
    "/api/v1/register/units/?identifier={on.units}": "{on.order.code}",
    "/home/": "is final",
    "/accounts/{on.people.auto_account.number}/?state=retired": "400 t",
    "/retirements/": "{on.order.code}",
    "/inventories/{on.inventory.pk}/": "400",
    "/inventories/{on.inventory.pk}/claims/new/": "{on.order.code}",
    "/api/v1/accounts/{on.people.auto_account.number}/holdings/": '"retired"',
    "/api/v1/retirements/": "{on.order.code}",
    "/api/v1/inventories/{on.inventory.pk}/units/": "{on.order.code}",
}


@pytest.mark.parametrize("address", READ)
def test_what_is_due_is_final_for_its_reader(world: World, address: str) -> None:
    is_public = address == "/" or "register/" in address
    client = Client()
    if not is_public:
        client.force_login(world.people.carl)

    response: Any = client.get(address.format(on=world))

    text = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200
    assert READ[address].format(on=world) in text.decode()
    assert Retirement.objects.get().retired_at == world.order.due_at
