"""What the rules see of a site's technology: captured CO2, biomass, gas, hydrogen, electricity."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Destination(StrEnum):
    """Where captured CO2 goes (3.2, App. F)."""

    GEOLOGICAL = "geological"
    OIL_PRODUCTION = "oil_production"
    USE = "use"


class Biomass(StrEnum):
    """The classes of biomass feedstock that 3.2 tells apart."""

    RESIDUE = "residue"
    WASTE = "waste"
    PURPOSE_GROWN = "purpose_grown"
    HIGH_RISK_FORESTRY = "high_risk_forestry"
    OTHER = "other"


class Label(StrEnum):
    """The abatement technologies that units are labelled by (App. F)."""

    CCS = "ccs"
    CCU = "ccu"
    RENEWABLE_HYDROGEN = "renewable_hydrogen"
    RENEWABLE_ELECTRICITY = "renewable_electricity"
    BIOENERGY = "bioenergy"


@dataclass(frozen=True, slots=True)
class CapturePoint:
    """One point where CO2 is captured. emissions: t CO2 a year that arise there, uncaptured too."""

    name: str
    emissions: Decimal | None = None
    captured_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CapturedFraction:
    """A part of all the captured CO2, 0…1, and where it goes.

    lowers_intensity: the site's measured average counts it as not emitted. monitoring and
    liability: what is on file for it, by name (MRV; who answers for a later leak).
    """

    destination: str
    share: Decimal | None = None
    lowers_intensity: bool | None = None
    monitoring: str = ""
    liability: str = ""


@dataclass(frozen=True, slots=True)
class Feedstock:
    """One biomass feedstock, its class and the place it comes from."""

    name: str
    kind: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class TechnologyFacts:
    """The technology of a site over a production's period.

    changed_on: another description holds from this day inside the period, None while one holds
    throughout. storage_operational_on, storage_contracted_on: CO2 transport and storage.
    co2_leaked_share: of the mass of CO2 transported. hydrogen_…, bioenergy_…: renewable shares of
    the energy for reduction and for heat in another duty. labels: declared by the producer.
    """

    changed_on: date | None = None
    capture_points: tuple[CapturePoint, ...] = ()
    captured: tuple[CapturedFraction, ...] = ()
    storage_operational_on: date | None = None
    storage_contracted_on: date | None = None
    leakage_detection: str = ""
    co2_leaked_share: Decimal | None = None
    feedstocks: tuple[Feedstock, ...] = ()
    natural_gas_used: bool | None = None
    methane_leakage_share: Decimal | None = None
    hydrogen_reduction_share: Decimal | None = None
    hydrogen_heat_share: Decimal | None = None
    bioenergy_reduction_share: Decimal | None = None
    bioenergy_heat_share: Decimal | None = None
    biomass_verification: str = ""
    renewable_electricity_share: Decimal | None = None
    renewable_supply: str = ""
    labels: tuple[str, ...] = ()
