"""Records and database constraints of the claims. No rules, no arithmetic."""

from claims.models.acceptance import ProgrammeAcceptance
from claims.models.assurance import Assurance, Opinion
from claims.models.claim import SHARE_FIELDS, Claim, ClaimedRange, ClaimShare
from claims.models.imports import ImportedLine, LineImport
from claims.models.inventory import LINE_FIELDS, Inventory, InventoryLine, LineColumns
from claims.models.jobs import Job, PlannedGroup, PlannedUnits
from claims.models.pending import ClaimPath, DecisionPath, PendingClaim, PendingLine
from claims.models.statement import (
    Statement,
    StatementGroupObjectPermission,
    StatementStep,
    StatementUserObjectPermission,
)
from claims.models.statement_file import StatementFile

__all__ = [
    "LINE_FIELDS",
    "SHARE_FIELDS",
    "Assurance",
    "Claim",
    "ClaimPath",
    "ClaimShare",
    "ClaimedRange",
    "DecisionPath",
    "ImportedLine",
    "Inventory",
    "InventoryLine",
    "Job",
    "LineColumns",
    "LineImport",
    "Opinion",
    "PendingClaim",
    "PendingLine",
    "PlannedGroup",
    "PlannedUnits",
    "ProgrammeAcceptance",
    "Statement",
    "StatementFile",
    "StatementGroupObjectPermission",
    "StatementStep",
    "StatementUserObjectPermission",
]
