"""Records and database constraints of the claims. No rules, no arithmetic."""

from claims.models.claim import Claim, ClaimedRange, ClaimShare
from claims.models.imports import ImportedLine, LineImport
from claims.models.inventory import Inventory, InventoryLine, LineColumns
from claims.models.statement import Statement

__all__ = [
    "Claim",
    "ClaimShare",
    "ClaimedRange",
    "ImportedLine",
    "Inventory",
    "InventoryLine",
    "LineColumns",
    "LineImport",
    "Statement",
]
