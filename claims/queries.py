"""Reads of the claims that are more than a get. Set-based."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, DecimalField, F, QuerySet, Sum
from django.db.models.functions import Coalesce

from claims.accounting.categories import CATEGORIES, category_order
from claims.accounting.group import total
from claims.accounting.numbers import EXACT, ZERO
from claims.models import (
    LINE_FIELDS,
    SHARE_FIELDS,
    Assurance,
    ClaimShare,
    Inventory,
    InventoryLine,
    Job,
    PendingLine,
    Statement,
)
from claims.transitions import AssuranceState
from registry.ledger import Line
from registry.models.suspension import MARKING

# Rows read at a time where there may be 100,000.
_CHUNK = 5_000
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


def shares_of(inventory: Inventory) -> Iterator[Any]:
    """What standing claims applied to an inventory's lines, oldest first: bare rows."""
    shares = ClaimShare.objects.filter(claim__inventory=inventory)
    ordered = shares.order_by("claim_id", "line_id", "id")
    return ordered.values_list("line_id", *SHARE_FIELDS, named=True).iterator(_CHUNK)


def lines_of(inventory: Inventory) -> list[InventoryLine]:
    return list(InventoryLine.objects.filter(inventory=inventory).order_by("id"))


def rows_of(inventory: Inventory, ids: Collection[UUID] = ()) -> Iterator[Any]:
    """The lines' values by id, as bare rows: there may be 100,000. ids: only these, if any."""
    lines = InventoryLine.objects.filter(inventory=inventory).order_by("id")
    rows = lines.values_list("pk", *LINE_FIELDS, named=True).iterator(_CHUNK)
    return (row for row in rows if row.pk in ids) if ids else rows


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """One category of an inventory, or of a table about to join one, in t and t CO2e."""

    category: str
    lines: int
    tonnes: Decimal
    physical_emissions: Decimal
    reduction_emissions: Decimal = ZERO

    @property
    def name(self) -> str:
        return CATEGORIES.get(self.category, "Total")

    @property
    def adjusted_emissions(self) -> Decimal:
        return EXACT.subtract(self.physical_emissions, self.reduction_emissions)


def sum_of(totals: Sequence[CategoryTotal]) -> CategoryTotal:
    """All categories together."""
    return CategoryTotal(
        category="",
        lines=sum(each.lines for each in totals),
        tonnes=total(each.tonnes for each in totals),
        physical_emissions=total(each.physical_emissions for each in totals),
        reduction_emissions=total(each.reduction_emissions for each in totals),
    )


def category_totals(lines: QuerySet[Any]) -> list[CategoryTotal]:
    """The lines' sums by category in the order of reporting, without claims. One query."""
    rows = lines.order_by().values("category").annotate(**_SUMS)
    found = [_total(row["category"], row) for row in rows]
    return sorted(found, key=lambda each: category_order(each.category))


def inventory_totals(inventory: Inventory) -> list[CategoryTotal]:
    """An inventory's categories with what claims took off them. Two queries."""
    taken = dict(
        ClaimShare.objects.filter(claim__inventory=inventory)
        .order_by()
        .values_list("line__category")
        .annotate(Sum("reduction_emissions"))
    )
    return [
        replace(each, reduction_emissions=taken.get(each.category, ZERO))
        for each in category_totals(inventory.lines.all())
    ]


def totals_of(inventories: Iterable[Inventory]) -> dict[UUID, CategoryTotal]:
    """Each inventory's sum over all categories. Two queries."""
    ids = [each.pk for each in inventories]
    lines = InventoryLine.objects.filter(inventory__in=ids).order_by().values("inventory")
    sums = {row["inventory"]: row for row in lines.annotate(**_SUMS)}
    taken = dict(
        ClaimShare.objects.filter(claim__inventory__in=ids)
        .order_by()
        .values_list("claim__inventory")
        .annotate(Sum("reduction_emissions"))
    )
    return {
        pk: replace(_total("", sums.get(pk, {})), reduction_emissions=taken.get(pk, ZERO))
        for pk in ids
    }


_EMISSIONS: Any = Coalesce(F("tonnes") * F("factor_intensity"), F("stated_emissions"))
_EXACT_FIELD: Any = DecimalField(max_digits=60, decimal_places=12)
_SUMS: Any = {
    "line_count": Count("id"),
    "tonnes_sum": Sum("tonnes"),
    "emissions_sum": Sum(_EMISSIONS, output_field=_EXACT_FIELD),
}


def _total(category: str, row: Mapping[str, Any]) -> CategoryTotal:
    return CategoryTotal(
        category=category,
        lines=row.get("line_count") or 0,
        tonnes=row.get("tonnes_sum") or ZERO,
        physical_emissions=row.get("emissions_sum") or ZERO,
    )


_ACTIVE = """
SELECT h.issuance_id, h.copy, lower(h.serials), upper(h.serials) - 1
  FROM registry_holding h
  JOIN registry_issuance i ON i.id = h.issuance_id
 WHERE h.account_id = %s AND h.state = 'active' AND i.expires_on >= %s
   AND (%s = '' OR i.functional_unit = %s)
 ORDER BY i.vintage_start, i.vintage_end, h.issuance_id, h.copy, lower(h.serials)
 LIMIT %s
"""


def active(account: UUID, *, on: date, functional_unit: str = "", most: int) -> list[Line]:
    """What an account could retire on that day, oldest vintage first, `most` runs at most."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE, [account, on, functional_unit, functional_unit, most])
        return [Line(*row) for row in cursor.fetchall()]


def waiting_lines(inventory: Inventory) -> set[UUID]:
    """The lines for which a claim is pending."""
    rows = PendingLine.objects.filter(line__inventory=inventory, is_waiting=True)
    return set(rows.values_list("line_id", flat=True))


def latest_job(statement: Statement) -> Job | None:
    """The worker's job on a statement, while it says something of the draft as it stands."""
    return statement.jobs.exclude(state="done").order_by("asked_at", "id").last()


def opinions(statement: Statement) -> list[Assurance]:
    """Those given, newest first. is_current: on the document as it stands, not an earlier one."""
    rows = statement.assurances.filter(state=AssuranceState.GIVEN).select_related("auditor")
    found = list(rows.order_by("-ended_at"))
    for each in found:
        each.is_current = each.sha256 == statement.sha256  # type: ignore[attr-defined]  # for pages
    return found


def opinions_as_data(given: Sequence[Assurance], statement: Statement) -> list[dict[str, Any]]:
    return [
        {
            "auditor": each.auditor.name,
            "opinion": each.opinion,
            "text": each.text,
            "given_on": each.ended_at.date().isoformat() if each.ended_at else None,
            "sha256": each.sha256,
            "of_this_version": each.sha256 == statement.sha256,
        }
        for each in given
    ]
