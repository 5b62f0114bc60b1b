"""Lines that somebody brings as a table: read row by row, looked at, then taken in whole or not.

What is read stands beside the inventory until it is confirmed. A small table is read at once; a
large one by a worker, whom a message wakes, and the sweep finds it where no message came through.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from accounts.ids import uuid7
from accounts.models import User
from accounts.permissions import require_initiator
from claims.models import (
    LINE_FIELDS,
    ClaimShare,
    ImportedLine,
    Inventory,
    InventoryLine,
    LineImport,
    PendingLine,
)
from claims.services.inventories import lock_inventory
from claims.services.line_columns import COLUMNS, LABELS
from claims.services.lines import completed, misfits
from claims.services.waking import PATIENCE, SILENCE, wake
from registry.errors import BadInput, NotNow
from registry.rulebook.names import counted
from registry.services.requests import once, retrying
from registry.tabular import Fault, Limits, Row, stream_file

LIMITS = Limits(rows=100_000, file_bytes=40 * 1024 * 1024)
# Read while its sender waits: some thousand rows at most.
SMALL_BYTES = 128 * 1024
# Rows kept, and progress told, at a time.
CHUNK = 2_000

State = LineImport.State
_OPEN = (State.WAITING, State.READING)
_NAMES = ", ".join(f'"{name}"' for name in LINE_FIELDS)
# Names of columns only, none of them from outside.
_COPY = f'COPY {ImportedLine._meta.db_table} (id, line_import_id, "row", {_NAMES}) FROM STDIN'
_TAKE_IN = (
    f"INSERT INTO {InventoryLine._meta.db_table} (id, inventory_id, {_NAMES})"  # noqa: S608
    f" SELECT id, %s, {_NAMES} FROM {ImportedLine._meta.db_table} WHERE line_import_id = %s"
)
_REMOVE = f"DELETE FROM {InventoryLine._meta.db_table} WHERE inventory_id = %s"  # noqa: S608


@retrying
def bring_lines(
    *,
    by: User,
    now: datetime,
    key: str,
    inventory: Inventory,
    name: str,
    content: bytes,
    mode: str,
) -> LineImport:
    """Take a table of lines to be looked at. name: with the ending that says what it is.

    Nothing is added to the inventory yet. Raises NotVisible, Refused, BadInput.
    """
    require_initiator(by, inventory.organisation)
    _require_file(content, mode)
    digest = hashlib.sha256(content).hexdigest()
    given = {"inventory": inventory.pk, "name": name, "sha256": digest, "mode": mode}
    with once(by=by, key=key, kind="inventory.import", now=now, input=given) as request:
        if request.is_repeat:
            return LineImport.objects.get(pk=request.answer["import"])
        brought = LineImport.objects.create(
            inventory=inventory,
            name=_printable(name),
            mode=mode,
            content=content,
            size=len(content),
            sha256=digest,
            expected_rows=_expected_rows(content),
            created_at=now,
            created_by=by,
            touched_at=now,
        )
        request.answer = {"import": str(brought.pk)}
        if len(content) <= SMALL_BYTES:
            read_import(pk=brought.pk, clock=lambda: now)
            brought.refresh_from_db()
        else:
            transaction.on_commit(lambda: wake("claims.tasks.read_import", brought.pk))
        return brought


@retrying
def confirm_import(*, by: User, now: datetime, key: str, line_import: LineImport) -> LineImport:
    """Add every line that was read, or none. Raises NotVisible, Refused, NotNow."""
    inventory = line_import.inventory
    require_initiator(by, inventory.organisation)
    with once(
        by=by, key=key, kind="inventory.import.confirm", now=now, input={"import": line_import.pk}
    ) as request:
        if request.is_repeat:
            return LineImport.objects.get(pk=line_import.pk)
        lock_inventory(inventory)
        found = _locked(line_import)
        if found.state != State.READY:
            raise _not_ready(found)
        if found.mode == LineImport.Mode.REPLACE:
            _remove_lines(inventory)
        _take_in(found)
        _settle(found, State.DONE, now)
        return found


@retrying
def discard_import(*, by: User, now: datetime, key: str, line_import: LineImport) -> LineImport:
    """Put an import away that is not confirmed. Raises NotVisible, Refused, NotNow."""
    require_initiator(by, line_import.inventory.organisation)
    with once(
        by=by, key=key, kind="inventory.import.discard", now=now, input={"import": line_import.pk}
    ) as request:
        if request.is_repeat:
            return LineImport.objects.get(pk=line_import.pk)
        found = _locked(line_import)
        if found.state in (State.DONE, State.DISCARDED):
            raise _not_ready(found)
        _settle(found, State.DISCARDED, now)
        return found


def read_import(*, pk: UUID, clock: Callable[[], datetime]) -> bool:
    """Read one import that waits, or that its reader left. Whether there was one to read."""
    taken = _taken(pk, clock())
    if taken is None:
        return False
    content = bytes(taken.content or b"")
    reading = stream_file(taken.name, content, COLUMNS, LIMITS)
    seen = _Seen(read_as=reading.read_as)
    batch: list[tuple[int, Mapping[str, Any]]] = []
    for item in reading.items:
        if isinstance(item, Fault):
            seen.add(item)
            continue
        line = _line(item, seen)
        # One wrong row, and nothing will be confirmed: the others are only counted.
        if line is not None and not seen.fault_count:
            batch.append((item.number, line))
        if seen.is_due:
            if not _keep(taken, batch, seen, clock()):
                return False
            batch = []
    return _keep(taken, batch, seen, clock(), is_end=True)


def read_waiting(*, clock: Callable[[], datetime]) -> int:
    """Read every import that waits, or whose reader fell silent; how many."""
    left = LineImport.objects.filter(state=State.READING, touched_at__lt=clock() - SILENCE)
    waiting = LineImport.objects.filter(state=State.WAITING) | left
    ids = list(waiting.order_by("touched_at").values_list("pk", flat=True)[:100])
    return sum(read_import(pk=pk, clock=clock) for pk in ids)


def discard_forgotten(*, now: datetime) -> int:
    """Put away what nobody confirmed; how many imports."""
    settled = (State.DONE, State.DISCARDED)
    old = LineImport.objects.exclude(state__in=settled).filter(touched_at__lt=now - PATIENCE)
    count = 0
    for pk in list(old.values_list("pk", flat=True)[:100]):
        with transaction.atomic():
            found = old.select_for_update(skip_locked=True).filter(pk=pk).first()
            if found is not None:
                _settle(found, State.DISCARDED, now)
                count += 1
    return count


@dataclass
class _Seen:
    """What reading has come to. rows: good ones and wrong ones, since the last progress too."""

    read_as: str
    rows: int = 0
    good: int = 0
    told: int = 0
    fault_count: int = 0
    faults: list[dict[str, Any]] = field(default_factory=list)
    last_wrong: int | None = None

    def add(self, fault: Fault) -> None:
        self.fault_count += 1
        if len(self.faults) < LIMITS.faults:
            self.faults.append(asdict(fault))
        if fault.row != self.last_wrong:
            self.last_wrong = fault.row
            self.rows += 1

    @property
    def is_due(self) -> bool:
        return self.rows - self.told >= CHUNK


def _line(row: Row, seen: _Seen) -> Mapping[str, Any] | None:
    """A row's values, complete; None where they do not fit together."""
    wrong = misfits(row.values)
    if not wrong:
        seen.rows += 1
        seen.good += 1
        return completed(row.values)
    for each in wrong:
        column = LABELS[each.field]
        seen.add(Fault(each.found, each.allowed, each.action, row=row.number, column=column))
    return None


def _taken(pk: UUID, now: datetime) -> LineImport | None:
    """The import, begun anew for this reader; None where another one is at it, or it is read."""
    with transaction.atomic():
        rows = LineImport.objects.select_for_update(of=("self",), skip_locked=True)
        found = rows.filter(pk=pk, state__in=_OPEN).first()
        if found is None or (found.state == State.READING and found.touched_at > now - SILENCE):
            return None
        found.lines.all().delete()
        found.state, found.touched_at = State.READING, now
        found.attempt += 1
        found.rows = found.line_count = found.fault_count = 0
        found.save()
        return found


def _keep(
    taken: LineImport,
    batch: list[tuple[int, Mapping[str, Any]]],
    seen: _Seen,
    now: datetime,
    *,
    is_end: bool = False,
) -> bool:
    """Write rows and progress in one transaction; False where the import is another's by now."""
    with transaction.atomic():
        mine = LineImport.objects.select_for_update(of=("self",)).filter(
            pk=taken.pk, attempt=taken.attempt, state=State.READING
        )
        found = mine.first()
        if found is None:
            return False
        _copy(found, batch)
        found.rows, found.line_count = seen.rows, seen.good
        found.fault_count, found.faults = seen.fault_count, seen.faults
        found.read_as, found.touched_at = seen.read_as, now
        seen.told = seen.rows
        if is_end:
            found.state = State.FAULTY if seen.fault_count else State.READY
            found.content = None
            if seen.fault_count:
                found.lines.all().delete()
        found.save()
        return True


def _copy(found: LineImport, batch: list[tuple[int, Mapping[str, Any]]]) -> None:
    if not batch:
        return
    # In order, so that lines stand as their rows stood.
    ids = sorted(uuid7() for _ in batch)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for id, (number, values) in zip(ids, batch, strict=True):
            line = [values.get(name) for name in LINE_FIELDS]
            copy.write_row([id, found.pk, number, *line])


def _take_in(found: LineImport) -> None:
    """The lines keep their ids, and so their order."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_IN, [found.inventory_id, found.pk])
        assert cursor.rowcount == found.line_count, "an import has the lines that it says"


def _remove_lines(inventory: Inventory) -> None:
    used = Exists(ClaimShare.objects.filter(line=OuterRef("pk")))
    waiting = Exists(PendingLine.objects.filter(line=OuterRef("pk")))
    claimed = inventory.lines.filter(used | waiting).count()
    if claimed:
        raise NotNow(
            found=f"Units are claimed against {claimed} of the lines that would be replaced.",
            allowed="A line that a claim used stays as it is.",
            action="Bring the table again to be added, or start a new inventory.",
        )
    # In one statement: the ORM would fetch each line, and look for claims on it, once more.
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE, [inventory.pk])


def _settle(found: LineImport, state: str, now: datetime) -> None:
    ImportedLine.objects.filter(line_import=found).delete()
    found.state, found.content, found.touched_at = state, None, now
    if state == State.DONE:
        found.confirmed_at = now
    found.save()


def _locked(line_import: LineImport) -> LineImport:
    rows = LineImport.objects.select_for_update(of=("self",)).select_related("inventory")
    return rows.get(pk=line_import.pk)


def _not_ready(found: LineImport) -> NotNow:
    words = {
        State.WAITING: "The table is not read yet.",
        State.READING: "The table is still being read.",
        State.FAULTY: f"{counted(found.fault_count, 'thing')} wrong with the table.",
        State.DONE: "Its lines are in the inventory already.",
        State.DISCARDED: "It was discarded.",
        State.READY: "The table is read.",
    }
    return NotNow(
        found=words[State(found.state)],
        allowed="A table is taken in, or put away, once; and taken in only as a whole.",
        action="Look at the import, and bring the mended table again where it is wrong.",
    )


def _require_file(content: bytes, mode: str) -> None:
    errors: dict[str, list[str]] = {}
    if not content.strip():
        errors["file"] = ["The file is empty. Choose a CSV or XLSX file with lines in it."]
    if len(content) > LIMITS.file_bytes:
        most = LIMITS.file_bytes // 1024 // 1024
        errors["file"] = [f"{len(content)} bytes are more than {most} MiB. Split the file."]
    if mode not in LineImport.Mode.values:
        errors["mode"] = [f"Choose {' or '.join(LineImport.Mode.values)}."]
    if errors:
        raise BadInput(errors)


def _printable(name: str) -> str:
    """A file's name as it can be shown, with its ending."""
    return "".join(mark if mark.isprintable() else "_" for mark in name)[-200:] or "table"


def _expected_rows(content: bytes) -> int | None:
    """About how many rows a text has; a workbook does not say."""
    return None if content.startswith(b"PK") else max(content.count(b"\n"), 1)
