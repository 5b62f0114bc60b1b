"""Reads of the registry that are more than a get. Set-based; none writes or locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from registry.ledger import Line
from registry.models import Holding, Issuance

# One plan reads at most so many holdings: a larger order is split by its sender.
MOST_PLANNED = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units wanted from an account without naming serials: the oldest vintage is taken first.

    functional_unit and issuance narrow the choice where given.
    """

    quantity: int
    functional_unit: str | None = None
    issuance: UUID | None = None


def holdings_over(lines: Sequence[Line]) -> list[Holding]:
    """Every holding that touches one of these lines, with its issuance, in serial order."""
    if not lines:
        return []
    touched = RawSQL(
        "SELECT h.id FROM unnest(%s::uuid[], %s::smallint[], %s::bigint[], %s::bigint[])"
        " AS line(issuance, copy, first, last)"
        " JOIN registry_holding h ON h.issuance_id = line.issuance AND h.copy = line.copy"
        " AND h.serials && int8range(line.first, line.last, '[]')",
        [
            [line.issuance for line in lines],
            [line.copy for line in lines],
            [line.first for line in lines],
            [line.last for line in lines],
        ],
    )
    return list(
        Holding.objects.filter(issuance__in={line.issuance for line in lines}, id__in=touched)
        .select_related("issuance")
        .order_by("issuance_id", "copy", "serials")
    )


def plan(account: UUID, wanted: Wanted, *, on: date) -> list[Line]:
    """Lines that cover `wanted` from an account's active units, oldest vintage first.

    Expired vintages are passed over even when no sweep has run. Fewer units than wanted come
    back when there are not enough. What is planned is not locked: the ledger decides.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT issuance_id, copy, lower(serials),
                   least(upper(serials) - 1, lower(serials) + %(quantity)s::bigint - before - 1)
              FROM (
                SELECT h.issuance_id, h.copy, h.serials, i.vintage_start, i.issued_at,
                       coalesce(sum(upper(h.serials) - lower(h.serials)) OVER (
                           ORDER BY i.vintage_start, i.issued_at, h.issuance_id, h.copy,
                                    lower(h.serials)
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::bigint AS before
                  FROM registry_holding h
                  JOIN registry_issuance i ON i.id = h.issuance_id
                 WHERE h.account_id = %(account)s AND h.state = 'active'
                   AND i.expires_on >= %(on)s
                   AND (%(unit)s::text IS NULL OR i.functional_unit = %(unit)s)
                   AND (%(issuance)s::uuid IS NULL OR h.issuance_id = %(issuance)s)
              ) AS oldest_first
             WHERE before < %(quantity)s::bigint
             ORDER BY vintage_start, issued_at, issuance_id, copy, lower(serials)
             LIMIT %(most)s
            """,
            {
                "quantity": wanted.quantity,
                "account": account,
                "on": on,
                "unit": wanted.functional_unit,
                "issuance": wanted.issuance,
                "most": MOST_PLANNED,
            },
        )
        return [Line(*row) for row in cursor.fetchall()]


def issuances_due_to_expire(*, on: date) -> list[UUID]:
    """Issuances whose last day has passed and that still have active units."""
    return list(
        Issuance.objects.filter(expires_on__lt=on, holdings__state="active")
        .order_by("id")
        .distinct()
        .values_list("id", flat=True)
    )


def public_issuances() -> QuerySet[Issuance]:
    """The public register's list, newest first, with what each page shows beside it."""
    return Issuance.objects.select_related("site", "producer").order_by("-issued_at", "-id")
