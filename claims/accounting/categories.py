"""The scopes and categories of an inventory (9.1; GHG Protocol Corporate Value Chain Standard)."""

from collections.abc import Mapping
from types import MappingProxyType

SCOPE_1 = "scope_1"

_SCOPE_3 = (
    "Purchased goods and services",
    "Capital goods",
    "Fuel- and energy-related activities (not included in scope 1 or scope 2)",
    "Upstream transportation and distribution",
    "Waste generated in operations",
    "Business travel",
    "Employee commuting",
    "Upstream leased assets",
    "Downstream transportation and distribution",
    "Processing of sold products",
    "Use of sold products",
    "End-of-life treatment of sold products",
    "Downstream leased assets",
    "Franchises",
    "Investments",
)

# Category -> its name as reported, in the order of reporting.
CATEGORIES: Mapping[str, str] = MappingProxyType(
    {SCOPE_1: "Scope 1: Direct emissions"}
    | {
        f"scope_3_{number}": f"Scope 3 Category {number}: {name}"
        for number, name in enumerate(_SCOPE_3, start=1)
    }
)

_ORDER = {category: place for place, category in enumerate(CATEGORIES)}


def scope_3(number: int) -> str:
    """The category with this number, 1…15. Raises ValueError."""
    category = f"scope_3_{number}"
    if category not in CATEGORIES:
        raise ValueError(f"Scope 3 has categories 1 to 15, found {number!r}")
    return category


def full_name(category: str) -> str:
    """As it is reported; an unknown one as it is."""
    return CATEGORIES.get(category, category)


def short_name(category: str) -> str:
    """Its scope and number, without what they are called."""
    return full_name(category).partition(":")[0]


def category_order(category: str) -> tuple[int, str]:
    """Sorts categories as they are reported, unknown ones last."""
    return _ORDER.get(category, len(_ORDER)), category
