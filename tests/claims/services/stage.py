"""A stage for claims: Carl's inventory with a line of steel, and units that he retired.

The units stand at 0.4 t CO2e/t against 1.425 (the sliding scale at 60 % scrap).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Account, Organisation, User
from accounts.permissions import Right, grant
from claims.accounting.facts import Alignment, Method
from claims.models import Claim, Inventory, InventoryLine
from claims.services.claiming import Terms, make_claim
from claims.services.inventories import add_line, create_inventory
from registry.ledger import Line
from registry.models import Issuance, Retirement
from registry.queries import Wanted
from registry.services.retirements import retire
from tests import cast as made
from tests.cast import Cast, cast, key, vintage
from tests.registry.services.acts import put

NOW = timezone.now()
DIRECT = Terms(
    method=Method.DIRECT,
    alignment=Alignment(reliable_factor=True, aligned_boundary=True, same_product_type=True),
)
ENHANCED = Terms(method=Method.ENHANCED)


@dataclass(frozen=True)
class Stage:
    """steel: 1,000 t of slab, all retired by Carl. line: 1,000 t of flat steel at 1.9 t CO2e/t."""

    people: Cast
    steel: Issuance
    retirement: Retirement
    inventory: Inventory
    line: InventoryLine


def set_stage(**values: Any) -> Stage:
    """values: of the production that the units are of."""
    people = cast()
    steel = made.issue(people, tonnes=1_000, steel=True, **values)
    put(steel, people.auto_account)
    retirement = retired(people.carl, people.auto_account, 1_000)
    mine = inventory(people.carl, people.auto_werke)
    return Stage(people, steel, retirement, mine, line(people.carl, mine))


def retired(by: User, account: Account, quantity: int, now: datetime = NOW) -> Retirement:
    return retire(by=by, now=now, key=key(), account=account, units=Wanted(quantity))


def inventory(by: User, of: Organisation, **values: Any) -> Inventory:
    start, end = vintage(NOW)
    given = {"name": "Steel", "period_start": start, "period_end": end}
    return create_inventory(by=by, now=NOW, key=key(), organisation=of, values=given | values)


def line(by: User, of: Inventory, **values: Any) -> InventoryLine:
    given: dict[str, Any] = {
        "name": "Coil",
        "category": "scope_3_1",
        "material": "steel",
        "product_type": "flat",
        "tonnes": Decimal(1_000),
        "factor_intensity": Decimal("1.9"),
        "factor_source": "supplier EPDs",
    }
    return add_line(by=by, now=NOW, key=key(), inventory=of, values=given | values)


def run(issuance: Issuance, first: int, last: int) -> Line:
    return Line(issuance.pk, 1, first, last)


def claim(stage: Stage, first: int, last: int, terms: Terms = DIRECT, **more: Any) -> Claim:
    """Carl applies these serials to his line."""
    given: dict[str, Any] = {
        "by": stage.people.carl,
        "now": NOW,
        "key": key(),
        "inventory": stage.inventory,
        "lines": [stage.line],
        "units": [run(stage.steel, first, last)],
        "terms": terms,
    }
    return make_claim(**given | more)


def year(number: int) -> dict[str, date]:
    return {"period_start": date(number, 1, 1), "period_end": date(number, 12, 31)}


def colleague(stage: Stage) -> User:
    """Somebody of the car maker who may only look."""
    cora = made.person("Cora", stage.people.auto_werke)
    grant(user=cora, account=stage.people.auto_account, rights={Right.VIEW})
    return cora
