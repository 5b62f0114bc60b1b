"""Every operation of the ledger, in any order, against the model; compared after each step."""

from collections import Counter
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.ids import uuid7
from registry import ledger
from registry.ledger import LedgerError, Line, NotThere
from registry.models import Holding, Issuance
from tests.cast import Cast
from tests.registry.ledger.invariants import assert_sound
from tests.registry.ledger.model import Model, Refused, Run, Slip

MOST = 40
_COPY_PRODUCTION = """
INSERT INTO registry_production SELECT (jsonb_populate_record(p, jsonb_build_object('id', %s))).*
  FROM registry_production p WHERE p.id = %s
"""
_COPY_ISSUANCE = """
INSERT INTO registry_issuance SELECT (jsonb_populate_record(i, jsonb_build_object(
    'id', %s, 'code', %s, 'production_id', %s, 'quantity', %s))).*
  FROM registry_issuance i WHERE i.id = %s
"""


class LedgerMachine(RuleBasedStateMachine):
    """people and first: who there is and a true issuance to copy, set by the test."""

    people: ClassVar[Cast]
    first: ClassVar[Issuance]
    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.orders: list[UUID] = []
        self.around = transaction.atomic()
        self.around.__enter__()

    def teardown(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            assert_sound()
        finally:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    @property
    def accounts(self) -> list[UUID]:
        people = self.people
        return [people.steel_account.pk, people.broker_account.pk, people.auto_account.pk]

    @initialize(quantity=st.integers(1, MOST))
    def begin(self, quantity: int) -> None:
        # The one true issuance is a copy's pattern, no part of the play.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("DELETE FROM registry_holding; DELETE FROM registry_entry")
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        self.issue(quantity, 0)

    @precondition(lambda self: len(self.model.units) < 8)
    @rule(quantity=st.integers(1, MOST), account=st.integers(0, 2))
    def issue(self, quantity: int, account: int) -> None:
        production, issuance = uuid7(), uuid7()
        with connection.cursor() as cursor:
            cursor.execute(_COPY_PRODUCTION, [production, self.first.production_id])
            code = issuance.hex[-12:].upper()
            cursor.execute(_COPY_ISSUANCE, [issuance, code, production, quantity, self.first.pk])
        holder = self.accounts[account]
        ledger.issue(
            issuance=issuance, account=holder, quantity=quantity, by=self._by, at=timezone.now()
        )
        self.model.issue(issuance, self.first.producer_id, holder, quantity)
        self.reached["issue"] += 1

    @rule(
        data=st.data(),
        account=st.integers(0, 2),
        into=st.sampled_from(["reserved"] * 5 + ["retired"]),
    )
    def take(self, data: st.DataObject, account: int, into: str) -> None:
        """Reserve or retire up to three ranges; often ones that are there, often not."""
        order, holder = uuid4(), self.accounts[account]
        lines = data.draw(self._lines(holder))
        act = ledger.reserve if into == "reserved" else ledger.retire
        name = {"reserved": "transfer", "retired": "retirement"}[into]
        try:
            with transaction.atomic():
                act(account=holder, lines=lines, by=self._by, at=timezone.now(), **{name: order})
        except NotThere as refusal:
            self.reached[f"{into}: refused"] += 1
            self._refused_rightly(order, holder, lines, into, refusal)
            return
        self.model.take(order, holder, lines, into)
        self.reached[into] += 1
        if into == "reserved":
            self.orders.append(order)

    @precondition(lambda self: self.orders)
    @rule(
        data=st.data(),
        account=st.integers(0, 2),
        sender=st.sampled_from(["own", "issuer", "holder"]),
    )
    def accept(self, data: st.DataObject, account: int, sender: str) -> None:
        order = data.draw(self._order())
        to = self.accounts[account]
        selling = {
            "own": None,
            "issuer": self.first.producer_id,
            "holder": self.people.broker.pk,
        }[sender]
        self._settle(
            "accept",
            order,
            lambda: ledger.accept(
                transfer=order, to_account=to, sender=selling, by=self._by, at=timezone.now()
            ),
            to,
            selling,
        )

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), kind=st.sampled_from(["decline", "withdraw", "lapse"]))
    def release(self, data: st.DataObject, kind: str) -> None:
        order = data.draw(self._order())
        by = None if kind == "lapse" else self._by
        self._settle(
            kind,
            order,
            lambda: ledger.release(transfer=order, kind=kind, by=by, at=timezone.now()),
            None,
            None,
        )

    @precondition(lambda self: len(self.model.units) > 1)
    @rule(data=st.data(), chance=st.integers(0, 7))
    def expire(self, data: st.DataObject, chance: int) -> None:
        """Seldom: what is expired is out of the play."""
        if chance:
            return
        issuance = data.draw(st.sampled_from(sorted(self.model.units)))
        expired = ledger.expire(issuances=[issuance], at=timezone.now())
        assert expired == self.model.expire([issuance])
        self.reached["expire" if expired else "expire: nothing due"] += 1

    @invariant()
    def the_tables_say_what_the_model_says(self) -> None:
        if self.model.units:
            assert _held() == self.model.runs()

    # --- helpers ----------------------------------------------------------------------------

    @property
    def _by(self) -> UUID:
        return self.people.erik.pk

    def _order(self) -> st.SearchStrategy[UUID]:
        """An order, mostly one that still holds units."""
        live = [order for order in self.orders if self.model.held(order)]
        anyone = st.sampled_from(self.orders)
        return st.one_of(st.sampled_from(live), st.sampled_from(live), anyone) if live else anyone

    def _lines(self, holder: UUID) -> st.SearchStrategy[list[Line]]:
        """Ranges, half of them within what the account has active."""
        there = [
            Line(run.issuance, 1, run.first, run.last)
            for run in self.model.runs()
            if (run.slip.account, run.slip.state) == (holder, "active")
        ]
        anywhere = st.builds(
            lambda issuance, first, length: Line(issuance, 1, first, first + length),
            st.sampled_from(sorted(self.model.units)),
            st.integers(1, MOST + 2),
            st.integers(0, 9),
        )
        inside = st.sampled_from(there).flatmap(_part) if there else anywhere
        return st.lists(st.one_of(*[inside] * 5, anywhere), min_size=1, max_size=3).map(_apart)

    def _refused_rightly(
        self, order: UUID, holder: UUID, lines: list[Line], into: str, refusal: NotThere
    ) -> None:
        """The model refuses too, and what the ledger says is left is what the model has."""
        try:
            self.model.take(order, holder, lines, into)
        except Refused:
            named = {line.issuance for line in lines}
            left = sum(
                run.last - run.first + 1
                for run in self.model.runs()
                if run.issuance in named
                and (run.slip.account, run.slip.state) == (holder, "active")
            )
            assert refusal.quantity_left == left
            return
        raise AssertionError(f"the ledger refused what the model allows: {refusal}")

    def _settle(
        self, name: str, order: UUID, act: Any, to: UUID | None, sender: UUID | None
    ) -> None:
        try:
            moved = act()
        except LedgerError:
            assert not self.model.held(order)
            self.reached[f"{name}: refused"] += 1
            return
        assert moved == len(self.model.held(order))
        self.model.settle(order, to, sender)
        self.reached[name] += 1


def _part(line: Line) -> st.SearchStrategy[Line]:
    return st.integers(line.first, line.last).flatmap(
        lambda first: st.integers(first, line.last).map(
            lambda last: Line(line.issuance, 1, first, last)
        )
    )


def _apart(lines: list[Line]) -> list[Line]:
    """Drop what overlaps an earlier line: naming a unit twice is another refusal's matter."""
    kept: list[Line] = []
    for line in lines:
        if all(
            each.issuance != line.issuance or each.last < line.first or line.last < each.first
            for each in kept
        ):
            kept.append(line)
    return kept


def _held() -> list[Run]:
    """The holdings as maximal runs: joining is a courtesy of the ledger, not its meaning."""
    runs: list[Run] = []
    for row in Holding.objects.order_by("issuance_id", "serials"):
        assert row.account_id is not None
        slip = Slip(row.account_id, row.state, row.transfers, row.order)
        before = runs[-1] if runs else None
        if (
            before
            and before.issuance == row.issuance_id
            and before.slip == slip
            and before.last + 1 == row.first
        ):
            runs[-1] = before._replace(last=row.last)
        else:
            runs.append(Run(row.issuance_id, row.first, row.last, slip))
    return runs
