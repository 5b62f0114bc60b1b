"""Cases drawn at random, for what holds for every one of them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from registry.rulebook.facts import (
    CapturedFraction,
    CapturePoint,
    Feedstock,
    IssuanceCase,
    Label,
    Stage,
)
from tests.rulebook.cases import a_case, an_iron_case

intensities = st.decimals(min_value=0, max_value=3, places=4, allow_nan=False)
shares = st.decimals(min_value=0, max_value=1, places=4, allow_nan=False)
days = st.dates(min_value=date(2023, 1, 1), max_value=date(2029, 1, 1))


RESIDUE, WASTE = Feedstock("bark", "residue", "SE"), Feedstock("sludge", "waste", "SE")
STORED = CapturedFraction(
    destination="geological",
    share=Decimal(1),
    lowers_intensity=True,
    monitoring="MRV plan 7",
    liability="transfer agreement 3",
)
ENERGY_SHARES = (
    "hydrogen_reduction_share",
    "hydrogen_heat_share",
    "bioenergy_reduction_share",
    "bioenergy_heat_share",
    "renewable_electricity_share",
)


@st.composite
def technologies(draw: st.DrawFn) -> dict[str, Any]:
    """Capture, gas, biomass, hydrogen and electricity, with the labels that a producer declares."""
    points = draw(st.lists(shares, max_size=2))
    changes: dict[str, Any] = {
        "natural_gas_used": draw(st.booleans()),
        "methane_leakage_share": draw(shares) / 100,
        "feedstocks": draw(st.sampled_from([(), (RESIDUE,), (RESIDUE, WASTE)])),
        "capture_points": tuple(
            CapturePoint(f"stack {number}", Decimal(1000 * number), share)
            for number, share in enumerate(points, start=1)
        ),
        "captured": (STORED,) if points else (),
        "storage_operational_on": date(2020, 1, 1),
        "leakage_detection": "mass balance",
        "co2_leaked_share": draw(shares) / 100,
        "labels": tuple(draw(st.lists(st.sampled_from(Label), unique=True))),
        "renewable_supply": "power purchase agreement",
        "biomass_verification": "verified",
    }
    for name in ENERGY_SHARES:
        changes[name] = draw(shares)
    return {f"technology_{name}": value for name, value in changes.items()}


@st.composite
def cases(draw: st.DrawFn) -> IssuanceCase:
    """Cases of both units, many of them failing somewhere."""
    is_iron = draw(st.booleans())
    start = draw(days)
    site = draw(intensities)
    changes: dict[str, Any] = {
        "stage": draw(st.sampled_from(Stage)),
        "on": draw(days),
        "period_start": start,
        "period_end": start + timedelta(days=draw(st.integers(0, 400))),
        "delivered_on": draw(days),
        "tonnes": draw(st.integers(0, 12_000)),
        "site_intensity": site,
        "intensity": draw(st.sampled_from([site, draw(intensities)])),
        "baseline_value_intensity": draw(intensities),
        "fe_metallic_share": draw(shares),
        "preferred_claimed": draw(st.booleans()),
        "late_reason": draw(st.sampled_from(["", "flood"])),
        "product": draw(st.sampled_from(["slab", "pig_iron", "dri", "coil"])),
        "site_route": draw(st.sampled_from(["bf_bof", "blast_furnace", "dri_eaf"])),
        "site_started_on": draw(st.dates(min_value=date(2010, 1, 1), max_value=date(2032, 1, 1))),
    }
    changes |= draw(technologies())
    if is_iron:
        return an_iron_case(**changes)
    return a_case(**changes, scrap_share=draw(shares))
