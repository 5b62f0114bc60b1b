"""Cancellation: units given up for good, claimed by nobody (GAP-2, and of one's own will)."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.errors import Refused
from accounts.models import Account, User
from accounts.permissions import Right, require, require_operator
from accounts.services import public_code
from registry import ledger
from registry.errors import BadInput, NotNow
from registry.ledger import Line, NotThere
from registry.models import Cancellation, CancellationLine
from registry.queries import pieces_over
from registry.services.cases import is_demonstration
from registry.services.notices import tell
from registry.services.requests import once, retrying
from registry.services.selection import Facts, Units, checked, plain, with_lines
from registry.services.shape import require_texts
from registry.transitions import CANCELLATION_STEPS, CancellationState, actions, after


@dataclass(frozen=True, slots=True)
class _Asked:
    by: User
    now: datetime
    account: Account
    reason: str
    by_operator: bool


@retrying
def cancel_units(
    *, by: User, now: datetime, key: str, account: Account, units: Units, reason: str
) -> Cancellation:
    """Cancel active or expired units of an account, for good; public with its reason.

    Where the account asks for a second person, the units stay as they are until they approve.
    units: lines by serial, or Wanted for the oldest vintage first. Raises NotVisible, Refused,
    BadInput, NotThere with what is left.
    """
    require(by, Right.INITIATE, account)
    return _ask(_Asked(by, now, account, reason, by_operator=False), key, units)


@retrying
def cancel_as_operator(
    *, by: User, now: datetime, key: str, account: Account, units: Units, reason: str
) -> Cancellation:
    """Ask to cancel expired units of anybody's account; a second operator approves.

    Suspended units are cancelled by ending their suspension so. Raises Refused, BadInput, NotNow
    for units that are not expired.
    """
    require_operator(by)
    return _ask(_Asked(by, now, account, reason, by_operator=True), key, units)


@retrying
def approve_cancellation(
    *, by: User, now: datetime, key: str, cancellation: Cancellation
) -> Cancellation:
    """A second person approves; then there is no way back. Raises NotThere when units moved."""
    _require_second(by, cancellation)
    with once(
        by=by, key=key, kind="cancellation.approve", now=now, input={"id": cancellation.pk}
    ) as request:
        locked = _lock(cancellation)
        if not request.is_repeat:
            if locked.asked_by_id == by.pk:
                raise Refused(
                    found="You asked for this cancellation yourself.",
                    allowed="A second person approves it.",
                    action="Ask a colleague with the right to approve.",
                )
            _step(locked, "approve", by, now)
            _cancel(locked, lines_of(locked), by, now)
        return locked


@retrying
def withdraw_cancellation(
    *, by: User, now: datetime, key: str, cancellation: Cancellation
) -> Cancellation:
    """Take it back before it is approved: whoever asked, or whoever could approve."""
    if cancellation.asked_by_id == by.pk and not cancellation.by_operator:
        require(by, Right.INITIATE, cancellation.account)
    else:
        _require_second(by, cancellation)
    with once(
        by=by, key=key, kind="cancellation.withdraw", now=now, input={"id": cancellation.pk}
    ) as request:
        locked = _lock(cancellation)
        if not request.is_repeat:
            _step(locked, "withdraw", by, now)
        return locked


def lines_of(cancellation: Cancellation) -> list[Line]:
    return [
        Line(line.issuance_id, line.copy, line.serials.lower, line.serials.upper - 1)
        for line in cancellation.lines.order_by("issuance_id", "copy", "serials")
    ]


def _ask(asked: _Asked, key: str, units: Units) -> Cancellation:
    chosen = checked(units)
    _check_reason(asked.reason)
    with once(
        by=asked.by,
        key=key,
        kind="cancellation",
        now=asked.now,
        input={
            "account": asked.account.pk,
            "units": plain(chosen),
            "reason": asked.reason,
            "by_operator": asked.by_operator,
        },
    ) as request:
        if request.is_repeat:
            return Cancellation.objects.get(pk=request.answer["cancellation"])

        def act(lines: list[Line], facts: Facts, requested: int) -> Cancellation:
            return _record(asked, lines, requested)

        made = with_lines(chosen, asked.account.pk, on=asked.now.date(), act=act)
        request.answer = {"cancellation": str(made.pk)}
        return made


def _record(asked: _Asked, lines: list[Line], requested: int) -> Cancellation:
    states = ("expired",) if asked.by_operator else ("active", "expired")
    _require_there(asked.account, lines, requested, states)
    account = asked.account
    waits = asked.by_operator or account.approval_required
    row = Cancellation.objects.create(
        code=public_code(),
        account=account,
        organisation=account.organisation,
        state=CancellationState.AWAITING_APPROVAL if waits else CancellationState.CANCELLED,
        quantity=requested,
        reason=asked.reason,
        by_operator=asked.by_operator,
        asked_at=asked.now,
        asked_by=asked.by,
        decided_at=None if waits else asked.now,
        cancelled_on=None if waits else asked.now.date(),
        is_demonstration=account.organisation.is_demonstration or is_demonstration(lines),
    )
    CancellationLine.objects.bulk_create(
        CancellationLine(
            cancellation=row,
            issuance_id=line.issuance,
            copy=line.copy,
            serials=(line.first, line.last + 1),
        )
        for line in lines
    )
    if not waits:
        _cancel(row, lines, asked.by, asked.now)
    return row


def _cancel(row: Cancellation, lines: list[Line], by: User, now: datetime) -> None:
    """Looked at again: suspended meanwhile, units are the operator's to cancel."""
    states = ("expired",) if row.by_operator else ("active", "expired")
    _require_there(row.account, lines, row.quantity, states)
    ledger.cancel(cancellation=row.pk, account=row.account_id, lines=lines, by=by.pk, at=now)
    if row.by_operator:
        tell(
            row.organisation,
            kind="cancellation.made",
            text=f"The operator cancelled {row.quantity:,} t of yours: {row.reason}",
            at=now,
            about=row,
            url=reverse("public:cancellation", args=[row.code]),
        )


def _require_there(
    account: Account, lines: list[Line], requested: int, states: tuple[str, ...]
) -> None:
    """Raises NotThere with the parts that can be cancelled, where they are fewer than wanted."""
    left = tuple(
        piece
        for holding, piece in pieces_over(lines)
        if holding.account_id == account.pk and holding.state in states
    )
    if sum(piece.quantity for piece in left) != requested:
        raise NotThere(wanted=requested, left=left)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput({"reason": ["Say why: the reason is published."]})
    require_texts(Cancellation, reason=reason)


def _require_second(by: User, cancellation: Cancellation) -> None:
    if cancellation.by_operator:
        require_operator(by)
    else:
        require(by, Right.APPROVE, cancellation.account)


def _lock(cancellation: Cancellation) -> Cancellation:
    return (
        Cancellation.objects.select_for_update(of=("self",))
        .select_related("account__organisation", "organisation")
        .get(pk=cancellation.pk)
    )


def _step(row: Cancellation, action: str, by: User, now: datetime) -> None:
    state = after(CANCELLATION_STEPS, row.state, action)
    if state is None:
        raise NotNow(
            found=f"The cancellation is {CancellationState(row.state).label}.",
            allowed="From there, possible is: "
            f"{', '.join(actions(CANCELLATION_STEPS, row.state)) or 'nothing more'}.",
            action="Reload the page to see where it stands.",
        )
    row.state, row.decided_at, row.decided_by = state, now, by
    row.cancelled_on = now.date() if state == CancellationState.CANCELLED else None
    row.save(update_fields=["state", "decided_at", "decided_by", "cancelled_on"])
