"""The seats of a co-claim: at the layers its agreement gives them, and whose is which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.errors import NotVisible
from accounts.models import Account, Organisation, User
from registry.errors import BadInput
from registry.models import Agreement, AgreementSeat, CoClaim, CoClaimSeat
from registry.transitions import SeatState


@dataclass(frozen=True, slots=True)
class SeatWanted:
    """A claim beside the primary's. organisation: None reserves it, to be named later."""

    copy: int
    organisation: Organisation | None


def checked_seats(seats: Sequence[SeatWanted]) -> list[SeatWanted]:
    ordered = sorted(seats, key=lambda seat: seat.copy)
    if [seat.copy for seat in ordered] not in ([2], [2, 3]):
        raise BadInput({"seats": ["Name a seat for copy 2, and then perhaps one for copy 3."]})
    return ordered


def seats_for(
    agreement: Agreement | None,
    account: Account,
    wanted: Sequence[SeatWanted],
    by: User,
    now: datetime,
) -> list[CoClaimSeat]:
    """The primary's seat and those wanted, at the layers of the agreement; 0 where it has none."""
    agreed: dict[int, AgreementSeat] = {}
    if agreement is not None:
        agreed = {seat.copy: seat for seat in agreement.seats.all()}
    primary = CoClaimSeat(
        copy=1,
        state=SeatState.CONSENTED,
        organisation=account.organisation,
        account=account,
        consented_by=by,
        consented_at=now,
    )
    others = [
        CoClaimSeat(
            copy=each.copy,
            state=SeatState.ASKED if each.organisation else SeatState.RESERVED,
            organisation=each.organisation,
            named_by=by if each.organisation else None,
            named_at=now if each.organisation else None,
        )
        for each in wanted
    ]
    for seat in (primary, *others):
        given = agreed.get(seat.copy)
        seat.layer, seat.role = (given.layer, given.role) if given else (0, "")
    return [primary, *others]


def seat_of(co_claim: CoClaim, organisation: Organisation) -> CoClaimSeat:
    """The seat an organisation was named for, beside the primary. Raises NotVisible."""
    for seat in co_claim.seats.all():
        if seat.organisation_id == organisation.pk and seat.copy != 1:
            return seat
    raise NotVisible(f"co-claim {co_claim.pk}")


def named_seat(co_claim: CoClaim, action: str) -> CoClaimSeat:
    """The seat of an executed co-claim that is being named; else one that says why not."""
    seats = sorted(co_claim.seats.all(), key=lambda seat: (seat.state == SeatState.HELD, seat.copy))
    waiting = [each for each in seats if each.state in (SeatState.ASKED, SeatState.CONSENTED)]
    if action == "confirm":
        waiting.sort(key=lambda seat: seat.state != SeatState.CONSENTED)
    return waiting[0] if waiting else seats[0]
