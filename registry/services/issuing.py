"""Two operators approve a verified production; the second approval creates the units (6)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.permissions import require_operator
from accounts.services import public_code
from registry import ledger
from registry.errors import BadInput, NotNow, RulesBroken
from registry.models import (
    Approval,
    EarlyRequest,
    Issuance,
    JudgedCase,
    Production,
    Site,
    Verification,
)
from registry.rulebook.edition import Edition, edition_on
from registry.rulebook.facts import FunctionalUnit, IssuanceCase, Stage
from registry.rulebook.figures import functional_unit, scrap_share, site_intensity
from registry.rulebook.findings import Finding, Outcome, failures
from registry.rulebook.kept import keep
from registry.rulebook.threshold import is_preferred, level_reached
from registry.rulebook.vintage import expires_on, last_reporting_end
from registry.services.audit_facts import ex_ante_audit
from registry.services.cases import issuance_case
from registry.services.measured import lock_iron
from registry.services.productions import judged, lock, require_step, step
from registry.services.readings import require_producer
from registry.services.recipient_cases import open_duty
from registry.services.requests import once, retrying
from registry.transitions import ProductionState

APPROVALS_NEEDED = 2


@dataclass(frozen=True, slots=True)
class Audited:
    """The figures that units are issued at: signed ex-post, or expected ex-ante (R083)."""

    verification: Verification
    delivered_tonnes: int
    intensity: Decimal
    scrap_share: Decimal | None
    is_provisional: bool = False


@retrying
def approve_production(*, by: User, now: datetime, key: str, production: Production) -> Production:
    """Approve a verified production. The second person's approval issues its units.

    One whose producer asked for units before the ex-post audit is approved as provisional. The
    rules judge again at each approval, so that nobody approves what could not be issued.
    Raises Refused, NotNow, RulesBroken.
    """
    require_operator(by)
    with once(
        by=by, key=key, kind="production.approve", now=now, input={"production": production.pk}
    ) as request:
        # The site's row orders concurrent issuances from one site, which R085 adds up.
        Site.objects.select_for_update(no_key=True).get(pk=production.site_id)
        locked = lock(production)
        if request.is_repeat:
            return locked
        # Iron is counted once along its chain (R065), also by two who approve at once.
        lock_iron(locked)
        early = is_early(locked)
        require_step(locked, "approve early" if early else "approve")
        if not early:
            _signed(locked)
        case = issuance_case(locked, stage=Stage.ISSUANCE, on=now.date(), provisional=early)
        findings = judged(case)
        if failures(findings):
            raise RulesBroken(findings)
        audited = _expected(locked) if early else _signed_figures(locked)
        _approve(locked, audited, by, now)
        given = Approval.objects.filter(verification=audited.verification, is_provisional=early)
        if given.count() >= APPROVALS_NEEDED:
            step(locked, "approve early" if early else "approve", by=by, now=now)
            _issue(locked, audited, case, findings, by, now)
            step(locked, "issue early" if early else "issue", by=by, now=now)
        return locked


@retrying
def send_back(
    *, by: User, now: datetime, key: str, production: Production, reason: str
) -> Production:
    """An operator returns a verified production to its producer with the reason."""
    require_operator(by)
    if not reason.strip():
        raise BadInput({"reason": ["Say what has to be mended."]})
    with once(
        by=by,
        key=key,
        kind="production.send_back",
        now=now,
        input={"production": production.pk, "reason": reason},
    ) as request:
        locked = lock(production)
        if not request.is_repeat:
            step(locked, "send back", by=by, now=now, note=reason)
            _signed(locked)
            locked.verifications.filter(state=Verification.State.SIGNED).update(
                state=Verification.State.RETURNED
            )
        return locked


def findings_at_issuance(production: Production, *, on: date) -> list[Finding]:
    """The conformance report that an approval of this production rests on, rule by rule."""
    return judged(case_at_issuance(production, on=on))


def case_at_issuance(production: Production, *, on: date) -> IssuanceCase:
    """The facts of that report, for a page that shows both."""
    early = is_early(production)
    return issuance_case(production, stage=Stage.ISSUANCE, on=on, provisional=early)


def is_early(production: Production) -> bool:
    """Whether units are asked for, and not declined, before the ex-post audit, not signed yet."""
    is_open = production.state in (ProductionState.SUBMITTED, ProductionState.IN_VERIFICATION)
    asked = EarlyRequest.objects.filter(
        production=production, production__early_refusal__isnull=True
    )
    return is_open and asked.exists()


def _signed(production: Production) -> Verification:
    verification = production.verifications.filter(state=Verification.State.SIGNED).first()
    if verification is None:
        raise NotNow(
            found="No signed verification is on file.",
            allowed="Units rest on an auditor's signed statement.",
            action="Send the application back to its producer.",
        )
    return verification


def _signed_figures(production: Production) -> Audited:
    """What the auditor signed. Raises NotNow."""
    verification = _signed(production)
    assert verification.delivered_tonnes is not None  # a signature needs the figures
    assert verification.intensity is not None
    return Audited(
        verification=verification,
        delivered_tonnes=verification.delivered_tonnes,
        intensity=verification.intensity,
        scrap_share=verification.scrap_share,
    )


def _expected(production: Production) -> Audited:
    """What the ex-ante audit expects, and what is declared as delivered (R083, R085 passed)."""
    audit = ex_ante_audit(production)
    assert audit is not None
    assert audit.intensity is not None
    assert production.delivered_tonnes is not None
    return Audited(
        verification=production.verifications.latest("id"),
        delivered_tonnes=production.delivered_tonnes,
        intensity=audit.intensity,
        scrap_share=audit.scrap_share,
        is_provisional=True,
    )


def _approve(production: Production, audited: Audited, by: User, now: datetime) -> None:
    verification, early = audited.verification, audited.is_provisional
    given = Approval.objects.filter(verification=verification, by=by, is_provisional=early)
    if given.exists():
        raise NotNow(
            found="You approved this application already.",
            allowed="Two different people approve.",
            action="Ask another operator for the second approval.",
        )
    Approval.objects.create(
        production=production, verification=verification, by=by, at=now, is_provisional=early
    )


def _issue(
    production: Production,
    audited: Audited,
    case: IssuanceCase,
    findings: list[Finding],
    by: User,
    now: datetime,
) -> Issuance:
    assert production.account is not None  # submission asks for it
    assert production.tonnes is not None  # R001
    require_producer(production.producer, now.date(), production.functional_unit)
    issuance = _record(production, audited, case, findings, edition_on(now.date()), now)
    issuance.save(force_insert=True)
    JudgedCase.objects.create(issuance=issuance, facts=keep(case))
    open_duty(issuance)
    ledger.issue(
        issuance=issuance.pk,
        account=production.account.pk,
        quantity=production.tonnes,
        by=by.pk,
        at=now,
    )
    return issuance


def _record(
    production: Production,
    audited: Audited,
    case: IssuanceCase,
    findings: list[Finding],
    edition: Edition,
    now: datetime,
) -> Issuance:
    """The public record, with the audited figures. Every value passed the rules just now."""
    assert case.baseline.value_intensity is not None  # R056
    agreement = production.agreement
    return Issuance(
        code=public_code(),
        production=production,
        verification=audited.verification,
        agreement=agreement,
        site=production.site,
        producer=production.producer,
        account=production.account,
        quantity=production.tonnes,
        functional_unit=production.functional_unit,
        product=production.product,
        country=production.site.country,
        issued_on=now.date(),
        issued_at=now,
        adjusted_intensity=case.production.adjusted_intensity,
        delivered_tonnes=audited.delivered_tonnes,
        intensity=audited.intensity,
        is_provisional=audited.is_provisional,
        baseline_intensity=case.baseline.value_intensity,
        baseline_source=case.baseline.source,
        is_no_reduction=any(f.rule == "R056" and f.outcome is Outcome.WARN for f in findings),
        transfers_allowed=agreement.transfers_allowed if agreement else None,
        claims_agreed=agreement.claims_agreed if agreement else 1,
        edition=edition.id,
        record=dict(case.record or {}),
        findings=[finding.as_dict() for finding in findings],
        is_demonstration=production.is_demonstration,
        **_vintage(production, edition),
        scrap_share=_scrap_share(production, audited),
        **_level(case, edition),
    )


def _vintage(production: Production, edition: Edition) -> dict[str, Any]:
    """The production period, and how long its units can be used (8.1)."""
    assert production.period_start is not None  # R081
    return {
        "vintage_start": production.period_start,
        "vintage_end": production.period_end,
        "reporting_end": last_reporting_end(production.period_start, edition),
        "expires_on": expires_on(production.period_start, edition),
    }


def _scrap_share(production: Production, audited: Audited) -> Decimal | None:
    is_iron = production.functional_unit == FunctionalUnit.IRON
    return None if is_iron else audited.scrap_share


def _level(case: IssuanceCase, edition: Edition) -> dict[str, Any]:
    """The level that R022 and R023 found, by the figures they looked at (3.1)."""
    unit = functional_unit(case)
    scrap = None if unit is FunctionalUnit.IRON else scrap_share(case)
    site = site_intensity(case)
    return {
        "level": level_reached(
            edition, functional_unit=unit, site_intensity=site, scrap_share=scrap
        ),
        "is_preferred": is_preferred(
            edition, functional_unit=unit, site_intensity=site, scrap_share=scrap
        ),
    }
