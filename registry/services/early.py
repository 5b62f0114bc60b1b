"""Units before the ex-post audit: asked for by the producer, confirmed by the audit (6.1, R083)."""

from datetime import datetime

from django.urls import reverse

from accounts.models import User
from accounts.permissions import require_initiator, require_operator
from registry.errors import BadInput, NotNow, RulesBroken
from registry.models import (
    Confirmation,
    EarlyRefusal,
    EarlyRequest,
    Issuance,
    Production,
    Verification,
)
from registry.rulebook.edition import edition_on
from registry.rulebook.engine import judge
from registry.rulebook.facts import Stage
from registry.rulebook.findings import Finding, failures
from registry.services.cases import issuance_case
from registry.services.notices import tell, tell_all
from registry.services.productions import lock, require_step
from registry.services.requests import once, retrying
from registry.services.shape import require_texts


@retrying
def ask_early(*, by: User, now: datetime, key: str, production: Production) -> EarlyRequest:
    """Ask for provisional units of an application that is with its auditor.

    Raises NotVisible, Refused, NotNow, RulesBroken with every finding when one fails.
    """
    require_initiator(by, production.producer)
    with once(
        by=by, key=key, kind="production.early", now=now, input={"production": production.pk}
    ) as request:
        locked = lock(production)
        if not request.is_repeat:
            require_step(locked, "approve early")
            _require_not_declined(locked)
            case = issuance_case(locked, stage=Stage.ISSUANCE, on=now.date(), provisional=True)
            findings = judge(case, edition_on(now.date()))
            if failures(findings):
                raise RulesBroken(findings)
            EarlyRequest.objects.get_or_create(
                production=locked, defaults={"asked_at": now, "asked_by": by}
            )
        return EarlyRequest.objects.get(production=locked)


@retrying
def decline_early(
    *, by: User, now: datetime, key: str, production: Production, reason: str
) -> EarlyRefusal:
    """An operator declines the request for good: the application stays with its auditor.

    Raises Refused, BadInput, NotNow where nothing was asked for, or it was decided.
    """
    require_operator(by)
    if not reason.strip():
        raise BadInput({"reason": ["Say why: the producer reads it."]})
    require_texts(EarlyRefusal, reason=reason)
    with once(
        by=by,
        key=key,
        kind="production.decline_early",
        now=now,
        input={"production": production.pk, "reason": reason},
    ) as request:
        locked = lock(production)
        if request.is_repeat:
            return EarlyRefusal.objects.get(production=locked)
        require_step(locked, "approve early")
        _require_not_declined(locked)
        if not EarlyRequest.objects.filter(production=locked).exists():
            raise NotNow(
                found="Nobody asked for units of this production before its audit.",
                allowed="A request is declined.",
                action="Reload the page to see where it stands.",
            )
        tell(
            locked.producer,
            kind="provisional.declined",
            text=f"Your request for provisional units was declined: {reason}"[:500],
            at=now,
            about=locked,
            url=reverse("portal:production", args=[locked.pk]),
        )
        return EarlyRefusal.objects.create(production=locked, at=now, by=by, reason=reason)


def _require_not_declined(production: Production) -> None:
    declined = EarlyRefusal.objects.filter(production=production).first()
    if declined is not None:
        raise NotNow(
            found=f"Units before the audit were declined on {declined.at:%Y-%m-%d}: "
            f"{declined.reason}",
            allowed="They are asked for, and decided on, once.",
            action="The units come when the auditor has signed.",
        )


def confirm(production: Production, signed: Verification, *, now: datetime) -> None:
    """The ex-post audit of provisional units: confirmed, or the difference is on record.

    Every rule judges the signed figures. Units are confirmed when none fails and the verified
    intensity is no higher than the one they were issued at. Where a rule other than the room
    for units (R085, R086) fails, no unit may stand.
    """
    issuance = Issuance.objects.filter(production=production, is_provisional=True).first()
    if issuance is None:
        return
    assert signed.delivered_tonnes is not None  # a signature needs the figures
    assert signed.intensity is not None
    edition = edition_on(now.date())
    findings = judge(issuance_case(production, stage=Stage.ISSUANCE, on=now.date()), edition)
    is_confirmed = not failures(findings) and signed.intensity <= issuance.intensity
    confirmation = Confirmation.objects.create(
        issuance=issuance,
        verification=signed,
        at=now,
        is_confirmed=is_confirmed,
        verified_tonnes=signed.delivered_tonnes,
        verified_intensity=signed.intensity,
        shortfall=shortfall(findings, issuance.quantity),
        edition=edition.id,
        findings=[finding.as_dict() for finding in findings],
    )
    _tell(confirmation)


def shortfall(findings: list[Finding], quantity: int) -> int:
    """Units of `quantity` that may not stand by these findings, 0 when none fails."""
    failed = {each.rule: each for each in failures(findings)}
    if not failed:
        return 0
    if set(failed) - {"R085"}:
        return quantity
    numbers = failed["R085"].numbers
    rooms = [int(numbers[name]) for name in ("room", "agreement_room") if name in numbers]
    return quantity - min([*rooms, quantity])


def _tell(confirmation: Confirmation) -> None:
    """The issuer, and whoever holds the units, learn what the audit said."""
    issuance = confirmation.issuance
    holders = {
        holding.account.organisation
        for holding in issuance.holdings.select_related("account__organisation")
        if holding.account is not None
    }
    said = "confirmed"
    if not confirmation.is_confirmed:
        said = (
            f"not confirmed: {confirmation.verified_tonnes:,} t verified as delivered at "
            f"{confirmation.verified_intensity.normalize():f} t CO2e/t, "
            f"{confirmation.shortfall:,} units may not stand"
        )
    tell_all(
        {issuance.producer, *holders},
        kind="provisional.confirmed" if confirmation.is_confirmed else "provisional.differs",
        text=f"Provisional units of issuance {issuance.code} are {said}.",
        at=confirmation.at,
        about=issuance,
        url=f"/register/issuances/{issuance.code}/",
    )
