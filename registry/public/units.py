"""Unit identifiers of what stands in the register, and where the units they name stand."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet, Sum, Value
from django.db.models.functions import Greatest, Least

from registry.identifiers import NotAnIdentifier, UnitRange, parse, vintage_name
from registry.models import Holding, Issuance, Retirement, RetirementLine
from registry.models.ledger import HoldingState
from registry.provisional import provisional_among
from registry.public.claims import PublicCoClaim, claims_of_issuance
from registry.rulebook.facts import FunctionalUnit
from registry.tracing import Mark, Tonnes, marks_over

# A lookup draws at most so many pieces; the amounts by state are always of all.
MOST_PIECES = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the units looked up that stands in one state. retirement: its code, else empty.

    suspensions: the codes of those that cover some of it, in force or ended by cancellation.
    """

    units: UnitRange
    state: str
    retirement: str = ""
    suspensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the units of an identifier stand. Accounts are nobody's business here.

    provisional_until: the day the ex-post audit of units issued before it is due (6.1).
    marks: the suspensions over them, whatever state they are in (GAP-2).
    """

    units: UnitRange
    issuance: Issuance
    amounts: dict[str, int]
    pieces: list[Piece]
    is_cut: bool
    claims: list[PublicCoClaim]
    provisional_until: date | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def suspensions(self) -> list[list[Mark]]:
        """The marks of each suspension together, in serial order."""
        found: dict[str, list[Mark]] = {}
        for mark in self.marks:
            found.setdefault(mark.code, []).append(mark)
        return list(found.values())


def unit_range(issuance: Issuance, first: int, last: int, copy: int = 1) -> UnitRange:
    """The identifier of serials first…last of an issuance; needs its site loaded."""
    return UnitRange(
        functional_unit=FunctionalUnit(issuance.functional_unit),
        country=issuance.country,
        site=issuance.site.code,
        vintage=vintage_name(issuance.vintage_start, issuance.vintage_end),
        issuance=issuance.code,
        first=first,
        last=last,
        copy=copy,
    )


def units_of(line: RetirementLine) -> UnitRange:
    """The identifier of one line of a retirement."""
    return unit_range(line.issuance, line.serials.lower, line.serials.upper - 1, line.copy)


def look_up(text: str) -> Whereabouts:
    """Read an identifier and find its units. Raises NotAnIdentifier, saying in which respect."""
    units = parse(text)
    issuance = Issuance.objects.select_related("site", "producer").filter(code=units.issuance)
    found = issuance.first()
    if found is None:
        raise NotAnIdentifier(f"No issuance in this register has the code {units.issuance}.")
    expected = unit_range(found, units.first, units.last, units.copy)
    if expected != units:
        raise NotAnIdentifier(
            f"Issuance {found.code} is in this register, but its units are named {expected}."
        )
    holdings = Holding.objects.filter(
        issuance=found, copy=units.copy, serials__overlap=(units.first, units.last + 1)
    )
    amounts = _amounts(holdings, units)
    if sum(amounts.values()) != units.quantity:
        raise NotAnIdentifier(_not_created(found, units))
    pieces = list(holdings.order_by("serials")[: MOST_PIECES + 1])
    marks = marks_over([Tonnes(found.pk, units.first, units.last)])
    return Whereabouts(
        units=units,
        issuance=found,
        amounts=amounts,
        pieces=_pieces(found, pieces[:MOST_PIECES], units, marks),
        is_cut=len(pieces) > MOST_PIECES,
        claims=claims_of_issuance(found.pk, first=units.first, last=units.last),
        provisional_until=provisional_among([found]).get(found.pk),
        marks=tuple(marks[:MOST_PIECES]),
    )


def _not_created(issuance: Issuance, units: UnitRange) -> str:
    if units.copy == 1:
        return f"Issuance {issuance.code} has serials 1 to {issuance.quantity:,}."
    return f"Copy {units.copy} of these units of issuance {issuance.code} does not exist."


def _amounts(holdings: QuerySet[Holding], units: UnitRange) -> dict[str, int]:
    """By state, how many of the units; a holding that reaches beyond them counts in part."""
    part = Least(F("serials__endswith"), Value(units.last + 1)) - Greatest(
        F("serials__startswith"), Value(units.first)
    )
    sums = dict(holdings.values_list("state").annotate(units=Sum(part)).order_by())
    return {state: sums[state] for state in HoldingState.values if state in sums}


def _pieces(
    issuance: Issuance, holdings: list[Holding], units: UnitRange, marks: list[Mark]
) -> list[Piece]:
    orders = {h.order for h in holdings if h.state == HoldingState.RETIRED and h.order}
    codes = dict(Retirement.objects.filter(pk__in=orders).values_list("pk", "code"))
    return [
        Piece(
            units=unit_range(
                issuance,
                max(holding.first, units.first),
                min(holding.last, units.last),
                holding.copy,
            ),
            state=holding.state,
            retirement=codes.get(holding.order, "") if holding.order else "",
            suspensions=_covering(holding, marks),
        )
        for holding in holdings
    ]


def _covering(holding: Holding, marks: list[Mark]) -> tuple[str, ...]:
    over = (m.code for m in marks if m.first <= holding.last and holding.first <= m.last)
    return tuple(dict.fromkeys(over))
