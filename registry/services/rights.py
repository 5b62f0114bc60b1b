"""The rights of an agreement as the rules of transfer see them (7.1)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from registry.models import Agreement, AgreementParty, AgreementRights, Issuance

TransferTo = AgreementRights.TransferTo
Parties = Mapping[UUID, tuple[str, ...]]


def name_of(agreement: Agreement, issuer: str) -> str:
    """An agreement among all: two issuers may use the same reference."""
    return f"{agreement.reference} of {issuer}"


def parties_bound(issuances: Iterable[Issuance]) -> Parties:
    """The buyers, by agreement, of those that let later holders transfer among them only.

    One query where there are such, none otherwise. Issuances with agreement and rights loaded.
    """
    bound = {
        each.agreement_id
        for each in issuances
        if (rights := _rights(each)) and rights.transfer_to == TransferTo.PARTIES
    }
    found: dict[UUID, tuple[str, ...]] = {}
    if bound:
        rows = AgreementParty.objects.filter(agreement__in=bound).order_by("organisation__name")
        for agreement, name in rows.values_list("agreement", "organisation__name"):
            found[agreement] = (*found.get(agreement, ()), name)
    return found


def transfer_rights(issuance: Issuance, parties: Parties) -> dict[str, Any]:
    """The facts of UnitFacts about an issuance's agreement."""
    agreement, rights = issuance.agreement, _rights(issuance)
    facts: dict[str, Any] = {}
    if agreement is not None:
        facts["agreement"] = name_of(agreement, issuance.producer.name)
    if rights is not None and rights.transfer_to == TransferTo.PARTIES:
        facts["may_go_to"] = parties[agreement.pk] if agreement else ()
    if rights is not None and rights.transfer_to == TransferTo.ROLES:
        facts["may_go_to_roles"] = tuple(rights.transfer_roles)
    return facts


def _rights(issuance: Issuance) -> AgreementRights | None:
    return getattr(issuance.agreement, "rights", None)
