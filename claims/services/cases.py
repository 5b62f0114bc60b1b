"""From records to facts: what the claim rules see of lines, units and earlier claims."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from sys import intern
from typing import Any
from uuid import UUID

from claims.accounting.facts import IronContent, Line, LineShare, ProductType, UnitLot
from claims.accounting.spend import SpendFacts
from claims.models import LINE_FIELDS, ClaimedRange, InventoryLine
from claims.services.lines import spend_facts
from registry.ledger import Line as Serials
from registry.models import Adjustment, Holding, Issuance, Retirement, RetirementOrder
from registry.models.ledger import HoldingState
from registry.queries import pieces_over
from registry.tracing import Mark, Tonnes, adjustments_in_force, marks_over

# Serials claimed, first and last, by issuance and copy.
Claimed = dict[tuple[UUID, int], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Retired:
    """A retirement as claims quote it."""

    code: str
    on: date
    by: str


_UNKNOWN = (None, None, None)
_NOTHING_KNOWN = IronContent()

# Slabs are rolled flat; blooms and billets long (9.2, by broad type).
_TYPES = {"slab": ProductType.FLAT, "bloom": ProductType.LONG, "billet": ProductType.LONG}


def line_facts(lines: Iterable[Any]) -> tuple[Line, ...]:
    """lines: records, or the bare rows of `rows_of`."""
    return tuple(
        Line(
            id=str(line.pk),
            # The same few words on every line: kept once.
            category=intern(line.category),
            material=intern(line.material),
            tonnes=line.tonnes,
            factor_intensity=line.factor_intensity,
            factor_source=intern(line.factor_source),
            product_type=intern(line.product_type),
            product_family=intern(line.product_family),
            region=intern(line.region),
            facility=intern(line.facility),
            scrap_share=line.scrap_share,
            iron_content=_iron_content(line),
            iron_factor_intensity=line.iron_factor_intensity,
            stated_emissions=line.stated_emissions,
            activity=line.activity,
            data_tier=intern(line.data_tier),
            verified=intern(line.verified),
            factor_boundary=line.factor_boundary,
            name=line.name,
        )
        for line in lines
    )


def _iron_content(line: Any) -> IronContent:
    known = (line.iron_content, line.regional_scrap_share, line.global_scrap_share)
    source = line.iron_content_source
    return IronContent(*known, source) if source or known != _UNKNOWN else _NOTHING_KNOWN


def spend_line_facts(lines: Iterable[InventoryLine]) -> tuple[SpendFacts, ...]:
    """Those of the lines that are of spend, as their own accounting sees them (11.7)."""
    return tuple(
        spend_facts(str(line.pk), {name: getattr(line, name) for name in LINE_FIELDS})
        for line in lines
        if line.spend is not None
    )


def share_facts(shares: Iterable[Any]) -> tuple[LineShare, ...]:
    """shares: the bare rows of `shares_of`."""
    return tuple(
        LineShare(
            line=str(share.line_id),
            method=share.method,
            functional_unit=share.functional_unit,
            volume=share.volume,
            counted_emissions=share.counted_emissions,
            unit_emissions=share.unit_emissions,
            reduction_emissions=share.reduction_emissions,
            above_factor=share.above_factor,
        )
        for share in shares
    )


def lot_facts(serials: Sequence[Serials]) -> tuple[UnitLot, ...]:
    """The units of these ranges as they stand, one lot per holding they touch.

    Retired units that a suspension covers say so in their state, and a corrected intensity takes
    the place of the issuance's own (AMB-16).
    """
    pieces = pieces_over(serials)
    adjustments = adjustments_in_force({piece.issuance for _, piece in pieces})
    marks = marks_over([Tonnes(each.issuance, each.first, each.last) for each in serials])
    orders = {holding.order for holding, _ in pieces if holding.order is not None}
    retirements = _retirements(orders)
    claimed = _claimed(serials)
    lots = (
        _lot(holding, holding.issuance, piece, retirements, _touches(claimed, piece))
        for holding, piece in pieces
    )
    return tuple(
        _as_it_stands(lot, piece, adjustments.get(piece.issuance), marks)
        for lot, (_, piece) in zip(lots, pieces, strict=True)
    )


def _as_it_stands(
    lot: UnitLot, piece: Serials, adjustment: Adjustment | None, marks: Sequence[Mark]
) -> UnitLot:
    if any(
        mark.issuance == piece.issuance and mark.first <= piece.last and piece.first <= mark.last
        for mark in marks
    ):
        lot = replace(lot, state=HoldingState.SUSPENDED.value)
    if adjustment is None:
        return lot
    # As R056 looks at it: the higher of the two.
    figure = max(adjustment.intensity, adjustment.adjusted_intensity or adjustment.intensity)
    return replace(
        lot,
        intensity=adjustment.intensity,
        adjusted_intensity=adjustment.adjusted_intensity,
        no_reduction=lot.baseline_intensity is None or figure >= lot.baseline_intensity,
    )


def _retirements(orders: set[UUID]) -> dict[UUID, Retired]:
    """Retirements by id; one that is not final yet has the id, code and day it will have."""
    final = Retirement.objects.filter(pk__in=orders).select_related("organisation")
    found = {row.pk: Retired(row.code, row.retired_on, row.organisation.name) for row in final}
    held = RetirementOrder.objects.filter(pk__in=orders - set(found), state="retiring")
    for row in held.select_related("organisation"):
        found[row.pk] = Retired(row.code, row.due_at.date(), row.organisation.name)
    return found


def _claimed(serials: Sequence[Serials]) -> Claimed:
    """What is claimed of these issuances already, by issuance and copy, in serial order."""
    rows = ClaimedRange.objects.filter(issuance__in={run.issuance for run in serials})
    claimed: Claimed = defaultdict(list)
    for row in rows.order_by("issuance_id", "copy", "serials"):
        claimed[(row.issuance_id, row.copy)].append((row.serials.lower, row.serials.upper - 1))
    return claimed


def _touches(claimed: Claimed, piece: Serials) -> bool:
    runs = claimed.get((piece.issuance, piece.copy), [])
    at = bisect_left(runs, piece.first, key=lambda run: run[1])
    return at < len(runs) and runs[at][0] <= piece.last


def _lot(
    holding: Holding,
    issuance: Issuance,
    piece: Serials,
    retirements: Mapping[UUID, Retired],
    is_claimed: bool,
) -> UnitLot:
    retirement = retirements.get(holding.order) if holding.order else None
    return UnitLot(
        issuance=issuance.code,
        copy=holding.copy,
        first=piece.first,
        last=piece.last,
        functional_unit=issuance.functional_unit,
        intensity=issuance.intensity,
        adjusted_intensity=issuance.adjusted_intensity,
        baseline_intensity=issuance.baseline_intensity,
        baseline_source=issuance.baseline_source,
        vintage_start=issuance.vintage_start,
        vintage_end=issuance.vintage_end,
        issued_on=issuance.issued_on,
        state=holding.state,
        product_type=_TYPES.get(issuance.product, ""),
        region=issuance.country,
        scrap_share=issuance.scrap_share,
        no_reduction=issuance.is_no_reduction,
        retired_on=retirement.on if retirement else None,
        retired_by=retirement.by if retirement else "",
        retirement=retirement.code if retirement else "",
        claimed=is_claimed,
    )
