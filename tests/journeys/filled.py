"""A registry filled with few rows or with many: what is counted on it is reading, not making.

Records with lines are made through the services, each with as many ranges as asked for. Lists
grow by copies of their rows.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count, islice
from typing import Any

from django.utils import timezone

from accounts.ids import uuid7
from accounts.services import public_code
from claims.accounting.wording import DISCLOSURE
from claims.models import Claim, Inventory, Statement
from claims.services.statements import publish_statement
from registry.ledger import Line
from registry.models import (
    Adjustment,
    Cancellation,
    CoClaim,
    CoClaimSeat,
    DeliveryNotice,
    Holding,
    Issuance,
    Notice,
    PolicyChange,
    Retirement,
    RetirementOrder,
    Suspension,
    Transfer,
)
from registry.public.units import unit_range
from registry.services.cancellations import cancel_units
from registry.services.recipients import send_notice
from registry.services.retirements import retire, set_cooling_off
from registry.services.suspensions import Scope, approve_suspension, propose_suspension
from registry.services.transfers import accept_transfer, propose_transfer
from tests.cast import Cast, cast, issue, key
from tests.claims.services import stage as claims
from tests.registry.services.sharing import Sharing, executed, propose, sharing

_TONNES = 2_000


@dataclass
class Filled:
    """The newest record of each kind, with as many ranges as were last asked for."""

    people: Cast
    scene: Sharing
    iron: Issuance
    inventory: Inventory
    now: datetime
    serials: dict[Any, Any] = field(default_factory=dict)
    offer: Transfer = None  # type: ignore[assignment]  # made by fill
    retirement: Retirement = None  # type: ignore[assignment]
    order: RetirementOrder = None  # type: ignore[assignment]
    cancellation: Cancellation = None  # type: ignore[assignment]
    suspension: Suspension = None  # type: ignore[assignment]
    co_claim: CoClaim = None  # type: ignore[assignment]
    asked: CoClaim = None  # type: ignore[assignment]
    claim: Claim = None  # type: ignore[assignment]
    statement: Statement = None  # type: ignore[assignment]
    adjustment: Adjustment = None  # type: ignore[assignment]
    delivery: DeliveryNotice = None  # type: ignore[assignment]

    @property
    def units(self) -> str:
        """The identifier of all the iron."""
        return str(unit_range(self.iron, 1, self.iron.quantity))

    def runs(self, issuance: Issuance, number: int) -> list[Line]:
        """So many serials that were not used before, none beside another."""
        free = self.serials.setdefault(issuance.pk, count(1, 2))
        return [Line(issuance.pk, 1, serial, serial) for serial in islice(free, number)]


def begin() -> Filled:
    """Iron of Alice's, steel of Carl's that he may co-claim, and an inventory of his."""
    people = cast()
    scene = sharing(people, tonnes=_TONNES)
    iron = issue(people, tonnes=_TONNES)
    now = timezone.now()
    inventory = claims.inventory(people.carl, people.auto_werke)
    claims.line(people.carl, inventory, tonnes=Decimal(100_000))
    return Filled(people, scene, iron, inventory, now)


def fill(on: Filled, number: int) -> None:
    """One more record of each kind with `number` ranges, and `number` rows in each list."""
    _orders(on, number)
    _endings(on, number)
    _claims(on, number)
    _rows(on, number)


def _offer(on: Filled, runs: list[Line], *, taken: bool) -> Transfer:
    made = propose_transfer(
        by=on.people.alice, now=on.now, key=key(), from_account=on.people.iron_account,
        to_account=on.people.broker_account, units=runs, surrendered=True,
    )  # fmt: skip
    if taken:
        accept_transfer(by=on.people.bob, now=on.now, key=key(), transfer=made)
    return made


def _orders(on: Filled, number: int) -> None:
    """Offered; sold and kept; sold and retired; sold and retiring."""
    on.offer = _offer(on, on.runs(on.iron, number), taken=False)
    kept, retired, retiring = (on.runs(on.iron, number) for _ in range(3))
    _offer(on, [*kept, *retired, *retiring], taken=True)
    account, given = on.people.broker_account, {"by": on.people.bob, "now": on.now}
    on.retirement = retire(**given, key=key(), account=account, units=retired)
    _cool_off(on, minutes=60)
    on.order = retire(**given, key=key(), account=account, units=retiring)
    _cool_off(on, minutes=0)
    on.serials["held"] = [*kept, *retired]


def _cool_off(on: Filled, *, minutes: int) -> None:
    account = on.people.broker_account
    set_cooling_off(by=on.people.olga, now=on.now, key=key(), account=account, minutes=minutes)


def _endings(on: Filled, number: int) -> None:
    people, now = on.people, on.now
    on.cancellation = cancel_units(
        by=people.alice, now=now, key=key(), account=people.iron_account,
        units=on.runs(on.iron, number), reason="Measured too high.",
    )  # fmt: skip
    scope = Scope(ranges=tuple(on.serials["held"]))
    on.suspension = propose_suspension(
        by=people.olga, now=now, key=key(), scope=scope, reason="The scrap share is in doubt."
    )
    approve_suspension(by=people.oscar, now=now, key=key(), suspension=on.suspension)


def _claims(on: Filled, number: int) -> None:
    """Co-claimed, proposed to be, retired and claimed, and stated."""
    steel, people = on.scene.issuance, on.people
    on.co_claim = executed(on.scene, on.runs(steel, number), now=on.now)
    on.asked = propose(on.scene, on.runs(steel, number), now=on.now)
    retired = on.runs(steel, 2 * number)
    account = people.auto_account
    retire(by=people.carl, now=on.now, key=key(), account=account, units=retired)
    line = on.inventory.lines.earliest("id")
    on.claim = claims.make_claim(
        by=people.carl, now=on.now, key=key(), inventory=on.inventory, lines=[line],
        units=retired[:number], terms=claims.ENHANCED,
    )  # fmt: skip
    on.statement = publish_statement(
        by=people.carl, now=on.now, key=key(), inventory=on.inventory, text=DISCLOSURE
    )


def another(record: Any, **changes: Any) -> Any:
    """One more row like this one."""
    copied = type(record).objects.get(pk=record.pk)
    copied.pk, copied._state.adding = uuid7(), True
    for name, value in changes.items():
        setattr(copied, name, value)
    copied.save(force_insert=True)
    return copied


def _rows(on: Filled, number: int) -> None:
    people = on.people
    for _ in range(number):
        _issuance(on)
        another(on.offer)
        another(on.retirement, code=public_code())
        another(on.order, code=public_code())
        another(on.cancellation, code=public_code())
        waits = {"state": "awaiting_approval", "decided_at": None, "cancelled_on": None}
        another(on.cancellation, code=public_code(), account=people.broker_desk, **waits)
        another(on.suspension, code=public_code())
        on.adjustment = _adjustment(on)
        shared = another(on.co_claim, code=public_code())
        for seat in CoClaimSeat.objects.filter(co_claim=on.co_claim):
            another(seat, co_claim=shared)
        _policy_change(on)
        on.delivery = _delivery(on)
    for organisation in (people.broker, people.nordmetall, people.auto_werke):
        first = Notice.objects.filter(organisation=organisation).earliest("id")
        for _ in range(number):
            another(first)


def _issuance(on: Filled) -> None:
    """Another issuance, of which the broker and Alice hold units each."""
    made = another(on.iron, code=public_code(), production=another(on.iron.production))
    for account, first, last in (
        (on.people.broker_account, 1, 10),
        (on.people.iron_account, 11, made.quantity),
    ):
        Holding.objects.create(
            issuance=made, serials=(first, last + 1), account=account, state="active"
        )


def _adjustment(on: Filled) -> Adjustment:
    return Adjustment.objects.create(
        code=public_code(), issuance=on.iron, state="in_force", intensity=Decimal("0.5"),
        previous_intensity=Decimal("0.4"), reason="A full year is measured.",
        proposed_at=on.now, proposed_by=on.people.olga,
        decided_at=on.now, decided_by=on.people.oscar,
    )  # fmt: skip


def _policy_change(on: Filled) -> None:
    PolicyChange.objects.create(
        account=on.people.broker_desk, kind="trust", other=on.people.iron_account,
        state="proposed", proposed_by=on.people.bob, proposed_at=on.now,
    )  # fmt: skip


def _delivery(on: Filled) -> DeliveryNotice:
    values = {
        "recipient_name": "Rolling Mill AB",
        "delivery_reference": f"DN-{DeliveryNotice.objects.count() + 1}",
        "tonnes": 1,
        "delivered_on": on.iron.vintage_end,
    }
    by = on.people.alice
    return send_notice(by=by, now=on.now, key=key(), issuance=on.iron, values=values)
