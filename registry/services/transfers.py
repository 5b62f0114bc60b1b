"""Transfers: proposed with the units reserved, approved where asked for, then settled (7)."""

from collections.abc import Sequence
from datetime import date, datetime
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
    require,
    require_unblocked,
    roles_of,
    roles_of_each,
)
from accounts.roles import Action, Role
from registry import ledger
from registry.errors import NotNow, RulesBroken
from registry.ledger import Line
from registry.models import Transfer
from registry.rulebook.edition import edition_on
from registry.rulebook.engine import judge
from registry.rulebook.facts import TransferCase, UnitFacts
from registry.rulebook.findings import Finding, failures
from registry.services import transfer_rows
from registry.services.care import (
    begin_delay,
    delay_for,
    frequency,
    last_day,
    needs_second_person,
    require_delay_over,
    require_not_shared,
)
from registry.services.cases import kinds, may_hold, roles_asked_for
from registry.services.policies import policy_of
from registry.services.readings import require_may
from registry.services.recipient_cases import epd_duties
from registry.services.requests import once, retrying
from registry.services.selection import Facts, Units, checked, of_one_claim, plain, with_lines
from registry.services.shape import require_texts
from registry.services.transfer_rows import lock, lock_with_lines
from registry.services.unit_facts import unit_facts
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
    require(by, Right.INITIATE, from_account)
    chosen = checked(units)
    require_texts(Transfer, note=note)
    id = uuid7()
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
    ) as request:
        if request.is_repeat:
            return Transfer.objects.get(pk=request.answer["transfer"])

        def act(lines: list[Line], facts: Facts, requested: int) -> Transfer:
            return _propose(
                id, by, now, from_account, to_account, lines, facts, requested, surrendered, note
            )

        return with_lines(of_one_claim(chosen), from_account.pk, on=now.date(), act=act)


@retrying
def approve_transfer(*, by: User, now: datetime, key: str, transfer: Transfer) -> Transfer:
    """A second person of the sender approves. Raises NotVisible, Refused, NotNow."""
    require(by, Right.APPROVE, transfer.from_account)
    with once(
        by=by, key=key, kind="transfer.approve", now=now, input={"transfer": transfer.pk}
    ) as request:
        locked = lock(transfer.pk)
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
    require(by, Right.INITIATE, transfer.to_account)
    with once(
        by=by, key=key, kind="transfer.accept", now=now, input={"transfer": transfer.pk}
    ) as request:
        locked, lines = lock_with_lines(transfer.pk)
        if request.is_repeat:
            return locked
        on = now.date()
        after_step(locked, "accept", on=on)
        require_delay_over(locked, on=on)
        facts = unit_facts(lines, account=str(locked.from_account_id))
        roles = roles_of(locked.to_account.organisation)
        _require_recipient(locked, facts, roles, on)
        findings = _judge(
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
        is_sale = not _is_own_move(locked.from_account, locked.to_account)
        ledger.accept(
            transfer=locked.pk,
            to_account=locked.to_account_id,
            sender=locked.from_account.organisation_id if is_sale else None,
            by=by.pk,
            at=now,
        )
        locked.settled_by, locked.settled_at = by, now
        _step(locked, "accept", on=on)
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
    lines: list[Line],
    facts: Facts,
    requested: int,
    surrendered: bool,
    note: str,
) -> Transfer:
    on = now.date()
    sender, recipient = from_account.organisation, to_account.organisation
    roles = roles_of_each(sender, recipient)
    _require_roles(from_account, to_account, facts, roles[sender.pk], on)
    findings = _judge(
        facts, requested, from_account, to_account, roles[recipient.pk], surrendered, on
    )
    if failures(findings):
        raise RulesBroken(findings)
    if not _is_own_move(from_account, to_account):
        issuances = [line.issuance for line in lines]
        findings += epd_duties(issuances, sender=sender, on=on)
    policy = policy_of(from_account, on=on)
    waits = needs_second_person(from_account, policy, requested, on=on)
    delay_days = delay_for(policy, from_account, to_account)
    acceptable_on, due_on = last_day(on, delay_days)
    is_own = _is_own_move(from_account, to_account)
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
    transfer_rows.add(transfer, lines)
    begin_delay(transfer, delay_days, acceptable_on)
    is_shared = ledger.reserve(
        transfer=transfer.pk, account=from_account.pk, lines=lines, by=by.pk, at=now
    )
    if not is_own:
        require_not_shared(is_shared)
    return transfer


def _require_roles(
    from_account: Account,
    to_account: Account,
    facts: Sequence[UnitFacts],
    roles: frozenset[Role],
    on: date,
) -> None:
    """The sender's role allows the transfer of each kind of unit, by who issued it (R010–R016)."""
    sender = from_account.organisation
    if _is_own_move(from_account, to_account):
        return
    for unit, own in kinds(facts, sender):
        require_may(sender, Action.TRANSFER, unit, on=on, own_issue=own, roles=roles)


def _is_own_move(from_account: Account, to_account: Account) -> bool:
    """Between an organisation's own accounts: no transfer in the framework's sense (7)."""
    return from_account.organisation_id == to_account.organisation_id


def _require_recipient(transfer: Transfer, facts: Facts, roles: frozenset[Role], on: date) -> None:
    """The recipient's role allows it to acquire each kind of unit (R010–R016)."""
    recipient = transfer.to_account.organisation
    if _is_own_move(transfer.from_account, transfer.to_account):
        return
    for unit in sorted({fact.functional_unit for fact in facts}):
        require_may(recipient, Action.ACQUIRE, unit, on=on, roles=roles)


def _judge(
    facts: tuple[UnitFacts, ...],
    requested: int,
    from_account: Account,
    to_account: Account,
    recipient_roles: frozenset[Role],
    surrendered: bool,
    on: date,
    *,
    settling: bool = False,
) -> list[Finding]:
    edition = edition_on(on)
    # How often is reported where a transfer is proposed; its acceptance adds nothing to that.
    counts = (0, 0) if settling else frequency(facts, from_account.organisation, edition, on=on)
    case = TransferCase(
        on=on,
        units=facts,
        requested=requested,
        from_organisation=from_account.organisation.name,
        to_organisation=to_account.organisation.name,
        from_account=from_account.number,
        to_account=to_account.number,
        recipient_may_hold=may_hold(recipient_roles, facts, on=on),
        surrendered=surrendered,
        settling=settling,
        recipient_roles=roles_asked_for(facts, recipient_roles),
        recent_transfers=counts[0],
        recent_sales=counts[1],
    )
    return judge(case, edition)


def _give_back(*, by: User, now: datetime, key: str, transfer: Transfer, action: str) -> Transfer:
    with once(
        by=by, key=key, kind=f"transfer.{action}", now=now, input={"transfer": transfer.pk}
    ) as request:
        locked = lock(transfer.pk)
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
    transfer.state = after_step(transfer, action, on=on)
    if not transfer_rows.save_step(transfer):
        require_unblocked(transfer.from_account, transfer.to_account)
        raise AssertionError("unreachable: a step that is not stored has a block in its way")


def _is_over(transfer: Transfer, on: date) -> bool:
    return transfer.due_on < on or transfer.lines.filter(issuance__expires_on__lt=on).exists()
