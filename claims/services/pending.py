"""Retire and claim in one step (8.1): the claim waits until the retirement is final.

It becomes a claim in the transaction that makes the retirement final, so no other claim can come
between. If the retirement is withdrawn or closed, the pending claim falls away with it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.urls import reverse

from accounts.errors import Refused
from accounts.models import Account, User
from accounts.permissions import Right, require, require_initiator
from accounts.services import public_code
from claims.accounting.codec import decode, encode
from claims.accounting.facts import UnitLot
from claims.accounting.statement import MadeClaim, claim_figures
from claims.models import Claim, Inventory, InventoryLine, PendingClaim, PendingLine
from claims.services.claiming import require_free
from claims.services.inventories import lock_inventory, require_claimant
from claims.services.making import Adapt, Asked, Preview, Terms, judged, record, well_formed
from claims.transitions import PENDING_STEPS, PendingState
from registry.errors import BadInput, NotNow, RulesBroken
from registry.ledger import Line
from registry.models import CoolingOff, Retirement, RetirementOrder
from registry.models.ledger import HoldingState
from registry.rulebook.findings import Finding, Outcome
from registry.services.notices import tell
from registry.services.requests import once, retrying
from registry.services.retirements import Retiring, lines_of, preview_retirement, retire, settle_due
from registry.services.selection import plain
from registry.transitions import after

Claiming = Claim | PendingClaim


def preview_retire_and_claim(
    *,
    by: User,
    now: datetime,
    account: Account,
    inventory: Inventory,
    lines: Sequence[InventoryLine],
    units: Sequence[Line],
    terms: Terms,
) -> Preview:
    """Judge retirement and claim, and compute, without doing either. Raises as the act itself,
    RulesBroken excepted."""
    chosen = _permitted(by, now, account, inventory, units)
    require_free(inventory, lines)
    due = now + _wait(account)
    retiring = preview_retirement(by=by, now=now, account=account, lines=chosen)
    asked = Asked(inventory, lines, chosen, terms, due.date(), pending=due > now)
    state = HoldingState.RETIRING if due > now else HoldingState.RETIRED
    name = inventory.organisation.name
    preview = judged(asked, adapt=_as_retired(state.value, due.date(), name))
    findings = sorted([*preview.findings, *retiring], key=lambda finding: finding.rule)
    return replace(preview, findings=findings)


@retrying
def retire_and_claim(
    *,
    by: User,
    now: datetime,
    key: str,
    account: Account,
    inventory: Inventory,
    lines: Sequence[InventoryLine],
    units: Sequence[Line],
    terms: Terms,
) -> Claiming:
    """Retire units of an account and apply them to lines of the inventory, in one step.

    A claim where the retirement is final at once; else a pending one. Raises NotVisible, Refused,
    BadInput, RulesBroken with every finding, NotThere with what is left, NotNow.
    """
    chosen = _permitted(by, now, account, inventory, units)
    with once(
        by=by,
        key=key,
        kind="claim.retire",
        now=now,
        input={
            "account": account.pk,
            "inventory": inventory.pk,
            "lines": sorted(str(line.pk) for line in lines),
            "units": plain(chosen),
            "terms": encode(terms),
        },
    ) as request:
        if request.is_repeat:
            return _answered(request.answer)
        lock_inventory(inventory)
        require_free(inventory, lines)
        done = retire(
            by=by,
            now=now,
            key=str(uuid5(NAMESPACE_OID, f"retire {key}")),
            account=account,
            units=chosen,
            purpose=f"Claim on {inventory.name}"[:300],
            period_start=inventory.period_start,
            period_end=inventory.period_end,
        )
        made = _claimed(done, Asked(inventory, lines, chosen, terms, now.date()), by, now)
        request.answer = {"claim" if isinstance(made, Claim) else "pending": str(made.pk)}
        return made


def order_ended(order: RetirementOrder, retirement: Retirement | None, at: datetime) -> None:
    """The registry's word that an order became final (its retirement) or was given back (None).

    Runs in the transaction that ends the order.
    """
    waiting = (
        PendingClaim.objects.select_for_update(of=("self",))
        .select_related("inventory__organisation", "asked_by")
        .filter(order=order, state=PendingState.WAITING)
        .first()
    )
    if waiting is None:
        return
    if retirement is None:
        _end(waiting, "withdraw", at)
        text = f"The pending claim {waiting.code} of {waiting.volume:,} t fell away: retirement "
        _tell(waiting, "claim.fallen", text + f"{order.code} was given back.", at)
    else:
        _make(waiting, order, at)


def _claimed(done: Retiring, asked: Asked, by: User, now: datetime) -> Claiming:
    """The claim on what was just retired, or the pending one on what is held for an order."""
    if isinstance(done, RetirementOrder):
        asked = replace(asked, on=done.due_at.date(), pending=True)
    preview = judged(asked)
    if preview.result is None:
        raise RulesBroken(preview.findings)
    if isinstance(done, RetirementOrder):
        return _wait_for(done, asked, preview, by, now)
    return record(asked, preview, by=by, code=public_code(), at=now)


def _make(waiting: PendingClaim, order: RetirementOrder, at: datetime) -> None:
    """The claim itself, judged once more on the units as they are now."""
    inventory = lock_inventory(waiting.inventory)
    lines = list(InventoryLine.objects.filter(pending__pending=waiting).order_by("id"))
    terms = decode(Terms, waiting.terms, "terms")
    asked = Asked(inventory, lines, lines_of(order), terms, at.date())
    findings, preview = _judged_at_last(asked)
    if preview is None or preview.result is None:
        waiting.refusal = [finding.as_dict() for finding in findings]
        _end(waiting, "refuse", at)
        text = f"The pending claim {waiting.code} of {waiting.volume:,} t was refused when "
        text += f"retirement {order.code} became final; its units are retired and not claimed."
        _tell(waiting, "claim.refused", text, at)
        return
    waiting.claim = record(asked, preview, by=waiting.asked_by, code=waiting.code, at=at)
    _end(waiting, "finish", at)
    _tell(waiting, "claim.made", f"Claim {waiting.code} of {waiting.volume:,} t is made.", at)


def _judged_at_last(asked: Asked) -> tuple[list[Finding], Preview | None]:
    """The findings, and the preview where there is one: no refusal keeps units from retiring.

    A claimant may have lost its role while the retirement cooled off.
    """
    try:
        preview = judged(asked)
    except Refused as refused:
        rule, section = refused.rule or "–", refused.section or "–"
        said = (refused.found, refused.allowed, refused.action)
    except BadInput as bad:
        rule, section, said = "–", "–", (str(bad), "what the claim was asked for", "Claim anew.")
    else:
        return preview.findings, preview
    title = "The claimant may claim, and what it asked for still is."
    failed = Finding(rule, section, "shall", title, Outcome.FAIL, *said, None, False, {})
    return [failed], None


def _permitted(
    by: User, now: datetime, account: Account, inventory: Inventory, units: Sequence[Line]
) -> list[Line]:
    organisation = inventory.organisation
    require_initiator(by, organisation)
    require(by, Right.INITIATE, account)
    require_claimant(organisation, now.date())
    if account.organisation_id != organisation.pk:
        raise BadInput({"account": [f"Choose an account of {organisation}, whose claim it is."]})
    chosen = well_formed(units)
    settle_due(now=now, organisation=organisation)
    return chosen


def _wait_for(
    order: RetirementOrder, asked: Asked, preview: Preview, by: User, now: datetime
) -> PendingClaim:
    assert preview.result is not None  # the caller refused otherwise
    code = public_code()
    waiting = PendingClaim.objects.create(
        code=code,
        order=order,
        inventory=asked.inventory,
        organisation=asked.inventory.organisation,
        state=PendingState.WAITING,
        terms=encode(asked.terms),
        volume=preview.result.volume,
        result=claim_figures(MadeClaim(code=code, case=preview.case), preview.result),
        findings=[finding.as_dict() for finding in preview.findings],
        asked_at=now,
        asked_by=by,
        is_demonstration=asked.inventory.is_demonstration or order.is_demonstration,
    )
    PendingLine.objects.bulk_create(
        (PendingLine(pending=waiting, line=line) for line in asked.lines), batch_size=5_000
    )
    return waiting


def _end(waiting: PendingClaim, action: str, at: datetime) -> None:
    state = after(PENDING_STEPS, waiting.state, action)
    if state is None:
        raise NotNow(f"Pending claim {waiting.code} is {waiting.state}.", "", "")
    waiting.state, waiting.ended_at = state, at
    waiting.save(update_fields=["state", "ended_at", "claim", "refusal"])
    waiting.lines.update(is_waiting=False)


def _tell(waiting: PendingClaim, kind: str, text: str, at: datetime) -> None:
    code = waiting.code
    url = reverse("claims:claim", args=[waiting.inventory_id, code])
    tell(waiting.organisation, kind=kind, text=text, at=at, about=waiting, url=url)


def _wait(account: Account) -> timedelta:
    row = CoolingOff.objects.filter(account=account).first()
    return timedelta(minutes=row.minutes if row else 0)


def _as_retired(state: str, on: date, by_organisation: str) -> Adapt:
    """Units that are active now, as they will be once this retirement holds them."""

    def adapt(lot: UnitLot) -> UnitLot:
        if lot.state != HoldingState.ACTIVE:
            return lot
        return replace(lot, state=state, retired_on=on, retired_by=by_organisation)

    return adapt


def _answered(answer: dict[str, Any]) -> Claiming:
    if "claim" in answer:
        return Claim.objects.get(pk=answer["claim"])
    return PendingClaim.objects.get(pk=answer["pending"])
