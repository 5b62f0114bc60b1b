"""A claim's figures and a statement's document, as pages show them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from accounts.ui.formats import decimal_text, emissions
from claims.accounting.categories import CATEGORIES
from claims.accounting.facts import Cap
from claims.accounting.numbers import EXACT
from claims.accounting.quality import DATA_TIERS, VERIFIED
from registry.models import Issuance
from registry.public.units import unit_range

Figures = Mapping[str, Any]
# A group of lines is shown with so many of their names.
_NAMED = 5


def unit_runs(claims: Iterable[Figures]) -> list[dict[str, Any]]:
    """Every run of serials in these claims' figures."""
    return [
        run
        for claim in claims
        for part in [*claim["groups"], *([claim["spend"]] if claim.get("spend") else [])]
        for run in part["units"]
    ]


def first_lines(claims: Iterable[Figures]) -> set[str]:
    """The ids of the lines that a reader is told by name: some of each group."""
    return {id for claim in claims for group in claim["groups"] for id in group["lines"][:_NAMED]}


def figures_of(
    claim: Figures, issuances: Mapping[str, Issuance], names: Mapping[str, str]
) -> dict[str, Any]:
    """A claim's figures with its units by their identifiers and its lines by name."""
    groups = [
        {
            **group,
            "runs": _runs(group, issuances),
            "label": _label(group),
            "names": [names[id] for id in group["lines"][:_NAMED] if id in names],
            "more": max(group.get("line_count", len(group["lines"])) - _NAMED, 0),
        }
        for group in claim["groups"]
    ]
    spend = claim.get("spend")
    if spend:
        spend = {**spend, "runs": _runs(spend, issuances)}
    return {
        **claim,
        "groups": groups,
        "spend": spend,
        "earlier_emissions": _earlier(claim),
        "is_of_iron": any(_is_iron_part(group) for group in groups),
    }


def _is_iron_part(group: Figures) -> bool:
    """Units of iron on steel: its figures are of the iron in it (9.2)."""
    return bool(group["functional_unit"] == "iron" and group["material"] != "iron")


def _earlier(claim: Figures) -> Decimal:
    """What claims before this one took off the same lines, t CO2e."""
    left = EXACT.subtract(
        Decimal(claim["physical_emissions"]), Decimal(claim["reduction_emissions"])
    )
    return EXACT.subtract(left, Decimal(claim["adjusted_emissions"]))


def total_cap_words(claims: Iterable[Any]) -> list[dict[str, str]]:
    """What claimants wrote where they took the total-emissions cap (9.2, R123), each once."""
    found = {
        (claim.code, match["cap_reason"], match["auditor_note"]): None
        for claim in claims
        for match in claim.inputs.get("matches", [])
        if match["cap"] == Cap.TOTAL and match["cap_reason"]
    }
    return [{"claim": code, "reason": why, "note": note} for code, why, note in found]


def side_by_side(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Both inventories by category: what stands in one stands in the other (R113)."""
    adjusted = {
        each["category"]: each["emissions"] for each in document["adjusted_inventory"]["categories"]
    }
    return [
        {
            "name": each["name"],
            "physical_emissions": each["emissions"],
            "adjusted_emissions": adjusted[each["category"]],
            "reduction_emissions": EXACT.subtract(
                Decimal(each["emissions"]), Decimal(adjusted[each["category"]])
            ),
        }
        for each in document["physical_inventory"]["categories"]
    ]


def totals(document: Mapping[str, Any]) -> dict[str, Any]:
    physical = document["physical_inventory"]["total_emissions"]
    adjusted = document["adjusted_inventory"]["total_emissions"]
    return {
        "physical_emissions": physical,
        "adjusted_emissions": adjusted,
        "reduction_emissions": EXACT.subtract(Decimal(physical), Decimal(adjusted)),
    }


def quality_rows(document: Mapping[str, Any]) -> list[list[str]]:
    """Lines and emissions by where their data come from and by who verified them."""
    quality = document.get("data_quality", {})
    return [
        [
            words.get(each[name], each[name]),
            decimal_text(each["lines"]) or "0",
            emissions(each["emissions"]),
        ]
        for name, words in (("data_tier", DATA_TIERS), ("verified", VERIFIED))
        for each in quality.get(name, [])
    ]


def _runs(group: Figures, issuances: Mapping[str, Issuance]) -> list[dict[str, Any]]:
    return [
        {
            "units": unit_range(issuances[run["issuance"]], run["first"], run["last"], run["copy"]),
            "issuance": issuances[run["issuance"]],
        }
        for run in group["units"]
    ]


def _label(group: Figures) -> str:
    product = group["product_family"] or group["product_type"]
    material = " ".join(word for word in (product, group["material"]) if word)
    material = f"the iron in {material}" if _is_iron_part(group) else material
    factor = decimal_text(group["factor_intensity"])
    return f"{CATEGORIES[group['category']]}; {material} at {factor} t CO2e/t"
