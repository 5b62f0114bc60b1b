"""Reconciliation: every entry replayed and compared with the holdings; what differs is blocked.

Entries and holdings are read once, in order, through cursors of one snapshot, so that a ledger of
any size passes through a few megabytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts import blocks
from accounts.models import Account
from registry.invariants import Break, Broken, Move, Place, Replay, Run

Check = Callable[[], Iterable[Break]]
_CHECKS: list[Check] = []
_AT_ONCE = 5_000

_ISSUANCES = "SELECT id, quantity FROM registry_issuance ORDER BY id"
_ENTRIES = """
SELECT issuance_id, copy, lower(serials), upper(serials) - 1, version, kind, "order",
       from_account_id, from_state, to_account_id, to_state, transfers, layer
  FROM registry_entry ORDER BY issuance_id, copy, version, id
"""
_HOLDINGS = """
SELECT issuance_id, copy, lower(serials), upper(serials) - 1, account_id, state, transfers, layer,
       "order"
  FROM registry_holding ORDER BY issuance_id, copy, serials
"""


@dataclass
class Report:
    """What was read, and every issuance's first difference. blocked: accounts blocked anew."""

    issuances: int = 0
    entries: int = 0
    holdings: int = 0
    breaks: list[Break] = field(default_factory=list)
    blocked: int = 0

    @property
    def is_sound(self) -> bool:
        return not self.breaks


def register_check(check: Check) -> None:
    """Let an app above have its own invariant looked at by every reconciliation."""
    if check not in _CHECKS:
        _CHECKS.append(check)


def reconcile(*, now: datetime, may_block: bool = True) -> Report:
    """Replay all entries, compare, ask the registered checks, and block the accounts concerned."""
    report = Report()
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            # One snapshot for every cursor: nothing moves between entries and holdings.
            _execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        report.breaks.extend(_differences(report))
        for check in _CHECKS:
            report.breaks.extend(check())
    if may_block:
        for each in report.breaks:
            report.blocked += blocks.block(
                accounts=each.accounts,
                # Not the whole of it: it may name other people's accounts.
                reason=f"The ledger's reconciliation found a difference at {each.where}.",
                now=now,
            )
    return report


def _differences(report: Report) -> Iterator[Break]:
    """The first difference of each issuance."""
    organisations = dict(Account.objects.values_list("pk", "organisation_id"))
    entries, holdings = _Groups(_ENTRIES), _Groups(_HOLDINGS)
    for issuance, quantity in _stream(_ISSUANCES):
        report.issuances += 1
        moved, held = entries.of(issuance), holdings.of(issuance)
        yield from first_difference(issuance, quantity, moved, held, organisations)
    entries.finish()
    holdings.finish()
    report.entries, report.holdings = entries.read, holdings.read
    for issuance in {*entries.strays, *holdings.strays}:
        yield Break(issuance, 1, 1, 1, "an issuance of this id", "units without an issuance")


def first_difference(
    issuance: UUID,
    quantity: int,
    entries: Iterable[tuple[Any, ...]],
    holdings: Iterable[tuple[Any, ...]],
    organisations: Mapping[UUID, UUID],
) -> list[Break]:
    """At most one Break: the first entry that does not follow, or else the first difference."""
    replay = Replay(issuance, quantity, organisations)
    try:
        for row in entries:
            replay.apply(move_of(row))
    except Broken as broken:
        return [broken.difference]
    held = {copy: [run_of(row) for row in rows] for copy, rows in groupby(holdings, itemgetter(1))}
    for copy in (1, 2, 3):
        for difference in replay.breaks(copy, held.get(copy, ())):
            return [difference]
    return next(([gap] for gap in replay.gaps()), [])


def move_of(row: tuple[Any, ...]) -> Move:
    """A row of entries, as selected here."""
    _, copy, first, last, version, kind, order, source, before, target, after, transfers, layer = (
        row
    )
    to = Place(target, after, transfers, layer, order)
    return Move(copy, first, last, version, kind, order, source, before, to)


def run_of(row: tuple[Any, ...]) -> Run:
    """A row of holdings, as selected here."""
    _, _, first, last, account, state, transfers, layer, order = row
    return Run(first, last, Place(account, state, transfers, layer, order))


class _Groups:
    """Rows of a stream by issuance, asked for in the order of the issuances. None is kept."""

    def __init__(self, statement: str) -> None:
        self.read = 0
        self.strays: list[UUID] = []
        self._asked: UUID | None = None
        self._groups = groupby(self._counted(_stream(statement)), itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, issuance: UUID) -> Iterator[tuple[Any, ...]]:
        """The rows of one issuance, to be read before the next is asked for."""
        while self._next is not None and self._next[0] < issuance:
            self._pass_by(self._next[0])
        self._asked = issuance
        if self._next is not None and self._next[0] == issuance:
            return self._next[1]
        return iter(())

    def finish(self) -> None:
        """Look at what is left: issuances that there are not."""
        while self._next is not None:
            self._pass_by(self._next[0])

    def _pass_by(self, issuance: UUID) -> None:
        if issuance != self._asked:
            self.strays.append(issuance)
        self._next = next(self._groups, None)

    def _counted(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        for row in rows:
            self.read += 1
            yield row


def _stream(statement: str) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
