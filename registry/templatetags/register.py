"""{% load register %}: the registry's codes in words, and what its pages draw with them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template

from accounts.ui.formats import day
from registry import words
from registry.identifiers import vintage_name
from registry.models.ledger import HoldingState

register = template.Library()

register.filter("country", words.country_name)
register.filter("product", words.product_name)
register.filter("unit", words.unit_name)

# The bar is drawn this wide; a state that holds anything is never thinner than a hair.
_WIDTH = 1000
_HAIR = 4


@register.filter
def vintage(start: date, end: date) -> str:
    """A production period: its calendar year alone, else both of its days."""
    name = vintage_name(start, end)
    return name if len(name) == 4 else f"{day(start)} to {day(end)}"


@register.filter
def holding_state(state: str) -> str:
    return str(HoldingState(state).label)


@register.inclusion_tag("public/state_bar.html")
def state_bar(amounts: Mapping[str, int]) -> dict[str, Any]:
    """Units by state as a bar and a table. Amounts are whole tonnes."""
    total = sum(amounts.values())
    parts, start = [], 0
    for state, amount in amounts.items():
        width = max(amount * _WIDTH // total, _HAIR) if total else 0
        parts.append({"state": state, "amount": amount, "x": start, "width": width})
        start += width
    return {"parts": parts, "total": total, "width": max(start, 1)}
