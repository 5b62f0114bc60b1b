"""What a person may see: one place per kind of record. Outsiders get NotVisible (404).

Whether they may also act on it is the services' question, asked on their first lines.
"""

from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from accounts.errors import NotVisible
from accounts.models import Account, Membership, User
from accounts.permissions import (
    Right,
    accounts_with,
    has_object,
    is_operator,
    organisations_of,
    require,
)
from registry.models import (
    Agreement,
    AgreementParty,
    AuditFinding,
    Baseline,
    Cancellation,
    CoClaim,
    CoClaimSeat,
    DeliveryNotice,
    Evidence,
    EvidenceRequest,
    ExAnteAudit,
    Issuance,
    Notice,
    Production,
    Retirement,
    RetirementOrder,
    Site,
    Transfer,
    Verification,
)
from registry.services.productions import VERIFY
from registry.services.transfers import visible_transfer
from registry.transitions import NoticeState, ProductionState

M = TypeVar("M", bound=Model)

_OF_PRODUCTION = (
    "site__organisation",
    "producer",
    "account",
    "agreement",
    "baseline__organisation",
    "created_by",
)


def sites_of(user: User) -> QuerySet[Site]:
    return Site.objects.filter(organisation__memberships__user=user)


def site(user: User, code: str) -> Site:
    return _one(sites_of(user).select_related("organisation"), f"site {code}", code=code)


def baselines_of(user: User) -> QuerySet[Baseline]:
    """The public library and the producer's own."""
    return Baseline.objects.filter(
        Q(organisation__isnull=True) | Q(organisation__memberships__user=user)
    )


def agreements_of(user: User) -> QuerySet[Agreement]:
    """As issuer or as buyer."""
    member = Membership.objects.filter(user=user, organisation=OuterRef("issuer"))
    party = AgreementParty.objects.filter(
        agreement=OuterRef("pk"), organisation__memberships__user=user
    )
    return Agreement.objects.filter(Exists(member) | Exists(party))


def agreement(user: User, pk: UUID) -> Agreement:
    rows = agreements_of(user).select_related("issuer", "rights__responsible", "commercial")
    return _one(rows, f"agreement {pk}", pk=pk)


def productions_of(user: User) -> QuerySet[Production]:
    return Production.objects.filter(producer__memberships__user=user)


def production(user: User, pk: UUID) -> Production:
    rows = productions_of(user).select_related(*_OF_PRODUCTION)
    return _one(rows, f"production {pk}", pk=pk)


def verified_productions() -> QuerySet[Production]:
    """What waits for the operators' approvals."""
    early = Q(
        state__in=(ProductionState.SUBMITTED, ProductionState.IN_VERIFICATION),
        early_request__isnull=False,
        early_refusal__isnull=True,
    )
    return Production.objects.filter(Q(state=ProductionState.VERIFIED) | early)


def application(pk: UUID) -> Production:
    """An application as an operator sees it: once it has been handed to an auditor."""
    related = Production.objects.filter(Exists(_handed_over())).select_related(*_OF_PRODUCTION)
    return _one(related, f"application {pk}", pk=pk)


def engagements_of(user: User) -> QuerySet[Verification]:
    return Verification.objects.filter(auditor__memberships__user=user)


def engagement(user: User, pk: UUID) -> Verification:
    rows = engagements_of(user).select_related(
        "auditor", "signed_by", *(f"production__{name}" for name in _OF_PRODUCTION)
    )
    return _one(rows, f"engagement {pk}", pk=pk)


def requests_of_producer(user: User) -> QuerySet[EvidenceRequest]:
    rows = EvidenceRequest.objects.filter(verification__production__in=productions_of(user))
    return rows.select_related("verification__production__producer")


def findings_of_producer(user: User) -> QuerySet[AuditFinding]:
    rows = AuditFinding.objects.filter(verification__production__in=productions_of(user))
    return rows.select_related("verification__production__producer")


def findings_of_auditor(user: User) -> QuerySet[AuditFinding]:
    rows = AuditFinding.objects.filter(verification__in=engagements_of(user))
    return rows.select_related("verification__production", "verification__auditor")


def verifications_talked_of(user: User) -> QuerySet[Verification]:
    """What auditor and producer say to each other is for the two of them."""
    mine = Q(auditor__memberships__user=user) | Q(production__in=productions_of(user))
    return Verification.objects.filter(mine).distinct()


def talked_of(user: User, pk: UUID) -> Verification:
    """Raises NotVisible."""
    rows = verifications_talked_of(user).select_related(
        "auditor", "production__site", "production__producer"
    )
    return _one(rows, f"verification {pk}", pk=pk)


def ex_ante_audits_of(user: User) -> QuerySet[ExAnteAudit]:
    """Of one's own firm as auditor."""
    return ExAnteAudit.objects.filter(auditor__memberships__user=user)


def ex_ante_audit(user: User, pk: UUID) -> ExAnteAudit:
    """For its auditor, or for the producer of its site. Raises NotVisible."""
    mine = Q(auditor__memberships__user=user) | Q(site__organisation__memberships__user=user)
    rows = ExAnteAudit.objects.filter(mine).distinct()
    related = ("site__organisation", "auditor", "signed_by", "opened_by")
    return _one(rows.select_related(*related), f"ex-ante audit {pk}", pk=pk)


def may_read_application(user: User, verification: Verification) -> bool:
    """While engaged, and what was signed for ever; not what a producer does after a return."""
    if verification.state == Verification.State.SIGNED:
        return True
    is_closed = verification.state == Verification.State.RETURNED
    return not is_closed and has_object(user, VERIFY, verification.production)


def evidence(user: User, pk: UUID) -> Evidence:
    """A file, for its producer's members, the auditor engaged on it and the operator."""
    found = Evidence.objects.select_related("production").filter(pk=pk).first()
    if found is None or not _may_read_evidence(user, found):
        raise NotVisible(f"evidence {pk}")
    return found


def issuance_of(user: User, production_pk: UUID) -> Issuance:
    """What was issued from one's own production. Raises NotVisible: not one's own, or nothing."""
    own = Issuance.objects.filter(producer__memberships__user=user)
    rows = own.select_related("production", "producer", "site")
    return _one(rows, f"issuance of production {production_pk}", production=production_pk)


def deliveries_of(user: User) -> QuerySet[DeliveryNotice]:
    """Delivery notices that one's organisations sent or, unless withdrawn, received."""
    member = Membership.objects.filter(user=user)
    sent = Exists(member.filter(organisation=OuterRef("producer")))
    received = Exists(member.filter(organisation=OuterRef("recipient")))
    return DeliveryNotice.objects.filter(sent | received & ~Q(state=NoticeState.WITHDRAWN))


def delivery(user: User, pk: UUID) -> DeliveryNotice:
    rows = deliveries_of(user).select_related(
        "issuance__site", "issuance__production", "producer", "recipient", "undertaken_by"
    )
    return _one(rows, f"delivery notice {pk}", pk=pk)


def account(user: User, number: str) -> Account:
    """Raises NotVisible for outsiders, Refused for members without the right to see it."""
    found = Account.objects.select_related("organisation").filter(number=number).first()
    if found is None:
        raise NotVisible(f"account {number}")
    require(user, Right.VIEW, found)
    return found


def account_to_set_up(user: User, number: str) -> Account:
    """For the operator any account, for others as `account`."""
    if is_operator(user):
        rows = Account.objects.select_related("organisation")
        return _one(rows, f"account {number}", number=number)
    return account(user, number)


def transfers_of(user: User) -> QuerySet[Transfer]:
    seen = accounts_with(user, Right.VIEW).values("pk")
    return Transfer.objects.filter(Q(from_account__in=seen) | Q(to_account__in=seen))


def transfer(user: User, pk: UUID) -> Transfer:
    return visible_transfer(user, pk)


def co_claims_of(user: User) -> QuerySet[CoClaim]:
    """As holder, as a party that has or is asked to take a seat, or as issuer."""
    mine = organisations_of(user).values("pk")
    seated = CoClaimSeat.objects.filter(co_claim=OuterRef("pk"), organisation__in=mine)
    return CoClaim.objects.filter(Exists(seated) | Q(agreement__issuer__in=mine))


def co_claim(user: User, code: str) -> CoClaim:
    related = ("agreement__issuer", "account__organisation", "responsible", "proposed_by")
    rows = co_claims_of(user).select_related(*related)
    return _one(rows, f"co-claim {code}", code=code)


def retirements_of(user: User) -> QuerySet[Retirement]:
    return Retirement.objects.filter(account__in=accounts_with(user, Right.VIEW).values("pk"))


def retirement(user: User, code: str) -> Retirement:
    rows = retirements_of(user).select_related("account", "organisation", "retired_by")
    return _one(rows, f"retirement {code}", code=code)


def retirement_orders_of(user: User) -> QuerySet[RetirementOrder]:
    return RetirementOrder.objects.filter(account__in=accounts_with(user, Right.VIEW).values("pk"))


def retirement_order(user: User, code: str) -> RetirementOrder:
    rows = retirement_orders_of(user).select_related("account", "organisation", "ordered_by")
    return _one(rows, f"retirement {code}", code=code)


def cancellations_of(user: User) -> QuerySet[Cancellation]:
    """Out of one's accounts; for the operator, those it asked for."""
    own = Q(account__in=accounts_with(user, Right.VIEW).values("pk"))
    asked = Q(by_operator=True) if is_operator(user) else Q(pk__in=[])
    return Cancellation.objects.filter(own | asked)


def cancellation(user: User, code: str) -> Cancellation:
    rows = cancellations_of(user).select_related("account", "organisation", "asked_by")
    return _one(rows, f"cancellation {code}", code=code)


def notices_of(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(organisation__memberships__user=user)


def notice(user: User, pk: UUID) -> Notice:
    return _one(notices_of(user).select_related("organisation"), f"notice {pk}", pk=pk)


def _may_read_evidence(user: User, found: Evidence) -> bool:
    production = found.production
    if productions_of(user).filter(pk=production.pk).exists():
        return True
    engaged = engagements_of(user).filter(production=production).select_related("production")
    if any(may_read_application(user, each) for each in engaged):
        return True
    return is_operator(user) and production.verifications.exists()


def _handed_over() -> QuerySet[Verification]:
    return Verification.objects.filter(production=OuterRef("pk"))


def _one(rows: QuerySet[M], what: str, **lookup: object) -> M:
    found = rows.filter(**lookup).first()
    if found is None:
        raise NotVisible(what)
    return found
