"""What the public register shows of co-claims: copies, layers, holders, responsible (R133)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from registry.models import CoClaim, CoClaimLine, CoClaimSeat
from registry.rulebook.edition import edition_on
from registry.transitions import CoClaimState

# A page shows at most so many co-claims of an issuance.
MOST_CLAIMS = 50


@dataclass(frozen=True, slots=True)
class PublicSeat:
    """One claim. holder: empty while the seat is reserved."""

    copy: int
    layer: int
    layer_name: str
    holder: str
    role: str


@dataclass(frozen=True, slots=True)
class PublicCoClaim:
    """An executed co-claim. ranges: serials first…last of the issuance looked at."""

    code: str
    ranges: tuple[tuple[int, int], ...]
    total_claims: int
    seats: tuple[PublicSeat, ...]
    responsible: str
    chain: str
    executed_on: date


def layer_name(chain: str, layer: int, on: date) -> str:
    """A layer of the value chain in words, by the edition of a day; empty where there is none."""
    layers = edition_on(on).value_chain_layers.get(chain, ())
    return layers[layer - 1] if 1 <= layer <= len(layers) else ""


def claims_of_issuance(
    issuance: UUID, *, first: int | None = None, last: int | None = None
) -> list[PublicCoClaim]:
    """The executed co-claims that touch serials of an issuance, in serial order."""
    lines = CoClaimLine.objects.filter(issuance=issuance, co_claim__state=CoClaimState.EXECUTED)
    if first is not None and last is not None:
        lines = lines.filter(serials__overlap=(first, last + 1))
    found = list(lines.order_by("serials").values_list("co_claim", "serials")[:MOST_CLAIMS])
    ranges: dict[UUID, list[tuple[int, int]]] = {}
    for co_claim, serials in found:
        ranges.setdefault(co_claim, []).append((serials.lower, serials.upper - 1))
    rows = with_seats(CoClaim.objects.filter(pk__in=ranges)).select_related("responsible")
    by_id = {row.pk: row for row in rows}
    return [_public(by_id[pk], of) for pk, of in ranges.items()]


def with_seats(rows: QuerySet[CoClaim]) -> QuerySet[CoClaim]:
    seats = CoClaimSeat.objects.select_related("organisation").order_by("copy")
    return rows.prefetch_related(Prefetch("seats", queryset=seats))


def public_seats(co_claim: CoClaim, seats: Iterable[CoClaimSeat]) -> tuple[PublicSeat, ...]:
    """Each seat as anybody sees it: a holder is named once it is one."""
    on = co_claim.proposed_at.date()
    return tuple(
        PublicSeat(
            copy=seat.copy,
            layer=seat.layer,
            layer_name=layer_name(co_claim.chain, seat.layer, on),
            holder=seat.organisation.name if seat.organisation and seat.state == "held" else "",
            role=seat.role,
        )
        for seat in seats
    )


def _public(co_claim: CoClaim, ranges: list[tuple[int, int]]) -> PublicCoClaim:
    seats = public_seats(co_claim, co_claim.seats.all())
    assert co_claim.closed_at is not None  # an executed co-claim has its day
    return PublicCoClaim(
        code=co_claim.code,
        ranges=tuple(ranges),
        total_claims=len(seats),
        seats=seats,
        responsible=co_claim.responsible.name,
        chain=co_claim.chain,
        executed_on=co_claim.closed_at.date(),
    )
