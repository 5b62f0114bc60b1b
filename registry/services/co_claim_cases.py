"""From records to the facts of a co-claim: its claimants, and what its agreement says (9.3)."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Sum

from registry.ledger import Line
from registry.models import Agreement, AgreementRights, CoClaim, CoClaimSeat, Issuance
from registry.rulebook.edition import edition_on
from registry.rulebook.engine import judge
from registry.rulebook.facts import ClaimantFacts, CoClaimCase, SeatFacts, TermsFacts
from registry.rulebook.findings import Finding
from registry.services.baseline_facts import short
from registry.services.selection import Facts
from registry.services.unit_facts import name_of, unit_facts
from registry.transitions import CoClaimState


def agreement_of(lines: Iterable[Line]) -> Agreement | None:
    """The agreement that units were issued under; where they differ, one of them."""
    found = (
        Issuance.objects.filter(pk__in={line.issuance for line in lines}, agreement__isnull=False)
        .select_related("agreement__issuer", "agreement__rights__responsible")
        .order_by("id")
        .first()
    )
    return found.agreement if found else None


def terms_facts(agreement: Agreement) -> TermsFacts:
    """Everything 9.3 lists, as the agreement has it."""
    rights: AgreementRights | None = getattr(agreement, "rights", None)
    seats = list(agreement.seats.select_related("organisation").order_by("copy"))
    confirmed = set(agreement.confirmations.values_list("organisation", flat=True))
    issued = agreement.issuances.aggregate(units=Sum("quantity", default=0))["units"]
    return TermsFacts(
        reference=name_of(agreement.reference, agreement.issuer.name),
        executed_on=agreement.executed_on,
        claims_agreed=agreement.claims_agreed,
        chain=rights.chain if rights else "",
        end_use=agreement.end_use,
        seats=tuple(
            SeatFacts(
                copy=seat.copy,
                layer=seat.layer,
                organisation=seat.organisation.name if seat.organisation else "",
                role=seat.role,
                extent_share=short(seat.extent_share) or seat.extent_share,
            )
            for seat in seats
        ),
        types=rights.co_claim_types if rights else "",
        transfer_terms=rights.transfer_terms if rights else "",
        measures=rights.double_claim_measures if rights else "",
        responsible=rights.responsible.name if rights and rights.responsible else "",
        unconfirmed=tuple(
            seat.organisation.name
            for seat in seats
            if seat.organisation and seat.organisation_id not in confirmed
        ),
        units_issued=int(issued),
    )


def co_claimed_before(agreement: Agreement, *, but: UUID | None = None) -> dict[int, int]:
    """Units that each copy of an agreement has already, `but` one co-claim."""
    rows = CoClaimSeat.objects.filter(
        co_claim__agreement=agreement, co_claim__state=CoClaimState.EXECUTED
    ).exclude(co_claim=but)
    sums = rows.values_list("copy").annotate(units=Sum("co_claim__quantity")).order_by()
    return {copy: int(units) for copy, units in sums}


def judged(
    facts: Facts,
    requested: int,
    *,
    holder: str,
    seats: Sequence[CoClaimSeat],
    agreement: Agreement | None,
    on: date,
    co_claim: UUID | None = None,
    named_copy: int | None = None,
) -> list[Finding]:
    """What every rule of 9.3 finds. seats: the primary's first, each with its organisation."""
    terms = terms_facts(agreement) if agreement else None
    before = co_claimed_before(agreement, but=co_claim) if agreement else {}
    case = CoClaimCase(
        on=on,
        units=facts,
        requested=requested,
        holder=holder,
        claimants=tuple(
            ClaimantFacts(
                copy=seat.copy,
                layer=seat.layer,
                organisation=seat.organisation.name if seat.organisation else "",
                co_claimed=before.get(seat.copy, 0),
            )
            for seat in seats
        ),
        chain=terms.chain if terms else "",
        responsible=terms.responsible if terms else "",
        terms=terms,
        named_copy=named_copy,
    )
    return judge(case, edition_on(on))


def facts_of(co_claim: CoClaim, *, copy: int = 1, account: str | None = None) -> Facts:
    return unit_facts(lines_of(co_claim, copy=copy), account=account)


def lines_of(co_claim: CoClaim, *, copy: int = 1) -> list[Line]:
    return [
        Line(line.issuance_id, copy, line.serials.lower, line.serials.upper - 1)
        for line in co_claim.lines.order_by("issuance_id", "serials")
    ]
