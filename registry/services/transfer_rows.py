"""A transfer's rows as its services write and read them: one statement each."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Model

from accounts.ids import uuid7
from accounts.permissions import require_unblocked
from accounts.prepared import Asked
from registry.errors import NotNow
from registry.ledger import Line
from registry.models import Transfer, TransferDelay

_ADD = """
WITH made AS (
    INSERT INTO registry_transfer
        (id, from_account_id, to_account_id, state, quantity, surrendered, note, due_on, findings,
         proposed_at, proposed_by_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s)
    RETURNING id
)
INSERT INTO registry_transferline (id, transfer_id, issuance_id, copy, serials)
SELECT line.id, made.id, line.issuance, line.copy, int8range(line.first, line.last, '[]')
  FROM made
 CROSS JOIN unnest(%s::uuid[], %s::uuid[], %s::smallint[], %s::bigint[], %s::bigint[])
       AS line(id, issuance, copy, first, last)
"""
# Nothing moves while the operator's block on either account stands. Refused in SQL, since what is
# asked after it may go together with COMMIT.
_STEP = """
WITH stepped AS (
    UPDATE registry_transfer
       SET state = %s, approved_by_id = %s, approved_at = %s, settled_by_id = %s, settled_at = %s
     WHERE id = %s
       AND NOT EXISTS (SELECT FROM accounts_accountblock b
                        WHERE b.account_id IN (from_account_id, to_account_id)
                          AND b.lifted_at IS NULL)
    RETURNING 1
)
SELECT transfer_stands_still(count(*)) FROM stepped
"""
_STANDS_STILL = "BL005"


def added(transfer: Transfer, lines: Sequence[Line]) -> Asked:
    """The statement that inserts a transfer that is proposed, with its lines."""
    transfer._state.adding = False
    return Asked(
        _ADD,
        [
            transfer.pk,
            transfer.from_account_id,
            transfer.to_account_id,
            str(transfer.state),
            transfer.quantity,
            transfer.surrendered,
            transfer.note,
            transfer.due_on,
            json.dumps(transfer.findings),
            transfer.proposed_at,
            transfer.proposed_by_id,
            [uuid7() for _ in lines],
            [line.issuance for line in lines],
            [line.copy for line in lines],
            [line.first for line in lines],
            [line.last for line in lines],
        ],
    )


def lock(transfer: Transfer, asked: Asked | None = None) -> Transfer:
    """The transfer as it stands, locked until the transaction ends, with its delay.

    Its accounts, which are the same for good, are those of `transfer` where that has them
    already. asked: `locking`, where it went along with others. Raises Transfer.DoesNotExist.
    """
    found = (asked or locking(transfer.pk)).rows()
    if not found:
        raise Transfer.DoesNotExist(transfer.pk)
    values, of_delay = list(found[0]), len(_NAMES[TransferDelay])
    row: Transfer = _read(Transfer, values[:-of_delay])
    if any(value is not None for value in values[-of_delay:]):
        row.delay = _read(TransferDelay, values[-of_delay:])
    else:
        # As select_related leaves it: known not to exist.
        Transfer._meta.get_field("delay").set_cached_value(row, None)
    for side in ("from_account", "to_account"):
        known = transfer._state.fields_cache.get(side)
        if known is not None and known.pk == getattr(row, f"{side}_id"):
            setattr(row, side, known)
    return row


def locking(transfer: UUID) -> Asked:
    """The statement of `lock`, to go along with others."""
    return Asked(_LOCK, [transfer])


def step(transfer: Transfer) -> Asked:
    """The statement that stores the state, and who approved or settled it and when.

    Where a block stands it fails with what `told_of_blocks` knows.
    """
    return Asked(
        _STEP,
        [
            str(transfer.state),
            transfer.approved_by_id,
            transfer.approved_at,
            transfer.settled_by_id,
            transfer.settled_at,
            transfer.pk,
        ],
    )


@contextmanager
def told_of_blocks(transfer: Transfer) -> Iterator[None]:
    """Outside the transaction: raises Refused for a block that came in between, and says which."""
    try:
        yield
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) != _STANDS_STILL:
            raise
        require_unblocked(transfer.from_account, transfer.to_account)
        raise NotNow(
            found="A block on one of the accounts was lifted just now.",
            allowed="Units move again from now on.",
            action="Try again.",
        ) from error


# What a transfer was judged by is long, and read only where it is shown.
_NAMES: dict[type[Model], list[str]] = {
    model: [each.attname for each in model._meta.concrete_fields if each.attname != "findings"]
    for model in (Transfer, TransferDelay)
}


def _columns(model: type[Model], alias: str) -> str:
    return ", ".join(f'{alias}."{name}"' for name in _NAMES[model])


def _read(model: type[Any], values: list[Any]) -> Any:
    return model.from_db("default", _NAMES[model], values)


# Names of our own columns, no input.
_LOCK = f"""
SELECT {_columns(Transfer, "t")}, {_columns(TransferDelay, "d")}
  FROM registry_transfer t
  LEFT JOIN registry_transferdelay d ON d.transfer_id = t.id
 WHERE t.id = %s
   FOR UPDATE OF t
"""  # noqa: S608
