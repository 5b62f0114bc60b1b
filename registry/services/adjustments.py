"""Adjustment of an issuance whose figures proved wrong (Exhibit 9, AMB-16).

The record stays as it was published. A new one names it and carries the corrected figures: what is
not yet claimed takes them from then on, published statements that used the old ones are marked.
"""

from datetime import datetime
from decimal import Decimal

from django.urls import reverse

from accounts.errors import Refused
from accounts.models import User
from accounts.permissions import require_operator
from accounts.services import public_code
from registry import tracing
from registry.errors import NotNow
from registry.ledger import Line
from registry.models import Adjustment, Confirmation, Holding, Issuance
from registry.services.notices import tell_all
from registry.services.requests import once, retrying
from registry.services.shape import save_clean
from registry.services.standing import hold_retired
from registry.services.suspensions import Scope, begin, record_proposal
from registry.tracing import Tonnes
from registry.transitions import ADJUSTMENT_STEPS, AdjustmentState, actions, after

_MOST_INTENSITY = Decimal(1000)


@retrying
def propose_adjustment(
    *,
    by: User,
    now: datetime,
    key: str,
    issuance: Issuance,
    intensity: Decimal,
    adjusted_intensity: Decimal | None = None,
    shortfall: int = 0,
    reason: str,
) -> Adjustment:
    """Ask for corrected figures, in t CO2e per t; a second operator's approval makes them stand.

    adjusted_intensity: for an issuance that has one, and only then. shortfall: units that should
    not have been issued. Raises Refused, BadInput, NotNow while another one waits, and for units
    that were verified over a full year and never provisional.
    """
    require_operator(by)
    input = {
        "issuance": issuance.pk,
        "intensity": intensity,
        "adjusted_intensity": adjusted_intensity,
        "shortfall": shortfall,
        "reason": reason,
    }
    with once(by=by, key=key, kind="adjustment", now=now, input=input) as request:
        if request.is_repeat:
            return Adjustment.objects.get(pk=request.answer["adjustment"])
        _require_adjustable(issuance)
        _require_none_open(issuance)
        before, before_adjusted = current_figures(issuance)
        row = Adjustment(
            code=public_code(),
            issuance=issuance,
            state=AdjustmentState.PROPOSED,
            intensity=intensity,
            adjusted_intensity=adjusted_intensity,
            previous_intensity=before,
            previous_adjusted_intensity=before_adjusted,
            shortfall=shortfall,
            reason=reason,
            proposed_at=now,
            proposed_by=by,
        )
        save_clean(row, **_faults(row, issuance))
        request.answer = {"adjustment": str(row.pk)}
        return row


@retrying
def approve_adjustment(*, by: User, now: datetime, key: str, adjustment: Adjustment) -> Adjustment:
    """A second operator approves; the figures stand, and a shortfall is suspended at once."""
    require_operator(by)
    with once(
        by=by, key=key, kind="adjustment.approve", now=now, input={"id": adjustment.pk}
    ) as request:
        row = _lock(adjustment)
        if request.is_repeat:
            return row
        state = _after(row, "approve")
        if row.proposed_by_id == by.pk:
            raise Refused(
                found="You proposed this adjustment yourself.",
                allowed="A second operator approves it.",
                action="Ask a colleague.",
            )
        hold_retired([Tonnes(row.issuance_id, 1, row.issuance.quantity)])
        if row.shortfall:
            reason = f"Adjustment {row.code}: {row.shortfall:,} units were issued too many."
            lines = _surplus(row)
            row.suspension = record_proposal(
                row.proposed_by, now, Scope(ranges=tuple(lines)), lines, reason
            )
            begin(row.suspension, by, now)
        row.state, row.decided_at, row.decided_by = state, now, by
        row.save()
        _tell(row, now)
        return row


@retrying
def withdraw_adjustment(*, by: User, now: datetime, key: str, adjustment: Adjustment) -> Adjustment:
    require_operator(by)
    with once(
        by=by, key=key, kind="adjustment.withdraw", now=now, input={"id": adjustment.pk}
    ) as request:
        row = _lock(adjustment)
        if not request.is_repeat:
            row.state, row.decided_at, row.decided_by = _after(row, "withdraw"), now, by
            row.save()
        return row


def current_figures(issuance: Issuance) -> tuple[Decimal, Decimal | None]:
    """Intensity and scrap-adjusted intensity as they stand: the newest adjustment's, or its own."""
    row = tracing.adjustments_in_force([issuance.pk]).get(issuance.pk)
    if row is not None:
        return row.intensity, row.adjusted_intensity
    return issuance.intensity, issuance.adjusted_intensity


def _faults(row: Adjustment, issuance: Issuance) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if row.intensity is not None and row.intensity > _MOST_INTENSITY:
        faults["intensity"] = [f"Give t CO2e per t; found {row.intensity}."]
    if (row.adjusted_intensity is None) != (issuance.adjusted_intensity is None):
        has = "has" if issuance.adjusted_intensity is not None else "has no"
        faults["adjusted_intensity"] = [f"The issuance {has} scrap-adjusted intensity (R054)."]
    before = (row.previous_intensity, row.previous_adjusted_intensity)
    if (row.intensity, row.adjusted_intensity) == before and not row.shortfall:
        faults["intensity"] = ["These are the figures it has: correct at least one."]
    if not 0 <= row.shortfall <= issuance.quantity:
        faults["shortfall"] = [f"Give 0 to {issuance.quantity:,} units; found {row.shortfall:,}."]
    if not row.reason.strip():
        faults["reason"] = ["Say why: the reason is published."]
    return faults


def _surplus(row: Adjustment) -> list[Line]:
    """Which units are held for a shortfall: those its issuer can still give first, then others'
    that can still be given, then retired ones to be marked; of each the highest serials."""
    order = {"active": 0, "reserved": 1, "retiring": 1, "expired": 2, "suspended": 3, "retired": 4}
    producer = row.issuance.producer_id
    held = Holding.objects.filter(issuance=row.issuance, copy=1).exclude(state="cancelled")
    rows = sorted(
        held.select_related("account"),
        key=lambda each: (
            order[each.state] >= 3,
            each.account is None or each.account.organisation_id != producer,
            order[each.state],
            -each.last,
        ),
    )
    left, lines = row.shortfall, []
    for each in rows:
        take = min(left, each.quantity)
        if take:
            lines.append(Line(each.issuance_id, 1, each.last - take + 1, each.last))
        left -= take
    return sorted(lines)


def _tell(row: Adjustment, now: datetime) -> None:
    tonnes = [Tonnes(row.issuance_id, 1, row.issuance.quantity)]
    concerned = tracing.trace(tonnes).organisations | {row.issuance.producer_id}
    tell_all(
        tracing.organisations(concerned),
        kind="adjustment.in_force",
        text=f"The intensity of issuance {row.issuance.code} is corrected from "
        f"{row.previous_intensity.normalize():f} to {row.intensity.normalize():f} t CO2e/t: "
        f"{row.reason}",
        at=now,
        about=row,
        url=reverse("public:issuance", args=[row.issuance.code]),
    )


def _require_adjustable(issuance: Issuance) -> None:
    """Conditional units (Exhibit 9), and provisional ones whose audit differs (6.1, AMB-10)."""
    if issuance.is_conditional:
        return
    if issuance.is_provisional and Confirmation.objects.filter(
        issuance=issuance, is_confirmed=False
    ):
        return
    raise NotNow(
        found=f"Issuance {issuance.code} is neither conditional nor provisional with an audit "
        "that differs: its figures are final.",
        allowed="Corrected are units verified over less than a full year (Exhibit 9), and "
        "provisional ones whose audit did not confirm them (6.1).",
        action="Suspend units that are in doubt; the suspension ends by lifting or cancelling.",
    )


def _require_none_open(issuance: Issuance) -> None:
    if Adjustment.objects.filter(issuance=issuance, state="proposed").exists():
        raise NotNow(
            found="An adjustment of this issuance waits for a second operator.",
            allowed="One at a time.",
            action="Approve or withdraw it first.",
        )


def _lock(adjustment: Adjustment) -> Adjustment:
    return (
        Adjustment.objects.select_for_update(of=("self",))
        .select_related("issuance", "proposed_by")
        .get(pk=adjustment.pk)
    )


def _after(row: Adjustment, action: str) -> str:
    state = after(ADJUSTMENT_STEPS, row.state, action)
    if state is None:
        raise NotNow(
            found=f"The adjustment is {AdjustmentState(row.state).label}.",
            allowed="From there, possible is: "
            f"{', '.join(actions(ADJUSTMENT_STEPS, row.state)) or 'nothing more'}.",
            action="Reload the page to see where it stands.",
        )
    return state
