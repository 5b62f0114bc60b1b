"""Every operation of the ledger, in any order, against the model; compared after each step.

After each step the holdings are those of the model, and the new entries, replayed on those
before, give them too (`registry/invariants.py`); at the end of a play everything is replayed
from the beginning.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.ids import uuid7
from registry import ledger
from registry.invariants import Replay
from registry.ledger import CoClaimed, LedgerError, Line, NotThere, OrdersOpen, Seat
from registry.models import Issuance
from registry.services.reconciling import first_difference, move_of, run_of
from tests.cast import Cast
from tests.registry.ledger.draws import account_and_lines, maximal, overlap
from tests.registry.ledger.model import Model, Refused, Run

MOST = 24
CANCELLABLE = ("active", "suspended", "expired")
_REFUSALS = (NotThere, LedgerError, CoClaimed, OrdersOpen)
_COPY = """
WITH made AS (
    INSERT INTO registry_production
    SELECT (jsonb_populate_record(p, jsonb_build_object('id', %s))).*
      FROM registry_production p WHERE p.id = %s
)
INSERT INTO registry_issuance SELECT (jsonb_populate_record(i, jsonb_build_object(
    'id', %s, 'code', %s, 'production_id', %s, 'quantity', %s))).*
  FROM registry_issuance i WHERE i.id = %s
"""
_HELD = """
SELECT issuance_id, copy, lower(serials), upper(serials) - 1, account_id, state, transfers, layer,
       "order"
  FROM registry_holding WHERE issuance_id = ANY (%s) ORDER BY issuance_id, copy, serials
"""
_ENTERED = """
SELECT issuance_id, copy, lower(serials), upper(serials) - 1, version, kind, "order",
       from_account_id, from_state, to_account_id, to_state, transfers, layer
  FROM registry_entry WHERE issuance_id = ANY (%s) AND at >= %s
 ORDER BY issuance_id, copy, version, id
"""
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


class LedgerMachine(RuleBasedStateMachine):
    """people and first: who there is and a true issuance to copy, set by the test."""

    people: ClassVar[Cast]
    first: ClassVar[Issuance]
    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        people = self.people
        self.accounts = [
            people.steel_account.pk,
            people.broker_account.pk,
            people.broker_desk.pk,
            people.auto_account.pk,
        ]
        owners = [people.elektra.pk, people.broker.pk, people.broker.pk, people.auto_werke.pk]
        self.owners = dict(zip(self.accounts, owners, strict=True))
        self.model = Model(self.owners)
        self.replays: dict[UUID, Replay] = {}
        self.quantities: dict[UUID, int] = {}
        self.orders: dict[str, list[UUID]] = {}
        self.now = self.seen = _BEGINNING
        self.around = transaction.atomic()
        self.around.__enter__()

    def teardown(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self._replay_everything()
        finally:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    @initialize(quantity=st.integers(1, MOST))
    def begin(self, quantity: int) -> None:
        self.issue(quantity, 0)

    @precondition(lambda self: len(self.quantities) < 12 and self._active() < 40)
    @rule(quantity=st.integers(1, MOST), account=st.integers(0, 3))
    def issue(self, quantity: int, account: int) -> None:
        production, issuance = uuid7(), uuid7()
        code = issuance.hex[-12:].upper()
        with connection.cursor() as cursor:
            cursor.execute(
                _COPY,
                [
                    production,
                    self.first.production_id,
                    issuance,
                    code,
                    production,
                    quantity,
                    self.first.pk,
                ],
            )
        holder = self.accounts[account]
        ledger.issue(issuance=issuance, account=holder, quantity=quantity, **self._act())
        self.quantities[issuance] = quantity
        self.replays[issuance] = Replay(issuance, quantity, self.owners)
        self.model.issue(issuance, self.first.producer_id, holder, quantity)
        self.reached["issue"] += 1

    # --- taking ------------------------------------------------------------------------------

    @rule(
        data=st.data(),
        kind=st.sampled_from(["propose"] * 4 + ["begin_retirement"] * 2 + ["retire", "cancel"]),
    )
    def take(self, data: st.DataObject, kind: str) -> None:
        """Up to three ranges of one account; often ones that are there, sometimes not."""
        states = CANCELLABLE if kind == "cancel" else ("active",)
        holder, lines = data.draw(self._lines(states))
        act, name, state = {
            "propose": (ledger.reserve, "transfer", "reserved"),
            "retire": (ledger.retire, "retirement", "retired"),
            "begin_retirement": (ledger.begin_retirement, "retirement", "retiring"),
            "cancel": (ledger.cancel, "cancellation", "cancelled"),
        }[kind]
        order = uuid4()

        def model() -> bool | None:
            shared = self.model.take(order, holder, lines, state, states)
            return shared if kind == "propose" else None

        done = self._both(
            kind,
            lambda: act(account=holder, lines=lines, **{name: order}, **self._act()),  # type: ignore[operator]
            model,
            lambda refusal: self._told_what_is_left(refusal, holder, lines, states),
        )
        if done:
            self.orders.setdefault(state, []).append(order)

    # --- settling -----------------------------------------------------------------------------

    @precondition(lambda self: self.orders.get("reserved"))
    @rule(
        data=st.data(),
        account=st.integers(0, 3),
        selling=st.sampled_from(["own move", "issuer", "holder"]),
    )
    def accept(self, data: st.DataObject, account: int, selling: str) -> None:
        order, to = data.draw(self._order("reserved")), self.accounts[account]
        sender = {
            "own move": None,
            "issuer": self.first.producer_id,
            "holder": self.people.broker.pk,
        }[selling]
        self._both(
            "accept" if sender else "own move",
            lambda: ledger.accept(transfer=order, to_account=to, sender=sender, **self._act()),
            lambda: self.model.settle(order, "reserved", "active", to, sender),
        )

    @precondition(lambda self: self._co_claimed())
    @rule(data=st.data(), account=st.integers(0, 3))
    def sell_co_claimed(self, data: st.DataObject, account: int) -> None:
        """Copies on offer to anybody: only an account of the same organisation gets them."""
        run, order = data.draw(st.sampled_from(self._co_claimed())), uuid4()
        holder, lines, to = run.shown[0], [Line(*run[:4])], self.accounts[account]
        assert isinstance(holder, UUID)
        ledger.reserve(transfer=order, account=holder, lines=lines, **self._act())
        self.model.take(order, holder, lines, "reserved")
        self._both(
            "accept" if self.owners[holder] != self.owners[to] else "own move",
            lambda: ledger.accept(transfer=order, to_account=to, sender=None, **self._act()),
            lambda: self.model.settle(order, "reserved", "active", to),
        )
        self.orders.setdefault("reserved", []).append(order)

    @precondition(lambda self: self.orders.get("reserved"))
    @rule(data=st.data(), kind=st.sampled_from(["decline", "withdraw", "lapse"]))
    def release(self, data: st.DataObject, kind: str) -> None:
        order = data.draw(self._order("reserved"))
        self._both(
            kind,
            lambda: ledger.release(transfer=order, kind=kind, **self._act()),
            lambda: self.model.settle(order, "reserved", "active"),
        )

    @precondition(lambda self: self.orders.get("retiring"))
    @rule(data=st.data(), is_final=st.booleans())
    def end_retirement(self, data: st.DataObject, is_final: bool) -> None:
        order = data.draw(self._order("retiring"))
        act = ledger.finish_retirement if is_final else ledger.withdraw_retirement
        self._both(
            "finish_retirement" if is_final else "withdraw_retirement",
            lambda: act(retirement=order, **self._act()),
            lambda: self.model.settle(order, "retiring", "retired" if is_final else "active"),
        )

    # --- suspending ----------------------------------------------------------------------------

    @rule(data=st.data(), scope=st.sampled_from(["lines"] * 2 + ["account", "issuance"]))
    def suspend(self, data: st.DataObject, scope: str) -> None:
        order, given = uuid4(), data.draw(self._scope(scope))

        def inside(key: tuple[UUID, int, int], slip: Any) -> bool:
            if scope == "account":
                return bool(slip.account == given)
            if scope == "issuance":
                return bool(key[0] == given)
            return any(
                key[:2] == (line.issuance, line.copy) and self._meets(key, line) for line in given
            )

        is_open = any(
            slip.state == "retiring" or (slip.state == "reserved" and slip.account)
            for key, slip in self.model.all()
            if inside(key, slip)
        )
        if scope != "lines" and not is_open and data.draw(st.integers(0, 3)) != 3:
            return  # seldom: it takes nearly everything out of the play

        def act() -> int:
            held = ledger.suspend(suspension=order, **{scope: given}, **self._act())
            return sum(line.quantity for line in held)

        if self._both(f"suspend {scope}", act, lambda: self._suspend(order, scope, given, inside)):
            self.orders.setdefault("suspended", []).append(order)

    @precondition(lambda self: self.orders.get("suspended"))
    @rule(data=st.data())
    def lift(self, data: st.DataObject) -> None:
        order = data.draw(self._order("suspended"))
        self._both(
            "lift",
            lambda: ledger.lift(suspension=order, **self._act()),
            lambda: self.model.lift(order),
        )

    # --- co-claims -----------------------------------------------------------------------------

    @precondition(lambda self: any(self._is_fresh(run) for run in self.model.runs()))
    @rule(data=st.data(), named=st.lists(st.sampled_from([None, 0, 1, 3]), min_size=1, max_size=2))
    def co_claim(self, data: st.DataObject, named: list[int | None]) -> None:
        order = uuid4()
        holder, lines = data.draw(self._lines(("active",), fresh=True))
        lines = [line for line in lines if line.copy == 1]
        if not lines or holder is None:
            return
        seats = [
            Seat(copy, 3 + copy, None if which is None else self.accounts[which])
            for copy, which in enumerate(named, start=2)
        ]
        done = self._both(
            f"co_claim with {len(seats)}",
            lambda: ledger.co_claim(
                co_claim=order, account=holder, lines=lines, layer=1, seats=seats, **self._act()
            ),
            lambda: self.model.co_claim(order, holder, lines, 1, seats),
        )
        if done and None in named:
            self.orders.setdefault("seats", []).append(order)

    @precondition(lambda self: self.orders.get("seats"))
    @rule(data=st.data(), copy=st.integers(2, 3), account=st.integers(0, 3))
    def name_seat(self, data: st.DataObject, copy: int, account: int) -> None:
        order, holder = data.draw(st.sampled_from(self.orders["seats"])), self.accounts[account]
        self._both(
            "name_seat",
            lambda: ledger.name_seat(co_claim=order, copy=copy, account=holder, **self._act()),
            lambda: self.model.name_seat(order, copy, holder),
        )

    @precondition(lambda self: len(self.quantities) > 1 and self._active())
    @rule(data=st.data(), chance=st.integers(0, 9))
    def expire(self, data: st.DataObject, chance: int) -> None:
        """Seldom where units are active: what is expired is out of most of the play."""
        idle = [
            each
            for each in sorted(self.quantities)
            if not any(key[0] == each and slip.state == "active" for key, slip in self.model.all())
        ]
        if chance > 1 and not (idle and chance == 5):
            return
        issuance = data.draw(st.sampled_from(idle if chance > 1 else sorted(self.quantities)))
        at = self._act()["at"]
        expired = ledger.expire(issuances=[issuance], at=at)
        assert expired == self.model.expire([issuance])
        self.reached["expire" if expired else "expire: nothing due"] += 1

    # --- after each step -----------------------------------------------------------------------

    @invariant()
    def the_tables_say_what_the_model_and_the_entries_say(self) -> None:
        if self.seen == self.now:
            return
        rows = self._rows(_HELD)
        assert maximal(rows) == self.model.runs()
        for row in self._rows(_ENTERED, self.seen + timedelta(microseconds=1)):
            self.replays[row[0]].apply(move_of(row))
        self.seen = self.now
        held = {key: list(each) for key, each in groupby(rows, lambda row: row[:2])}
        for issuance, replay in self.replays.items():
            for copy in (1, 2, 3):
                holdings = map(run_of, held.get((issuance, copy), ()))
                assert not list(replay.breaks(copy, holdings))
            assert not list(replay.gaps())

    # --- helpers -------------------------------------------------------------------------------

    def _act(self) -> dict[str, Any]:
        """Who and when: every act a microsecond after the one before."""
        self.now += timedelta(microseconds=1)
        return {"by": self.people.erik.pk, "at": self.now}

    def _both(
        self,
        name: str,
        act: Callable[[], object],
        model: Callable[[], object],
        told: Callable[[Any], None] = lambda _: None,
    ) -> bool:
        """Both do it and say the same, or both refuse."""
        try:
            with transaction.atomic():
                done = act()
        except _REFUSALS as refusal:
            told(refusal)
            self.reached[f"{name}: {type(refusal).__name__}"] += 1
            try:
                model()
            except Refused:
                return False
            raise AssertionError(f"the ledger refused what the model allows: {refusal}") from None
        assert model() == done
        self.reached[name] += 1
        return True

    def _told_what_is_left(
        self, refusal: Any, holder: UUID | None, lines: list[Line], states: Sequence[str]
    ) -> None:
        left = self.model.left(holder, {line.issuance for line in lines}, states)
        assert refusal.quantity_left == left

    def _suspend(
        self, order: UUID, scope: str, given: Any, inside: Callable[[Any, Any], bool]
    ) -> int:
        """Ranges meet whole holdings: an open order next to a range, in one holding, counts."""
        if scope == "lines":
            for issuance, copy, first, last, _, state, *_, account_order in self._rows(_HELD):
                if state not in ("reserved", "retiring") or account_order in self.orders.get(
                    "seats", ()
                ):
                    continue
                met = (Line(issuance, copy, first, last),)
                if any(overlap(met[0], line) for line in given):
                    raise Refused("an open order")
        return self.model.suspend(order, inside)

    @staticmethod
    def _meets(key: tuple[UUID, int, int], line: Line) -> bool:
        return line.first <= key[2] <= line.last

    @staticmethod
    def _is_fresh(run: Run) -> bool:
        return run.shown[1] == "active" and run.shown[3] is None

    def _active(self) -> int:
        return sum(slip.state == "active" for _, slip in self.model.all())

    def _co_claimed(self) -> list[Run]:
        """Active runs with a layer."""
        return [run for run in self.model.runs() if run.shown[1] == "active" and run.shown[3]]

    def _order(self, state: str) -> st.SearchStrategy[UUID]:
        """An order, mostly one that still holds units."""
        known = self.orders[state]
        live = [order for order in known if self.model.held(order, state)]
        anyone = st.sampled_from(known)
        return st.one_of(*[st.sampled_from(live)] * 4, anyone) if live else anyone

    def _scope(self, scope: str) -> st.SearchStrategy[Any]:
        if scope == "account":
            return st.sampled_from(self.accounts)
        if scope == "issuance":
            return st.sampled_from(sorted(self.quantities))
        return self._lines(("active", "expired", "reserved")).map(lambda drawn: drawn[1])

    def _lines(
        self, states: Sequence[str], *, fresh: bool = False
    ) -> st.SearchStrategy[tuple[UUID | None, list[Line]]]:
        return account_and_lines(
            self.model, self.accounts, sorted(self.quantities), MOST, states, fresh=fresh
        )

    def _rows(self, statement: str, *more: object) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(self.quantities), *more])
            return list(cursor.fetchall())

    def _replay_everything(self) -> None:
        held = {key: list(each) for key, each in groupby(self._rows(_HELD), lambda row: row[0])}
        entered = {
            key: list(each)
            for key, each in groupby(self._rows(_ENTERED, _BEGINNING), lambda row: row[0])
        }
        for issuance, quantity in self.quantities.items():
            rows = entered[issuance], held[issuance]
            assert first_difference(issuance, quantity, *rows, self.owners) == []
