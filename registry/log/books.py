"""The log's tables as the sequencer reads and writes them. Nobody else does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from registry.log.checkpoint import Checkpoint
from registry.log.proof import Logged
from registry.models import LogCheckpoint, LogLeaf

# Persons may have been forgotten since: their salts are gone.
_NOT_IN_LEDGER = r"""
WITH said AS (
    SELECT number, event, event::json ->> 'id' AS id FROM registry_logleaf
     UNION ALL
    SELECT NULL, event, event::json ->> 'id' FROM registry_logpending
), known AS (
    SELECT e.id::text AS id, log_of_entry(e, NULL) AS event FROM registry_entry e
     UNION ALL SELECT i.id::text, log_of_issuance(i) FROM registry_issuance i
     UNION ALL SELECT r.id::text, log_of_retirement(r) FROM registry_retirement r
     UNION ALL SELECT a.id::text, log_of_account(a) FROM accounts_account a
)
SELECT said.number, said.id, known.id
  FROM said FULL JOIN known ON said.id = known.id
 WHERE said.id IS NULL OR known.id IS NULL
    OR regexp_replace(said.event, '"by":"[0-9a-f]*"', '"by":""') <> known.event
 ORDER BY said.number LIMIT 1
"""

# Any number that nothing else in this database locks by.
_LOCK = 6_962_256


@contextmanager
def alone() -> Iterator[bool]:
    """Hold the sequencer's lock for the block; whether it was free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        # With a lost connection the lock is gone by itself.
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def number_pending() -> int:
    """Give every committed event its number; how many leaves there are now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT log_number()")
        return int(cursor.fetchone()[0])


def last_checkpoints() -> list[LogCheckpoint]:
    """The newest and the one before, as far as there are any."""
    return list(LogCheckpoint.objects.order_by("-size")[:2])


def keep(checkpoint: Checkpoint, note: str, now: datetime) -> None:
    LogCheckpoint.objects.create(size=checkpoint.size, root=checkpoint.root, note=note, at=now)


def notes() -> Iterator[tuple[int, str]]:
    """Every checkpoint ever signed, by size."""
    return LogCheckpoint.objects.order_by("size").values_list("size", "note").iterator()


def events(low: int, high: int) -> list[bytes]:
    """The events of leaves low…high-1, fewer where a number is missing."""
    rows = LogLeaf.objects.filter(number__gte=low, number__lt=high).order_by("number")
    found = list(rows.values_list("number", "event"))
    return [event.encode() for at, (number, event) in enumerate(found) if number == low + at]


def certificates(low: int, high: int) -> dict[str, list[Logged]]:
    """By code, every event of the retirements that leaves low…high-1 made final.

    Of an order still cooling off there is no certificate.
    """
    touched = LogLeaf.objects.filter(number__gte=low, number__lt=high, retirement__isnull=False)
    rows = LogLeaf.objects.filter(
        retirement__in=touched.values("retirement"), number__lt=high
    ).order_by("number")
    found: dict[str, list[Logged]] = {}
    codes: dict[str, str] = {}
    for number, event, retirement in rows.values_list("number", "event", "retirement"):
        logged = Logged(number, event.encode())
        found.setdefault(str(retirement), []).append(logged)
        if logged.is_record:
            codes[str(retirement)] = logged.text("code")
    return {
        codes[order]: parts
        for order, parts in found.items()
        if order in codes and any(not part.is_record for part in parts)
    }


def first_event_not_in_ledger() -> str | None:
    """What the log says and the ledger does not, or the other way about; None when they agree."""
    with connection.cursor() as cursor:
        cursor.execute(_NOT_IN_LEDGER)
        row = cursor.fetchone()
    if row is None:
        return None
    number, said, known = row
    if said is None:
        return f"record {known} of the registry is not in the log"
    if known is None:
        return f"leaf {number} tells of {said}, which the registry does not have"
    return f"leaf {number} does not tell of {said} what the registry has"
