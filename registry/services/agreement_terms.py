"""An agreement's rights and seats: what fits together before it is written for good (7.1, 9.3)."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from accounts.models import Organisation
from accounts.roles import Role
from registry.models import Agreement, AgreementRights, AgreementSeat
from registry.rulebook.edition import Edition, edition_on
from registry.services.shape import only, save_clean

RIGHTS_FIELDS = (
    "transfer_to",
    "transfer_roles",
    "chain",
    "co_claim_types",
    "transfer_terms",
    "double_claim_measures",
    "responsible",
    "is_forward",
    "forward_from",
    "forward_until",
    "option_units",
    "option_until",
)
SEAT_FIELDS = ("copy", "layer", "organisation", "role", "extent_share")
_HOLDERS = frozenset(role.value for role in Role) - {Role.AUDITOR, Role.OPERATOR}


def record_terms(
    agreement: Agreement,
    buyers: AbstractSet[Organisation],
    rights: Mapping[str, Any],
    seats: Sequence[Mapping[str, Any]],
    *,
    on: date,
) -> None:
    """Write an agreement's rights (RIGHTS_FIELDS) and seats (SEAT_FIELDS each).

    Organisations are given as such, a seat without one is named later. Raises BadInput with
    everything that does not fit.
    """
    record = AgreementRights(agreement=agreement, **only(RIGHTS_FIELDS, rights))
    rows = [AgreementSeat(agreement=agreement, **only(SEAT_FIELDS, each)) for each in seats]
    errors = _rights_faults(record, agreement.issuer, buyers)
    for field, texts in _seat_faults(record, rows, agreement, buyers, edition_on(on)).items():
        errors.setdefault(field, []).extend(texts)
    save_clean(record, **errors)
    for row in rows:
        save_clean(row)


def plain_terms(
    rights: Mapping[str, Any] | None, seats: Sequence[Mapping[str, Any]], commercial_terms: str
) -> dict[str, object]:
    """The terms as plain values for the idempotency hash; nothing where there are none."""
    found: dict[str, object] = {}
    if rights is not None:
        found["rights"] = _plain(rights)
    if seats:
        found["seats"] = [_plain(each) for each in seats]
    if commercial_terms:
        found["commercial_terms"] = commercial_terms
    return found


def _plain(values: Mapping[str, Any]) -> dict[str, object]:
    return {
        name: value.pk if isinstance(value, Organisation) else value
        for name, value in values.items()
    }


def _rights_faults(
    rights: AgreementRights, issuer: Organisation, buyers: AbstractSet[Organisation]
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    unknown = sorted(set(rights.transfer_roles) - _HOLDERS)
    is_by_roles = rights.transfer_to == AgreementRights.TransferTo.ROLES
    if unknown:
        errors["transfer_roles"] = [
            f"{', '.join(unknown)}: no role that holds units. Name of: "
            f"{', '.join(sorted(_HOLDERS))}."
        ]
    elif is_by_roles != bool(rights.transfer_roles):
        errors["transfer_roles"] = ["Name roles where they limit transfers, and only there."]
    if rights.responsible is not None and rights.responsible not in {issuer, *buyers}:
        errors["responsible"] = [f"{rights.responsible} is no party of this agreement."]
    begins, ends = rights.forward_from, rights.forward_until
    if begins and ends and ends < begins:
        errors["forward_until"] = ["The offtake ends before it begins."]
    is_forward = rights.is_forward
    for name in ("forward_from", "forward_until", "option_units", "option_until"):
        if getattr(rights, name) is not None and not is_forward:
            errors[name] = ["Only forward offtake has this: say that it is forward."]
    if is_forward and (rights.option_units is None) != (rights.option_until is None):
        errors["option_until"] = ["An option has a number of units and a last day: give both."]
    return errors


def _seat_faults(
    rights: AgreementRights,
    seats: Sequence[AgreementSeat],
    agreement: Agreement,
    buyers: AbstractSet[Organisation],
    edition: Edition,
) -> dict[str, list[str]]:
    chains = edition.value_chain_layers
    chain = rights.chain
    if chain and chain not in chains:
        return {"chain": [f"{chain!r} is no chain; there are: {', '.join(sorted(chains))}."]}
    if not seats:
        return {}
    if not chain:
        return {"chain": ["Name the end-use value chain: it decides the layers of the seats."]}
    faults = []
    copies = sorted(seat.copy or 0 for seat in seats)
    if copies != list(range(1, agreement.claims_agreed + 1)):
        faults.append(
            f"Give one seat for each claim, copies 1 to {agreement.claims_agreed}; "
            f"found {', '.join(map(str, copies))}."
        )
    layers = chains[chain]
    for seat in seats:
        if not 1 <= (seat.layer or 0) <= len(layers) or not layers[seat.layer - 1]:
            known = ", ".join(str(n) for n, text in enumerate(layers, 1) if text)
            faults.append(f"Copy {seat.copy}: layer {seat.layer}; {chain} has {known}.")
        if seat.organisation is not None and seat.organisation not in buyers:
            faults.append(f"Copy {seat.copy}: {seat.organisation} is no buyer of this agreement.")
        if seat.copy == 1 and seat.organisation is None:
            faults.append("Copy 1 is the primary's: name it; only the others may be named later.")
    faults += _shared(seats)
    return {"seats": faults} if faults else {}


def _shared(seats: Sequence[AgreementSeat]) -> list[str]:
    layers = [seat.layer for seat in seats]
    named = [seat.organisation_id for seat in seats if seat.organisation_id]
    faults = []
    if len(set(layers)) < len(layers):
        faults.append("Each seat has its own layer: a tonne is claimed once at each.")
    if len(set(named)) < len(named):
        faults.append("Each seat has its own organisation: nobody claims a tonne twice.")
    return faults
