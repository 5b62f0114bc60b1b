"""An account's policy of transfers: limits, trusted accounts, and how either is changed (7.2).

What makes transfers easier needs a second person of the account; where there is none, it waits
some working days in which it can be withdrawn. What makes them stricter holds at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from accounts.errors import Refused
from accounts.models import Account, User
from accounts.permissions import Right, anybody_else_may, require
from accounts.prepared import Asked
from registry.errors import BadInput, NotNow
from registry.models import PolicyChange
from registry.models.fields import MOST_TONNES
from registry.rulebook.edition import edition_on
from registry.services.requests import once, retrying
from registry.transitions import POLICY_STEPS, PolicyState, after
from registry.workdays import working_day_after

MOST_DELAY_DAYS = 60
Kind = PolicyChange.Kind
_ANY = "SELECT 1 FROM registry_policychange WHERE account_id = %s LIMIT 1"


@dataclass(frozen=True, slots=True)
class Policy:
    """What is in force. approval_above: units a day, None for no limit."""

    approval_above: int | None = None
    delay_days: int = 0
    trusted: frozenset[UUID] = field(default_factory=frozenset)


def any_policy(account: UUID) -> Asked:
    """Whether an account has ever had a policy: what `policy_of` asks first."""
    return Asked(_ANY, [account])


def policy_of(account: Account, *, on: date, asked: Asked | None = None) -> Policy:
    """The account's policy on a day: at most two queries, whatever became of it before.

    asked: `any_policy`, where it went along with other questions.
    """
    # Most accounts have none; the ORM need not ask for them.
    if not (asked or any_policy(account.pk)).rows():
        return Policy()
    return added_up(PolicyChange.objects.filter(account=account).exclude(state="withdrawn"), on)


def added_up(changes: Iterable[PolicyChange], on: date) -> Policy:
    """What changes come to on a day; those not in force by then do not count."""
    found = Policy()
    for each in sorted((each for each in changes if is_in_force(each, on)), key=_order):
        if each.kind == Kind.LIMITS:
            found = Policy(each.approval_above, each.delay_days, found.trusted)
        else:
            other = {each.other_id} if each.other_id else set()
            trusted = found.trusted | other if each.kind == Kind.TRUST else found.trusted - other
            found = Policy(found.approval_above, found.delay_days, frozenset(trusted))
    return found


def is_in_force(change: PolicyChange, on: date) -> bool:
    is_due = change.in_force_on is not None and change.in_force_on <= on
    return is_due and change.state != PolicyState.WITHDRAWN


@retrying
def change_limits(
    *,
    by: User,
    now: datetime,
    key: str,
    account: Account,
    approval_above: int | None,
    delay_days: int,
) -> PolicyChange:
    """Set from how many units a day a second person approves, and the delay for strangers.

    Raises NotVisible, Refused, BadInput.
    """
    require(by, Right.INITIATE, account)
    errors = {}
    if approval_above is not None and not 0 <= approval_above <= MOST_TONNES:
        errors["approval_above"] = [f"Give 0 to {MOST_TONNES} units, or nothing for no limit."]
    if not 0 <= delay_days <= MOST_DELAY_DAYS:
        errors["delay_days"] = [f"Give 0 to {MOST_DELAY_DAYS} working days."]
    if errors:
        raise BadInput(errors)
    change = PolicyChange(
        account=account,
        kind=Kind.LIMITS,
        approval_above=approval_above,
        delay_days=delay_days,
    )
    return _propose(by, now, key, change)


@retrying
def trust_account(
    *, by: User, now: datetime, key: str, account: Account, other: Account
) -> PolicyChange:
    """Let an account accept transfers without delay. Raises NotVisible, Refused, BadInput."""
    require(by, Right.INITIATE, account)
    return _propose(by, now, key, PolicyChange(account=account, kind=Kind.TRUST, other=other))


@retrying
def distrust_account(
    *, by: User, now: datetime, key: str, account: Account, other: Account
) -> PolicyChange:
    """Take an account off the list, at once. Raises NotVisible, Refused, BadInput."""
    require(by, Right.INITIATE, account)
    return _propose(by, now, key, PolicyChange(account=account, kind=Kind.DISTRUST, other=other))


@retrying
def approve_policy_change(
    *, by: User, now: datetime, key: str, change: PolicyChange
) -> PolicyChange:
    """A second person of the account approves. Raises NotVisible, Refused, NotNow."""
    require(by, Right.APPROVE, change.account)
    with once(
        by=by, key=key, kind="policy.approve", now=now, input={"change": change.pk}
    ) as request:
        locked = _lock(change)
        if not request.is_repeat:
            if locked.proposed_by_id == by.pk:
                raise Refused(
                    found="You proposed this change yourself.",
                    allowed="A second person approves it.",
                    action="Ask a colleague with the right to approve.",
                )
            _step(locked, "approve", by, now)
        return locked


@retrying
def withdraw_policy_change(
    *, by: User, now: datetime, key: str, change: PolicyChange
) -> PolicyChange:
    """Anybody who may start or approve in the account stops a change before it is in force."""
    require(by, Right.VIEW, change.account)
    with once(
        by=by, key=key, kind="policy.withdraw", now=now, input={"change": change.pk}
    ) as request:
        locked = _lock(change)
        if not request.is_repeat:
            _step(locked, "withdraw", by, now)
        return locked


def _propose(by: User, now: datetime, key: str, change: PolicyChange) -> PolicyChange:
    on = now.date()
    account, other = change.account, change.other
    with once(
        by=by,
        key=key,
        kind=f"policy.{change.kind}",
        now=now,
        input={
            "account": account.pk,
            "other": other.pk if other else None,
            "approval_above": change.approval_above,
            "delay_days": change.delay_days,
        },
    ) as request:
        if request.is_repeat:
            return PolicyChange.objects.get(pk=request.answer["change"])
        # One change of an account's policy after the other: what is looser depends on the last.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        before = policy_of(account, on=on)
        _require_sense(change, before)
        change.state, change.proposed_by, change.proposed_at = PolicyState.PROPOSED, by, now
        change.in_force_on = _in_force_on(by, change, before, on)
        change.save()
        request.answer = {"change": str(change.pk)}
        return change


def _require_sense(change: PolicyChange, before: Policy) -> None:
    other = change.other
    if other is None:
        return
    if other.pk == change.account_id or other.organisation_id == change.account.organisation_id:
        raise BadInput({"other": ["Between your own accounts there is no delay: name another's."]})
    if (change.kind == Kind.TRUST) == (other.pk in before.trusted):
        is_there = "is" if other.pk in before.trusted else "is not"
        raise BadInput({"other": [f"{other.number} {is_there} on the list of trusted accounts."]})


def _in_force_on(by: User, change: PolicyChange, before: Policy, on: date) -> date | None:
    if not _is_looser(change, before):
        return on
    if anybody_else_may(Right.APPROVE, change.account, than=by):
        return None
    edition = edition_on(on)
    return working_day_after(on, edition.policy_delay_days, calendar=edition.transfer_calendar)


def _is_looser(change: PolicyChange, before: Policy) -> bool:
    """Whether any transfer that waits today would wait less."""
    if change.kind != Kind.LIMITS:
        return change.kind == Kind.TRUST
    limit, old = change.approval_above, before.approval_above
    is_higher = old is not None and (limit is None or limit > old)
    return is_higher or change.delay_days < before.delay_days


def _lock(change: PolicyChange) -> PolicyChange:
    return (
        PolicyChange.objects.select_for_update(of=("self",))
        .select_related("account__organisation", "other__organisation")
        .get(pk=change.pk)
    )


def _step(change: PolicyChange, action: str, by: User, now: datetime) -> None:
    to_state = after(POLICY_STEPS, change.state, action)
    if to_state is None or is_in_force(change, now.date()):
        raise NotNow(
            found=f"The change is {PolicyState(change.state).label}"
            f"{', and in force' if is_in_force(change, now.date()) else ''}.",
            allowed="A proposed change is approved or withdrawn before it is in force.",
            action="Propose another change.",
        )
    change.state, change.decided_by, change.decided_at = to_state, by, now
    if action == "approve":
        change.in_force_on = now.date()
    change.save(update_fields=["state", "decided_by", "decided_at", "in_force_on"])


def _order(change: PolicyChange) -> tuple[date, datetime]:
    assert change.in_force_on is not None  # only those in force are put in order
    return change.in_force_on, change.decided_at or change.proposed_at
