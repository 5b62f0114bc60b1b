"""From records to facts: what the claim rules see of lines, units and earlier claims."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from claims.accounting.facts import Line, LineShare, ProductType, UnitLot
from claims.models import ClaimedRange, ClaimShare, InventoryLine
from registry.ledger import Line as Serials
from registry.models import Holding, Issuance, Retirement
from registry.queries import holdings_over

# Slabs are rolled flat; blooms and billets long (9.2, by broad type).
_TYPES = {"slab": ProductType.FLAT, "bloom": ProductType.LONG, "billet": ProductType.LONG}


def line_facts(lines: Iterable[InventoryLine]) -> tuple[Line, ...]:
    return tuple(
        Line(
            id=str(line.pk),
            category=line.category,
            material=line.material,
            tonnes=line.tonnes,
            factor_intensity=line.factor_intensity,
            factor_source=line.factor_source,
            product_type=line.product_type,
            product_family=line.product_family,
            region=line.region,
            facility=line.facility,
            scrap_share=line.scrap_share,
            stated_emissions=line.stated_emissions,
        )
        for line in lines
    )


def share_facts(shares: Iterable[ClaimShare]) -> tuple[LineShare, ...]:
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
    """The units of these ranges as they stand, one lot per holding they touch."""
    holdings = holdings_over(serials)
    orders = {holding.order for holding in holdings if holding.order is not None}
    retirements = {
        row.pk: row
        for row in Retirement.objects.filter(pk__in=orders).select_related("organisation")
    }
    claimed = _claimed(serials)
    lots = []
    for holding in holdings:
        for run in serials:
            same = (run.issuance, run.copy) == (holding.issuance_id, holding.copy)
            if same and run.first <= holding.last and holding.first <= run.last:
                lots.append(_lot(holding, holding.issuance, run, retirements, claimed))
    return tuple(lots)


def _claimed(serials: Sequence[Serials]) -> list[Serials]:
    rows = ClaimedRange.objects.filter(issuance__in={run.issuance for run in serials})
    return [
        Serials(row.issuance_id, row.copy, row.serials.lower, row.serials.upper - 1) for row in rows
    ]


def _lot(
    holding: Holding,
    issuance: Issuance,
    run: Serials,
    retirements: Mapping[UUID, Retirement],
    claimed: Sequence[Serials],
) -> UnitLot:
    first, last = max(run.first, holding.first), min(run.last, holding.last)
    retirement = retirements.get(holding.order) if holding.order else None
    is_claimed = any(
        (each.issuance, each.copy) == (holding.issuance_id, holding.copy)
        and each.first <= last
        and first <= each.last
        for each in claimed
    )
    return UnitLot(
        issuance=issuance.code,
        copy=holding.copy,
        first=first,
        last=last,
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
        retired_on=retirement.retired_on if retirement else None,
        retired_by=retirement.organisation.name if retirement else "",
        retirement=retirement.code if retirement else "",
        claimed=is_claimed,
    )
