"""Reads of the public register. Set-based; amounts and states, never accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import BoolOr
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate

from registry.models import Entry, Holding, Issuance, Retirement, RetirementLine
from registry.models.ledger import HoldingState
from registry.queries import public_issuances
from registry.tracing import Tonnes, trace

SIZE = F("serials__endswith") - F("serials__startswith")
# The life of an issuance is told day by day; older days than these are left to the ledger.
MOST_DAYS = 200
MOST_RETIREMENTS = 50


@dataclass(frozen=True, slots=True)
class Figures:
    """What the register holds, in units (tonnes) of the first copy."""

    issuances: int
    retirements: int
    issued: int
    states: dict[str, int]
    is_demonstration: bool

    @property
    def active(self) -> int:
        return self.states.get(HoldingState.ACTIVE, 0)

    @property
    def retired(self) -> int:
        return self.states.get(HoldingState.RETIRED, 0)


@dataclass(frozen=True, slots=True)
class Day:
    """What happened to the units of an issuance on one day, by kind of entry."""

    kind: str
    on: date
    times: int
    units: int


def figures() -> Figures:
    """Three queries, whatever the register holds."""
    issued = Issuance.objects.aggregate(
        number=Count("id"),
        units=Coalesce(Sum("quantity"), 0),
        is_demonstration=BoolOr("is_demonstration", default=False),
    )
    return Figures(
        issuances=issued["number"],
        retirements=Retirement.objects.count(),
        issued=issued["units"],
        states=states_of(Holding.objects.filter(copy=1)),
        is_demonstration=issued["is_demonstration"],
    )


def states_of(holdings: QuerySet[Holding]) -> dict[str, int]:
    """Units by state, in the order of the states, those with none left out."""
    sums = dict(holdings.values_list("state").annotate(units=Sum(SIZE)).order_by())
    return {state: sums[state] for state in HoldingState.values if state in sums}


def states_over(tonnes: Sequence[Tonnes]) -> dict[str, int]:
    """Units of the first copy of these tonnes by state, in the order of the states."""
    held = trace(tonnes).held if tonnes else ()
    sums = {state: sum(each.units for each in held if each.copy == 1 and each.state == state)
            for state in HoldingState.values}  # fmt: skip
    return {state: units for state, units in sums.items() if units}


def listed_issuances() -> QuerySet[Issuance]:
    """The public list, each with what of its first copy is active and what retired."""
    return public_issuances().annotate(
        active_units=_units_in(HoldingState.ACTIVE), retired_units=_units_in(HoldingState.RETIRED)
    )


def listed_retirements() -> QuerySet[Retirement]:
    """Newest first, each with the entity that retired and the products its units are of."""
    products = (
        RetirementLine.objects.filter(retirement=OuterRef("pk"))
        .order_by("issuance__product")
        .values("issuance__product")
        .distinct()
    )
    return (
        Retirement.objects.select_related("organisation")
        .annotate(products=ArraySubquery(products))
        .order_by("-retired_at", "-id")
    )


def with_lines(retirements: QuerySet[Retirement]) -> QuerySet[Retirement]:
    """Each retirement with all its lines and what these are units of."""
    lines = RetirementLine.objects.select_related("issuance__site").order_by(
        "issuance__code", "copy", "serials"
    )
    return retirements.prefetch_related(Prefetch("lines", queryset=lines))


def lines_of(retirement: Retirement) -> QuerySet[RetirementLine]:
    return retirement.lines.select_related("issuance__site", "issuance__producer").order_by(
        "issuance__vintage_start", "issuance__code", "copy", "serials"
    )


def life_of(issuance: Issuance) -> list[Day]:
    """What changed who holds the units or whether they can be held, day by day, newest first.

    Offers that came to nothing, and moves between accounts of one organisation, changed neither.
    """
    entries = Entry.objects.filter(
        issuance=issuance,
        copy=1,
        kind__in=[Entry.Kind.ISSUE, Entry.Kind.ACCEPT, Entry.Kind.RETIRE, Entry.Kind.EXPIRE],
    ).exclude(kind=Entry.Kind.ACCEPT, from_account__organisation=F("to_account__organisation"))
    rows = (
        entries.annotate(on=TruncDate("at"))
        .values("on", "kind")
        .annotate(times=Count("order", distinct=True), units=Sum(SIZE))
        .order_by("-on", "kind")[:MOST_DAYS]
    )
    return [Day(row["kind"], row["on"], row["times"], row["units"]) for row in rows]


def retirements_of(issuance: Issuance) -> list[Mapping[str, Any]]:
    """The newest retirements of an issuance's units, with how much of this issuance each took."""
    return list(
        RetirementLine.objects.filter(issuance=issuance)
        .values(
            "retirement__code",
            "retirement__retired_on",
            "retirement__organisation__name",
            "retirement__beneficiary",
        )
        .annotate(units=Sum(SIZE))
        .order_by("-retirement__retired_on", "retirement__code")[: MOST_RETIREMENTS + 1]
    )


def countries_of_issuances() -> list[str]:
    return list(Issuance.objects.order_by("country").values_list("country", flat=True).distinct())


def vintage_years() -> list[int]:
    years = Issuance.objects.dates("vintage_start", "year", order="DESC")
    return [each.year for each in years]


def copies_of(issuance: UUID) -> dict[int, int]:
    """Units co-claimed by copy, where there are copies beside the first."""
    rows = Holding.objects.filter(issuance=issuance, copy__gt=1).values_list("copy")
    return dict(rows.annotate(units=Sum(SIZE)).order_by("copy"))


def _units_in(state: HoldingState) -> Coalesce:
    held = (
        Holding.objects.filter(issuance=OuterRef("pk"), copy=1, state=state)
        .order_by()
        .values("issuance")
        .annotate(units=Sum(SIZE))
        .values("units")
    )
    return Coalesce(Subquery(held), 0)
