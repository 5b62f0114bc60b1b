"""Suspensions: the operator's, two people each time, with everything traced."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.ui.formats import day, moment, tonnes
from accounts.ui.parts import Cell, SummaryRow
from registry import tracing
from registry.models import Adjustment, Suspension
from registry.services import suspensions as service
from registry.traced import traced
from registry.transitions import SUSPENSION_STEPS, actions
from registry.web.attempt import ActionForm, attempt, posted
from registry.web.forms.endings import EndForm, SuspendForm
from registry.web.pages import form_page, page_of

Buttons = list[tuple[str, str, str, ActionForm]]
_OF_SUSPENSION = ("account__organisation", "issuance", "proposed_by", "approved_by")
SUSPENSION_ACTIONS: dict[str, Any] = {
    "approve": service.approve_suspension,
    "withdraw": service.withdraw_suspension,
}
TRACE_FORMS = ("JSON", "CSV")


@access(Access.OPERATOR)
@require_safe
def suspensions(request: HttpRequest) -> HttpResponse:
    rows = Suspension.objects.select_related("account", "issuance")
    page = page_of(request, rows.order_by("-proposed_at", "-id"))
    adjusted = Adjustment.objects.select_related("issuance").order_by("-proposed_at", "-id")
    corrections = page_of(request, adjusted)
    context = {
        "page": page,
        "columns": ["Suspension", "Of", "Proposed", "Reason", "State"],
        "rows": [
            [
                Cell(each.code, reverse("portal:suspension", args=[each.code])),
                _scope_words(each),
                day(each.proposed_at),
                each.reason,
                Cell("", state=each.state),
            ]
            for each in page
        ],
        "adjustment_columns": ["Adjustment", "Issuance", "Proposed", "Reason", "State"],
        "adjustments": [
            [
                Cell(each.code, reverse("portal:adjustment", args=[each.code])),
                each.issuance.code,
                day(each.proposed_at),
                each.reason,
                Cell("", state=each.state),
            ]
            for each in corrections
        ],
    }
    return render(request, "registry/suspensions.html", context)


@access(Access.OPERATOR)
def suspension_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = SuspendForm(posted(request))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: service.propose_suspension(
                by=user,
                now=timezone.now(),
                key=key,
                scope=form.scope(),
                reason=form.cleaned_data["reason"],
            ),
            fields={"units": "last", "scope": "account"},
        )
        if tried.result:
            messages.success(request, "Proposed: a second operator approves it.")
            return redirect("portal:suspension", tried.result.code)
        status = tried.status
    return form_page(
        request,
        form,
        title="Suspend units",
        submit="Propose the suspension",
        back=reverse("portal:suspensions"),
        status=status,
        intro="Open offers of them are closed; whoever holds, retired or claimed them is told.",
    )


@access(Access.OPERATOR)
@require_safe
def suspension(request: HttpRequest, code: str) -> HttpResponse:
    """What it covers and everything that descends from it, as it stands now."""
    return _page(request, _suspension(code))


@access(Access.OPERATOR)
@require_safe
def suspension_trace(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """All of the trace, to keep and to work with. form: JSON or CSV."""
    found = traced(_suspension(code))
    name = f"billet-suspension-{code}"
    if form == "JSON":
        response: HttpResponse = JsonResponse(found.document(at=timezone.now()))
    else:
        response = HttpResponse(found.csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form.lower()}"'
    return response


@access(Access.OPERATOR)
def suspension_act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """action: approve or withdraw."""
    user: Any = request.user
    found = _suspension(code)
    if request.method != "POST":
        return redirect("portal:suspension", found.code)
    form = ActionForm(request.POST)
    act = SUSPENSION_ACTIONS[action]
    tried = attempt(form, lambda key: act(by=user, now=timezone.now(), key=key, suspension=found))
    if tried.done:
        messages.success(request, "Done.")
        return redirect("portal:suspension", found.code)
    return _page(request, found, refused=form, status=tried.status)


@access(Access.OPERATOR)
def suspension_end(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    found = _suspension(code)
    form = EndForm(posted(request))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: service.propose_end(
                by=user,
                now=timezone.now(),
                key=key,
                suspension=found,
                action=form.cleaned_data["action"],
                reason=form.cleaned_data["reason"],
            ),
        )
        if tried.done:
            messages.success(request, "Proposed: a second operator approves it.")
            return redirect("portal:suspension", found.code)
        status = tried.status
    return form_page(
        request,
        form,
        title=f"End suspension {found.code}",
        submit="Propose this end",
        back=reverse("portal:suspension", args=[found.code]),
        status=status,
    )


def _suspension(code: str) -> Suspension:
    return get_object_or_404(Suspension.objects.select_related(*_OF_SUSPENSION), code=code)


def _page(
    request: HttpRequest, found: Suspension, *, refused: ActionForm | None = None, status: int = 200
) -> HttpResponse:
    trace = traced(found).trace
    rows = [
        ("Of", _scope_words(found)),
        ("Reason", found.reason),
        ("Proposed", f"{moment(found.proposed_at)} by {found.proposed_by}"),
        ("Units covered", tonnes(trace.units())),
        ("Held by the suspension", tonnes(trace.units("suspended"))),
        ("Retired before", tonnes(trace.units("retired"))),
        ("Organisations concerned", str(len(trace.organisations))),
    ]
    if found.approved_at:
        rows.append(("In force since", f"{moment(found.approved_at)} by {found.approved_by}"))
    if found.end_reason:
        rows.append(("Why it ends", found.end_reason))
    links = [
        (reverse(f"portal:suspension_trace_{form}", args=[found.code]), f"The trace as {form}")
        for form in TRACE_FORMS
    ]
    if "lift" in actions(SUSPENSION_STEPS, found.state):
        end = reverse("portal:suspension_end", args=[found.code])
        links.insert(0, (end, "End this suspension"))
    context = {
        "title": f"Suspension {found.code}",
        "found": found,
        "text": "Where the units stand now, traced to the last of them.",
        "back": reverse("portal:suspensions"),
        "summary": [SummaryRow(*row) for row in rows],
        "tables": [_held(trace.held), _retired(trace.retired), _said(trace.said)],
        "links": links,
        "refused": refused,
        "buttons": order_buttons("suspension", found, SUSPENSION_STEPS, SUSPENSION_ACTIONS),
    }
    return render(request, "registry/order.html", context, status=status)


def order_buttons(kind: str, found: Any, steps: Any, possible: Iterable[str]) -> Buttons:
    return [
        (
            reverse(f"portal:{kind}_{action}", args=[found.code]),
            action.capitalize(),
            "" if action == "approve" else "secondary",
            ActionForm(),
        )
        for action in actions(steps, found.state)
        if action in possible
    ]


def _scope_words(found: Suspension) -> str:
    if found.account is not None:
        return f"account {found.account}"
    return f"issuance {found.issuance.code}" if found.issuance else "ranges of serials"


def _table(caption: str, columns: list[str], rows: list[Any], empty: str) -> dict[str, Any]:
    """At most MOST rows, and how many there are."""
    more = (
        f"{len(rows):,} in all; the first {tracing.MOST} are shown."
        if (len(rows) > tracing.MOST)
        else ""
    )
    return {
        "caption": caption,
        "columns": columns,
        "rows": rows[: tracing.MOST],
        "empty": empty,
        "more": more,
    }


def _held(rows: Iterable[tracing.Held]) -> dict[str, Any]:
    shown = [
        [
            each.organisation_name or "a reserved seat",
            each.account_number or "–",
            str(each.copy),
            Cell("", state=each.state),
            tonnes(each.units),
        ]
        for each in rows
    ]
    return _table(
        "Who has the units", ["Organisation", "Account", "Copy", "State", "#Units"], shown, "Nobody"
    )


def _retired(rows: Iterable[tracing.Retired]) -> dict[str, Any]:
    shown = [
        [
            Cell(each.code, reverse("public:retirement", args=[each.code])),
            each.organisation_name,
            tonnes(each.units),
        ]
        for each in rows
    ]
    return _table("Retirements", ["Retirement", "By", "#Units"], shown, "None of them is retired")


def _said(rows: Iterable[tracing.Said]) -> dict[str, Any]:
    shown = [
        [
            Cell(each.code, each.url) if each.kind == "statement" else each.code,
            each.kind,
            each.organisation_name,
            tonnes(each.units),
        ]
        for each in rows
    ]
    return _table(
        "Claims and statements",
        ["Code", "Kind", "Of", "#Units"],
        shown,
        "No claim or statement leans on them",
    )
