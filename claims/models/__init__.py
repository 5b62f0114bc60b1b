"""Records and database constraints of the claims. No rules, no arithmetic."""

from claims.models.claim import Claim, ClaimedRange, ClaimShare
from claims.models.inventory import Inventory, InventoryLine
from claims.models.statement import Statement

__all__ = ["Claim", "ClaimShare", "ClaimedRange", "Inventory", "InventoryLine", "Statement"]
