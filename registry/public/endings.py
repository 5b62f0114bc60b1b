"""Units that ended or are held otherwise than by retirement: cancellations and suspensions.

Public, as retirements are: what, how much, when and why; never whose account.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.ui import formats
from accounts.ui.parts import Cell, SummaryRow
from registry import tracing
from registry.models import Adjustment, Cancellation, Issuance, SuspendedRange, Suspension
from registry.public.queries import states_over
from registry.public.units import unit_range
from registry.transitions import AdjustmentState, CancellationState, SuspensionState

_ROWS = 25
_LINES = 100
_LINE_COLUMNS = ("Unit identifier", "Issuance", "#Units")
# Proposed ones are the operators' business until two of them agree.
_PUBLIC = (
    SuspensionState.IN_FORCE,
    SuspensionState.LIFTING,
    SuspensionState.CANCELLING,
    SuspensionState.LIFTED,
    SuspensionState.CANCELLED,
)
_STATES = {
    SuspensionState.LIFTING: SuspensionState.IN_FORCE,
    SuspensionState.CANCELLING: SuspensionState.IN_FORCE,
}


@access(Access.PUBLIC)
@require_safe
def cancellations(request: HttpRequest) -> HttpResponse:
    rows = Cancellation.objects.filter(state=CancellationState.CANCELLED)
    rows = rows.select_related("organisation").order_by("-cancelled_on", "-id")
    page = Paginator(rows, _ROWS).get_page(request.GET.get("page"))
    context = {
        "title": "Cancellations",
        "text": "Units given up for good. Nobody can claim them.",
        "page": page,
        "columns": ("Cancellation", "On", "By", "#Units", "Reason"),
        "rows": [
            [
                Cell(each.code, reverse("public:cancellation", args=[each.code])),
                formats.day(each.cancelled_on),
                "the operator" if each.by_operator else each.organisation.name,
                formats.tonnes(each.quantity),
                each.reason,
            ]
            for each in page
        ],
        "empty": "Nothing is cancelled",
        "is_demonstration": any(each.is_demonstration for each in page),
    }
    return render(request, "public/endings.html", context)


@access(Access.PUBLIC)
@require_safe
def cancellation(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(
        Cancellation.objects.select_related("organisation"),
        code=code,
        state=CancellationState.CANCELLED,
    )
    lines = found.lines.select_related("issuance__site").order_by(
        "issuance__code", "copy", "serials"
    )
    page = Paginator(lines, _LINES).get_page(request.GET.get("page"))
    by = f"the operator, of {found.organisation.name}" if found.by_operator else ""
    context = {
        "kicker": f"Cancellation {found.code}",
        "title": f"{formats.tonnes(found.quantity)} cancelled",
        "text": "Cancelled units never move again and nobody can claim them.",
        "back": reverse("public:cancellations"),
        "about": [
            SummaryRow("Cancelled on", formats.day(found.cancelled_on)),
            SummaryRow("By", by or found.organisation.name),
            SummaryRow("Reason", found.reason),
        ],
        "page": page,
        "columns": _LINE_COLUMNS,
        "rows": _line_rows(page),
        "is_demonstration": found.is_demonstration,
    }
    return render(request, "public/ending.html", context)


@access(Access.PUBLIC)
@require_safe
def suspensions(request: HttpRequest) -> HttpResponse:
    rows = Suspension.objects.filter(state__in=_PUBLIC).order_by("-approved_at", "-id")
    page = Paginator(rows, _ROWS).get_page(request.GET.get("page"))
    context = {
        "title": "Suspensions",
        "text": "Units that the operator holds while something about them is looked into.",
        "page": page,
        "columns": ("Suspension", "Since", "State", "Reason"),
        "rows": [
            [
                Cell(each.code, reverse("public:suspension", args=[each.code])),
                formats.day(each.approved_at),
                Cell("", state=_shown_state(each)),
                each.reason,
            ]
            for each in page
        ],
        "empty": "Nothing is suspended",
    }
    return render(request, "public/endings.html", context)


@access(Access.PUBLIC)
@require_safe
def suspension(request: HttpRequest, code: str) -> HttpResponse:
    """Which serials, since when, why, and where they stand."""
    found = get_object_or_404(Suspension.objects.filter(state__in=_PUBLIC), code=code)
    ranges = SuspendedRange.objects.filter(suspension=found).select_related(
        "issuance__site", "issuance"
    )
    page = Paginator(ranges.order_by("issuance__code", "serials"), _LINES).get_page(
        request.GET.get("page")
    )
    context = {
        "kicker": f"Suspension {found.code}",
        "title": "Units held by the operator",
        "text": "While it is in force the units cannot move, retire or be claimed. What was "
        "retired and claimed before is marked.",
        "state": _shown_state(found),
        "back": reverse("public:suspensions"),
        "about": _about_suspension(found),
        "amounts": states_over(tracing.covered(found)),
        "page": page,
        "columns": _LINE_COLUMNS,
        "rows": _line_rows(page),
        "is_demonstration": any(each.issuance.is_demonstration for each in page),
    }
    return render(request, "public/ending.html", context)


def adjustments_of(issuance: Issuance) -> list[dict[str, Any]]:
    """The corrections in force of an issuance's figures, newest first, for its timeline."""
    rows = Adjustment.objects.filter(issuance=issuance, state=AdjustmentState.IN_FORCE)
    return [
        {
            "at": each.decided_at,
            "title": f"Adjustment {each.code}: {_figure(each.previous_intensity)} corrected to "
            f"{_figure(each.intensity)}",
            "tone": "wait",
            "text": _words(each),
        }
        for each in rows.order_by("-decided_at", "-id")
    ]


def _words(row: Adjustment) -> str:
    parts = [row.reason]
    if row.adjusted_intensity is not None:
        parts.append(f"Scrap-adjusted: {_figure(row.adjusted_intensity)}.")
    if row.shortfall:
        parts.append(f"{formats.tonnes(row.shortfall)} were issued too many and are suspended.")
    return " ".join(parts)


def _figure(value: Any) -> str:
    return formats.intensity(value)


def _shown_state(found: Suspension) -> str:
    """An end that only one operator has asked for is not public yet."""
    state = SuspensionState(found.state)
    return _STATES.get(state, state)


def _about_suspension(found: Suspension) -> list[SummaryRow]:
    rows = [
        SummaryRow("Since", formats.moment(found.approved_at) if found.approved_at else ""),
        SummaryRow("Reason", found.reason),
    ]
    if found.ended_at is not None:
        rows += [
            SummaryRow("Ended", formats.moment(found.ended_at)),
            SummaryRow("Why it ended so", found.end_reason),
        ]
    return rows


def _line_rows(lines: Any) -> list[list[Any]]:
    return [
        [
            str(
                unit_range(
                    each.issuance,
                    each.serials.lower,
                    each.serials.upper - 1,
                    getattr(each, "copy", 1),
                )
            ),
            Cell(each.issuance.code, reverse("public:issuance", args=[each.issuance.code])),
            formats.tonnes(each.serials.upper - each.serials.lower),
        ]
        for each in lines
    ]
