"""What the rules see of a measurement: the site's lines, its boundary, and a conversion."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Part(StrEnum):
    """Where an emission line belongs. Credits are given as positive figures and subtracted."""

    SCOPE_1 = "scope_1"
    SCOPE_2 = "scope_2"
    SCOPE_3 = "scope_3"
    CREDIT = "credit"


SOURCES: dict[Part, tuple[str, ...]] = {
    Part.SCOPE_1: (
        "solid_fuels",
        "gaseous_fuels",
        "liquid_fuels",
        "reductants",
        "process_materials",
        "flaring",
        "other_direct",
    ),
    Part.SCOPE_2: ("electricity", "heat_and_steam"),
    Part.SCOPE_3: (
        "ore_mining",
        "ore_preparation",
        "fuel_extraction",
        "purchased_iron",
        "alloys_upstream",
        "fluxes",
        "transport",
        "other_upstream",
    ),
    Part.CREDIT: ("process_gas", "waste_energy", "slag", "by_products"),
}
"""The sources of each scope, and what a credit may be for."""

INTERNAL_SCRAP = "internal_scrap"
COUNTED_SCRAP = ("home_scrap", "manufacturing_scrap", "end_of_life_scrap")
PRIMARY_METALS = (
    "dri",
    "hbi",
    "pig_iron",
    "cast_iron",
    "electrolytic_iron",
    "alloys",
    "other_primary",
)
METALS = (*COUNTED_SCRAP, INTERNAL_SCRAP, *PRIMARY_METALS)
"""The metallic inputs by kind (Exhibit 7): alloys are primary, internal scrap does not count."""


@dataclass(frozen=True, slots=True)
class EmissionLine:
    """One source of one scope over the data's period, in t CO2e, zero or more.

    site: the code of the site it is of, empty for the production's own. method: of a credit,
    "system_expansion" or what else was done.
    """

    part: str
    source: str
    emissions: Decimal | None
    site: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class MetallicLine:
    """One metallic input in t. metallic_share: 0…1, None for the edition's default of its kind.

    upstream_intensity: what it brings, t CO2e per t, for green iron and to see that scrap has none.
    """

    kind: str
    tonnes: Decimal | None
    metallic_share: Decimal | None = None
    upstream_intensity: Decimal | None = None
    site: str = ""


@dataclass(frozen=True, slots=True)
class ConversionStep:
    """One step from another scheme's figure. operation: add, subtract, multiply or set.

    operand and result in t CO2e/t, the operand a factor where it multiplies. evidence: the name of
    a file that is attached, empty where it is not.
    """

    what: str
    operation: str
    operand: Decimal | None
    result: Decimal | None
    source: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ConversionFacts:
    """From another scheme's figure to the boundary of the threshold (3.1, App. C).

    level: the scheme's own label, which is no evidence by itself. figure: t CO2e/t by the scheme.
    """

    level: str = ""
    figure: Decimal | None = None
    steps: tuple[ConversionStep, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasurementFacts:
    """A site's emissions and metallic inputs over the period of its activity data (5.1).

    scheme: the methodology's code. certified_product: "hot_rolled" where the supplier's certificate
    is of hot-rolled coil. crude_figure, crude_evidence: the crude-level figure and how many files
    prove it (App. B). covers: elements of the boundary that are counted or do not occur here;
    ends_at: where it closes. allocated_emissions: given to co-products, t CO2e. output_tonnes: of
    the functional unit over the same period. whole_site_emissions: of an integrated site that
    issues iron, with its steelmaking.
    """

    scheme: str = ""
    data_start: date | None = None
    data_end: date | None = None
    output_tonnes: Decimal | None = None
    emissions: tuple[EmissionLine, ...] = ()
    metals: tuple[MetallicLine, ...] = ()
    covers: tuple[str, ...] = ()
    ends_at: str = ""
    electricity_basis: str = ""
    electricity_mwh: Decimal | None = None
    instruments_mwh: Decimal | None = None
    allocated_emissions: Decimal | None = Decimal(0)
    certified_product: str = ""
    crude_figure: Decimal | None = None
    crude_evidence: int = 0
    is_integrated: bool = False
    is_segregated: bool = False
    process_gas: str = "none"
    whole_site_emissions: Decimal | None = None
    conversion: ConversionFacts | None = None
