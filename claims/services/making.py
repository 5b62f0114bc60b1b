"""A claim judged, computed and recorded: what claiming and retiring-and-claiming share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from accounts.ids import uuid7
from accounts.models import User
from accounts.roles import Action
from claims.accounting.claim import ClaimResult, compute
from claims.accounting.codec import encode
from claims.accounting.facts import (
    Alignment,
    Cap,
    ClaimCase,
    LineShare,
    Match,
    PurposeCase,
    UnitLot,
)
from claims.accounting.facts import Line as LineFacts
from claims.accounting.plan import assign
from claims.accounting.rules import judge_claim
from claims.accounting.statement import MadeClaim, claim_figures, claim_inputs
from claims.accounting.tree import SPEND, Answer, Walk, alignment, fault, walk
from claims.models import (
    SHARE_FIELDS,
    Claim,
    ClaimedRange,
    ClaimPath,
    ClaimShare,
    Inventory,
    InventoryLine,
)
from claims.queries import rows_of, shares_of
from claims.services.cases import line_facts, lot_facts, share_facts
from registry.errors import BadInput, NotNow
from registry.ledger import Line
from registry.queries import pieces_over
from registry.rulebook.edition import edition_on
from registry.rulebook.findings import Finding, failures
from registry.services.cases import is_demonstration
from registry.services.readings import require_may
from registry.services.selection import checked

# Names of columns only, none of them from outside.
_TOLD = ", ".join(SHARE_FIELDS)
_COPY = f"COPY {ClaimShare._meta.db_table} (id, claim_id, line_id, {_TOLD}) FROM STDIN"

Adapt = Callable[[UnitLot], UnitLot]


@dataclass(frozen=True, slots=True)
class Terms:
    """How units are to be applied: the method, the user's answers, and the cap.

    alignment: the answers that direct substitution asks for. cap_reason, auditor_note: needed
    for the total-emissions cap (R123). claim_type: what the claim is for (R112). path: the
    answers to the decision tree, where it was walked; they stand for the alignment's.
    """

    method: str
    alignment: Alignment = field(default_factory=Alignment)
    cap: str = Cap.BASELINE.value
    cap_reason: str = ""
    auditor_note: str = ""
    claim_type: str = "corporate_inventory"
    path: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a claim would be: every finding, and its figures where no rule refuses it."""

    findings: list[Finding]
    result: ClaimResult | None
    case: ClaimCase


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be claimed. on: the day of the claim. pending: it waits for its retirement."""

    inventory: Inventory
    lines: Sequence[InventoryLine]
    units: Sequence[Line]
    terms: Terms
    on: date
    pending: bool = False


def judged(asked: Asked, *, adapt: Adapt | None = None) -> Preview:
    """Judge and compute. adapt: the units as they will be when the claim is made.

    Raises BadInput for what no rule can look at, Refused (R010–R016).
    """
    inventory, lines = asked.inventory, asked.lines
    if not lines:
        raise BadInput({"lines": ["Choose at least one line of the inventory."]})
    if asked.terms.cap not in list(Cap):
        raise BadInput({"cap": [f"Choose {' or '.join(Cap)}."]})
    terms = _by_path(asked.terms)
    wanted = {line.pk for line in lines}
    # Read again under the lock: a line may have been removed since it was shown.
    current = line_facts(rows_of(inventory, wanted))
    if len(current) != len(wanted):
        raise BadInput({"lines": ["Choose lines that this inventory has."]})
    earlier = share_facts(shares_of(inventory))
    case = ClaimCase(
        on=asked.on,
        by_organisation=inventory.organisation.name,
        period_start=inventory.period_start,
        period_end=inventory.period_end,
        matches=_matches(current, _lots(asked.units, adapt), asked.units, terms, earlier),
        earlier=earlier,
        pending=asked.pending,
    )
    for unit in sorted({lot.functional_unit for lot in case.lots}):
        require_may(inventory.organisation, Action.CLAIM, unit, on=asked.on)
    edition = edition_on(asked.on)
    findings = judge_claim(case, PurposeCase(claim_type=terms.claim_type), edition)
    result = None if failures(findings) else compute(case)
    return Preview(findings=findings, result=result, case=case)


def record(asked: Asked, preview: Preview, *, by: User, code: str, at: datetime) -> Claim:
    """Write a claim that its rules let pass, with its shares, its serials and its path.

    Raises NotNow when another claim took some of the units just now.
    """
    assert preview.result is not None  # the caller refused otherwise
    made = MadeClaim(code=code, case=preview.case)
    inventory, terms = asked.inventory, asked.terms
    claim = Claim.objects.create(
        code=code,
        inventory=inventory,
        organisation=inventory.organisation,
        method=terms.method,
        cap=terms.cap,
        volume=preview.result.volume,
        edition=edition_on(asked.on).id,
        inputs=claim_inputs(made),
        result=claim_figures(made, preview.result),
        findings=[finding.as_dict() for finding in preview.findings],
        claimed_on=asked.on,
        claimed_at=at,
        claimed_by=by,
        is_demonstration=inventory.is_demonstration or is_demonstration(asked.units),
    )
    _keep_shares(claim, preview.result.shares)
    claim_serials(claim, asked.units)
    record_path(claim, terms)
    return claim


def record_path(claim: Claim, terms: Terms) -> None:
    """Keep the answers by which the method was chosen; nothing where no path was walked."""
    path = walked(terms)
    if path is not None and path.proposal is not None:
        ClaimPath.objects.create(
            claim=claim,
            answers=[encode(answer) for _, answer in path.steps],
            method=path.proposal.method,
            cap=path.proposal.cap,
            reasons=list(path.proposal.reasons),
        )


def claim_serials(claim: Claim, units: Sequence[Line]) -> None:
    """Take the serials for the claim, each with the layer at which its copy is claimed."""
    rows: list[Any] = [
        ClaimedRange(
            claim=claim,
            issuance_id=piece.issuance,
            copy=piece.copy,
            layer=holding.layer,
            serials=(piece.first, piece.last + 1),
        )
        for holding, piece in pieces_over(units)
    ]
    try:
        with transaction.atomic():
            ClaimedRange.objects.bulk_create(rows, batch_size=5_000)
    except IntegrityError as error:
        raise NotNow(
            found="Another claim took some of these units just now.",
            allowed="A retired unit is claimed once.",
            action="Reload the page to see which units are left.",
        ) from error


def walked(terms: Terms) -> Walk | None:
    """The walk to the end of the tree, None where none was made. Raises BadInput `path`."""
    if not terms.path:
        return None
    faults = [f"{each.question}: {why}" for each in terms.path if (why := fault(each))]
    if faults:
        raise BadInput({"path": faults})
    path = walk(terms.path)
    if path.asked is not None:
        raise BadInput({"path": [f"The path has not ended: answer {path.asked.name}."]})
    return path


def well_formed(units: Sequence[Line]) -> list[Line]:
    """The ranges if they are well formed. Raises BadInput."""
    return list(checked(list(units)))  # type: ignore[arg-type]  # ranges in, ranges out


def _by_path(terms: Terms) -> Terms:
    """The terms with the path's answers for the alignment; the reason stays the user's."""
    path = walked(terms)
    if path is None or path.proposal is None:
        return terms
    if (path.proposal.method == SPEND) != (terms.method == SPEND):
        raise BadInput(
            {"path": [f"The path leads to {path.proposal.method}; found {terms.method}."]}
        )
    return replace(terms, alignment=alignment(path, terms.alignment.reason))


def _lots(units: Sequence[Line], adapt: Adapt | None) -> tuple[UnitLot, ...]:
    lots = lot_facts(units)
    requested = sum(run.quantity for run in units)
    there = sum(lot.quantity for lot in lots)
    if there != requested:
        raise BadInput({"units": [f"{requested} units are named, {there} of them exist."]})
    return tuple(adapt(lot) for lot in lots) if adapt else lots


def _matches(
    lines: tuple[LineFacts, ...],
    lots: tuple[UnitLot, ...],
    units: Sequence[Line],
    terms: Terms,
    earlier: tuple[LineShare, ...],
) -> tuple[Match, ...]:
    """The units divided over the lines; what finds no room stays, so that a rule says so."""
    whole = Match(
        lines=lines,
        lots=lots,
        method=terms.method,
        alignment=terms.alignment,
        cap=terms.cap,
        cap_reason=terms.cap_reason,
        auditor_note=terms.auditor_note,
        requested=sum(run.quantity for run in units),
    )
    try:
        return assign(whole, lots, earlier)
    except ValueError:
        # Figures that cannot be divided: the rules name each of them.
        return (whole,)


def _keep_shares(claim: Claim, shares: Sequence[LineShare]) -> None:
    """One for each line, so there may be 100,000: they are copied in, in order."""
    ids = sorted(uuid7() for _ in shares)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for id, share in zip(ids, shares, strict=True):
            values = [getattr(share, name) for name in SHARE_FIELDS]
            copy.write_row([id, claim.pk, UUID(share.line), *values])
