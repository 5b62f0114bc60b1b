"""What the rules see of green iron allocated to steel, and of iron drawn by others."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Origin(StrEnum):
    """Where iron comes from: a production of this registry, another registry, or neither."""

    HERE = "here"
    OTHER_REGISTRY = "other_registry"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class IronInput:
    """One iron input of the site over the data's period (Exhibit 8). intensity: its own, t CO2e/t.

    green: whether it is allocated. delivered_tonnes: of the same physical iron, by its producer.
    issued_tonnes: iron units already issued for it. drawn_tonnes: what other steel already drew.
    declaration: that no units are issued for it elsewhere. verified_intensity: what an auditor
    signed for iron of this registry.
    """

    name: str
    tonnes: Decimal | None
    metallic_share: Decimal | None
    intensity: Decimal | None
    green: bool = False
    origin: str = Origin.OUTSIDE.value
    delivered_tonnes: Decimal | None = None
    issued_tonnes: Decimal | None = Decimal(0)
    drawn_tonnes: Decimal | None = Decimal(0)
    declaration: str = ""
    verified_intensity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProductFigure:
    """What the steelmaker reports for one of its products. scrap_share: None for the site's."""

    name: str
    tonnes: Decimal | None
    intensity: Decimal | None
    scrap_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AllocationFacts:
    """Green iron allocated to part of a site's steel (5.2).

    yield_share: steel output by metallic input, as reported. reported: the site's products with
    their figures, the allocated one named "green"; empty for what the split itself gives.
    """

    iron: tuple[IronInput, ...] = ()
    yield_share: Decimal | None = None
    reported: tuple[ProductFigure, ...] = ()
