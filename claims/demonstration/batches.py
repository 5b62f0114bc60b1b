"""The productions of the play: what each site made in 2025, all of it invented.

Three play the framework's worked examples; the others show one thing each: refused by the route's
criteria, refused by the scrap line, provisional, conditional, green iron allocated, and another
scheme's figures converted.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from claims.demonstration import plants


@dataclass(frozen=True, slots=True)
class Batch:
    """One production of the play. values: what the producer declares beside the usual.

    inputs: (kind, t, metallic share) where the usual dri and scrap do not do. scheme, figure,
    steps: where another scheme measured. offtake_share: of a long-term offtake.
    """

    key: str
    producer: str
    plant: plants.Plant
    tonnes: int
    delivered: int
    intensity: Decimal
    scrap_share: Decimal | None
    values: dict[str, Any]
    technology: dict[str, Any]
    period: tuple[date, date] = (date(2025, 1, 1), date(2025, 12, 31))
    first_data_on: date = date(2016, 1, 1)
    output_tonnes: Decimal | None = None
    inputs: tuple[tuple[str, Decimal, Decimal], ...] = ()
    scheme: str = "responsiblesteel"
    figure: Decimal | None = None
    steps: tuple[dict[str, Any], ...] = ()
    offtake_share: Decimal | None = None


HYDROGEN: dict[str, Any] = {
    "natural_gas_used": False,
    "hydrogen_reduction_share": Decimal("0.6"),
    "renewable_supply": "Demonstration: power purchase agreement for the electrolysers.",
    "labels": ["renewable_hydrogen"],
}
POWER: dict[str, Any] = {
    "natural_gas_used": False,
    "renewable_electricity_share": Decimal(1),
    "renewable_supply": "Demonstration: power purchase agreement for the whole site.",
    "labels": ["renewable_electricity"],
}
OBLIGED: dict[str, Any] = {
    "declared": True,
    "obligations": [
        {
            "kind": "emissions_trading",
            "name": "Demonstration: emissions trading",
            "surplus": "exceeds",
            "explanation": "Emissions lie below the benchmark of free allocation.",
            "evidence": "Demonstration: compliance report",
        },
        {
            "kind": "carbon_tax",
            "name": "Demonstration: carbon tax",
            "surplus": "cost_premium",
            "explanation": "The tax saved covers less than half of what the route costs more.",
            "evidence": "Demonstration: cost comparison",
        },
    ],
    "financial": "Demonstration: the units' revenue is material to the investment.",
    "common_practice": "Demonstration: few plants of the region run this way.",
}
IRON = Batch(
    "toledo-2025",
    "ironmaker",
    plants.TOLEDO,
    tonnes=2_000,
    delivered=2_500,
    intensity=Decimal("0.3"),
    scrap_share=None,
    values={
        "baseline_reason": "A demonstration: no figures of this furnace are public.",
        "functional_unit": "iron",
        "product": "dri",
        "fe_metallic_share": Decimal("0.92"),
        "fe_total_share": Decimal("0.95"),
        "abatement": "renewable hydrogen",
        "abatement_details": "Demonstration: 60 % of reduction energy from hydrogen.",
        "end_use": "feed for electric arc furnaces",
    },
    technology=HYDROGEN,
)
SLAB = Batch(
    "lulea-2025",
    "steelmaker",
    plants.LULEA,
    tonnes=10_000,
    delivered=12_000,
    intensity=Decimal("0.8"),
    scrap_share=Decimal("0.2"),
    values={
        "functional_unit": "crude_steel",
        "product": "slab",
        "abatement": "renewable hydrogen",
        "abatement_details": "Demonstration: hydrogen direct reduction, electric arc furnace.",
        "end_use": "flat products for car bodies",
        "epd": "Demonstration EPD of slabs, revision 1",
        "epd_verifier": "Demonstration verifier of declarations",
    },
    technology=HYDROGEN,
)
REBAR = Batch(
    "resende-2025",
    "mini_mill",
    plants.RESENDE,
    tonnes=50_000,
    delivered=60_000,
    intensity=Decimal("0.2"),
    scrap_share=Decimal("0.95"),
    values={
        "functional_unit": "crude_steel",
        "product": "billet",
        "abatement": "renewable electricity",
        "abatement_details": "Demonstration: all electricity renewable by contract.",
        "end_use": "reinforcing bar for buildings",
    },
    technology=POWER,
)


def _eaf(product: str, end_use: str, details: str) -> dict[str, Any]:
    return {
        "functional_unit": "crude_steel",
        "product": product,
        "abatement": "renewable electricity",
        "abatement_details": f"Demonstration: {details}",
        "end_use": end_use,
    }


# 3.2: what is captured leaves too little behind, and is used, not stored (R033, R034).
CAPTURE = Batch(
    "kalinganagar-2025",
    "steelmaker",
    plants.KALINGANAGAR,
    tonnes=5_000,
    delivered=6_000,
    intensity=Decimal("0.95"),
    scrap_share=Decimal("0.2"),
    values={
        "functional_unit": "crude_steel",
        "product": "slab",
        "abatement": "carbon capture",
        "abatement_details": "Demonstration: 70 % captured at the furnace, sold as a feedstock.",
        "end_use": "flat products for appliances",
    },
    technology={
        "natural_gas_used": False,
        "storage_operational_on": date(2024, 6, 1),
        "leakage_detection": "Demonstration: pressure monitoring along the pipeline.",
        "co2_leaked_share": Decimal("0.001"),
        "capture_points": [
            {"name": "top gas", "emissions": Decimal(900_000), "captured_share": Decimal("0.7")}
        ],
        "captured": [
            {
                "destination": "use",
                "share": Decimal(1),
                "lowers_intensity": True,
                "monitoring": "Demonstration: metered at the fence",
                "liability": "Demonstration: the buyer's",
            }
        ],
        "labels": ["ccu"],
    },
)
# Exhibit 8's own site: 0.9189 t CO2e/t at 44.4 % scrap, where the limit is 0.7556 (I-02).
SCRAP_LINE = Batch(
    "osceola-2025",
    "mini_mill",
    plants.OSCEOLA,
    tonnes=900,
    delivered=1_000,
    intensity=Decimal("0.9189"),
    scrap_share=Decimal("0.4444"),
    values=_eaf("slab", "flat products for trailers", "all electricity renewable by contract."),
    technology=POWER,
)
# 6.1: half of the output sold for five years, units before the ex-post audit.
EARLY = Batch(
    "hamburg-2025",
    "steelmaker",
    plants.HAMBURG,
    tonnes=4_000,
    delivered=9_000,
    intensity=Decimal("0.6"),
    scrap_share=Decimal("0.3"),
    values=_eaf("billet", "wire rod for springs", "all electricity renewable by contract."),
    technology=POWER,
    offtake_share=Decimal("0.5"),
)
# 5.1, Exhibit 9: half a year of data, so the verification is conditional (R060, R071).
HALF_YEAR = Batch(
    "abudhabi-2025",
    "mini_mill",
    plants.ABU_DHABI,
    tonnes=3_000,
    delivered=3_500,
    intensity=Decimal("0.7"),
    scrap_share=Decimal("0.2"),
    values=_eaf("billet", "sections for warehouses", "solar power since July 2025."),
    technology=POWER,
    period=(date(2025, 7, 1), date(2025, 12, 31)),
    first_data_on=date(2025, 7, 1),
)
# 5.2, Exhibit 8: 500 t of Toledo's iron that carry no units of their own, half of this mill's iron.
GREEN_IRON = Batch(
    "hamilton-2025",
    "mini_mill",
    plants.HAMILTON,
    tonnes=800,
    delivered=840,
    intensity=Decimal("0.65"),
    scrap_share=Decimal("0.5"),
    values=_eaf("slab", "tinplate for packaging", "green iron from Toledo, by allocation."),
    technology=POWER,
    output_tonnes=Decimal(1_692),
    inputs=(
        ("dri", Decimal(500), Decimal("0.94")),
        ("pig_iron", Decimal(500), Decimal("0.94")),
        ("end_of_life_scrap", Decimal(1_000), Decimal("0.94")),
    ),
)
# 3.1, App. C: a figure by the Low Emission Steel Standard, taken to the threshold's boundary.
CONVERTED = Batch(
    "warszawa-2025",
    "steelmaker",
    plants.WARSZAWA,
    tonnes=2_000,
    delivered=2_400,
    intensity=Decimal("0.45"),
    scrap_share=Decimal("0.7"),
    values=_eaf("billet", "parts for car seats", "all electricity renewable by contract."),
    technology=POWER,
    scheme="less",
    figure=Decimal("0.38"),
    steps=(
        {
            "what": "Upstream of ore and alloys, which the scheme's figure leaves out",
            "operation": "add",
            "operand": Decimal("0.05"),
            "result": Decimal("0.43"),
            "source": "Demonstration: supplier declarations",
        },
        {
            "what": "Transport of inputs to the site",
            "operation": "add",
            "operand": Decimal("0.02"),
            "result": Decimal("0.45"),
            "source": "Demonstration: freight records",
        },
    ),
)
