"""Reads of the claims that are more than a get. Set-based."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from claims.models import ClaimShare, Inventory, InventoryLine
from registry.ledger import Line
from registry.models.suspension import MARKING

_RETIRED = """
SELECT left_over.issuance_id, left_over.copy, lower(left_over.serials),
       upper(left_over.serials) - 1, r.code, r.retired_on, r.id
  FROM (
    SELECT h.issuance_id, h.copy, h."order" AS retirement_id,
           unnest(int8multirange(h.serials) - coalesce((
               SELECT range_agg(c.serials) FROM claims_claimedrange c
                WHERE c.issuance_id = h.issuance_id AND c.copy = h.copy
                  AND c.serials && h.serials), '{}'::int8multirange) - coalesce((
               SELECT range_agg(s.serials) FROM registry_suspendedrange s
                 JOIN registry_suspension x ON x.id = s.suspension_id
                WHERE s.issuance_id = h.issuance_id AND s.serials && h.serials
                  AND x.state = ANY(%s)), '{}'::int8multirange)) AS serials
      FROM registry_holding h
      JOIN accounts_account a ON a.id = h.account_id
     WHERE a.organisation_id = %s AND h.state = 'retired'
  ) AS left_over
  JOIN registry_retirement r ON r.id = left_over.retirement_id
  JOIN registry_issuance i ON i.id = left_over.issuance_id
 ORDER BY i.vintage_start, i.vintage_end, left_over.issuance_id, left_over.copy,
          lower(left_over.serials)
"""


@dataclass(frozen=True, slots=True)
class Retired:
    """A run of units that an organisation retired and has not claimed."""

    line: Line
    retirement_code: str
    retired_on: date
    retirement: UUID


def unclaimed(organisation: UUID) -> list[Retired]:
    """What an organisation retired and has not claimed yet, oldest vintage first.

    Units under suspension are left out: they cannot be claimed until it is lifted.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RETIRED, [[str(state) for state in MARKING], organisation])
        return [
            Retired(Line(issuance, copy, first, last), code, retired_on, retirement)
            for issuance, copy, first, last, code, retired_on, retirement in cursor.fetchall()
        ]


def oldest(runs: Sequence[Retired], quantity: int) -> list[Line]:
    """The first `quantity` units of the runs; fewer when they hold fewer."""
    taken: list[Line] = []
    for run in runs:
        if quantity <= 0:
            break
        line = run.line
        last = min(line.last, line.first + quantity - 1)
        taken.append(Line(line.issuance, line.copy, line.first, last))
        quantity -= taken[-1].quantity
    return taken


def shares_of(inventory: Inventory) -> list[ClaimShare]:
    """What standing claims applied to an inventory's lines, oldest first."""
    return list(
        ClaimShare.objects.filter(claim__inventory=inventory).order_by("claim_id", "line_id", "id")
    )


def lines_of(inventory: Inventory) -> list[InventoryLine]:
    return list(InventoryLine.objects.filter(inventory=inventory).order_by("id"))
