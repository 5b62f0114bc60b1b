"""A cast that may co-claim: units of a car maker under an agreement on three claims."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import Account, Organisation, User
from accounts.roles import Role
from accounts.services import open_account, register_organisation
from registry.models import Agreement, CoClaim, Issuance
from registry.queries import Wanted
from registry.services.agreements import confirm_agreement, record_agreement
from registry.services.co_claim_seats import SeatWanted
from registry.services.co_claims import (
    confirm_co_claim,
    consent_to_co_claim,
    propose_co_claim,
)
from registry.services.selection import Units
from registry.services.transfers import accept_transfer, propose_transfer
from tests import cast as made
from tests.cast import START, Cast, key, person


@dataclass(frozen=True)
class Sharing:
    """Auto Werke (primary, layer 4), Broker & Sons (layer 2), and a fleet, whose seat is open."""

    people: Cast
    agreement: Agreement
    issuance: Issuance
    fleet: Organisation
    fay: User
    fleet_account: Account


def sharing(people: Cast, *, tonnes: int = 1_000, **terms: Any) -> Sharing:
    """terms: of the agreement: extent_share of copy 2, claims, confirmed, rights."""
    fleet, fay = _fleet()
    account = open_account(organisation=fleet, name="Fleet", rights={fay: START})
    agreement = three_claims(people, **terms)
    if terms.get("confirmed", True):
        for by, organisation in ((people.bob, people.broker), (people.carl, people.auto_werke)):
            confirm_agreement(
                by=by, now=timezone.now(), key=key(), agreement=agreement, organisation=organisation
            )
    issuance = made.issue(people, tonnes=tonnes, steel=True, agreement=agreement)
    offer = propose_transfer(
        by=people.erik,
        now=timezone.now(),
        key=key(),
        from_account=people.steel_account,
        to_account=people.auto_account,
        units=Wanted(tonnes),
        surrendered=True,
    )
    accept_transfer(by=people.carl, now=timezone.now(), key=key(), transfer=offer)
    return Sharing(people, agreement, issuance, fleet, fay, account)


def _fleet() -> tuple[Organisation, User]:
    """Rent a Car, the first time; a scene made on top of another gets another fleet."""
    before = Organisation.objects.filter(name__startswith="Rent a Car").count()
    more = f" {before + 1}" if before else ""
    roles = {Role.CORPORATE_END_USER}
    fleet = register_organisation(name=f"Rent a Car{more}", country="DE", roles=roles)
    return fleet, person(f"Fay{more}".replace(" ", ""), fleet)


def three_claims(
    people: Cast,
    *,
    extent_share: Any = 1,
    claims: int = 3,
    rights: dict[str, Any] | None = None,
    confirmed: bool = True,
) -> Agreement:
    seats: list[dict[str, Any]] = [
        {"copy": 1, "layer": 4, "organisation": people.auto_werke, "role": "car maker"},
        {"copy": 2, "layer": 2, "organisation": people.broker, "role": "distribution"},
        {"copy": 3, "layer": 5, "organisation": None, "role": "fleet owner"},
    ]
    seats[1]["extent_share"] = extent_share
    return record_agreement(
        by=people.erik,
        now=timezone.now(),
        key=key(),
        issuer=people.elektra,
        buyers=[people.auto_werke, people.broker],
        values={
            "reference": f"CO-{Agreement.objects.count() + 1}",
            "executed_on": made.vintage(timezone.now())[0],
            "end_use": "Car bodies",
            "claims_agreed": claims,
        },
        rights={
            "chain": "automotive",
            "co_claim_types": "distinct roles",
            "transfer_terms": "no co-claim is transferred",
            "double_claim_measures": "one claim a layer",
            "responsible": people.auto_werke,
            **(rights or {}),
        },
        seats=seats[:claims],
    )


def propose(
    scene: Sharing,
    units: Units | int = 600,
    *,
    third: Organisation | None = None,
    seats: list[SeatWanted] | None = None,
    **more: Any,
) -> CoClaim:
    """Carl shares with the broker, and keeps copy 3 for a fleet to be named."""
    wanted = [SeatWanted(2, scene.people.broker), SeatWanted(3, third)]
    given = {"by": scene.people.carl, "account": scene.people.auto_account, "key": key(), **more}
    return propose_co_claim(
        now=given.pop("now", timezone.now()),
        units=Wanted(units) if isinstance(units, int) else units,
        seats=wanted if seats is None else seats,
        **given,
    )


def consent(scene: Sharing, co_claim: CoClaim, **more: Any) -> CoClaim:
    """Bob consents for the broker."""
    given = {
        "by": scene.people.bob,
        "now": timezone.now(),
        "key": key(),
        "account": scene.people.broker_account,
        **more,
    }
    return consent_to_co_claim(co_claim=co_claim, **given)


def confirm(scene: Sharing, co_claim: CoClaim, **more: Any) -> CoClaim:
    """Erik confirms for the issuer."""
    given = {"by": scene.people.erik, "now": timezone.now(), "key": key(), **more}
    return confirm_co_claim(co_claim=co_claim, **given)


def executed(scene: Sharing, units: Units | int = 600, **more: Any) -> CoClaim:
    co_claim = propose(scene, units, **more)
    consent(scene, co_claim)
    return confirm(scene, co_claim)
