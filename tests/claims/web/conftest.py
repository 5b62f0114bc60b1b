"""Carl's inventory and the steel units that he has retired for it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims.models import Inventory, InventoryLine
from claims.services.inventories import add_line, create_inventory
from registry.models import Issuance
from registry.queries import Wanted
from registry.services.retirements import retire
from registry.services.transfers import accept_transfer, propose_transfer
from tests.cast import PASSWORD, Cast, baseline, cast, issue, key, vintage

LINE = {
    "name": "Rebar in owned office buildings",
    "category": "scope_3_2",
    "material": "steel",
    "product_type": "long",
    "tonnes": Decimal(50_000),
    "factor_intensity": Decimal("1.5"),
    "factor_source": "supplier EPDs",
}


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def carl(people: Cast) -> Client:
    """Carl's browser, signed in."""
    client = Client()
    assert client.login(email=people.carl.email, password=PASSWORD)
    return client


@pytest.fixture
def inventory(people: Cast) -> Inventory:
    return inventory_of(people)


@pytest.fixture
def rebar(inventory: Inventory, people: Cast) -> InventoryLine:
    """The framework's worked example of enhanced substitution: 50,000 t at 1.5 t CO2e/t."""
    return line(people, inventory)


def inventory_of(people: Cast, name: str = "Iron and steel") -> Inventory:
    start, end = vintage(timezone.now())
    return create_inventory(
        by=people.carl,
        now=timezone.now(),
        key=key(),
        organisation=people.auto_werke,
        values={"name": name, "period_start": start, "period_end": end},
    )


def line(people: Cast, inventory: Inventory, **values: Any) -> InventoryLine:
    return add_line(
        by=people.carl, now=timezone.now(), key=key(), inventory=inventory, values=LINE | values
    )


def billets(people: Cast, quantity: int) -> Issuance:
    """Units at 0.2 t CO2e/t against 1.8, bought and retired by Carl."""
    regional = baseline(
        people,
        steel=True,
        kind="regional",
        value_intensity=Decimal("1.8"),
        scrap_share=Decimal("0.95"),
        **dict.fromkeys(
            (
                "primary_intensity",
                "primary_scrap_share",
                "secondary_intensity",
                "secondary_scrap_share",
            )
        ),
    )
    return _retired(
        people,
        quantity,
        product="billet",
        intensity=Decimal("0.2"),
        site_intensity=Decimal("0.2"),
        scrap_share=Decimal("0.95"),
        baseline=regional,
    )


def slabs(people: Cast, quantity: int) -> Issuance:
    """Units at 0.8 t CO2e/t, bought and retired by Carl: the example of direct substitution."""
    return _retired(
        people,
        quantity,
        intensity=Decimal("0.8"),
        site_intensity=Decimal("0.8"),
        scrap_share=Decimal("0.2"),
    )


def _retired(people: Cast, quantity: int, **values: Any) -> Issuance:
    units = issue(people, tonnes=quantity, steel=True, **values)
    offer = propose_transfer(
        by=people.erik,
        now=timezone.now(),
        key=key(),
        from_account=people.steel_account,
        to_account=people.auto_account,
        units=Wanted(quantity, issuance=units.pk),
        surrendered=True,
    )
    accept_transfer(by=people.carl, now=timezone.now(), key=key(), transfer=offer)
    retire(
        by=people.carl,
        now=timezone.now(),
        key=key(),
        account=people.auto_account,
        units=Wanted(quantity, issuance=units.pk),
    )
    return units


def period() -> tuple[date, date]:
    return vintage(timezone.now())
