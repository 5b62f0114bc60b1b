"""Co-claims and their seats as rows of tables and summaries."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.ui import formats
from accounts.ui.parts import Cell, SummaryRow
from registry.models import Agreement, AgreementSeat, CoClaim, CoClaimSeat
from registry.public.claims import layer_name
from registry.public.units import unit_range
from registry.transitions import SeatState

AGREED_SEATS = ["Copy", "Layer", "Party", "Role", "#Extent"]
CO_CLAIMS = ["Co-claim", "#Units", "Primary", "Agreement", "Proposed", "State"]
SEATS = ["Copy", "Layer", "Holder", "State", "Consent", "Confirmed"]
LINES = ["Units", "Issuance", "#Quantity"]


def co_claims(rows: Iterable[CoClaim]) -> list[list[Any]]:
    return [
        [
            Cell(each.code, reverse("portal:co_claim", args=[each.code])),
            formats.tonnes(each.quantity),
            each.account.organisation.name,
            f"{each.agreement.reference}, {each.agreement.issuer.name}",
            formats.day(each.proposed_at),
            Cell("", state=each.state),
        ]
        for each in rows
    ]


def seats(rows: Iterable[CoClaimSeat], chain: str, on: date) -> list[list[Any]]:
    """Each claim: copy, layer in words, holder, and who agreed when."""
    return [
        [
            f"Copy {each.copy}{', primary' if each.copy == 1 else ''}",
            f"{each.layer}: {layer_name(chain, each.layer, on)}",
            each.organisation.name if each.organisation else "to be named",
            Cell("", state=SeatState(each.state)),
            _who(each.consented_by, each.consented_at),
            _who(each.confirmed_by, each.confirmed_at),
        ]
        for each in rows
    ]


def agreed_seats(rows: Iterable[AgreementSeat], agreement: Agreement) -> list[list[Any]]:
    """The claims that an agreement gives."""
    chain = getattr(getattr(agreement, "rights", None), "chain", "")
    return [
        [
            f"Copy {each.copy}{', primary' if each.copy == 1 else ''}",
            f"{each.layer}: {layer_name(chain, each.layer, agreement.recorded_at.date())}",
            each.organisation.name if each.organisation else "to be named",
            each.role,
            formats.share(each.extent_share),
        ]
        for each in rows
    ]


def lines(rows: Iterable[Any]) -> list[list[Any]]:
    return [
        [
            str(unit_range(each.issuance, each.serials.lower, each.serials.upper - 1)),
            Cell(each.issuance.code, reverse("public:issuance", args=[each.issuance.code])),
            formats.tonnes(each.serials.upper - each.serials.lower),
        ]
        for each in rows
    ]


def co_claim_rows(co_claim: CoClaim) -> list[SummaryRow]:
    agreement = co_claim.agreement
    rows = [
        SummaryRow("Units", formats.tonnes(co_claim.quantity)),
        SummaryRow("Primary", f"{co_claim.account.organisation.name}"),
        SummaryRow("Agreement", f"{agreement.reference}, {agreement.issuer.name}"),
        SummaryRow("End-use value chain", co_claim.chain.capitalize()),
        SummaryRow("End use of the metal", agreement.end_use),
        SummaryRow("Responsible for double-counting risks", co_claim.responsible.name),
        SummaryRow("Proposed", _who(co_claim.proposed_by, co_claim.proposed_at)),
        SummaryRow("Open until", f"{formats.day(co_claim.due_on)}, inclusive"),
    ]
    if co_claim.closed_at:
        rows.append(SummaryRow("Closed", _who(co_claim.closed_by, co_claim.closed_at)))
    if co_claim.note:
        rows.append(SummaryRow("Note", co_claim.note))
    return rows


def _who(person: Any, at: Any) -> str:
    if at is None:
        return "–"
    return f"{formats.moment(at)} by {person}" if person else formats.moment(at)
