"""Records and database constraints of the claims. No rules, no arithmetic."""

from claims.models.claim import Claim, ClaimedRange, ClaimShare
from claims.models.imports import ImportedLine, LineImport
from claims.models.inventory import Inventory, InventoryLine, LineColumns
from claims.models.pending import ClaimPath, DecisionPath, PendingClaim, PendingLine
from claims.models.statement import Statement

__all__ = [
    "Claim",
    "ClaimPath",
    "ClaimShare",
    "ClaimedRange",
    "DecisionPath",
    "ImportedLine",
    "Inventory",
    "InventoryLine",
    "LineColumns",
    "LineImport",
    "PendingClaim",
    "PendingLine",
    "Statement",
]
