"""After issuance: a recipient is told, a claim is shared, units are suspended and freed."""

from io import BytesIO

from claims.demonstration.cast import Member
from claims.demonstration.producing import at
from registry.models import Issuance
from registry.queries import Wanted
from registry.services.co_claim_seats import SeatWanted
from registry.services.co_claims import confirm_co_claim, consent_to_co_claim, propose_co_claim
from registry.services.recipients import record_disclosure, record_undertaking, send_notice
from registry.services.suspensions import (
    Scope,
    approve_suspension,
    propose_end,
    propose_suspension,
)

DELIVERY_REFERENCE = "LULEA-2025-0417"


def tell_recipient(cast: dict[str, Member], issuance: Issuance) -> None:
    """10.1: whoever has the slabs learns the default factor and undertakes to use it; the EPD
    names the baseline, says that attributes are sold, and book and claim on its cover."""
    by = cast["steelmaker"].person
    notice = send_notice(
        by=by,
        now=at(3, 4),
        key="lulea-notice",
        issuance=issuance,
        values={
            "recipient_name": "Quayside Pressworks (demonstration)",
            "delivery_reference": DELIVERY_REFERENCE,
            "tonnes": 2_500,
            "delivered_on": at(1, 9).date(),
        },
    )
    record_undertaking(
        by=by,
        now=at(3, 6),
        key="lulea-undertaking",
        notice=notice,
        name="undertaking.txt",
        file=BytesIO(b"DEMONSTRATION ONLY. Undertaking signed by Quayside Pressworks.\n"),
    )
    record_disclosure(
        by=by,
        now=at(3, 2),
        key="lulea-epd",
        issuance=issuance,
        values={
            "kind": "epd",
            "reference": "Demonstration EPD of slabs, revision 2",
            "made_on": at(3, 2).date(),
            "intensity": issuance.baseline_intensity,
            "says_sold": True,
            "cover_page": True,
        },
    )


def share_claim(cast: dict[str, Member], issuance: Issuance) -> None:
    """9.3: the car maker and its distributor claim the same 600 t, each at its layer."""
    primary, second = cast["end_user"], cast["intermediary"]
    co_claim = propose_co_claim(
        by=primary.person,
        now=at(3, 18),
        key="co-claim",
        account=primary.units,
        units=Wanted(600, issuance=issuance.pk),
        seats=[SeatWanted(2, second.organisation)],
        note="Demonstration: one tonne, two layers.",
    )
    consent_to_co_claim(
        by=second.person,
        now=at(3, 19),
        key="co-claim-consent",
        co_claim=co_claim,
        account=second.units,
    )
    confirm_co_claim(
        by=cast["steelmaker"].person, now=at(3, 20), key="co-claim-confirm", co_claim=co_claim
    )


def suspend_and_lift(cast: dict[str, Member], issuance: Issuance) -> None:
    """A doubt about the metered power, looked into and laid to rest by two operators."""
    first, second = cast["operator"].people
    suspension = propose_suspension(
        by=first,
        now=at(3, 9),
        key="suspension",
        scope=Scope(issuance=issuance),
        reason="Demonstration: a meter of the solar park was reported out of order.",
    )
    approve_suspension(by=second, now=at(3, 10), key="suspension-approve", suspension=suspension)
    propose_end(
        by=second,
        now=at(3, 24),
        key="suspension-end",
        suspension=suspension,
        action="lift",
        reason="Demonstration: the meter's log is complete; the figures stand.",
    )
    approve_suspension(by=first, now=at(3, 25), key="suspension-lift", suspension=suspension)
