"""How the registry's codes are said to a reader: products, units, countries, record fields."""

import csv
from functools import cache
from pathlib import Path

from registry.rulebook.facts import FunctionalUnit

_COUNTRY_NAMES = Path(__file__).parent / "data" / "country_names.csv"

UNIT_NAMES = {FunctionalUnit.IRON: "iron", FunctionalUnit.CRUDE_STEEL: "crude steel"}

# Products whose name is more than their code with spaces.
_PRODUCT_NAMES = {
    "dri": "direct reduced iron (DRI)",
    "hbi": "hot briquetted iron (HBI)",
}

# The fields of 6.2 in the order of the document.
RECORD_LABELS = {
    "issue_date": "Issued on",
    "producer": "Producer",
    "location": "Production site",
    "vintage": "Production period (vintage)",
    "delivery_date": "Delivered on",
    "delivery_proof": "Proof of sale or delivery",
    "functional_unit": "Functional unit",
    "certification": "Certification or method",
    "abatement": "Abatement technology",
    "additionality": "Regulatory additionality",
    "intensity": "Emissions intensity",
    "adjusted_intensity": "Scrap-adjusted intensity",
    "scrap_share": "Scrap share of metallic input",
    "baseline": "Baseline intensity",
    "baseline_source": "Source of the baseline",
    "baseline_scrap": "Scrap share of the baseline",
    "end_use": "End use of the physical metal",
    "epd": "EPD or LCA",
    "epd_verifier": "Verifier of the EPD or LCA",
}


def unit_name(functional_unit: str) -> str:
    """For a reader: crude_steel is crude steel."""
    return UNIT_NAMES[FunctionalUnit(functional_unit)] if functional_unit else ""


def product_name(product: str) -> str:
    return _PRODUCT_NAMES.get(product, product.replace("_", " "))


def country_name(code: str) -> str:
    """The country's usual English name; its code where there is none."""
    return _country_names().get(code, code)


def countries() -> list[tuple[str, str]]:
    """Every country as (code, name), by name: what a form offers."""
    return sorted(_country_names().items(), key=lambda pair: pair[1])


@cache
def _country_names() -> dict[str, str]:
    with _COUNTRY_NAMES.open(encoding="utf-8", newline="") as file:
        return {row["iso2"]: row["name"] for row in csv.DictReader(file)}
