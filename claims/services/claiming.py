"""Claiming: retired units applied to lines of an inventory (9.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.permissions import require_initiator
from accounts.roles import Action
from accounts.services import public_code
from claims.accounting.claim import ClaimResult, compute
from claims.accounting.codec import encode
from claims.accounting.facts import Alignment, Cap, ClaimCase, LineShare, Match, PurposeCase
from claims.accounting.plan import assign
from claims.accounting.rules import judge_claim
from claims.accounting.statement import MadeClaim, claim_figures, claim_inputs
from claims.models import Claim, ClaimedRange, ClaimShare, Inventory, InventoryLine
from claims.queries import lines_of, shares_of
from claims.services.cases import line_facts, lot_facts, share_facts
from claims.services.inventories import lock_inventory, require_claimant
from registry.errors import BadInput, NotNow, RulesBroken
from registry.ledger import Line
from registry.models import Issuance
from registry.rulebook.edition import edition_on
from registry.rulebook.findings import Finding, failures
from registry.services.cases import is_demonstration
from registry.services.readings import require_may
from registry.services.requests import once, retrying
from registry.services.retirements import settle_due
from registry.services.selection import checked, plain


@dataclass(frozen=True, slots=True)
class Terms:
    """How units are to be applied: the method, the user's answers, and the cap.

    alignment: the answers that direct substitution asks for. cap_reason, auditor_note: needed
    for the total-emissions cap (R123). claim_type: what the claim is for (R112).
    """

    method: str
    alignment: Alignment = field(default_factory=Alignment)
    cap: str = Cap.BASELINE.value
    cap_reason: str = ""
    auditor_note: str = ""
    claim_type: str = "corporate_inventory"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a claim would be: every finding, and its figures where no rule refuses it."""

    findings: list[Finding]
    result: ClaimResult | None
    case: ClaimCase


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
    return _preview(now, inventory, lines, _checked(units), terms)


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
    another claim took some of the units just now.
    """
    organisation = inventory.organisation
    require_initiator(by, organisation)
    require_claimant(organisation, now.date())
    chosen = _checked(units)
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
        preview = _preview(now, inventory, lines, chosen, terms)
        if preview.result is None:
            raise RulesBroken(preview.findings)
        claim = _record(by, now, inventory, chosen, terms, preview)
        _claim_serials(claim, chosen)
        request.answer = {"claim": str(claim.pk)}
        return claim


def _preview(
    now: datetime,
    inventory: Inventory,
    lines: Sequence[InventoryLine],
    units: Sequence[Line],
    terms: Terms,
) -> Preview:
    if not lines:
        raise BadInput({"lines": ["Choose at least one line of the inventory."]})
    if terms.cap not in list(Cap):
        raise BadInput({"cap": [f"Choose {' or '.join(Cap)}."]})
    wanted = {line.pk for line in lines}
    # Read again under the lock: a line may have been removed since it was shown.
    current = [line for line in lines_of(inventory) if line.pk in wanted]
    if len(current) != len(wanted):
        raise BadInput({"lines": ["Choose lines that this inventory has."]})
    earlier = share_facts(shares_of(inventory))
    case = ClaimCase(
        on=now.date(),
        by_organisation=inventory.organisation.name,
        period_start=inventory.period_start,
        period_end=inventory.period_end,
        matches=_matches(current, units, terms, earlier),
        earlier=earlier,
    )
    _require_roles(inventory, case, now)
    edition = edition_on(now.date())
    findings = judge_claim(case, PurposeCase(claim_type=terms.claim_type), edition)
    result = None if failures(findings) else compute(case)
    return Preview(findings=findings, result=result, case=case)


def _matches(
    lines: Sequence[InventoryLine],
    units: Sequence[Line],
    terms: Terms,
    earlier: tuple[LineShare, ...],
) -> tuple[Match, ...]:
    """The units divided over the lines; what finds no room stays, so that a rule says so."""
    lots = lot_facts(units)
    requested = sum(run.quantity for run in units)
    there = sum(lot.quantity for lot in lots)
    if there != requested:
        raise BadInput({"units": [f"{requested} units are named, {there} of them exist."]})
    whole = Match(
        lines=line_facts(lines),
        lots=lots,
        method=terms.method,
        alignment=terms.alignment,
        cap=terms.cap,
        cap_reason=terms.cap_reason,
        auditor_note=terms.auditor_note,
        requested=requested,
    )
    try:
        return assign(whole, lots, earlier)
    except ValueError:
        # Figures that cannot be divided: the rules name each of them.
        return (whole,)


def _require_roles(inventory: Inventory, case: ClaimCase, now: datetime) -> None:
    for unit in sorted({lot.functional_unit for lot in case.lots}):
        require_may(inventory.organisation, Action.CLAIM, unit, on=now.date())


def _record(
    by: User,
    now: datetime,
    inventory: Inventory,
    units: Sequence[Line],
    terms: Terms,
    preview: Preview,
) -> Claim:
    assert preview.result is not None  # the caller refused otherwise
    made = MadeClaim(code=public_code(), case=preview.case)
    claim = Claim.objects.create(
        code=made.code,
        inventory=inventory,
        organisation=inventory.organisation,
        method=terms.method,
        cap=terms.cap,
        volume=preview.result.volume,
        edition=edition_on(now.date()).id,
        inputs=claim_inputs(made),
        result=claim_figures(made, preview.result),
        findings=[finding.as_dict() for finding in preview.findings],
        claimed_on=now.date(),
        claimed_at=now,
        claimed_by=by,
        is_demonstration=inventory.is_demonstration or is_demonstration(units),
    )
    ClaimShare.objects.bulk_create(
        ClaimShare(
            claim=claim,
            line_id=share.line,
            method=share.method,
            functional_unit=share.functional_unit,
            volume=share.volume,
            counted_emissions=share.counted_emissions,
            unit_emissions=share.unit_emissions,
            reduction_emissions=share.reduction_emissions,
            above_factor=share.above_factor,
        )
        for share in preview.result.shares
    )
    return claim


def _claim_serials(claim: Claim, units: Sequence[Line]) -> None:
    known = set(
        Issuance.objects.filter(pk__in={run.issuance for run in units}).values_list("pk", flat=True)
    )
    rows: list[Any] = [
        ClaimedRange(
            claim=claim,
            issuance_id=run.issuance,
            copy=run.copy,
            serials=(run.first, run.last + 1),
        )
        for run in units
        if run.issuance in known
    ]
    try:
        with transaction.atomic():
            ClaimedRange.objects.bulk_create(rows)
    except IntegrityError as error:
        raise NotNow(
            found="Another claim took some of these units just now.",
            allowed="A retired unit is claimed once.",
            action="Reload the page to see which units are left.",
        ) from error


def _checked(units: Sequence[Line]) -> Sequence[Line]:
    return list(checked(list(units)))  # type: ignore[arg-type]  # ranges in, ranges out
