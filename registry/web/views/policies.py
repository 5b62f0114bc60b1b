"""An account's policy of transfers, and how its people change it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.errors import NotVisible
from accounts.models import Account
from accounts.permissions import Right, can
from accounts.ui import formats
from accounts.ui.parts import Cell, SummaryRow
from registry import scope
from registry.models import PolicyChange
from registry.rulebook.edition import edition_on
from registry.services import policies as service
from registry.transitions import PolicyState
from registry.web.attempt import ActionForm, attempt
from registry.web.forms.policies import DistrustForm, LimitsForm, TrustForm
from registry.web.pages import page_of

COLUMNS = ["Change", "Proposed", "In force", "Decided"]
KINDS: dict[str, Any] = {"limits": LimitsForm, "trust": TrustForm, "distrust": DistrustForm}
STEPS = {
    "approve": service.approve_policy_change,
    "withdraw": service.withdraw_policy_change,
}
_MOST_WAITING = 20


@access(Access.HOLDER)
@require_safe
def policy(request: HttpRequest, number: str) -> HttpResponse:
    user: Any = request.user
    return _page(request, scope.account(user, number))


@access(Access.HOLDER)
def policy_change(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """kind: limits, trust or distrust."""
    user: Any = request.user
    account = scope.account(user, number)
    if request.method != "POST":
        return redirect("portal:policy", account.number)
    form = KINDS[kind](request.POST)
    tried = attempt(form, lambda key: _change(user, account, kind, form, key))
    if tried.result:
        messages.success(request, _said(tried.result))
        return redirect("portal:policy", account.number)
    return _page(request, account, refused={kind: form}, status=tried.status)


@access(Access.HOLDER)
def policy_step(request: HttpRequest, number: str, pk: UUID, action: str) -> HttpResponse:
    """action: approve or withdraw."""
    user: Any = request.user
    account = scope.account(user, number)
    change = account.policy_changes.select_related("account__organisation").filter(pk=pk).first()
    if change is None:
        raise NotVisible(f"change {pk}")
    if request.method != "POST":
        return redirect("portal:policy", account.number)
    form = ActionForm(request.POST)
    tried = attempt(
        form, lambda key: STEPS[action](by=user, now=timezone.now(), key=key, change=change)
    )
    if tried.done:
        messages.success(request, "Approved." if action == "approve" else "Withdrawn.")
        return redirect("portal:policy", account.number)
    return _page(request, account, refused={"step": form}, status=tried.status)


def _change(user: Any, account: Account, kind: str, form: Any, key: str) -> PolicyChange:
    common = {"by": user, "now": timezone.now(), "key": key, "account": account}
    given = form.cleaned_data
    if kind == "limits":
        return service.change_limits(
            **common, approval_above=given["approval_above"], delay_days=given["delay_days"]
        )
    act = service.trust_account if kind == "trust" else service.distrust_account
    return act(**common, other=given["other"])


def _page(
    request: HttpRequest,
    account: Account,
    *,
    refused: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    on = timezone.now().date()
    found = service.policy_of(account, on=on)
    may_start, may_approve = can(user, Right.INITIATE, account), can(user, Right.APPROVE, account)
    changes = account.policy_changes.select_related("other", "proposed_by", "decided_by")
    page = page_of(request, changes.order_by("-proposed_at", "-id"))
    initial = {"approval_above": found.approval_above, "delay_days": found.delay_days}
    forms = {"limits": LimitsForm(initial=initial), "trust": TrustForm()} if may_start else {}
    trusted = Account.objects.filter(pk__in=found.trusted).select_related("organisation")
    context = {
        "account": account,
        "days": edition_on(on).policy_delay_days,
        "summary": _summary(account, found),
        "trusted": [
            (each, DistrustForm(initial={"other": each.number}) if may_start else None)
            for each in trusted.order_by("number")
        ],
        "waiting": _waiting(changes, user, on, may_start=may_start, may_approve=may_approve),
        "forms": {**forms, **(refused or {})},
        "refused": next(iter((refused or {}).values()), None),
        "page": page,
        "columns": COLUMNS,
        "rows": _rows(page),
        "is_demonstration": account.organisation.is_demonstration,
    }
    return render(request, "registry/policy.html", context, status=status)


def _waiting(
    changes: Any, user: Any, on: Any, *, may_start: bool, may_approve: bool
) -> list[tuple[str, list[tuple[str, str, ActionForm]]]]:
    """Changes not in force yet, each with the buttons of this person: label, address, form."""
    found = []
    rows = changes.filter(state=PolicyState.PROPOSED).order_by("-proposed_at", "-id")
    for each in rows[:_MOST_WAITING]:
        if service.is_in_force(each, on):
            continue
        buttons = []
        if may_approve and each.proposed_by_id != user.pk:
            buttons.append(("Approve", _address(each, "approve"), ActionForm()))
        if may_start or may_approve:
            buttons.append(("Withdraw", _address(each, "withdraw"), ActionForm()))
        found.append((f"{_words(each)}: {_when(each)}", buttons))
    return found


def _address(change: PolicyChange, action: str) -> str:
    return reverse(f"portal:policy_{action}", args=[change.account.number, change.pk])


def _summary(account: Account, found: service.Policy) -> list[SummaryRow]:
    above = found.approval_above
    if account.approval_required:
        second = "every transfer"
    else:
        second = "none" if above is None else f"above {formats.tonnes(above)} a day"
    delay = f"{found.delay_days} working days" if found.delay_days else "none"
    return [
        SummaryRow("A second person approves", second),
        SummaryRow("Delay for recipients that are not trusted", delay),
    ]


def _rows(changes: Any) -> list[list[Any]]:
    return [
        [
            _words(each),
            f"{formats.moment(each.proposed_at)} by {each.proposed_by}",
            _when(each) if each.state != PolicyState.WITHDRAWN else Cell("", state=each.state),
            f"{formats.moment(each.decided_at)} by {each.decided_by}" if each.decided_at else "–",
        ]
        for each in changes
    ]


def _words(change: PolicyChange) -> str:
    if change.kind == PolicyChange.Kind.TRUST:
        return f"Trust {change.other.number if change.other else ''}"
    if change.kind == PolicyChange.Kind.DISTRUST:
        return f"No longer trust {change.other.number if change.other else ''}"
    above = change.approval_above
    limit = "no limit" if above is None else f"second person above {formats.tonnes(above)} a day"
    return f"Limits: {limit}, {change.delay_days} working days of delay"


def _when(change: PolicyChange) -> str:
    if change.in_force_on is None:
        return "waits for a second person"
    return f"from {formats.day(change.in_force_on)}"


def _said(change: PolicyChange) -> str:
    return f"{_words(change)}: {_when(change)}."
