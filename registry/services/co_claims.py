"""Co-claims: proposed by the holder, consented to by each party, confirmed by the issuer (9.3).

Nothing is reserved before the issuer's confirmation; the units are judged again then, and the
copies are made in one call of the ledger. A seat may stay reserved and be named later, by the
same three: the holder names, the party consents, the issuer confirms.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import Account, Organisation, User
from accounts.permissions import Right, require, require_initiator
from accounts.roles import Action
from accounts.services import public_code
from registry import ledger
from registry.errors import BadInput, RulesBroken
from registry.ledger import Line
from registry.models import (
    AgreementRights,
    CoClaim,
    CoClaimLine,
    CoClaimSeat,
)
from registry.rulebook.edition import edition_on
from registry.rulebook.findings import failures
from registry.services.cases import is_demonstration, kinds
from registry.services.co_claim_cases import agreement_of, facts_of, judged, lines_of
from registry.services.co_claim_seats import (
    SeatWanted,
    checked_seats,
    named_seat,
    seat_of,
    seats_for,
)
from registry.services.co_claim_steps import (
    close,
    lock,
    require_in_time,
    seat_step,
    step,
    tell_claimants,
    tell_issuer,
    tell_parties,
    tell_primary,
)
from registry.services.readings import require_may
from registry.services.requests import once, retrying
from registry.services.selection import Facts, Units, checked, of_one_claim, plain, with_lines
from registry.services.shape import require_texts
from registry.transitions import CoClaimState, SeatState


@retrying
def propose_co_claim(
    *,
    by: User,
    now: datetime,
    key: str,
    account: Account,
    units: Units,
    seats: Sequence[SeatWanted],
    note: str = "",
) -> CoClaim:
    """Ask the parties and the issuer to share the claim on these units.

    units: lines of copy 1, or Wanted for the oldest vintage first; all issued under one agreement,
    whose layers the seats take. Raises NotVisible, Refused (R010–R017), BadInput, RulesBroken.
    """
    require(by, Right.INITIATE, account)
    chosen = checked(units)
    require_texts(CoClaim, note=note)
    wanted = checked_seats(seats)
    with once(
        by=by,
        key=key,
        kind="co_claim",
        now=now,
        input={
            "account": account.pk,
            "units": plain(chosen),
            "seats": [[s.copy, s.organisation.pk if s.organisation else None] for s in wanted],
            "note": note,
        },
    ) as request:
        if request.is_repeat:
            return CoClaim.objects.get(pk=request.answer["co_claim"])

        def act(lines: list[Line], facts: Facts, requested: int) -> CoClaim:
            return _propose(by, now, account, lines, facts, requested, wanted, note)

        co_claim = with_lines(of_one_claim(chosen), account.pk, on=now.date(), act=act)
        request.answer = {"co_claim": str(co_claim.pk)}
        return co_claim


@retrying
def consent_to_co_claim(
    *, by: User, now: datetime, key: str, co_claim: CoClaim, account: Account
) -> CoClaim:
    """A named party takes its seat, in its own account. Raises NotVisible, Refused, NotNow."""
    require(by, Right.INITIATE, account)
    with once(
        by=by,
        key=key,
        kind="co_claim.consent",
        now=now,
        input={"co_claim": co_claim.pk, "account": account.pk},
    ) as request:
        locked = lock(co_claim)
        if request.is_repeat:
            return locked
        seat = seat_of(locked, account.organisation)
        if locked.state != CoClaimState.EXECUTED:
            require_in_time(locked, "confirm", on=now.date())
        _require_roles([account.organisation], facts_of(locked), now.date())
        seat.account, seat.consented_by, seat.consented_at = account, by, now
        seat_step(seat, "consent")
        if all(each.state != SeatState.ASKED for each in locked.seats.all()):
            tell_issuer(locked, now)
        return locked


@retrying
def confirm_co_claim(*, by: User, now: datetime, key: str, co_claim: CoClaim) -> CoClaim:
    """The issuer confirms: the copies are made, or the seat just named gets its copy.

    Raises NotVisible, Refused, NotNow while a consent is awaited, RulesBroken, NotThere with what
    is left when the units have gone meanwhile.
    """
    require_initiator(by, co_claim.agreement.issuer)
    with once(
        by=by, key=key, kind="co_claim.confirm", now=now, input={"co_claim": co_claim.pk}
    ) as request:
        locked = lock(co_claim)
        if request.is_repeat:
            return locked
        if locked.state == CoClaimState.EXECUTED:
            _confirm_naming(by, now, locked)
        else:
            _execute(by, now, locked)
        return locked


@retrying
def decline_co_claim(
    *, by: User, now: datetime, key: str, co_claim: CoClaim, organisation: Organisation
) -> CoClaim:
    """A named party or the issuer says no, to the co-claim or to the naming of a seat."""
    require_initiator(by, organisation)
    with once(
        by=by,
        key=key,
        kind="co_claim.decline",
        now=now,
        input={"co_claim": co_claim.pk, "organisation": organisation.pk},
    ) as request:
        locked = lock(co_claim)
        if request.is_repeat:
            return locked
        is_issuer = organisation.pk == locked.agreement.issuer_id
        seat = None if is_issuer else seat_of(locked, organisation)
        if locked.state == CoClaimState.EXECUTED:
            seat_step(seat or named_seat(locked, "refuse"), "refuse")
        else:
            close(locked, "decline", by=by, at=now)
        tell_primary(locked, f"{organisation.name} declined co-claim {locked.code}.", now)
        return locked


@retrying
def withdraw_co_claim(*, by: User, now: datetime, key: str, co_claim: CoClaim) -> CoClaim:
    """The holder takes the proposal back, or the name it gave a reserved seat."""
    require(by, Right.INITIATE, co_claim.account)
    with once(
        by=by, key=key, kind="co_claim.withdraw", now=now, input={"co_claim": co_claim.pk}
    ) as request:
        locked = lock(co_claim)
        if request.is_repeat:
            return locked
        if locked.state == CoClaimState.EXECUTED:
            seat_step(named_seat(locked, "take back"), "take back")
        else:
            close(locked, "withdraw", by=by, at=now)
        return locked


@retrying
def name_seat(
    *,
    by: User,
    now: datetime,
    key: str,
    co_claim: CoClaim,
    copy: int,
    organisation: Organisation,
) -> CoClaim:
    """The holder names who gets a reserved seat; that party and the issuer have yet to agree."""
    require(by, Right.INITIATE, co_claim.account)
    with once(
        by=by,
        key=key,
        kind="co_claim.name",
        now=now,
        input={"co_claim": co_claim.pk, "copy": copy, "organisation": organisation.pk},
    ) as request:
        locked = lock(co_claim)
        if request.is_repeat:
            return locked
        step(locked, "name")
        seat = next((each for each in locked.seats.all() if each.copy == copy), None)
        if seat is None:
            raise BadInput({"copy": [f"This co-claim has no copy {copy}."]})
        seat.organisation, seat.named_by, seat.named_at = organisation, by, now
        if seat.state == SeatState.RESERVED:
            _require_roles([organisation], facts_of(locked), now.date())
            _judge_naming(locked, copy, now.date())
        seat_step(seat, "name")
        tell_parties(locked, now)
        return locked


def lapse_co_claims(*, now: datetime) -> int:
    """Expire proposals whose last day has passed; how many. Safe to repeat."""
    due = CoClaim.objects.filter(state=CoClaimState.PROPOSED, due_on__lt=now.date())
    count = 0
    for pk in list(due.order_by("id").values_list("id", flat=True)):
        with transaction.atomic():
            row = due.select_for_update(skip_locked=True).filter(pk=pk).first()
            if row is not None:
                close(row, "expire", by=None, at=now)
                count += 1
    return count


def _propose(
    by: User,
    now: datetime,
    account: Account,
    lines: list[Line],
    facts: Facts,
    requested: int,
    wanted: Sequence[SeatWanted],
    note: str,
) -> CoClaim:
    on = now.date()
    holder = account.organisation
    named = [each.organisation for each in wanted if each.organisation is not None]
    _require_roles([holder, *named], facts, on)
    agreement = agreement_of(lines)
    seats = seats_for(agreement, account, wanted, by, now)
    findings = judged(facts, requested, holder=holder.name, seats=seats, agreement=agreement, on=on)
    if failures(findings) or agreement is None:
        raise RulesBroken(findings)
    rights: AgreementRights = agreement.rights
    assert rights.responsible is not None  # R133 asks for it
    co_claim = CoClaim.objects.create(
        code=public_code(),
        agreement=agreement,
        account=account,
        quantity=requested,
        chain=rights.chain,
        responsible=rights.responsible,
        state=CoClaimState.PROPOSED,
        note=note,
        due_on=on + timedelta(days=edition_on(on).co_claim_days),
        findings=[finding.as_dict() for finding in findings],
        proposed_at=now,
        proposed_by=by,
        is_demonstration=holder.is_demonstration or is_demonstration(lines),
    )
    CoClaimLine.objects.bulk_create(
        CoClaimLine(
            co_claim=co_claim, issuance_id=line.issuance, serials=(line.first, line.last + 1)
        )
        for line in lines
    )
    for seat in seats:
        seat.co_claim = co_claim
    CoClaimSeat.objects.bulk_create(seats)
    tell_parties(co_claim, now)
    if not named:
        tell_issuer(co_claim, now)
    return co_claim


def _execute(by: User, now: datetime, co_claim: CoClaim) -> None:
    on = now.date()
    require_in_time(co_claim, "confirm", on=on)
    seats = list(co_claim.seats.all())
    for seat in seats:
        if seat.state == SeatState.ASKED:
            seat_step(seat, "confirm")
    # The extent of each seat is of all co-claims of the agreement: one after the other.
    AgreementRights.objects.select_for_update(no_key=True).get(agreement=co_claim.agreement_id)
    holder = co_claim.account.organisation
    facts = facts_of(co_claim, account=str(co_claim.account_id))
    named = [each.organisation for each in seats if each.organisation is not None]
    _require_roles(named, facts, on)
    findings = judged(
        facts,
        co_claim.quantity,
        holder=holder.name,
        seats=seats,
        agreement=co_claim.agreement,
        on=on,
        co_claim=co_claim.pk,
    )
    if failures(findings):
        raise RulesBroken(findings)
    ledger.co_claim(
        co_claim=co_claim.pk,
        account=co_claim.account_id,
        lines=lines_of(co_claim),
        layer=seats[0].layer,
        seats=[ledger.Seat(each.copy, each.layer, each.account_id) for each in seats[1:]],
        by=by.pk,
        at=now,
    )
    for seat in seats:
        if seat.state == SeatState.CONSENTED:
            seat.confirmed_by, seat.confirmed_at = by, now
            seat_step(seat, "confirm")
    close(co_claim, "confirm", by=by, at=now)
    tell_claimants(co_claim, named, now)


def _confirm_naming(by: User, now: datetime, co_claim: CoClaim) -> None:
    seat = named_seat(co_claim, "confirm")
    organisation, account = seat.organisation, seat.account
    if seat.state == SeatState.CONSENTED and organisation is not None:
        _require_roles([organisation], facts_of(co_claim), now.date())
        _judge_naming(co_claim, seat.copy, now.date())
    seat.confirmed_by, seat.confirmed_at = by, now
    seat_step(seat, "confirm")
    assert account is not None  # by the constraint on consented seats
    ledger.name_seat(co_claim=co_claim.pk, copy=seat.copy, account=account.pk, by=by.pk, at=now)
    tell_primary(co_claim, f"Copy {seat.copy} of co-claim {co_claim.code} has its holder.", now)


def _judge_naming(co_claim: CoClaim, copy: int, on: date) -> None:
    """The rules again, with the seat's new name. Raises RulesBroken."""
    findings = judged(
        facts_of(co_claim, copy=copy),
        co_claim.quantity,
        holder=co_claim.account.organisation.name,
        seats=list(co_claim.seats.all()),
        agreement=co_claim.agreement,
        on=on,
        co_claim=co_claim.pk,
        named_copy=copy,
    )
    if failures(findings):
        raise RulesBroken(findings)


def _require_roles(parties: Sequence[Organisation], facts: Facts, on: date) -> None:
    """The role table lets each party co-claim each kind of unit (R011–R016)."""
    for party in parties:
        for unit, own in kinds(facts, party):
            require_may(party, Action.CO_CLAIM, unit, on=on, own_issue=own)
