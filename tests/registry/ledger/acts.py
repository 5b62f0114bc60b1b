"""What the ledger's tests do and look at, in a line each. Everything by Erik."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.utils import timezone

from registry import ledger
from registry.ledger import Line, Seat
from registry.models import Holding, Issuance
from tests.cast import Cast


class Acts:
    def __init__(self, people: Cast, issuance: Issuance) -> None:
        self.people, self.issuance = people, issuance
        self.home, self.broker = people.steel_account.pk, people.broker_account.pk
        self.desk, self.auto = people.broker_desk.pk, people.auto_account.pk

    @property
    def by(self) -> UUID:
        return self.people.erik.pk

    def line(self, first: int, last: int, copy: int = 1) -> Line:
        return Line(self.issuance.pk, copy, first, last)

    def reserve(self, *lines: Line, account: UUID | None = None) -> UUID:
        return self._order(ledger.reserve, "transfer", lines, account)

    def retire(self, *lines: Line, account: UUID | None = None) -> UUID:
        return self._order(ledger.retire, "retirement", lines, account)

    def begin(self, *lines: Line, account: UUID | None = None) -> UUID:
        return self._order(ledger.begin_retirement, "retirement", lines, account)

    def cancel(self, *lines: Line, account: UUID | None = None) -> UUID:
        return self._order(ledger.cancel, "cancellation", lines, account)

    def accept(self, transfer: UUID, to: UUID, sender: UUID | None = None) -> int:
        return ledger.accept(
            transfer=transfer, to_account=to, sender=sender, by=self.by, at=timezone.now()
        )

    def move(self, *lines: Line, to: UUID, account: UUID | None = None) -> int:
        return self.accept(self.reserve(*lines, account=account), to)

    def finish(self, retirement: UUID) -> int:
        return ledger.finish_retirement(retirement=retirement, by=None, at=timezone.now())

    def withdraw(self, retirement: UUID) -> int:
        return ledger.withdraw_retirement(retirement=retirement, by=self.by, at=timezone.now())

    def suspend(self, **scope: object) -> tuple[UUID, list[Line]]:
        suspension = uuid4()
        held = ledger.suspend(
            suspension=suspension,
            by=self.by,
            at=timezone.now(),
            **scope,  # type: ignore[arg-type]
        )
        return suspension, held

    def lift(self, suspension: UUID) -> int:
        return ledger.lift(suspension=suspension, by=self.by, at=timezone.now())

    def co_claim(self, *lines: Line, seats: Iterable[Seat], layer: int = 1) -> UUID:
        co_claim = uuid4()
        ledger.co_claim(
            co_claim=co_claim,
            account=self.home,
            lines=lines,
            layer=layer,
            seats=list(seats),
            by=self.by,
            at=timezone.now(),
        )
        return co_claim

    def name(self, co_claim: UUID, copy: int, account: UUID) -> int:
        return ledger.name_seat(
            co_claim=co_claim, copy=copy, account=account, by=self.by, at=timezone.now()
        )

    def expire(self) -> int:
        return ledger.expire(issuances=[self.issuance.pk], at=timezone.now())

    def ranges(self, state: str = "active", copy: int = 1) -> list[tuple[int, int]]:
        """The serials in this state, whoever has them."""
        rows = Holding.objects.filter(issuance=self.issuance, state=state, copy=copy)
        return [(row.first, row.last) for row in rows.order_by("serials")]

    def _order(
        self,
        act: object,
        name: str,
        lines: tuple[Line, ...],
        account: UUID | None,
    ) -> UUID:
        order = uuid4()
        act(  # type: ignore[operator]
            account=account or self.home,
            lines=lines,
            by=self.by,
            at=timezone.now(),
            **{name: order},
        )
        return order
