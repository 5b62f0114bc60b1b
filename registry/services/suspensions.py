"""Suspension: the operator holds wrong or unconfirmed units, and tells whoever has to do with them.

Two people begin it and two people end it, by lifting it or by cancelling the units. What is
retired cannot move: it is marked instead. Nothing is deleted (GAP-2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from accounts.errors import Refused
from accounts.models import Account, User
from accounts.permissions import require_operator
from accounts.services import public_code
from registry import ledger, tracing
from registry.errors import BadInput, NotNow
from registry.ledger import Line
from registry.models import Holding, Issuance, SuspendedRange, Suspension
from registry.services.closing import close_orders
from registry.services.notices import tell_all
from registry.services.requests import once, retrying
from registry.services.selection import checked, plain
from registry.services.shape import require_texts
from registry.services.standing import hold_retired
from registry.tracing import Tonnes
from registry.transitions import SUSPENSION_STEPS, SuspensionState, actions, after

# Somebody may open new orders while earlier ones are closed; so often they are closed again.
_ROUNDS = 20
_COPIES = (1, 2, 3)
# The ledger takes so many lines at once, and each range is one for every copy.
_MOST_RANGES = ledger.MOST_LINES // len(_COPIES)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is suspended: exactly one of them. ranges: of copy 1, meant in every copy."""

    account: Account | None = None
    issuance: Issuance | None = None
    ranges: tuple[Line, ...] = ()

    @property
    def kind(self) -> Suspension.Scope:
        if self.account is not None:
            return Suspension.Scope.ACCOUNT
        return Suspension.Scope.ISSUANCE if self.issuance else Suspension.Scope.RANGES


@retrying
def propose_suspension(
    *, by: User, now: datetime, key: str, scope: Scope, reason: str
) -> Suspension:
    """Ask for a suspension; a second operator's approval makes it. Raises Refused, BadInput."""
    require_operator(by)
    _check_reason(reason)
    chosen = _checked_scope(scope)
    with once(
        by=by,
        key=key,
        kind="suspension",
        now=now,
        input={
            "account": scope.account.pk if scope.account else None,
            "issuance": scope.issuance.pk if scope.issuance else None,
            "ranges": plain(chosen),
            "reason": reason,
        },
    ) as request:
        if request.is_repeat:
            return Suspension.objects.get(pk=request.answer["suspension"])
        row = record_proposal(by, now, scope, chosen, reason)
        request.answer = {"suspension": str(row.pk)}
        return row


@retrying
def approve_suspension(*, by: User, now: datetime, key: str, suspension: Suspension) -> Suspension:
    """A second operator approves what is proposed: to begin, to lift, or to cancel the units.

    Raises Refused, NotNow.
    """
    require_operator(by)
    with once(
        by=by, key=key, kind="suspension.approve", now=now, input={"id": suspension.pk}
    ) as request:
        row = _lock(suspension)
        if request.is_repeat:
            return row
        begins = row.state == SuspensionState.PROPOSED
        proposed_by = row.proposed_by_id if begins else row.end_proposed_by_id
        state = _after(row, "approve")
        if proposed_by == by.pk:
            raise Refused(
                found="You proposed this yourself.",
                allowed="A second operator approves it.",
                action="Ask a colleague.",
            )
        if begins:
            begin(row, by, now)
        else:
            _end(row, state, by, now)
        return row


@retrying
def propose_end(
    *, by: User, now: datetime, key: str, suspension: Suspension, action: str, reason: str
) -> Suspension:
    """Ask to end it. action: "lift", or "cancel" for good. Raises Refused, BadInput, NotNow."""
    require_operator(by)
    _check_reason(reason)
    if action not in ("lift", "cancel"):
        raise BadInput({"action": ["Choose lift or cancel."]})
    with once(
        by=by,
        key=key,
        kind="suspension.end",
        now=now,
        input={"id": suspension.pk, "action": action, "reason": reason},
    ) as request:
        row = _lock(suspension)
        if not request.is_repeat:
            row.state = _after(row, action)
            row.end_reason, row.end_proposed_at, row.end_proposed_by = reason, now, by
            row.save(update_fields=["state", "end_reason", "end_proposed_at", "end_proposed_by"])
        return row


@retrying
def withdraw_suspension(*, by: User, now: datetime, key: str, suspension: Suspension) -> Suspension:
    """Take back what waits for a second operator: the suspension, or its end."""
    require_operator(by)
    with once(
        by=by, key=key, kind="suspension.withdraw", now=now, input={"id": suspension.pk}
    ) as request:
        row = _lock(suspension)
        if not request.is_repeat:
            begins = row.state == SuspensionState.PROPOSED
            row.state = _after(row, "withdraw")
            if begins:
                row.ended_at, row.ended_by = now, by
            else:
                row.end_reason, row.end_proposed_at, row.end_proposed_by = "", None, None
            row.save()
        return row


def record_proposal(
    by: User, now: datetime, scope: Scope, ranges: Sequence[Line], reason: str
) -> Suspension:
    row = Suspension.objects.create(
        code=public_code(),
        scope=scope.kind,
        account=scope.account,
        issuance=scope.issuance,
        state=SuspensionState.PROPOSED,
        reason=reason,
        proposed_at=now,
        proposed_by=by,
    )
    if scope.issuance is not None:
        _cover(row, [Tonnes(scope.issuance.pk, 1, scope.issuance.quantity)])
    _cover(row, [Tonnes(line.issuance, line.first, line.last) for line in ranges])
    return row


def begin(row: Suspension, by: User, now: datetime) -> None:
    """Hold what can be held, mark the rest, and tell everybody. In the caller's transaction."""
    taken = _suspend(row, by, now)
    if row.account_id is not None:
        _cover(row, tonnes_of_account(row.account_id))
    hold_retired(tracing.covered(row))
    row.state, row.approved_at, row.approved_by = SuspensionState.IN_FORCE, now, by
    row.save(update_fields=["state", "approved_at", "approved_by"])
    units = sum(line.quantity for line in taken if line.copy == 1)
    _tell(
        row,
        now,
        "suspension.begun",
        f"Suspension {row.code} holds {units:,} t that you issued, hold, retired or claimed: "
        f"{row.reason}",
    )


def _suspend(row: Suspension, by: User, now: datetime) -> list[Line]:
    """Ask the ledger; close what has the units in its way, and ask again."""
    why = f"its units came under suspension {row.code}"
    for _ in range(_ROUNDS):
        try:
            with transaction.atomic():
                return ledger.suspend(suspension=row.pk, by=by.pk, at=now, **_scope_of(row))
        except ledger.OrdersOpen as open_orders:
            close_orders(open_orders.orders, by=by, now=now, why=why)
    raise NotNow(
        found="New offers of these units are opened faster than they are closed.",
        allowed="A suspension first closes every open offer.",
        action="Try again.",
    )


def _scope_of(row: Suspension) -> dict[str, Any]:
    if row.scope == Suspension.Scope.ACCOUNT:
        return {"account": row.account_id}
    if row.scope == Suspension.Scope.ISSUANCE:
        return {"issuance": row.issuance_id}
    return {
        "lines": [
            Line(each.issuance, copy, each.first, each.last)
            for each in tracing.covered(row)
            for copy in _COPIES
        ]
    }


def tonnes_of_account(account: UUID) -> list[Tonnes]:
    """What the account has, retired units included, each tonne once whatever its copies."""
    held = Holding.objects.filter(account=account).exclude(state="cancelled")
    rows = held.values_list("issuance_id", "serials").order_by("issuance_id", "serials")
    found: list[Tonnes] = []
    for issuance, serials in rows:
        first, last = serials.lower, serials.upper - 1
        if found and found[-1].issuance == issuance and first <= found[-1].last + 1:
            before = found.pop()
            first, last = before.first, max(before.last, last)
        found.append(Tonnes(issuance, first, last))
    return found


def _end(row: Suspension, state: str, by: User, now: datetime) -> None:
    if state == SuspensionState.LIFTED:
        ledger.lift(suspension=row.pk, by=by.pk, at=now)
    else:
        _cancel_held(row, by, now)
    row.state, row.ended_at, row.ended_by = state, now, by
    row.save(update_fields=["state", "ended_at", "ended_by"])
    words = {
        SuspensionState.LIFTED: f"Suspension {row.code} is lifted: the units are as they were.",
        SuspensionState.CANCELLED: f"The units under suspension {row.code} are cancelled.",
    }
    kind = f"suspension.{state}"
    _tell(row, now, kind, f"{words[SuspensionState(state)]} {row.end_reason}")


def _cancel_held(row: Suspension, by: User, now: datetime) -> None:
    """Cancel what this suspension holds, account by account, in lots of the ledger's size."""
    held = Holding.objects.filter(order=row.pk, state="suspended").order_by(
        "account_id", "issuance_id", "copy", "serials"
    )
    by_account: dict[UUID | None, list[Line]] = {}
    for each in held:
        line = Line(each.issuance_id, each.copy, each.first, each.last)
        by_account.setdefault(each.account_id, []).append(line)
    for account, lines in by_account.items():
        for start in range(0, len(lines), ledger.MOST_LINES):
            ledger.cancel(
                cancellation=row.pk,
                account=account,
                lines=lines[start : start + ledger.MOST_LINES],
                by=by.pk,
                at=now,
            )


def _tell(row: Suspension, now: datetime, kind: str, text: str) -> None:
    """Holders, retirers, claimants and issuers: each once."""
    tonnes = tracing.covered(row)
    concerned = set(tracing.trace(tonnes).organisations)
    issuances = {each.issuance for each in tonnes}
    concerned |= set(Issuance.objects.filter(pk__in=issuances).values_list("producer", flat=True))
    if row.account is not None:
        concerned.add(row.account.organisation_id)
    tell_all(
        tracing.organisations(concerned),
        kind=kind,
        text=text,
        at=now,
        about=row,
        url=reverse("public:suspension", args=[row.code]),
    )


def _cover(row: Suspension, tonnes: Sequence[Tonnes]) -> None:
    SuspendedRange.objects.bulk_create(
        SuspendedRange(
            suspension=row, issuance_id=each.issuance, serials=(each.first, each.last + 1)
        )
        for each in tonnes
    )


def _checked_scope(scope: Scope) -> Sequence[Line]:
    """The ranges, in order. Raises BadInput for no scope or two, or serials never issued."""
    given = [scope.account is not None, scope.issuance is not None, bool(scope.ranges)]
    if sum(given) != 1:
        raise BadInput({"scope": ["Name one: an account, an issuance, or ranges of serials."]})
    if not scope.ranges:
        return []
    if any(line.copy != 1 for line in scope.ranges):
        raise BadInput({"units": ["Name serials of copy 1: every copy of them is suspended."]})
    lines = sorted(scope.ranges)
    checked(lines)
    if len(lines) > _MOST_RANGES:
        raise BadInput({"units": [f"Name 1 to {_MOST_RANGES} ranges of serials."]})
    named = {line.issuance for line in lines}
    most = dict(Issuance.objects.filter(pk__in=named).values_list("pk", "quantity"))
    for line in lines:
        if line.last > most.get(line.issuance, 0):
            text = f"The issuance has serials 1 to {most.get(line.issuance, 0)}; found {line.last}."
            raise BadInput({"units": [text]})
    return lines


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput({"reason": ["Say why: the reason is published."]})
    require_texts(Suspension, reason=reason)


def _lock(suspension: Suspension) -> Suspension:
    return (
        Suspension.objects.select_for_update(of=("self",))
        .select_related("account__organisation", "issuance")
        .get(pk=suspension.pk)
    )


def _after(row: Suspension, action: str) -> str:
    state = after(SUSPENSION_STEPS, row.state, action)
    if state is None:
        raise NotNow(
            found=f"The suspension is {SuspensionState(row.state).label}.",
            allowed="From there, possible is: "
            f"{', '.join(actions(SUSPENSION_STEPS, row.state)) or 'nothing more'}.",
            action="Reload the page to see where it stands.",
        )
    return state
