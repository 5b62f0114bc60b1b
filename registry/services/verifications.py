"""The auditor's side: start, sign or return a verification (5.3)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from accounts.errors import NotVisible
from accounts.models import User
from accounts.permissions import close_to, has_object, is_member
from registry.errors import BadInput
from registry.models import Production, Verification
from registry.services.productions import VERIFY, lock, step
from registry.services.requests import Request, once, retrying
from registry.services.sites import save_clean


@dataclass(frozen=True, slots=True)
class Figures:
    """What the auditor verified. Tonnes whole, intensities t CO2e/t, scrap_share None for iron."""

    delivered_tonnes: int
    site_intensity: Decimal
    intensity: Decimal
    scrap_share: Decimal | None


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
    statement: str,
) -> Verification:
    """Sign that the production is verified, with the auditor's own figures.

    Raises NotVisible, NotNow, BadInput. The rules judge these figures at issuance.
    """
    require_engaged(by, verification)
    if not statement.strip():
        raise BadInput({"statement": ["Write the statement that you sign."]})
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
        },
    ) as request:
        if not request.is_repeat:
            production = lock(verification.production)
            step(production, "verify", by=by, now=now)
            signed = _fresh(verification)
            signed.delivered_tonnes = figures.delivered_tonnes
            signed.site_intensity = figures.site_intensity
            signed.intensity = figures.intensity
            signed.scrap_share = figures.scrap_share
            _close(signed, Verification.State.SIGNED, statement, production, by, now.date())
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
    is_closed = verification.state in (Verification.State.SIGNED, Verification.State.RETURNED)
    if not is_closed and not has_object(by, VERIFY, verification.production):
        raise NotVisible(f"verification {verification.pk}")


def _return(
    request: Request, verification: Verification, reason: str, by: User, now: datetime
) -> None:
    if request.is_repeat:
        return
    production = lock(verification.production)
    step(production, "return", by=by, now=now, note=reason)
    _close(_fresh(verification), Verification.State.RETURNED, reason, production, by, now.date())


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
