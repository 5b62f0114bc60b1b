"""The plants of the demonstration, read from the file that names its source."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "plants.csv"
SOURCE = "Global Energy Monitor, Global Iron and Steel Tracker, CC BY 4.0"
_COUNTRIES = {
    "Brazil": "BR",
    "Canada": "CA",
    "Germany": "DE",
    "India": "IN",
    "Poland": "PL",
    "Sweden": "SE",
    "United Arab Emirates": "AE",
    "United States": "US",
}


@dataclass(frozen=True, slots=True)
class Plant:
    """A plant of the file, by its tracker id, with the code and route it has here."""

    id: str
    code: str
    route: str


TOLEDO = Plant("P100000120969", "TOLEDO", "dri")
LULEA = Plant("P100000120845", "LULEA", "dri_eaf")
RESENDE = Plant("P100000120036", "RESENDE", "scrap_eaf")
KALINGANAGAR = Plant("P100000120530", "KALINGANAGAR", "bf_bof")
OSCEOLA = Plant("P100000120928", "OSCEOLA", "scrap_eaf")
HAMBURG = Plant("P100000120427", "HAMBURG", "dri_eaf")
ABU_DHABI = Plant("P100000120001", "ABUDHABI", "dri_eaf")
HAMILTON = Plant("P100000120058", "HAMILTON", "scrap_eaf")
WARSZAWA = Plant("P100000120790", "WARSZAWA", "scrap_eaf")


def site_values(plant: Plant) -> dict[str, Any]:
    """The plant's description as the values of a site. Raises LookupError."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["gem_plant_id"] == plant.id:
                return _values(plant, row)
    raise LookupError(f"no plant {plant.id} in {_FILE.name}")


def _values(plant: Plant, row: dict[str, str]) -> dict[str, Any]:
    return {
        "code": plant.code,
        "name": row["name"],
        "country": _COUNTRIES[row["country"]],
        "region": row["subnational"],
        "locality": row["municipality"],
        "latitude": Decimal(row["lat"]).quantize(Decimal("0.000001")),
        "longitude": Decimal(row["lon"]).quantize(Decimal("0.000001")),
        "route": plant.route,
        "started_on": date(int(row["start"]), 1, 1),
        "iron_capacity": _tonnes(row["iron_ttpa"]),
        "steel_capacity": _tonnes(row["crude_steel_ttpa"]),
        "source": f"{SOURCE}, {plant.id}, {row['gem_wiki']}",
    }


def _tonnes(thousands: str) -> int | None:
    return int(Decimal(thousands) * 1000) if thousands else None
