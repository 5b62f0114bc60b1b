"""Transfers: proposed with the units reserved, approved where asked for, then settled (7)."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.blocks import blocked
from accounts.errors import NotVisible, Refused
from accounts.ids import uuid7
from accounts.models import Account, User
from accounts.permissions import (
    Right,
    can,
    permit,
    require,
    roles_at,
    roles_by_account,
)
from accounts.prepared import Asked
from registry import ledger
from registry.errors import BadInput, NotNow, RulesBroken
from registry.ledger import Line
from registry.models import Transfer
from registry.rulebook.findings import failures
from registry.services import transfer_rows
from registry.services.care import (
    begin_delay,
    delay_for,
    just_co_claimed,
    last_day,
    needs_second_person,
    require_delay_over,
)
from registry.services.policies import policy_of
from registry.services.recipient_cases import epd_duties
from registry.services.requests import once, retrying
from registry.services.selection import (
    Facts,
    Units,
    checked,
    of_one_claim,
    plain,
    with_lines,
)
from registry.services.shape import require_texts
from registry.services.transfer_cases import (
    Questions,
    is_own_move,
    judge_transfer,
    require_recipient,
    require_sender,
)
from registry.services.transfer_rows import lock, told_of_blocks
from registry.services.unit_facts import touched_by, unit_facts
from registry.transitions import TRANSFER_STEPS, TransferState, actions, after

OPEN = (TransferState.AWAITING_APPROVAL, TransferState.OFFERED)


@retrying
def propose_transfer(
    *,
    by: User,
    now: datetime,
    key: str,
    from_account: Account,
    to_account: Account,
    units: Units,
    surrendered: bool,
    note: str = "",
) -> Transfer:
    """Reserve units for another account and offer them.

    units: lines by serial, or Wanted for the oldest vintage first. surrendered: the sender
    gives up its right to claim them (7.2); not asked for between an organisation's own
    accounts. Raises NotVisible, Refused, RulesBroken with every finding, NotThere with what is
    left when somebody else was faster.
    """
    may = permit(by, Right.INITIATE, from_account)
    try:
        chosen = checked(units)
        require_texts(Transfer, note=note)
    except BadInput:
        may.require()
        raise
    id, asked = uuid7(), Questions(from_account, to_account, chosen)
    with once(
        by=by,
        key=key,
        kind="transfer",
        now=now,
        input={
            "from": from_account.pk,
            "to": to_account.pk,
            "units": plain(chosen),
            "surrendered": surrendered,
            "note": note,
        },
        answer={"transfer": str(id)},
        permit=may,
        along=asked.all(),
    ) as request:
        if request.is_repeat:
            return Transfer.objects.get(pk=request.answer["transfer"])
        act = partial(_propose, id, by, now, from_account, to_account, surrendered, note, asked)
        units = of_one_claim(chosen)
        return with_lines(units, from_account.pk, on=now.date(), act=act, asked=asked.facts)


@retrying
def approve_transfer(*, by: User, now: datetime, key: str, transfer: Transfer) -> Transfer:
    """A second person of the sender approves. Raises NotVisible, Refused, NotNow."""
    require(by, Right.APPROVE, transfer.from_account)
    input = {"transfer": transfer.pk}
    with (
        told_of_blocks(transfer),
        once(by=by, key=key, kind="transfer.approve", now=now, input=input) as request,
    ):
        locked = lock(transfer)
        if not request.is_repeat:
            if locked.proposed_by_id == by.pk:
                raise Refused(
                    found="You proposed this transfer yourself.",
                    allowed="A second person approves it.",
                    action="Ask a colleague with the right to approve.",
                )
            locked.approved_by, locked.approved_at = by, now
            _step(locked, "approve", on=now.date())
            delay = getattr(locked, "delay", None)
            if delay is not None:
                # The days in which it can be withdrawn begin when it is final for the sender.
                first, locked.due_on = last_day(now.date(), delay.delay_days)
                begin_delay(locked, delay.delay_days, first)
                locked.save(update_fields=["due_on"])
        return locked


@retrying
def accept_transfer(*, by: User, now: datetime, key: str, transfer: Transfer) -> Transfer:
    """The recipient takes the units. Judged again on the day: dates and roles may have moved."""
    locking, touching = transfer_rows.locking(transfer.pk), touched_by(transfer.pk)
    holding = roles_at(transfer.to_account_id)
    with (
        told_of_blocks(transfer),
        once(
            by=by,
            key=key,
            kind="transfer.accept",
            now=now,
            input={"transfer": transfer.pk},
            permit=permit(by, Right.INITIATE, transfer.to_account),
            along=[locking, touching, holding],
        ) as request,
    ):
        locked = lock(transfer, locking)
        if request.is_repeat:
            return locked
        on = now.date()
        after_step(locked, "accept", on=on)
        require_delay_over(locked, on=on)
        facts = unit_facts(touching, account=str(locked.from_account_id))
        roles = roles_by_account(holding)[locked.to_account_id]
        require_recipient(locked, facts, roles, on)
        findings = judge_transfer(
            facts,
            locked.quantity,
            locked.from_account,
            locked.to_account,
            roles,
            True,
            on,
            settling=True,
        )
        if failures(findings):
            raise RulesBroken(findings)
        is_sale = not is_own_move(locked.from_account, locked.to_account)
        locked.settled_by, locked.settled_at = by, now
        ledger.accept(
            transfer=locked.pk,
            to_account=locked.to_account_id,
            sender=locked.from_account.organisation_id if is_sale else None,
            by=by.pk,
            at=now,
            ahead=_stepped(locked, "accept", on=on),
            last=True,
        )
        return locked


@retrying
def decline_transfer(*, by: User, now: datetime, key: str, transfer: Transfer) -> Transfer:
    """The recipient says no; the units go back to the sender."""
    require(by, Right.INITIATE, transfer.to_account)
    return _give_back(by=by, now=now, key=key, transfer=transfer, action="decline")


@retrying
def withdraw_transfer(*, by: User, now: datetime, key: str, transfer: Transfer) -> Transfer:
    """The sender takes the offer back before it is accepted."""
    require(by, Right.INITIATE, transfer.from_account)
    return _give_back(by=by, now=now, key=key, transfer=transfer, action="withdraw")


def lapse_transfer(*, now: datetime, transfer: UUID) -> bool:
    """Expire one open offer whose day has passed, or whose units have; false when it need not.

    For the sweep: safe to repeat, and it passes over an offer somebody is settling just now.
    """
    with transaction.atomic():
        row = (
            Transfer.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=transfer, state__in=OPEN)
            .first()
        )
        if row is None or not _is_over(row, now.date()):
            return False
        ledger.release(transfer=row.pk, kind="lapse", by=None, at=now)
        row.state, row.settled_at = TransferState.EXPIRED, now
        row.save(update_fields=["state", "settled_at"])
        return True


def due_to_lapse(*, on: date) -> list[UUID]:
    """Open offers whose last day has passed, and those with an expired vintage among them.

    Those of a blocked account wait: nothing moves there, and nobody can accept them either.
    """
    late = Q(due_on__lt=on) | Q(lines__issuance__expires_on__lt=on)
    stand_still = Q(from_account__in=blocked()) | Q(to_account__in=blocked())
    return list(
        Transfer.objects.filter(late, ~stand_still, state__in=OPEN)
        .order_by("id")
        .distinct()
        .values_list("id", flat=True)
    )


def visible_transfer(by: User, transfer: UUID) -> Transfer:
    """A transfer that a person may see: of an account they may view. Raises NotVisible."""
    row = (
        Transfer.objects.select_related("from_account__organisation", "to_account__organisation")
        .filter(pk=transfer)
        .first()
    )
    if row is None or not (
        can(by, Right.VIEW, row.from_account) or can(by, Right.VIEW, row.to_account)
    ):
        raise NotVisible(f"transfer {transfer}")
    return row


def _propose(
    id: UUID,
    by: User,
    now: datetime,
    from_account: Account,
    to_account: Account,
    surrendered: bool,
    note: str,
    asked: Questions,
    lines: list[Line],
    facts: Facts,
    requested: int,
) -> Transfer:
    on, is_own = now.date(), is_own_move(from_account, to_account)
    roles = roles_by_account(asked.roles)
    require_sender(from_account, to_account, facts, roles[from_account.pk], on)
    findings = judge_transfer(
        facts, requested, from_account, to_account, roles[to_account.pk], surrendered, on
    )
    if failures(findings):
        raise RulesBroken(findings)
    if not is_own:
        issuances = [line.issuance for line in lines]
        findings += epd_duties(issuances, sender=from_account.organisation, on=on, asked=asked.duty)
    policy = policy_of(from_account, on=on, asked=asked.policy)
    waits = needs_second_person(from_account, policy, requested, on=on)
    delay_days = delay_for(policy, from_account, to_account)
    acceptable_on, due_on = last_day(on, delay_days)
    transfer = Transfer(
        id=id,
        from_account=from_account,
        to_account=to_account,
        state=TransferState.AWAITING_APPROVAL if waits else TransferState.OFFERED,
        quantity=requested,
        surrendered=None if is_own else surrendered,
        note=note,
        due_on=due_on,
        findings=[finding.as_dict() for finding in findings],
        proposed_at=now,
        proposed_by=by,
    )
    _reserve(transfer, lines, alone=not is_own, last=not delay_days)
    begin_delay(transfer, delay_days, acceptable_on)
    return transfer


def _reserve(transfer: Transfer, lines: list[Line], *, alone: bool, last: bool) -> None:
    """Store a transfer and its lines, and hold its units; alone and last: as in the ledger."""
    try:
        ledger.reserve(
            transfer=transfer.pk,
            account=transfer.from_account_id,
            lines=lines,
            by=transfer.proposed_by_id,
            at=transfer.proposed_at,
            alone=alone,
            ahead=transfer_rows.added(transfer, lines),
            last=last,
        )
    except ledger.CoClaimed as late:
        raise just_co_claimed() from late


def _give_back(*, by: User, now: datetime, key: str, transfer: Transfer, action: str) -> Transfer:
    input = {"transfer": transfer.pk}
    with (
        told_of_blocks(transfer),
        once(by=by, key=key, kind=f"transfer.{action}", now=now, input=input) as request,
    ):
        locked = lock(transfer)
        if not request.is_repeat:
            after_step(locked, action, on=None)
            ledger.release(transfer=locked.pk, kind=action, by=by.pk, at=now)
            locked.settled_by, locked.settled_at = by, now
            _step(locked, action, on=None)
        return locked


def after_step(transfer: Transfer, action: str, *, on: date | None) -> str:
    """The state `action` leads to. Raises NotNow; with `on`, also after the offer's last day."""
    to_state = after(TRANSFER_STEPS, transfer.state, action)
    if to_state is None:
        raise NotNow(
            found=f"The transfer is {TransferState(transfer.state).label}.",
            allowed=f"From there, possible is: {_possible(transfer.state)}.",
            action="Reload the page to see where it stands.",
        )
    if on is not None and on > transfer.due_on:
        raise NotNow(
            found=f"The offer was open until {transfer.due_on.isoformat()}.",
            allowed="It can be approved or accepted until that day, inclusive.",
            action="Ask the sender for a new offer.",
        )
    return to_state


def _possible(state: str) -> str:
    return ", ".join(actions(TRANSFER_STEPS, state)) or "nothing more"


def _step(transfer: Transfer, action: str, *, on: date | None) -> None:
    _stepped(transfer, action, on=on).rows()


def _stepped(transfer: Transfer, action: str, *, on: date | None) -> Asked:
    """The statement that stores the step."""
    transfer.state = after_step(transfer, action, on=on)
    return transfer_rows.step(transfer)


def _is_over(transfer: Transfer, on: date) -> bool:
    return transfer.due_on < on or transfer.lines.filter(issuance__expires_on__lt=on).exists()
