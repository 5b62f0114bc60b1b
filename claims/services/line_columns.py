"""The columns of a table of lines: what each cell may hold, as wide as the record's column."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from claims.accounting.categories import CATEGORIES
from claims.accounting.facts import DataTier, Material, ProductType, Verified
from claims.accounting.spend import Estimation
from registry.tabular import Column, Kind

_NONE, _ONE = Decimal(0), Decimal(1)


def _words(words: Iterable[StrEnum]) -> dict[str, str]:
    return {word.value: word.value.replace("_", " ") for word in words}


def _text(name: str, label: str, length: int, help: str = "", example: str = "") -> Column:
    return Column(name, label, length=length, help=help, example=example)


def _figure(
    name: str, label: str, digits: int, places: int, help: str = "", example: str = ""
) -> Column:
    return Column(
        name,
        label,
        Kind.DECIMAL,
        least=_NONE,
        digits=digits - places,
        decimals=places,
        help=help,
        example=example,
    )


def _share(name: str, label: str, help: str = "", example: str = "") -> Column:
    return Column(
        name,
        label,
        Kind.DECIMAL,
        least=_NONE,
        most=_ONE,
        digits=1,
        decimals=6,
        help=help or "0 to 1: 0.25 for 25 %.",
        example=example,
    )


def _choice(
    name: str, label: str, choices: dict[str, str], help: str, example: str = "", **more: bool
) -> Column:
    return Column(name, label, Kind.CHOICE, choices=choices, help=help, example=example, **more)


COLUMNS = (
    Column(
        "name",
        "Name",
        required=True,
        length=200,
        help="What it is, as you know it.",
        example="Rebar in owned office buildings",
    ),
    _choice(
        "category",
        "Category",
        dict(CATEGORIES),
        "scope_1 for your own iron, or a Scope 3 category: "
        + "; ".join(f"{code} = {name.partition(': ')[2]}" for code, name in CATEGORIES.items()),
        "scope_3_2",
        required=True,
    ),
    _choice("material", "Material", _words(Material), "other: not iron or steel; units are not "
            "applied to it (9.1).", "steel", required=True),
    _choice("product_type", "Product type", _words(ProductType), "flat: plate, coil, sheet; long: "
            "bar, rebar, section, rail, wire.", "long"),
    _text("product_family", "Product family", 100, example="rebar"),
    _text("region", "Region", 100, "Where it was bought or used.", "Europe"),
    _text("facility", "Facility", 100),
    _figure("tonnes", "Tonnes", 18, 6, "t of metal, with an emission factor. Empty for a line of "
            "spend or of emissions alone.", "50000"),
    _figure("factor_intensity", "Emission factor", 12, 6, "t CO2e per t.", "1.5"),
    _text("factor_source", "Factor source", 300, example="Supplier EPD 2025"),
    _text("factor_boundary", "Factor boundary", 200, "What the factor covers.",
          "cradle to gate, crude steel"),
    _share("scrap_share", "Scrap share", example="0.25"),
    _figure("stated_emissions", "Emissions", 20, 6, "t CO2e, for a line without tonnes and spend."),
    _choice("data_tier", "Data tier", _words(DataTier), "Where the figures come from.", "supplier"),
    _choice("verified", "Verified", _words(Verified), "Assured by a third party in full, in part "
            "or not.", "full"),
    _text("activity", "Activity", 100, "Only where the emissions are not of making iron or steel: "
          "transport, fabrication. Units are not applied to it (9.1)."),
    _share("iron_content", "Iron content", "0 to 1, from the supplier: used first (9.2)."),
    _share("regional_scrap_share", "Regional scrap share", "0 to 1, the product family's default "
           "in its region: iron content is taken as 1 less this (9.2)."),
    _share("global_scrap_share", "Global scrap share", "0 to 1, the product family's default in "
           "the world: used last (9.2)."),
    _text("iron_content_source", "Iron content source", 300),
    _figure("iron_factor_intensity", "Iron factor", 12, 6, "t CO2e per t of the iron in it; empty: "
            "the line's own factor."),
    _figure("spend", "Spend", 20, 4, "What was paid, where tonnes are not known (11.7)."),
    _text("currency", "Currency", 3, "Three capital letters (ISO 4217), of the spend."),
    _figure("spend_factor", "Spend factor", 18, 9, "t CO2e per unit of currency (EEIO)."),
    _choice("estimation", "Estimation", _words(Estimation), "How tonnes are estimated from the "
            "spend; empty: intervention_baseline (11.7)."),
    _figure("baseline_intensity", "Baseline", 12, 6, "The product intervention baseline, t CO2e "
            "per t (11.7)."),
    _text("baseline_source", "Baseline source", 300),
    _figure("price_index_spend", "Price index of the spend", 14, 6, "Producer price index of the "
            "year of the spend."),
    _figure("price_index_reference", "Price index of the price", 14, 6, "Producer price index of "
            "the year of the unit price."),
    _figure("unit_price", "Unit price", 18, 4, "Currency per t."),
    _text("price_source", "Price source", 300),
)  # fmt: skip
LABELS = {each.name: each.label for each in COLUMNS}
