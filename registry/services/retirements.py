"""Retirement: the holder takes units out of circulation for good (8.2).

An account may let its retirements cool off: the units are then held for an order that can be
withdrawn until its due moment, and is final from it, whenever somebody gets to it.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.blocks import blocked
from accounts.models import Account, Organisation, User
from accounts.permissions import Right, is_operator, require
from accounts.roles import Action
from accounts.services import public_code
from registry import ledger
from registry.errors import BadInput, NotNow, RulesBroken
from registry.ledger import Line
from registry.models import (
    CoolingOff,
    Retirement,
    RetirementLine,
    RetirementOrder,
    RetirementOrderLine,
)
from registry.rulebook.edition import edition_on
from registry.rulebook.engine import judge
from registry.rulebook.facts import RetirementCase
from registry.rulebook.findings import Finding, failures
from registry.services.cases import is_demonstration, kinds
from registry.services.notices import tell
from registry.services.readings import require_may
from registry.services.requests import once, retrying
from registry.services.selection import Facts, Units, checked, plain, with_lines
from registry.services.shape import require_texts
from registry.services.unit_facts import unit_facts
from registry.transitions import RETIREMENT_STEPS, RetirementState, after

# What an order's retirement takes over from it.
_SAME = (
    "id",
    "code",
    "account_id",
    "organisation_id",
    "quantity",
    "purpose",
    "beneficiary",
    "period_start",
    "period_end",
    "findings",
    "is_demonstration",
)
# What `retire` makes: final at once, or an order that can still be withdrawn.
Retiring = Retirement | RetirementOrder
# Called in the transaction that ends an order: with the retirement it became, or None where its
# units were given back; and when.
Listener = Callable[[RetirementOrder, Retirement | None, datetime], None]
_LISTENERS: list[Listener] = []


@dataclass(frozen=True, slots=True)
class Terms:
    """What a retirement is for. All of it is published. The period: both days, or neither."""

    purpose: str = ""
    beneficiary: str = ""
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True)
class _Order:
    """One accepted attempt: who retires what, and how it was judged."""

    by: User
    now: datetime
    account: Account
    lines: list[Line]
    requested: int
    terms: Terms
    findings: list[Finding]

    def columns(self) -> dict[str, Any]:
        holder = self.account.organisation
        return {
            "code": public_code(),
            "account": self.account,
            "organisation": holder,
            "quantity": self.requested,
            "findings": [finding.as_dict() for finding in self.findings],
            "is_demonstration": holder.is_demonstration or is_demonstration(self.lines),
            **asdict(self.terms),
        }


@retrying
def retire(
    *,
    by: User,
    now: datetime,
    key: str,
    account: Account,
    units: Units,
    purpose: str = "",
    beneficiary: str = "",
    period_start: date | None = None,
    period_end: date | None = None,
) -> Retiring:
    """Retire units of an account: at once, or after its cooling-off. Then there is no way back.

    units: lines by serial, or Wanted for the oldest vintage first. Raises NotVisible, Refused
    (R010–R016), BadInput, RulesBroken with every finding, NotThere with what is left.
    """
    require(by, Right.INITIATE, account)
    chosen = checked(units)
    terms = Terms(purpose, beneficiary, period_start, period_end)
    _check(terms)
    with once(
        by=by,
        key=key,
        kind="retirement",
        now=now,
        input={"account": account.pk, "units": plain(chosen), **_given(terms)},
    ) as request:
        if request.is_repeat:
            return retiring(request.answer["retirement"])

        def act(lines: list[Line], facts: Facts, requested: int) -> Retiring:
            findings = _judge(account, facts, requested, now.date())
            return _begin(_Order(by, now, account, lines, requested, terms, findings))

        made = with_lines(chosen, account.pk, on=now.date(), act=act)
        request.answer = {"retirement": str(made.pk)}
        return made


def preview_retirement(
    *, by: User, now: datetime, account: Account, lines: list[Line]
) -> list[Finding]:
    """Judge a retirement without making it. Raises as `retire`, RulesBroken excepted."""
    require(by, Right.INITIATE, account)
    facts = unit_facts(lines, account=str(account.pk))
    return _findings(account, facts, sum(line.quantity for line in lines), now.date())


@retrying
def withdraw_retirement(
    *, by: User, now: datetime, key: str, order: RetirementOrder
) -> RetirementOrder:
    """Take a retirement back before its due moment; the units are active again.

    Raises NotVisible, Refused, NotNow once it is final.
    """
    require(by, Right.INITIATE, order.account)
    settle_due(now=now, order=order.pk)
    with once(
        by=by, key=key, kind="retirement.withdraw", now=now, input={"order": order.pk}
    ) as request:
        locked = RetirementOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
        if not request.is_repeat:
            end_order(locked, "withdraw", by=by, now=now)
        return locked


def end_order(order: RetirementOrder, action: str, *, by: User, now: datetime) -> None:
    """Give a locked order's units back. action: "withdraw", or "close" by the operator."""
    state = after(RETIREMENT_STEPS, order.state, action)
    if state is None or now >= order.due_at:
        raise NotNow(
            found=f"Retirement {order.code} is {RetirementState(order.state).label}.",
            allowed=f"It could be withdrawn before {order.due_at:%Y-%m-%d %H:%M} UTC.",
            action="Retired units never move again (8.2).",
        )
    ledger.withdraw_retirement(retirement=order.pk, by=by.pk, at=now)
    order.state, order.ended_at, order.ended_by = state, now, by
    order.save(update_fields=["state", "ended_at", "ended_by"])
    for listener in _LISTENERS:
        listener(order, None, now)


@retrying
def set_cooling_off(
    *, by: User, now: datetime, key: str, account: Account, minutes: int
) -> CoolingOff:
    """Let retirements out of an account be withdrawn for so long; 0: not at all.

    For whoever may approve in the account, or the operator. Orders already begun keep their due
    moment. Raises NotVisible, Refused, BadInput.
    """
    if not is_operator(by):
        require(by, Right.APPROVE, account)
    hours = edition_on(now.date()).retirement_cooling_off_hours
    if not 0 <= minutes <= hours * 60:
        raise BadInput({"minutes": [f"Give 0 to {hours * 60} minutes; found {minutes}."]})
    with once(
        by=by,
        key=key,
        kind="cooling_off",
        now=now,
        input={"account": account.pk, "minutes": minutes},
    ) as request:
        if request.is_repeat:
            return CoolingOff.objects.get(account=account)
        row, _ = CoolingOff.objects.update_or_create(
            account=account, defaults={"minutes": minutes, "set_at": now, "set_by": by}
        )
        return row


def settle_due(
    *,
    now: datetime,
    organisation: Organisation | QuerySet[Organisation] | None = None,
    order: UUID | None = None,
    code: str | None = None,
    issuance: str | None = None,
    most: int | None = None,
    even_blocked: bool = False,
) -> int:
    """Make final every order whose due moment has passed; how many. Safe to repeat.

    The result is the same whoever comes first, a sweep or a reader: all its times are due_at.
    organisation: one or several. issuance: a code. most: so many at once, the first due. An order
    out of a blocked account waits for the block to be lifted, unless even_blocked.
    """
    due = RetirementOrder.objects.filter(state=RetirementState.RETIRING, due_at__lte=now)
    if not even_blocked:
        due = due.exclude(account__in=blocked())
    if organisation is not None:
        of = organisation if isinstance(organisation, QuerySet) else [organisation]
        due = due.filter(organisation__in=of)
    if issuance is not None:
        lines = RetirementOrderLine.objects.filter(issuance__code=issuance)
        due = due.filter(pk__in=lines.values("order"))
    if order is not None:
        due = due.filter(pk=order)
    if code is not None:
        due = due.filter(code=code)
    found = due.order_by("due_at", "id").values_list("pk", flat=True)[:most]
    return sum(_finish(pk) for pk in found)


def register_listener(listener: Listener) -> None:
    """Let another app know when orders end; it imports the registry, never the other way."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def retiring(pk: UUID | str) -> Retiring:
    """The retirement with this id, or the order where it is not final."""
    found = Retirement.objects.filter(pk=pk).first()
    return found or RetirementOrder.objects.get(pk=pk)


def lines_of(retirement: Retiring) -> list[Line]:
    return [
        Line(line.issuance_id, line.copy, line.serials.lower, line.serials.upper - 1)
        for line in retirement.lines.order_by("issuance_id", "copy", "serials")
    ]


def _check(terms: Terms) -> None:
    """Raises BadInput: a text too long, half a reporting period, or one that ends too early."""
    require_texts(Retirement, purpose=terms.purpose, beneficiary=terms.beneficiary)
    start, end = terms.period_start, terms.period_end
    if (start is None) != (end is None):
        missing = "period_start" if start is None else "period_end"
        raise BadInput({missing: ["Give both days of the reporting period, or neither."]})
    if start is not None and end is not None and end < start:
        raise BadInput({"period_end": [f"The period starts on {start}; end it on or after that."]})


def _given(terms: Terms) -> dict[str, Any]:
    """The terms for the idempotency hash; a period only where there is one."""
    return {name: value for name, value in asdict(terms).items() if value is not None}


def _judge(account: Account, facts: Facts, requested: int, on: date) -> list[Finding]:
    findings = _findings(account, facts, requested, on)
    if failures(findings):
        raise RulesBroken(findings)
    return findings


def _findings(account: Account, facts: Facts, requested: int, on: date) -> list[Finding]:
    holder = account.organisation
    for unit, own in kinds(facts, holder):
        require_may(holder, Action.RETIRE, unit, on=on, own_issue=own)
    case = RetirementCase(
        on=on,
        units=facts,
        requested=requested,
        by_organisation=holder.name,
        holder_organisation=holder.name,
        entity=holder.name,
    )
    return judge(case, edition_on(on))


def _begin(order: _Order) -> Retiring:
    minutes = CoolingOff.objects.filter(account=order.account).values_list("minutes", flat=True)
    wait = timedelta(minutes=minutes.first() or 0)
    if not wait:
        return _retire(order)
    held = RetirementOrder.objects.create(
        state=RetirementState.RETIRING,
        ordered_at=order.now,
        ordered_by=order.by,
        due_at=order.now + wait,
        **order.columns(),
    )
    RetirementOrderLine.objects.bulk_create(
        RetirementOrderLine(
            order=held,
            issuance_id=line.issuance,
            copy=line.copy,
            serials=(line.first, line.last + 1),
        )
        for line in order.lines
    )
    ledger.begin_retirement(
        retirement=held.pk,
        account=order.account.pk,
        lines=order.lines,
        by=order.by.pk,
        at=order.now,
    )
    return held


def _retire(order: _Order) -> Retirement:
    retirement = Retirement.objects.create(
        retired_on=order.now.date(), retired_at=order.now, retired_by=order.by, **order.columns()
    )
    _add_lines(retirement, order.lines)
    ledger.retire(
        retirement=retirement.pk,
        account=order.account.pk,
        lines=order.lines,
        by=order.by.pk,
        at=order.now,
    )
    return retirement


@retrying
def _finish(pk: UUID) -> bool:
    """Make one due order final; false when somebody did, or it was withdrawn in time."""
    with transaction.atomic():
        order = (
            RetirementOrder.objects.select_for_update(of=("self",))
            .select_related("organisation")
            .filter(pk=pk, state=RetirementState.RETIRING)
            .first()
        )
        if order is None:
            return False
        retirement = Retirement.objects.create(
            retired_on=order.due_at.date(),
            retired_at=order.due_at,
            retired_by_id=order.ordered_by_id,
            **{name: getattr(order, name) for name in _SAME},
        )
        _add_lines(retirement, lines_of(order))
        ledger.finish_retirement(retirement=pk, by=order.ordered_by_id, at=order.due_at)
        order.state, order.ended_at = RetirementState.RETIRED, order.due_at
        order.save(update_fields=["state", "ended_at"])
        tell(
            order.organisation,
            kind="retirement.final",
            text=f"Retirement {order.code} is final: {order.quantity:,} t can now be claimed.",
            at=order.due_at,
            about=retirement,
            url=reverse("portal:retirement", args=[order.code]),
        )
        for listener in _LISTENERS:
            listener(order, retirement, order.due_at)
        return True


def _add_lines(retirement: Retirement, lines: list[Line]) -> None:
    RetirementLine.objects.bulk_create(
        RetirementLine(
            retirement=retirement,
            issuance_id=line.issuance,
            copy=line.copy,
            serials=(line.first, line.last + 1),
        )
        for line in lines
    )
