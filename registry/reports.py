"""Which judgement of an application each reader gets to keep: the one on their page."""

from datetime import date
from uuid import UUID

from accounts.errors import NotVisible
from accounts.models import User
from registry import scope
from registry.conformance import Report, of_application, of_issuance
from registry.models import Issuance, Production, Verification
from registry.rulebook.edition import Edition
from registry.services.dry_run import DryRun, rejudge_issuance, rejudge_production
from registry.services.issuing import findings_at_issuance, is_early
from registry.services.productions import findings_of
from registry.transitions import ProductionState


def report_to_producer(production: Production, *, on: date) -> Report:
    """The stored judgement once units are issued; before, the application as it stands."""
    return _issued(production) or of_application(production, findings_of(production, on=on), on=on)


def report_to_auditor(user: User, verification: Verification, *, on: date) -> Report:
    """As the application stands. Raises NotVisible: it is with its producer again."""
    if not scope.may_read_application(user, verification):
        raise NotVisible(f"application of engagement {verification.pk}")
    production = verification.production
    return _issued(production) or of_application(production, findings_of(production, on=on), on=on)


def report_to_operator(production: Production, *, on: date) -> Report:
    """What an approval rests on, where one is waited for."""
    is_waiting = production.state == ProductionState.VERIFIED or is_early(production)
    judge = findings_at_issuance if is_waiting else findings_of
    return _issued(production) or of_application(production, judge(production, on=on), on=on)


def _issued(production: Production) -> Report | None:
    issuance = Issuance.objects.filter(production=production).first()
    return of_issuance(issuance) if issuance else None


def dry_run_of(of: str, under: Edition, *, on: date) -> DryRun:
    """An application, by its production's id, or an issuance, by its code, for an operator.

    Raises NotVisible: there is none, or no auditor was handed it yet; NotNow.
    """
    is_code = of.isascii() and of.isalnum()
    issuance = Issuance.objects.filter(code=of).first() if is_code else None
    if issuance is not None:
        return rejudge_issuance(issuance, under)
    try:
        found = scope.application(UUID(of))
    except ValueError as error:
        raise NotVisible(f"application {of}") from error
    return rejudge_production(found, under, on=on)
