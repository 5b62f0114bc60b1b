"""The words that a field may hold. The settings name each set in the interface's description."""

from claims.accounting.categories import CATEGORIES
from claims.accounting.facts import Cap, Material, Method, ProductType

INVENTORY_CATEGORIES = list(CATEGORIES)
MATERIALS = [material.value for material in Material]
PRODUCT_TYPES = [kind.value for kind in ProductType]
METHODS = [method.value for method in Method]
CAPS = [cap.value for cap in Cap]
