"""The rows of `registry.scope` in a stated order, with what an answer shows beside them."""

from typing import Any, TypeVar

from django.db.models import Model, Prefetch, Q, QuerySet

from accounts.errors import NotVisible
from accounts.models import Account, User
from registry import scope
from registry.models import (
    Agreement,
    AgreementConfirmation,
    AgreementParty,
    AgreementSeat,
    Approval,
    Baseline,
    Cancellation,
    CancellationLine,
    Evidence,
    Holding,
    Production,
    ProductionStep,
    Retirement,
    RetirementLine,
    RetirementOrder,
    RetirementOrderLine,
    Site,
    Transfer,
    TransferLine,
    Verification,
)

M = TypeVar("M", bound=Model)


def one(rows: QuerySet[M], **lookup: Any) -> M:
    """The one row among those a person may see. Raises NotVisible."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise NotVisible(f"There is no such {rows.model._meta.verbose_name}.")
    return found


def sites(user: User) -> QuerySet[Site]:
    return scope.sites_of(user).select_related("organisation").order_by("code")


def baselines(user: User) -> QuerySet[Baseline]:
    """The public library first."""
    rows = scope.baselines_of(user).select_related("organisation")
    return rows.order_by("organisation__name", "name", "id").distinct()


def agreements(user: User) -> QuerySet[Agreement]:
    """Newest first, with their parties."""
    parties = AgreementParty.objects.select_related("organisation").order_by("id")
    seats = AgreementSeat.objects.select_related("organisation").order_by("copy")
    confirmations = AgreementConfirmation.objects.select_related("organisation").order_by("id")
    return (
        scope.agreements_of(user)
        .select_related("issuer", "rights__responsible", "commercial")
        .prefetch_related(
            Prefetch("parties", queryset=parties),
            Prefetch("seats", queryset=seats),
            Prefetch("confirmations", queryset=confirmations),
        )
        .order_by("-executed_on", "-id")
    )


def productions(user: User) -> QuerySet[Production]:
    """Newest first."""
    return _related(scope.productions_of(user)).order_by("-created_at", "-id")


def awaiting_approval() -> QuerySet[Production]:
    """Oldest first."""
    return _related(scope.verified_productions()).order_by("created_at", "id")


def applications() -> QuerySet[Production]:
    """What an operator may see: what an auditor signed, and units asked for before that."""
    signed = Verification.objects.filter(state=Verification.State.SIGNED).values("production")
    seen = Q(pk__in=signed) | Q(early_request__isnull=False)
    return _related(Production.objects.filter(seen))


def all_productions() -> QuerySet[Production]:
    """For a reader whose right to see the production was asked before."""
    return _related(Production.objects.all())


def with_history(rows: QuerySet[Production]) -> QuerySet[Production]:
    """With their evidence, steps, verifications and approvals."""
    verifications = Verification.objects.select_related("auditor").order_by("id")
    return rows.select_related("baseline_choice").prefetch_related(
        Prefetch("evidence", queryset=Evidence.objects.order_by("id")),
        Prefetch("steps", queryset=ProductionStep.objects.order_by("id")),
        Prefetch("verifications", queryset=verifications),
        Prefetch("approvals", queryset=Approval.objects.order_by("id")),
    )


def verifications(user: User) -> QuerySet[Verification]:
    """Those due first on top."""
    related = scope.engagements_of(user).select_related(
        "production__site", "production__producer", "auditor"
    )
    return related.order_by("due_on", "id")


def holdings(account: Account) -> QuerySet[Holding]:
    """Oldest vintage first."""
    return (
        Holding.objects.filter(account=account)
        .select_related("issuance__site", "issuance__producer")
        .order_by("issuance__vintage_start", "issuance__issued_at", "issuance", "copy", "serials")
    )


def transfers(user: User) -> QuerySet[Transfer]:
    """Newest first."""
    return (
        scope.transfers_of(user)
        .select_related("from_account__organisation", "to_account__organisation", "delay")
        .order_by("-proposed_at", "-id")
    )


def retirements(user: User) -> QuerySet[Retirement]:
    """Newest first."""
    return _of_retirements(scope.retirements_of(user))


def retiring(user: User, code: str) -> Retirement | RetirementOrder:
    """A retirement with its ranges, or the order whose cooling-off runs. Raises NotVisible."""
    final = with_lines(retirements(user)).filter(code=code).first()
    if final is not None:
        return final
    orders = scope.retirement_orders_of(user).select_related("organisation", "account")
    return one(with_lines(orders), code=code)


def public_retirements() -> QuerySet[Retirement]:
    """Newest first."""
    return _of_retirements(Retirement.objects.all())


def with_lines(rows: QuerySet[M]) -> QuerySet[M]:
    """Transfers, retirements or cancellations with their ranges, in serial order."""
    kinds: dict[type[Model], type[Model]] = {
        Transfer: TransferLine,
        Retirement: RetirementLine,
        RetirementOrder: RetirementOrderLine,
        Cancellation: CancellationLine,
    }
    lines: QuerySet[Any] = kinds[rows.model]._default_manager.all()
    ordered = lines.select_related("issuance__site").order_by("issuance_id", "copy", "serials")
    return rows.prefetch_related(Prefetch("lines", queryset=ordered))


def _of_retirements(rows: QuerySet[Retirement]) -> QuerySet[Retirement]:
    return rows.select_related("organisation").order_by("-retired_at", "-id")


def _related(rows: QuerySet[Production]) -> QuerySet[Production]:
    return rows.select_related("site", "producer", "account", "agreement", "baseline", "issuance")
