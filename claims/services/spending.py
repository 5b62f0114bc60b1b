"""Claims on spend-based lines (9.2, 11.7): units applied to tonnes estimated from spend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.permissions import require_initiator
from accounts.roles import Action
from accounts.services import public_code
from claims.accounting.codec import encode
from claims.accounting.facts import ClaimCase, Match, Material, Method, PurposeCase
from claims.accounting.group import total
from claims.accounting.numbers import EXACT, ZERO, text
from claims.accounting.rules import judge_spend_claim
from claims.accounting.spend import SpendCase, SpendResult, substitute_spend
from claims.accounting.tree import SPEND, Answer
from claims.models import Claim, ClaimShare, Inventory, InventoryLine
from claims.services.cases import lot_facts, spend_line_facts
from claims.services.claiming import require_free
from claims.services.inventories import lock_inventory, require_claimant
from claims.services.making import Terms, claim_serials, record_path, walked, well_formed
from registry.errors import BadInput, RulesBroken
from registry.ledger import Line
from registry.rulebook.edition import edition_on
from registry.rulebook.facts import FunctionalUnit
from registry.rulebook.findings import Finding, failures
from registry.services.cases import is_demonstration
from registry.services.readings import require_may
from registry.services.requests import once, retrying
from registry.services.retirements import settle_due
from registry.services.selection import plain
from registry.services.standing import hold_retired
from registry.tracing import Tonnes


@dataclass(frozen=True, slots=True)
class SpendPreview:
    """What a claim on a line of spend would be; no result while a rule refuses it."""

    findings: list[Finding]
    result: SpendResult | None
    case: SpendCase


def preview_spend_claim(
    *,
    by: User,
    now: datetime,
    inventory: Inventory,
    line: InventoryLine,
    units: Sequence[Line],
    claim_type: str = "corporate_inventory",
    path: tuple[Answer, ...] = (),
) -> SpendPreview:
    """Judge and compute without claiming. Raises as claim_spend, RulesBroken excepted."""
    require_initiator(by, inventory.organisation)
    require_claimant(inventory.organisation, now.date())
    settle_due(now=now, organisation=inventory.organisation)
    require_free(inventory, [line])
    _by_path(path)
    return _judged(inventory, line, well_formed(units), claim_type, now)


@retrying
def claim_spend(
    *,
    by: User,
    now: datetime,
    key: str,
    inventory: Inventory,
    line: InventoryLine,
    units: Sequence[Line],
    claim_type: str = "corporate_inventory",
    path: tuple[Answer, ...] = (),
) -> Claim:
    """Apply retired units to one line of spend, by the way it is estimated, for good.

    Raises NotVisible, Refused, BadInput, RulesBroken with every finding, NotNow.
    """
    organisation = inventory.organisation
    require_initiator(by, organisation)
    require_claimant(organisation, now.date())
    chosen = well_formed(units)
    settle_due(now=now, organisation=organisation)
    with once(
        by=by,
        key=key,
        kind="claim.spend",
        now=now,
        input={
            "inventory": inventory.pk,
            "line": line.pk,
            "units": plain(chosen),
            "claim_type": claim_type,
            "path": encode(path),
        },
    ) as request:
        if request.is_repeat:
            return Claim.objects.get(pk=request.answer["claim"])
        lock_inventory(inventory)
        require_free(inventory, [line])
        hold_retired([Tonnes(each.issuance, each.first, each.last) for each in chosen])
        terms = _by_path(path)
        preview = _judged(inventory, line, chosen, claim_type, now)
        if preview.result is None:
            raise RulesBroken(preview.findings)
        claim = _record(by, now, inventory, line, chosen, preview)
        claim_serials(claim, chosen)
        record_path(claim, terms)
        request.answer = {"claim": str(claim.pk)}
        return claim


def spend_figures(code: str, case: SpendCase, result: SpendResult) -> dict[str, Any]:
    """The claim's figures as decimal strings; the framework's own rounding stands beside."""
    return {
        "code": code,
        "volume": case.volume,
        "physical_emissions": text(result.physical_emissions),
        "reduction_emissions": text(result.reduction_emissions),
        "adjusted_emissions": text(result.adjusted_emissions),
        "groups": [],
        "shares": [],
        "spend": {
            "line": case.line.id,
            "method": case.line.method,
            "estimated_tonnes": text(result.estimated_tonnes),
            "baseline_intensity": encode(case.line.baseline_intensity),
            "baseline_source": case.line.baseline_source,
            "draft_adjusted_emissions": text(result.draft_adjusted_emissions),
            "units": [
                {"issuance": lot.issuance, "copy": lot.copy, "first": lot.first, "last": lot.last}
                for lot in case.lots
            ],
        },
    }


def _judged(
    inventory: Inventory,
    line: InventoryLine,
    units: Sequence[Line],
    claim_type: str,
    now: datetime,
) -> SpendPreview:
    current = InventoryLine.objects.filter(inventory=inventory, pk=line.pk).first()
    facts = spend_line_facts([current] if current else [])
    if current is None or not facts or current.material != Material.STEEL:
        raise BadInput({"lines": ["Choose a line of steel in spend that this inventory has."]})
    lots = lot_facts(units)
    requested, there = sum(run.quantity for run in units), sum(lot.quantity for lot in lots)
    if requested != there:
        raise BadInput({"units": [f"{requested} units are named, {there} of them exist."]})
    if any(lot.functional_unit != FunctionalUnit.CRUDE_STEEL for lot in lots):
        raise BadInput({"units": ["Choose units of crude steel: spend is turned into its tonnes."]})
    require_may(inventory.organisation, Action.CLAIM, FunctionalUnit.CRUDE_STEEL, on=now.date())
    earlier = list(ClaimShare.objects.filter(line=current))
    case = SpendCase(
        line=facts[0],
        lots=tuple(sorted(lots, key=lambda lot: lot.order)),
        volume_before=int(total(share.volume for share in earlier)),
        reduction_before=total(share.reduction_emissions for share in earlier),
    )
    of_units = ClaimCase(
        on=now.date(),
        by_organisation=inventory.organisation.name,
        period_start=inventory.period_start,
        period_end=inventory.period_end,
        matches=(Match(lines=(), lots=case.lots, method=Method.ENHANCED),),
    )
    edition = edition_on(now.date())
    findings = judge_spend_claim(case, PurposeCase(claim_type), edition, of_units)
    result = None if failures(findings) else substitute_spend(case)
    return SpendPreview(findings, result, case)


def _record(
    by: User,
    now: datetime,
    inventory: Inventory,
    line: InventoryLine,
    units: Sequence[Line],
    preview: SpendPreview,
) -> Claim:
    assert preview.result is not None  # the caller refused otherwise
    code, case = public_code(), preview.case
    claim = Claim.objects.create(
        code=code,
        inventory=inventory,
        organisation=inventory.organisation,
        method=SPEND,
        volume=case.volume,
        edition=edition_on(now.date()).id,
        inputs={
            "code": code,
            "on": now.date().isoformat(),
            "by_organisation": inventory.organisation.name,
            "pending": False,
            "matches": [],
            "spend": encode(case),
        },
        result=spend_figures(code, case, preview.result),
        findings=[finding.as_dict() for finding in preview.findings],
        claimed_on=now.date(),
        claimed_at=now,
        claimed_by=by,
        is_demonstration=inventory.is_demonstration or is_demonstration(units),
    )
    ClaimShare.objects.create(
        claim=claim,
        line=line,
        method=SPEND,
        functional_unit=FunctionalUnit.CRUDE_STEEL.value,
        volume=Decimal(case.volume),
        counted_emissions=ZERO,
        unit_emissions=total(
            EXACT.multiply(Decimal(lot.quantity), lot.claim_intensity) for lot in case.lots
        ),
        reduction_emissions=preview.result.reduction_emissions,
        above_factor=False,
    )
    return claim


def _by_path(path: tuple[Answer, ...]) -> Terms:
    """The terms to keep the path by. Raises BadInput for one that does not lead to spend."""
    terms = Terms(method=SPEND, path=path)
    found = walked(terms)
    if found is not None and found.proposal is not None and found.proposal.method != SPEND:
        raise BadInput({"path": [f"The path leads to {found.proposal.method}; found spend."]})
    return terms
