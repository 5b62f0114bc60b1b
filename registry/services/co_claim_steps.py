"""The steps of a co-claim and of its seats, and who is told of them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Prefetch
from django.urls import reverse

from accounts.models import Organisation, User
from registry.errors import NotNow
from registry.models import CoClaim, CoClaimSeat
from registry.services.notices import tell, tell_all
from registry.transitions import (
    CO_CLAIM_STEPS,
    SEAT_STEPS,
    CoClaimState,
    SeatState,
    actions,
    after,
)

_RELOAD = "Reload the page to see where it stands."


def lock(co_claim: CoClaim) -> CoClaim:
    """The co-claim, locked, with its seats in the order of copies."""
    seats = CoClaimSeat.objects.select_related("organisation", "account").order_by("copy")
    return (
        CoClaim.objects.select_for_update(of=("self",))
        .select_related(
            "agreement__issuer", "agreement__rights__responsible", "account__organisation"
        )
        .prefetch_related(Prefetch("seats", queryset=seats))
        .get(pk=co_claim.pk)
    )


def step(co_claim: CoClaim, action: str) -> str:
    """The state `action` leads to. Raises NotNow. To name a seat it has to be executed."""
    is_executed = co_claim.state == CoClaimState.EXECUTED
    to_state = co_claim.state if is_executed else after(CO_CLAIM_STEPS, co_claim.state, action)
    if to_state is None or (action == "name") != is_executed:
        possible = ", ".join(actions(CO_CLAIM_STEPS, co_claim.state)) or "nothing more"
        raise NotNow(
            found=f"The co-claim is {CoClaimState(co_claim.state).label}.",
            allowed=f"From there, possible is: {possible}.",
            action=_RELOAD,
        )
    return to_state


def require_in_time(co_claim: CoClaim, action: str, *, on: date) -> None:
    """Raises NotNow for a state that does not allow it, or after the last day."""
    step(co_claim, action)
    if on > co_claim.due_on:
        raise NotNow(
            found=f"The proposal was open until {co_claim.due_on.isoformat()}.",
            allowed="It can be consented to and confirmed until that day, inclusive.",
            action="Ask the holder to propose it again.",
        )


def close(co_claim: CoClaim, action: str, *, by: User | None, at: datetime) -> None:
    co_claim.state = step(co_claim, action)
    co_claim.closed_by, co_claim.closed_at = by, at
    co_claim.save(update_fields=["state", "closed_by", "closed_at"])


def seat_step(seat: CoClaimSeat, action: str) -> None:
    """Raises NotNow. A seat that is given up is reserved again, without a name."""
    to_state = after(SEAT_STEPS, seat.state, action)
    if to_state is None:
        possible = ", ".join(actions(SEAT_STEPS, seat.state)) or "nothing more"
        raise NotNow(
            found=f"The seat of copy {seat.copy} is {SeatState(seat.state).label}.",
            allowed=f"From there, possible is: {possible}.",
            action=_RELOAD,
        )
    seat.state = to_state
    if to_state == SeatState.RESERVED:
        seat.organisation = seat.account = None
        seat.named_by = seat.named_at = seat.consented_by = seat.consented_at = None
    seat.save()


def tell_parties(co_claim: CoClaim, now: datetime) -> None:
    """Those whose consent is awaited."""
    asked = co_claim.seats.filter(state=SeatState.ASKED).select_related("organisation")
    tell_all(
        [seat.organisation for seat in asked if seat.organisation],
        kind="co_claim",
        text=f"{co_claim.account.organisation.name} asks you to co-claim {co_claim.quantity} t.",
        at=now,
        about=co_claim,
        url=_url(co_claim),
    )


def tell_claimants(co_claim: CoClaim, organisations: Iterable[Organisation], now: datetime) -> None:
    """The record goes to each of those who claim, one by one (9.3)."""
    tell_all(
        organisations,
        kind="co_claim",
        text=f"Co-claim {co_claim.code} of {co_claim.quantity} t is executed.",
        at=now,
        about=co_claim,
        url=_url(co_claim),
    )


def tell_issuer(co_claim: CoClaim, now: datetime) -> None:
    tell(
        co_claim.agreement.issuer,
        kind="co_claim",
        text=f"Co-claim {co_claim.code} of {co_claim.quantity} t waits for your confirmation.",
        at=now,
        about=co_claim,
        url=_url(co_claim),
    )


def tell_primary(co_claim: CoClaim, text: str, now: datetime) -> None:
    tell(
        co_claim.account.organisation,
        kind="co_claim",
        text=text,
        at=now,
        about=co_claim,
        url=_url(co_claim),
    )


def _url(co_claim: CoClaim) -> str:
    return reverse("portal:co_claim", args=[co_claim.code])
