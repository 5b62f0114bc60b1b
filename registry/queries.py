"""Reads of the registry that are more than a get. Set-based; none writes or locks."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.aggregates import BoolOr
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from accounts.models import Account
from registry.ledger import Line
from registry.models import Holding, Issuance, LogCheckpoint, Transfer
from registry.models.ledger import HoldingState
from registry.provisional import unsettled

# One plan reads at most so many holdings: a larger order is split by its sender.
MOST_PLANNED = 10_000
# How many units a holding is, in the database.
SIZE = F("serials__endswith") - F("serials__startswith")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units wanted from an account without naming serials: the oldest vintage is taken first.

    functional_unit and issuance narrow the choice where given. one_claim: only units that are
    not co-claimed, since those are neither transferred nor shared again.
    """

    quantity: int
    functional_unit: str | None = None
    issuance: UUID | None = None
    one_claim: bool = False


def holdings_over(lines: Sequence[Line]) -> list[Holding]:
    """Every holding that touches one of these lines, with its issuance, in serial order."""
    if not lines:
        return []
    touched = RawSQL(
        "SELECT h.id FROM unnest(%s::uuid[], %s::smallint[], %s::bigint[], %s::bigint[])"
        " AS line(issuance, copy, first, last)"
        # OFFSET 0 keeps Postgres from joining on the issuance alone, every line with every
        # holding: each line is one look into the index that refuses overlaps.
        " CROSS JOIN LATERAL (SELECT id FROM registry_holding"
        " WHERE issuance_id = line.issuance AND copy = line.copy"
        " AND serials && int8range(line.first, line.last, '[]') OFFSET 0) AS h",
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
        # Long, and nothing that moves or claims units asks for them.
        .defer("issuance__record", "issuance__findings")
        .order_by("issuance_id", "copy", "serials")
    )


def pieces_over(lines: Sequence[Line]) -> list[tuple[Holding, Line]]:
    """Each holding that touches a line, with the part of that line that it has.

    Lines must not overlap one another. In serial order; the time grows with what is touched.
    """
    by_copy: dict[tuple[UUID, int], list[Line]] = defaultdict(list)
    for line in sorted(lines):
        by_copy[(line.issuance, line.copy)].append(line)
    lasts = {key: [line.last for line in each] for key, each in by_copy.items()}
    pieces = []
    for holding in holdings_over(lines):
        key = (holding.issuance_id, holding.copy)
        for line in by_copy[key][bisect_left(lasts[key], holding.first) :]:
            if line.first > holding.last:
                break
            first, last = max(line.first, holding.first), min(line.last, holding.last)
            pieces.append((holding, Line(line.issuance, line.copy, first, last)))
    return pieces


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
                   AND (NOT %(one_claim)s OR h.copy = 1 AND h.layer IS NULL)
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
                "one_claim": wanted.one_claim,
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


def newest_checkpoint() -> LogCheckpoint | None:
    """What the log's sequencer signed last."""
    return LogCheckpoint.objects.order_by("-size").first()


def public_issuances() -> QuerySet[Issuance]:
    """The public register's list, newest first, with what each page shows beside it."""
    return Issuance.objects.select_related("site", "producer").order_by("-issued_at", "-id")


@dataclass(frozen=True, slots=True)
class Position:
    """What some accounts hold of one product and vintage, in units; final states left out.

    provisional: how many of all these no ex-post audit has settled yet (6.1).
    reporting_end: the last day of the last reporting period that these units can match.
    """

    functional_unit: str
    product: str
    vintage_start: date
    vintage_end: date
    reporting_end: date
    expires_on: date
    active: int
    reserved: int
    retiring: int
    suspended: int
    provisional: int
    is_demonstration: bool

    @property
    def total(self) -> int:
        return self.active + self.reserved + self.retiring + self.suspended


def positions(accounts: QuerySet[Account]) -> list[Position]:
    """The position of these accounts by product and vintage, iron first, oldest first."""
    held = Holding.objects.filter(account__in=accounts.values("pk"), state__in=_IN_POSITION)
    rows = (
        held.values(*(f"issuance__{name}" for name in _BY))
        .annotate(
            **{state: Sum(SIZE, filter=Q(state=state), default=0) for state in _IN_POSITION},
            provisional=Sum(SIZE, filter=Q(issuance__in=unsettled()), default=0),
            is_demonstration=BoolOr("issuance__is_demonstration"),
        )
        .order_by("-issuance__functional_unit", *(f"issuance__{name}" for name in _BY[1:]))
    )
    return [
        Position(**{name.removeprefix("issuance__"): value for name, value in row.items()})
        for row in rows
    ]


def amounts_by_state(account: Account) -> dict[str, int]:
    """Units of one account by state, in the order of the states, those with none left out."""
    rows = Holding.objects.filter(account=account).values_list("state")
    sums = dict(rows.annotate(units=Sum(SIZE)).order_by())
    return {state: sums[state] for state in HoldingState.values if state in sums}


def with_amounts(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """The accounts by name, each with its active and its reserved units."""

    def units(state: HoldingState) -> Coalesce:
        held = Holding.objects.filter(account=OuterRef("pk"), state=state).order_by()
        sums = held.values("account").annotate(units=Sum(SIZE)).values("units")
        return Coalesce(Subquery(sums), 0)

    return (
        accounts.select_related("organisation")
        .annotate(
            active_units=units(HoldingState.ACTIVE), reserved_units=units(HoldingState.RESERVED)
        )
        .order_by("organisation__name", "number")
    )


def holdings_in(account: Account, state: str) -> QuerySet[Holding]:
    """The holdings of one account in one state, each with its issuance, oldest vintage first."""
    return (
        Holding.objects.filter(account=account, state=state)
        .select_related("issuance__site", "issuance__producer")
        .order_by("issuance__vintage_start", "issuance__issued_at", "issuance", "copy", "serials")
    )


def expired_lines(account: Account, issuance: UUID, *, most: int) -> list[Line]:
    """The expired units of an issuance in one account, every copy, as the ledger takes them."""
    rows = Holding.objects.filter(account=account, issuance=issuance, state=HoldingState.EXPIRED)
    return [
        Line(each.issuance_id, each.copy, each.first, each.last)
        for each in rows.order_by("copy", "serials")[:most]
    ]


def active_issuances(accounts: QuerySet[Account], *, most: int) -> list[Issuance]:
    """Issuances of which these accounts have active units, oldest vintage first.

    is_unsettled: their units are provisional still.
    """
    held = Holding.objects.filter(
        issuance=OuterRef("pk"), account__in=accounts.values("pk"), state=HoldingState.ACTIVE
    )
    return list(
        Issuance.objects.filter(Exists(held))
        .annotate(is_unsettled=Exists(unsettled().filter(pk=OuterRef("pk"))))
        .order_by("vintage_start", "issued_at", "id")[:most]
    )


def known_recipients(accounts: QuerySet[Account], *, most: int) -> list[Account]:
    """Accounts these have exchanged units with, and themselves: who a transfer may go to again."""
    ours = accounts.values("pk")
    known = Account.objects.filter(
        Q(pk__in=ours)
        | Q(pk__in=Transfer.objects.filter(from_account__in=ours).values("to_account"))
        | Q(pk__in=Transfer.objects.filter(to_account__in=ours).values("from_account"))
    )
    return list(
        known.select_related("organisation").order_by("organisation__name", "number")[:most]
    )


_IN_POSITION = (
    HoldingState.ACTIVE,
    HoldingState.RESERVED,
    HoldingState.RETIRING,
    HoldingState.SUSPENDED,
)
_BY = (
    "functional_unit",
    "product",
    "vintage_start",
    "vintage_end",
    "reporting_end",
    "expires_on",
)
