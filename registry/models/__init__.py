"""Records and database constraints of the registry. No rules, no writes of holdings."""

from registry.models.additionality import (
    Additionality,
    AgreementCriterion,
    CriterionAnswer,
    Obligation,
)
from registry.models.agreement import Agreement, AgreementParty
from registry.models.audit import (
    Accreditation,
    AuditFinding,
    AuditReview,
    EvidenceRequest,
    ExAnteAudit,
)
from registry.models.baseline import Baseline
from registry.models.baseline_choice import BaselineChoice
from registry.models.cancellation import Cancellation, CancellationLine
from registry.models.co_claim import CoClaim, CoClaimLine, CoClaimSeat
from registry.models.elsewhere import ElsewhereIssuance, SiteAlias
from registry.models.issuance import Issuance
from registry.models.judged import JudgedCase
from registry.models.ledger import Entry, Holding
from registry.models.log import LogCheckpoint, LogLeaf, LogPending, LogSalt
from registry.models.measurement import Allocation, IronLot, Measurement
from registry.models.notice import Notice
from registry.models.orders import (
    Retirement,
    RetirementLine,
    Transfer,
    TransferLine,
    WriteRequest,
)
from registry.models.pathway import SiteCertificate, SitePathway
from registry.models.policy import PolicyChange, TransferDelay
from registry.models.production import Approval, Evidence, Production, ProductionStep
from registry.models.provisional import Confirmation, EarlyRefusal, EarlyRequest
from registry.models.recipients import DeliveryNotice, Disclosure, EpdDuty
from registry.models.retiring import CoolingOff, RetirementOrder, RetirementOrderLine
from registry.models.rights import (
    AgreementConfirmation,
    AgreementRights,
    AgreementSeat,
    CommercialTerms,
)
from registry.models.site import Site
from registry.models.suspension import Adjustment, SuspendedRange, Suspension
from registry.models.technology import (
    CapturedFraction,
    CapturePoint,
    Feedstock,
    ProductionTechnology,
    SiteTechnology,
)
from registry.models.verification import Verification

__all__ = [
    "Accreditation",
    "Additionality",
    "Adjustment",
    "Agreement",
    "AgreementConfirmation",
    "AgreementCriterion",
    "AgreementParty",
    "AgreementRights",
    "AgreementSeat",
    "Allocation",
    "Approval",
    "AuditFinding",
    "AuditReview",
    "Baseline",
    "BaselineChoice",
    "Cancellation",
    "CancellationLine",
    "CapturePoint",
    "CapturedFraction",
    "CoClaim",
    "CoClaimLine",
    "CoClaimSeat",
    "CommercialTerms",
    "Confirmation",
    "CoolingOff",
    "CriterionAnswer",
    "DeliveryNotice",
    "Disclosure",
    "EarlyRefusal",
    "EarlyRequest",
    "ElsewhereIssuance",
    "Entry",
    "EpdDuty",
    "Evidence",
    "EvidenceRequest",
    "ExAnteAudit",
    "Feedstock",
    "Holding",
    "IronLot",
    "Issuance",
    "JudgedCase",
    "LogCheckpoint",
    "LogLeaf",
    "LogPending",
    "LogSalt",
    "Measurement",
    "Notice",
    "Obligation",
    "PolicyChange",
    "Production",
    "ProductionStep",
    "ProductionTechnology",
    "Retirement",
    "RetirementLine",
    "RetirementOrder",
    "RetirementOrderLine",
    "Site",
    "SiteAlias",
    "SiteCertificate",
    "SitePathway",
    "SiteTechnology",
    "SuspendedRange",
    "Suspension",
    "Transfer",
    "TransferDelay",
    "TransferLine",
    "Verification",
    "WriteRequest",
]
