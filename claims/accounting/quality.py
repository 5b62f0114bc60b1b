"""What an inventory rests on: whose data, who checked them, which vintages cover it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from claims.accounting.facts import Line, UnitLot
from claims.accounting.group import total
from claims.accounting.numbers import EXACT, text

# In the order from most to least representative; empty where nobody said.
DATA_TIERS = {
    "supplier": "Supplier's own data",
    "regional": "Regional default",
    "global": "Global default",
    "spend": "Estimated from spend",
    "": "Data tier not stated",
}
VERIFIED = {
    "full": "Verified in full",
    "part": "Verified in part",
    "no": "Not verified",
    "": "Verification not stated",
}


def data_quality(lines: Sequence[Line]) -> dict[str, Any]:
    """Lines and physical emissions by data tier and by verification, every kind that occurs."""
    return {
        "data_tier": _by("data_tier", DATA_TIERS, lines),
        "verified": _by("verified", VERIFIED, lines),
    }


def vintages(lots: Iterable[UnitLot]) -> list[dict[str, Any]]:
    """Units by vintage and functional unit, oldest first: what they count and emitted, t CO2e."""
    found: dict[tuple[date, date, str], list[UnitLot]] = defaultdict(list)
    for lot in lots:
        found[(lot.vintage_start, lot.vintage_end, lot.functional_unit)].append(lot)
    return [
        {
            "vintage_start": start.isoformat(),
            "vintage_end": end.isoformat(),
            "functional_unit": unit,
            "units": sum(lot.quantity for lot in runs),
            "unit_emissions": text(
                total(EXACT.multiply(Decimal(lot.quantity), lot.claim_intensity) for lot in runs)
            ),
        }
        for (start, end, unit), runs in sorted(found.items())
    ]


def _by(name: str, kinds: dict[str, str], lines: Sequence[Line]) -> list[dict[str, Any]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[getattr(line, name)].append(line)
    known = list(kinds)
    order = sorted(found, key=lambda kind: (known.index(kind) if kind in kinds else 99, kind))
    return [
        {
            name: kind,
            "lines": len(found[kind]),
            "emissions": text(total(line.physical_emissions or Decimal(0) for line in found[kind])),
        }
        for kind in order
    ]
