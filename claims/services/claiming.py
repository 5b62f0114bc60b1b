"""Claiming: retired units applied to lines of an inventory (9.2)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from accounts.models import User
from accounts.permissions import require_initiator
from accounts.services import public_code
from claims.accounting.codec import encode
from claims.models import Claim, Inventory, InventoryLine, PendingLine
from claims.queries import waiting_lines
from claims.services.inventories import lock_inventory, require_claimant
from claims.services.making import Asked, Preview, Terms, judged, record, well_formed
from registry.errors import NotNow, RulesBroken
from registry.ledger import Line
from registry.services.requests import once, retrying
from registry.services.retirements import settle_due
from registry.services.selection import plain
from registry.services.standing import hold_retired
from registry.tracing import Tonnes

__all__ = ["Preview", "Terms", "make_claim", "preview_claim", "require_free"]


def preview_claim(
    *,
    by: User,
    now: datetime,
    inventory: Inventory,
    lines: Sequence[InventoryLine],
    units: Sequence[Line],
    terms: Terms,
) -> Preview:
    """Judge and compute a claim without making it. Raises as make_claim, RulesBroken excepted."""
    require_initiator(by, inventory.organisation)
    require_claimant(inventory.organisation, now.date())
    settle_due(now=now, organisation=inventory.organisation)
    require_free(inventory, lines)
    return judged(Asked(inventory, lines, well_formed(units), terms, now.date()))


@retrying
def make_claim(
    *,
    by: User,
    now: datetime,
    key: str,
    inventory: Inventory,
    lines: Sequence[InventoryLine],
    units: Sequence[Line],
    terms: Terms,
) -> Claim:
    """Apply units that the organisation retired to lines of its inventory, for good.

    Raises NotVisible, Refused (R010–R016), BadInput, RulesBroken with every finding, NotNow when
    another claim took some of the units just now or one on these lines is pending.
    """
    organisation = inventory.organisation
    require_initiator(by, organisation)
    require_claimant(organisation, now.date())
    chosen = well_formed(units)
    settle_due(now=now, organisation=organisation)
    with once(
        by=by,
        key=key,
        kind="claim",
        now=now,
        input={
            "inventory": inventory.pk,
            "lines": sorted(str(line.pk) for line in lines),
            "units": plain(chosen),
            "terms": encode(terms),
        },
    ) as request:
        if request.is_repeat:
            return Claim.objects.get(pk=request.answer["claim"])
        lock_inventory(inventory)
        require_free(inventory, lines)
        hold_retired([Tonnes(each.issuance, each.first, each.last) for each in chosen])
        asked = Asked(inventory, lines, chosen, terms, now.date())
        preview = judged(asked)
        if preview.result is None:
            raise RulesBroken(preview.findings)
        claim = record(asked, preview, by=by, code=public_code(), at=now)
        request.answer = {"claim": str(claim.pk)}
        return claim


def require_free(inventory: Inventory, lines: Iterable[InventoryLine]) -> None:
    """No claim waits on these lines: what it will leave of them is not known yet. Raises NotNow."""
    taken = waiting_lines(inventory) & {line.pk for line in lines}
    if not taken:
        return
    waiting = (
        PendingLine.objects.filter(line=min(taken), is_waiting=True)
        .select_related("line", "pending__order")
        .get()
    )
    order = waiting.pending.order
    raise NotNow(
        found=f"A claim on '{waiting.line.name}' waits for retirement {order.code}.",
        allowed="A line has one pending claim at a time, and no other claim meanwhile.",
        action=f"Claim again when it is final, from {order.due_at:%Y-%m-%d %H:%M} UTC, or withdraw "
        "that retirement.",
    )
