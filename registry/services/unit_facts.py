"""Units as the rules see them: one statement, whatever their number."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from accounts.prepared import Asked
from registry.ledger import Line
from registry.models import AgreementParty, AgreementRights
from registry.rulebook.facts import UnitFacts

TransferTo = AgreementRights.TransferTo
Parties = Mapping[UUID, tuple[str, ...]]

_NAMED = "unnest(%s::uuid[], %s::smallint[], %s::bigint[], %s::bigint[])"
_OF_TRANSFER = """(
    SELECT issuance_id, copy, lower(serials), upper(serials) - 1 FROM registry_transferline
     WHERE transfer_id = %s OFFSET 0)"""
# OFFSET 0: each line is one look into the index that refuses overlaps (as in `holdings_over`).
_TOUCHED = """
SELECT greatest(lower(h.serials), line.first), least(upper(h.serials) - 1, line.last), h.copy,
       h.state, h.account_id, h.transfers, h.layer, i.code, i.functional_unit, p.name,
       i.vintage_start, i.vintage_end, i.issued_on, i.expires_on, i.transfers_allowed,
       i.claims_agreed, i.agreement_id, a.reference, r.transfer_to, r.transfer_roles,
       i.is_provisional AND NOT EXISTS (
           SELECT FROM registry_confirmation c
            WHERE c.issuance_id = i.id
              AND (c.is_confirmed OR EXISTS (
                  SELECT FROM registry_adjustment a
                   WHERE a.issuance_id = i.id AND a.state = 'in_force' AND a.decided_at >= c.at
                     AND a.shortfall >= c.shortfall AND a.intensity >= c.verified_intensity)))
  FROM <lines> AS line(issuance, copy, first, last)
 CROSS JOIN LATERAL (
    SELECT * FROM registry_holding
     WHERE issuance_id = line.issuance AND copy = line.copy
       AND serials && int8range(line.first, line.last, '[]') OFFSET 0) AS h
  JOIN registry_issuance i ON i.id = h.issuance_id
  JOIN accounts_organisation p ON p.id = i.producer_id
  LEFT JOIN registry_agreement a ON a.id = i.agreement_id
  LEFT JOIN registry_agreementrights r ON r.agreement_id = a.id
 ORDER BY h.issuance_id, h.copy, 1
"""


def touched(lines: Iterable[Line]) -> Asked:
    """The question behind `unit_facts`, to be asked together with others."""
    named = list(lines)
    columns = [
        [line.issuance for line in named],
        [line.copy for line in named],
        [line.first for line in named],
        [line.last for line in named],
    ]
    return Asked(_TOUCHED.replace("<lines>", _NAMED), columns)


def touched_by(transfer: UUID) -> Asked:
    """The same for the lines of a transfer."""
    return Asked(_TOUCHED.replace("<lines>", _OF_TRANSFER), [transfer])


def unit_facts(units: Iterable[Line] | Asked, *, account: str | None) -> tuple[UnitFacts, ...]:
    """The units of these lines as they stand, one fact per holding they touch, in serial order.

    units: lines, or what `touched` made of them, which may have been asked along with others.
    account: the id of the account that should have them; a unit elsewhere says so in its state.
    Serials that no holding has are not among the facts, so the quantities differ. Provisional
    are units that no ex-post audit has confirmed (R083).
    """
    found = (units if isinstance(units, Asked) else touched(units)).rows()
    parties = _parties_bound({row[16] for row in found if row[18] == TransferTo.PARTIES})
    return tuple(_unit(row, account, parties) for row in found)


def name_of(reference: str, issuer: str) -> str:
    """An agreement among all: two issuers may use the same reference."""
    return f"{reference} of {issuer}"


def _unit(row: tuple[Any, ...], account: str | None, parties: Parties) -> UnitFacts:
    first, last, copy, state, holder, transfers, layer, code, unit, issuer = row[:10]
    vintage_start, vintage_end, issued_on, expires_on, limit, claims = row[10:16]
    agreement, reference, transfer_to, roles, is_provisional = row[16:]
    return UnitFacts(
        issuance=code,
        copy=copy,
        first=first,
        last=last,
        state=state if account is None or str(holder) == account else "in another account",
        functional_unit=unit,
        issuer=issuer,
        vintage_start=vintage_start,
        vintage_end=vintage_end,
        issued_on=issued_on,
        expires_on=expires_on,
        onward_transfers=transfers,
        transfers_allowed=limit,
        claims_agreed=claims,
        co_claimed=copy != 1 or layer is not None,
        provisional=is_provisional,
        agreement=name_of(reference, issuer) if agreement else "",
        may_go_to=parties.get(agreement, ()) if transfer_to == TransferTo.PARTIES else None,
        may_go_to_roles=tuple(roles) if transfer_to == TransferTo.ROLES else None,
    )


def _parties_bound(agreements: set[UUID]) -> Parties:
    """The buyers, by agreement, where later holders transfer among them only (7.1)."""
    found: dict[UUID, tuple[str, ...]] = {}
    if agreements:
        bound = AgreementParty.objects.filter(agreement__in=agreements)
        named = bound.order_by("organisation__name").values_list("agreement", "organisation__name")
        for agreement, name in named:
            found[agreement] = (*found.get(agreement, ()), name)
    return found
