"""What fits together in one line of an inventory, and what follows from it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from claims.accounting.facts import DataTier
from claims.accounting.numbers import ZERO
from claims.accounting.spend import Estimation, SpendFacts, spend_emissions
from claims.services.line_columns import LABELS

SPEND_FIELDS = (
    "currency",
    "spend_factor",
    "estimation",
    "price_index_spend",
    "price_index_reference",
    "unit_price",
    "price_source",
)
# What the unit cost approach needs beside the spend (11.7).
_UNIT_COST = ("price_index_spend", "price_index_reference", "unit_price", "baseline_intensity")
_CONTENT = ("iron_content", "regional_scrap_share", "global_scrap_share")
_CURRENCY = re.compile(r"[A-Z]{3}")
# What the column of emissions holds.
_MOST_EMISSIONS = Decimal(10) ** 14

_WAYS = "physical tonnes with an emission factor, or spend, or emissions in t CO2e"


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit together in one line, by its field."""

    field: str
    found: str
    allowed: str
    action: str

    @property
    def text(self) -> str:
        return f"{self.action} Found: {self.found}; allowed: {self.allowed}."


def misfits(values: Mapping[str, Any]) -> list[Misfit]:
    """What does not fit together in a line whose values are each of the right shape.

    values: keys of LINE_FIELDS; a key that is not there is empty.
    """
    return [*_way_faults(values), *_spend_faults(values), *_source_faults(values)]


def completed(values: Mapping[str, Any]) -> dict[str, Any]:
    """A line that fits, with what follows from its spend: its tier and its emissions.

    Raises ValueError where `misfits` has something to say.
    """
    whole = dict(values)
    if whole.get("spend") is None:
        return whole
    emissions = spend_emissions(spend_facts("", whole))
    return whole | {"data_tier": DataTier.SPEND.value, "stated_emissions": emissions}


def spend_facts(id: str, values: Mapping[str, Any]) -> SpendFacts:
    """A spend line as the accounting sees it (11.7). values: keys of LINE_FIELDS."""
    return SpendFacts(
        id=id,
        category=values.get("category") or "",
        method=values.get("estimation") or Estimation.INTERVENTION_BASELINE.value,
        spend=values.get("spend"),
        baseline_intensity=values.get("baseline_intensity"),
        baseline_source=values.get("baseline_source") or "",
        currency=values.get("currency") or "",
        factor=values.get("spend_factor"),
        price_index_spend=values.get("price_index_spend"),
        price_index_reference=values.get("price_index_reference"),
        unit_price=values.get("unit_price"),
        price_source=values.get("price_source") or "",
    )


def _way_faults(values: Mapping[str, Any]) -> Iterator[Misfit]:
    """A line has emissions in exactly one of three ways."""
    given = [name for name in ("tonnes", "spend", "stated_emissions") if _has(values, name)]
    factor = _has(values, "factor_intensity")
    if given == ["tonnes"] and factor:
        return
    if given in (["spend"], ["stated_emissions"]) and not factor:
        return
    names = [*given, *(["factor_intensity"] if factor else [])]
    found = " and ".join(_label(name) for name in names) or "none of them"
    found = f"{found} alone" if len(names) == 1 else found
    field = "spend" if "spend" in given and "tonnes" not in given else "tonnes"
    yield Misfit(field, found, _WAYS, f"Give {_WAYS}.")


def _spend_faults(values: Mapping[str, Any]) -> Iterator[Misfit]:
    tier = values.get("data_tier") or ""
    if not _has(values, "spend"):
        if tier == DataTier.SPEND:
            yield Misfit("data_tier", "spend without a spend", "supplier, regional or global",
                         "Give the spend, or the tier of the tonnes.")  # fmt: skip
        for name in SPEND_FIELDS:
            if _has(values, name):
                action = "Leave it empty, or give the spend."
                yield Misfit(name, str(values[name]), "lines of spend only", action)
        return
    if tier not in ("", DataTier.SPEND):
        action = "Leave the tier empty, or give tonnes."
        yield Misfit("data_tier", tier, "spend, for a line of spend", action)
    if not _CURRENCY.fullmatch(values.get("currency") or ""):
        action = "Name the currency."
        found = f'"{values.get("currency") or ""}"'
        yield Misfit("currency", found, "three capital letters (ISO 4217), such as EUR", action)
    is_unit_cost = values.get("estimation") == Estimation.UNIT_COST
    needed = ("spend", *_UNIT_COST) if is_unit_cost else ("spend", "spend_factor")
    missing = [name for name in needed if not _above_zero(values, name)]
    for name in missing:
        found = str(values[name]) if _has(values, name) else "nothing"
        way = "the unit cost approach" if is_unit_cost else "spend times a factor"
        action = f"Give the {_label(name)}: {way} needs it."
        yield Misfit(name, found, "a number above zero", action)
    if not missing and (emissions := spend_emissions(spend_facts("", values))) >= _MOST_EMISSIONS:
        action = "Check the units of the figures."
        yield Misfit("spend", f"{emissions} t CO2e", f"below {_MOST_EMISSIONS:f} t CO2e", action)


def _source_faults(values: Mapping[str, Any]) -> Iterator[Misfit]:
    """A figure from outside is named with its source (9.2, 11.7)."""
    content = [name for name in _CONTENT if _has(values, name)]
    if content and not _has(values, "iron_content_source"):
        found, allowed = f"a {_label(content[0])} without a source", "a source with it (9.2)"
        yield Misfit("iron_content_source", found, allowed, "Name where the figure is from.")
    if _has(values, "baseline_intensity") and not _has(values, "baseline_source"):
        allowed = "a source with it (11.7)"
        action = "Name where the baseline is from."
        yield Misfit("baseline_source", "a baseline without a source", allowed, action)


def _has(values: Mapping[str, Any], name: str) -> bool:
    value = values.get(name)
    return value is not None and value != ""


def _above_zero(values: Mapping[str, Any], name: str) -> bool:
    value = values.get(name)
    return isinstance(value, Decimal) and value.is_finite() and value > ZERO


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " ")).lower()
