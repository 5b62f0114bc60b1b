"""The measurements of the play: a site's year of invented lines that give a batch's figures."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from claims.demonstration.batches import Batch
from registry.models import Production
from registry.rulebook.edition import edition_on
from registry.services.measurements import save_allocation, save_measurement

# The file that proves the steps of a conversion.
CONVERSION_FILE = "conversion.txt"
_ON = datetime(2026, 1, 20, 10, tzinfo=UTC)
# How a site's emissions are spread over its sources; invented, and it adds up to one.
_SOURCES = (
    ("scope_1", "gaseous_fuels", Decimal("0.35")),
    ("scope_1", "process_materials", Decimal("0.05")),
    ("scope_2", "electricity", Decimal("0.25")),
    ("scope_3", "ore_mining", Decimal("0.20")),
    ("scope_3", "fuel_extraction", Decimal("0.10")),
    ("scope_3", "transport", Decimal("0.05")),
)


def measure(by: User, production: Production, batch: Batch) -> None:
    """Lines over the site's own output: what it delivered and a fifth more, unless it says."""
    edition = edition_on(_ON.date())
    is_steel = batch.scrap_share is not None
    output = batch.output_tonnes or Decimal(batch.delivered) * Decimal("1.2")
    save_measurement(
        by=by,
        now=_ON,
        key=f"{batch.key}-measurement",
        production=production,
        values={
            "scheme": batch.scheme,
            "data_start": production.period_start,
            "data_end": production.period_end,
            "output_tonnes": output,
            "covers": list(edition.steel_boundary if is_steel else edition.iron_boundary),
            "ends_at": edition.steel_boundary_end if is_steel else edition.iron_boundary_end,
            "electricity_basis": "location",
            "allocated_emissions": Decimal(0),
            "conversion_level": "level by the scheme" if batch.steps else "",
            "conversion_figure": batch.figure,
        },
        lines=_emissions(output * batch.intensity) + _metals(batch, output),
        steps=[{**step, "evidence": CONVERSION_FILE} for step in batch.steps],
    )


def allocate(by: User, production: Production, batch: Batch, iron: Production) -> None:
    """The first input of the batch is the other production's iron, the second comes from outside.

    Both are all the iron there is, so that the green half of it goes to half of the steel.
    """
    green, other = batch.inputs[:2]
    save_allocation(
        by=by,
        now=_ON,
        key=f"{batch.key}-allocation",
        production=production,
        lots=[
            {
                "name": f"Iron of {iron.site.name}",
                "kind": green[0],
                "tonnes": green[1],
                "metallic_share": green[2],
                "intensity": iron.intensity,
                "is_green": "yes",
                "origin": "here",
                "production": str(iron.pk),
            },
            {
                "name": "Merchant pig iron",
                "kind": other[0],
                "tonnes": other[1],
                "metallic_share": other[2],
                "intensity": Decimal("1.6"),
                "is_green": "no",
                "origin": "outside",
            },
        ],
    )


def _emissions(total: Decimal) -> list[dict[str, Any]]:
    return [
        {"part": part, "item": item, "quantity": total * share} for part, item, share in _SOURCES
    ]


def _metals(batch: Batch, output: Decimal) -> list[dict[str, Any]]:
    """The metallic inputs; without any of its own, a tenth is lost on the way to the caster."""
    inputs = batch.inputs
    if not inputs and batch.scrap_share is not None:
        metal, share = output * Decimal("1.1"), batch.scrap_share
        inputs = (
            ("dri", metal * (1 - share), Decimal(1)),
            ("end_of_life_scrap", metal * share, Decimal(1)),
        )
    return [
        {"part": "input", "item": kind, "quantity": tonnes, "metallic_share": share}
        for kind, tonnes, share in inputs
    ]
