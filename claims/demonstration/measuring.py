"""The measurements of the play: a site's year of invented lines that give a batch's figures."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accounts.models import User
from registry.models import Production
from registry.rulebook.edition import edition_on
from registry.services.measurements import save_measurement

if TYPE_CHECKING:
    from claims.demonstration.play import Batch

# How a site's emissions are spread over its sources; invented, and it adds up to one.
_SOURCES = (
    ("scope_1", "gaseous_fuels", Decimal("0.35")),
    ("scope_1", "process_materials", Decimal("0.05")),
    ("scope_2", "electricity", Decimal("0.25")),
    ("scope_3", "ore_mining", Decimal("0.20")),
    ("scope_3", "fuel_extraction", Decimal("0.10")),
    ("scope_3", "transport", Decimal("0.05")),
)


def measure(by: User, production: Production, batch: "Batch") -> None:
    """Full-year lines over the site's own output: what it delivered and a fifth more."""
    on = datetime(2026, 1, 20, 10, tzinfo=UTC)
    edition = edition_on(on.date())
    is_steel = batch.scrap_share is not None
    output = Decimal(batch.delivered) * Decimal("1.2")
    save_measurement(
        by=by,
        now=on,
        key=f"{batch.key}-measurement",
        production=production,
        values={
            "scheme": "responsiblesteel",
            "data_start": production.period_start,
            "data_end": production.period_end,
            "output_tonnes": output,
            "covers": list(edition.steel_boundary if is_steel else edition.iron_boundary),
            "ends_at": edition.steel_boundary_end if is_steel else edition.iron_boundary_end,
            "electricity_basis": "location",
            "allocated_emissions": Decimal(0),
        },
        lines=_lines(output * batch.intensity, output, batch.scrap_share),
    )


def _lines(
    emissions: Decimal, output: Decimal, scrap_share: Decimal | None
) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = [
        {"part": part, "item": item, "quantity": emissions * share}
        for part, item, share in _SOURCES
    ]
    if scrap_share is None:
        return lines
    # A tenth of the metal is lost on the way to the caster.
    metal = output * Decimal("1.1")
    for item, share in (("dri", 1 - scrap_share), ("end_of_life_scrap", scrap_share)):
        quantity = metal * share
        lines.append(
            {"part": "input", "item": item, "quantity": quantity, "metallic_share": Decimal(1)}
        )
    return lines
