"""The auditor's side: start, sign or return a verification (5.3)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from accounts.errors import NotVisible
from accounts.models import User
from accounts.permissions import close_to, has_object, is_member
from registry.errors import BadInput, NotNow, RulesBroken
from registry.models import AuditReview, Production, Verification
from registry.rulebook.edition import edition_on
from registry.rulebook.engine import rules
from registry.rulebook.facts import FunctionalUnit, IssuanceCase, Stage
from registry.rulebook.findings import failures
from registry.services.cases import issuance_case
from registry.services.dialogue import require_resolved
from registry.services.early import confirm
from registry.services.productions import VERIFY, lock, step
from registry.services.requests import Request, once, retrying
from registry.services.shape import save_clean

AUDIT_RULES = ("R067", "R072", "R073", "R145")
"""What a signature itself must satisfy; the figures are judged at issuance."""

CLOSED = (Verification.State.SIGNED, Verification.State.RETURNED)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the auditor verified. Tonnes whole, intensities t CO2e/t, scrap_share None for iron."""

    delivered_tonnes: int
    site_intensity: Decimal
    intensity: Decimal
    scrap_share: Decimal | None


@dataclass(frozen=True, slots=True)
class Review:
    """The checklist signed with the statement (R067, R073, R145), as `AuditReview` keeps it."""

    confirms_threshold: bool
    confirms_route: bool
    confirms_additionality: bool
    reviewed_self_assessment: bool
    reviewed_evidence: bool
    reviewed_on: date
    covers_transactions: bool
    deliveries_until: date


@retrying
def start_verification(
    *, by: User, now: datetime, key: str, verification: Verification
) -> Verification:
    """Take up an engagement. Raises NotVisible for anybody it is not opened to, NotNow."""
    require_engaged(by, verification)
    with once(
        by=by,
        key=key,
        kind="verification.start",
        now=now,
        input={"verification": verification.pk},
    ) as request:
        production = lock(verification.production)
        if not request.is_repeat:
            _open(verification)
            step(production, "start", by=by, now=now)
    return _fresh(verification)


@retrying
def sign_verification(
    *,
    by: User,
    now: datetime,
    key: str,
    verification: Verification,
    figures: Figures,
    review: Review,
    statement: str,
) -> Verification:
    """Sign that the production is verified, with the auditor's own figures and checklist.

    Raises NotVisible, NotNow, BadInput; RulesBroken where the auditor may not sign (R067, R072)
    or the checklist is not complete (R067, R073, R145). The rules judge the figures at issuance.
    """
    require_engaged(by, verification)
    _require_figures(figures, statement, verification.production.functional_unit)
    with once(
        by=by,
        key=key,
        kind="verification.sign",
        now=now,
        input={
            "verification": verification.pk,
            "delivered_tonnes": figures.delivered_tonnes,
            "site_intensity": figures.site_intensity,
            "intensity": figures.intensity,
            "scrap_share": figures.scrap_share,
            "statement": statement,
            **asdict(review),
        },
    ) as request:
        if not request.is_repeat:
            production = lock(verification.production)
            signed = _open(verification)
            require_resolved(signed)
            step(production, "verify", by=by, now=now)
            signed.delivered_tonnes = figures.delivered_tonnes
            signed.site_intensity = figures.site_intensity
            signed.intensity = figures.intensity
            signed.scrap_share = figures.scrap_share
            save_clean(AuditReview(verification=signed, **asdict(review)))
            _close(signed, Verification.State.SIGNED, statement, production, by, now.date())
            require_fit_audit(production, on=now.date())
            confirm(production, signed, now=now)
    return _fresh(verification)


@retrying
def return_production(
    *, by: User, now: datetime, key: str, verification: Verification, reason: str
) -> Verification:
    """Send an application back to its producer with the reason. Closes the engagement."""
    require_engaged(by, verification)
    if not reason.strip():
        raise BadInput({"reason": ["Say what has to be mended."]})
    with once(
        by=by,
        key=key,
        kind="verification.return",
        now=now,
        input={"verification": verification.pk, "reason": reason},
    ) as request:
        _return(request, verification, reason, by, now)
    return _fresh(verification)


def require_engaged(by: User, verification: Verification) -> None:
    """The engagement opens this production to the auditor's members only.

    A signed or returned one stays readable to them, so that a repeated submit is answered.
    """
    if not is_member(by, verification.auditor):
        raise NotVisible(f"verification {verification.pk}")
    if verification.state not in CLOSED and not has_object(by, VERIFY, verification.production):
        raise NotVisible(f"verification {verification.pk}")


def require_fit_audit(production: Production, *, on: date) -> None:
    """The auditor may sign, and the checklist is complete. Raises RulesBroken."""
    case = issuance_case(production, stage=Stage.ISSUANCE, on=on)
    findings = [
        each.judge(case, edition_on(on)) for each in rules(IssuanceCase) if each.id in AUDIT_RULES
    ]
    if failures(findings):
        raise RulesBroken(findings)


def _return(
    request: Request, verification: Verification, reason: str, by: User, now: datetime
) -> None:
    if request.is_repeat:
        return
    production = lock(verification.production)
    returned = _open(verification)
    step(production, "return", by=by, now=now, note=reason)
    _close(returned, Verification.State.RETURNED, reason, production, by, now.date())


def _close(
    verification: Verification,
    state: Verification.State,
    statement: str,
    production: Production,
    by: User,
    on: date,
) -> None:
    verification.state = state
    verification.statement = statement
    verification.signed_on = on
    verification.signed_by = by
    save_clean(verification)
    close_to(verification.auditor, VERIFY, production)


def _fresh(verification: Verification) -> Verification:
    return Verification.objects.select_related("production__site", "auditor").get(
        pk=verification.pk
    )


def _open(verification: Verification) -> Verification:
    """The engagement as it stands. Raises NotNow: a closed one says nothing of what came after."""
    fresh = _fresh(verification)
    if fresh.state in CLOSED:
        raise NotNow(
            found=f"This engagement is closed: {fresh.get_state_display()}.",
            allowed="An open engagement is started, signed or returned.",
            action="Open the latest engagement on this production, if there is one.",
        )
    return fresh


def _require_figures(figures: Figures, statement: str, functional_unit: str) -> None:
    """Every figure that the production's unit needs, and the words. Raises BadInput."""
    wanted = ["delivered_tonnes", "site_intensity", "intensity"]
    if functional_unit == FunctionalUnit.CRUDE_STEEL:
        wanted.append("scrap_share")
    errors = {
        name: ["Give the figure that you verified."]
        for name in wanted
        if getattr(figures, name) is None
    }
    if functional_unit == FunctionalUnit.IRON and figures.scrap_share is not None:
        errors["scrap_share"] = ["Iron has no scrap share: leave it empty."]
    if not statement.strip():
        errors["statement"] = ["Write the statement that you sign."]
    if errors:
        raise BadInput(errors)
