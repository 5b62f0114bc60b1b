"""A log to look at: every kind of move on one steel issuance, and a folder and key of its own."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import Account
from registry import ledger
from registry.ledger import Line, Seat
from registry.log.folder import Folder
from registry.log.keys import SigningKey
from registry.log.sequencer import Signed, sequence
from registry.models import Issuance, Retirement
from tests.cast import Cast, cast, issue

NAME = "registry.example/log"
KEY = SigningKey(NAME, bytes(range(32)))


@dataclass
class Stage:
    people: Cast
    issuance: Issuance
    folder: Folder

    def sequence(self) -> Signed:
        signed = sequence(folder=self.folder, key=KEY, now=timezone.now())
        assert signed is not None
        return signed

    def line(self, first: int, last: int, copy: int = 1) -> list[Line]:
        return [Line(self.issuance.pk, copy, first, last)]


def stage(root: Path, *, tonnes: int = 1_000) -> Stage:
    people = cast()
    return Stage(people, issue(people, tonnes=tonnes, steel=True), Folder(root))


def sell(on: Stage, first: int, last: int, to: Account | None = None) -> UUID:
    """Steel units into the broker's account, or another."""
    order, by, at = uuid7(), on.people.erik.pk, timezone.now()
    buyer = to or on.people.broker_account
    with transaction.atomic():
        ledger.reserve(
            transfer=order,
            account=on.people.steel_account.pk,
            lines=on.line(first, last),
            by=by,
            at=at,
        )
    with transaction.atomic():
        ledger.accept(
            transfer=order, to_account=buyer.pk, sender=on.people.elektra.pk, by=by, at=at
        )
    return order


def retire(on: Stage, first: int, last: int, account: Account | None = None) -> Retirement:
    """Retire what an account has, with its record, as the service does in one transaction."""
    holder = account or on.people.broker_account
    with transaction.atomic():
        record = retirement(on, holder, last - first + 1)
        ledger.retire(
            retirement=record.pk,
            account=holder.pk,
            lines=on.line(first, last),
            by=on.people.bob.pk,
            at=timezone.now(),
        )
    return record


def retirement(on: Stage, holder: Account, quantity: int, order: UUID | None = None) -> Retirement:
    identity, now = order or uuid7(), timezone.now()
    return Retirement.objects.create(
        id=identity,
        code=identity.hex[-10:].upper(),
        account=holder,
        organisation=holder.organisation,
        quantity=quantity,
        retired_on=now.date(),
        retired_at=now,
        retired_by=on.people.bob,
    )


def every_move(on: Stage) -> list[Retirement]:
    """Every kind of entry, most on serials 1 to 600; the retirements that became final."""
    people, at = on.people, timezone.now()
    broker, by = people.broker_account, people.bob.pk
    sell(on, 1, 600)
    final = [retire(on, 1, 50)]
    for kind in ("decline", "withdraw", "lapse"):
        order = uuid7()
        with transaction.atomic():
            ledger.reserve(transfer=order, account=broker.pk, lines=on.line(60, 80), by=by, at=at)
            ledger.release(transfer=order, kind=kind, by=None, at=at)
    _cooling_off(on, final)
    with transaction.atomic():
        ledger.cancel(
            cancellation=uuid7(), account=broker.pk, lines=on.line(200, 220), by=by, at=at
        )
        suspension = uuid7()
        ledger.suspend(suspension=suspension, lines=on.line(230, 260), by=by, at=at)
        ledger.lift(suspension=suspension, by=by, at=at)
    _co_claims(on, final)
    _expire_another(on)
    return final


def _expire_another(on: Stage) -> None:
    other = issue(on.people, tonnes=77, steel=True)
    with transaction.atomic():
        ledger.expire(issuances=[other.pk], at=timezone.now())


def _cooling_off(on: Stage, final: list[Retirement]) -> None:
    broker, by, at = on.people.broker_account, on.people.bob.pk, timezone.now()
    for first, is_kept in ((100, True), (120, False)):
        order = uuid7()
        with transaction.atomic():
            ledger.begin_retirement(
                retirement=order,
                account=broker.pk,
                lines=on.line(first, first + 9),
                by=by,
                at=at,
            )
        with transaction.atomic():
            if is_kept:
                final.append(retirement(on, broker, 10, order))
                ledger.finish_retirement(retirement=order, by=None, at=at)
            else:
                ledger.withdraw_retirement(retirement=order, by=by, at=at)


def _co_claims(on: Stage, final: list[Retirement]) -> None:
    """Three layers on 300…399; the third is named after a suspension and a lift."""
    people, by, at = on.people, on.people.bob.pk, timezone.now()
    claim, suspension, move = uuid7(), uuid7(), uuid7()
    with transaction.atomic():
        ledger.co_claim(
            co_claim=claim,
            account=people.broker_account.pk,
            lines=on.line(300, 399),
            layer=2,
            seats=[Seat(2, 4, people.auto_account.pk), Seat(3, 3, None)],
            by=by,
            at=at,
        )
    with transaction.atomic():
        ledger.suspend(suspension=suspension, lines=on.line(300, 320, copy=3), by=by, at=at)
        ledger.lift(suspension=suspension, by=by, at=at)
        ledger.name_seat(co_claim=claim, copy=3, account=people.auto_account.pk, by=by, at=at)
    with transaction.atomic():
        # Within one organisation a co-claimed unit may change its account.
        ledger.reserve(
            transfer=move,
            account=people.broker_account.pk,
            lines=on.line(300, 309),
            by=by,
            at=at,
        )
        ledger.accept(transfer=move, to_account=people.broker_desk.pk, sender=None, by=by, at=at)
    final.append(retire(on, 300, 305, people.broker_desk))


def as_superuser(statement: str, *parameters: object) -> None:
    """What somebody does who can switch every guard off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, parameters)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
