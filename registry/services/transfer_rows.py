"""A transfer's rows as its services write and read them: one statement each."""

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Model

from accounts.ids import uuid7
from accounts.models import Account, Organisation
from accounts.prepared import Asked
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
# Nothing moves while the operator's block on either account stands.
_STEP = """
UPDATE registry_transfer
   SET state = %s, approved_by_id = %s, approved_at = %s, settled_by_id = %s, settled_at = %s
 WHERE id = %s
   AND NOT EXISTS (SELECT FROM accounts_accountblock b
                    WHERE b.account_id IN (from_account_id, to_account_id)
                      AND b.lifted_at IS NULL)
RETURNING 1
"""


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


def lock(transfer: UUID, asked: Asked | None = None) -> Transfer:
    """The transfer, locked until the transaction ends, with its accounts and its delay.

    asked: `locking`, where it went along with others. Raises Transfer.DoesNotExist.
    """
    return lock_with_lines(transfer, asked)[0]


def locking(transfer: UUID) -> Asked:
    """The statement of `lock`, to go along with others."""
    return Asked(_LOCK, [transfer])


def lock_with_lines(transfer: UUID, asked: Asked | None = None) -> tuple[Transfer, list[Line]]:
    """The same, and its lines in order."""
    found = (asked or locking(transfer)).rows()
    if not found:
        raise Transfer.DoesNotExist(transfer)
    values = iter(found[0])
    row: Transfer = _read(Transfer, values)
    row.from_account = _read(Account, values)
    row.from_account.organisation = _read(Organisation, values)
    row.to_account = _read(Account, values)
    row.to_account.organisation = _read(Organisation, values)
    delay = _read(TransferDelay, values)
    if delay.pk is not None:
        row.delay = delay
    else:
        # As select_related leaves it: known not to exist.
        Transfer._meta.get_field("delay").set_cached_value(row, None)
    return row, [Line(*line) for line in zip(*values, strict=True)]


def step(transfer: Transfer) -> Asked:
    """The statement that stores the state, and who approved or settled it and when.

    It finds nothing where a block stands.
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


# What a transfer was judged by is long, and read only where it is shown.
_UNREAD: dict[type[Model], set[str]] = {Transfer: {"findings"}}


def _names(model: type[Model]) -> list[str]:
    left = _UNREAD.get(model, set())
    return [each.attname for each in model._meta.concrete_fields if each.attname not in left]


def _columns(model: type[Model], alias: str) -> str:
    return ", ".join(f'{alias}."{name}"' for name in _names(model))


def _read(model: type[Any], values: Iterable[Any]) -> Any:
    names = _names(model)
    return model.from_db("default", names, list(islice(values, len(names))))


# Names of our own columns, no input.
_LOCK = f"""
SELECT {_columns(Transfer, "t")}, {_columns(Account, "f")}, {_columns(Organisation, "fo")},
       {_columns(Account, "r")}, {_columns(Organisation, "ro")}, {_columns(TransferDelay, "d")},
       l.issuances, l.copies, l.firsts, l.lasts
  FROM registry_transfer t
  JOIN accounts_account f ON f.id = t.from_account_id
  JOIN accounts_organisation fo ON fo.id = f.organisation_id
  JOIN accounts_account r ON r.id = t.to_account_id
  JOIN accounts_organisation ro ON ro.id = r.organisation_id
  LEFT JOIN registry_transferdelay d ON d.transfer_id = t.id
 CROSS JOIN LATERAL (
    SELECT array_agg(issuance_id) AS issuances, array_agg(copy) AS copies,
           array_agg(lower(serials)) AS firsts, array_agg(upper(serials) - 1) AS lasts
      FROM (SELECT issuance_id, copy, serials FROM registry_transferline
             WHERE transfer_id = t.id ORDER BY issuance_id, copy, serials) AS ordered) AS l
 WHERE t.id = %s
   FOR UPDATE OF t
"""  # noqa: S608
