"""Records and database constraints of the registry. No rules, no writes of holdings."""

from registry.models.agreement import Agreement, AgreementParty
from registry.models.baseline import Baseline
from registry.models.issuance import Issuance
from registry.models.ledger import Entry, Holding
from registry.models.notice import Notice
from registry.models.orders import (
    Retirement,
    RetirementLine,
    Transfer,
    TransferLine,
    WriteRequest,
)
from registry.models.production import Approval, Evidence, Production, ProductionStep
from registry.models.site import Site
from registry.models.verification import Verification

__all__ = [
    "Agreement",
    "AgreementParty",
    "Approval",
    "Baseline",
    "Entry",
    "Evidence",
    "Holding",
    "Issuance",
    "Notice",
    "Production",
    "ProductionStep",
    "Retirement",
    "RetirementLine",
    "Site",
    "Transfer",
    "TransferLine",
    "Verification",
    "WriteRequest",
]
