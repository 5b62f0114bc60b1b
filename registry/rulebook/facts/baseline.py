"""What the rules see of a baseline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """One end of a sliding scale as it is recorded (R053): its value and where that is from."""

    scrap_share: Decimal | None = None
    value_intensity: Decimal | None = None
    gas_basis: str = ""
    region: str = ""
    year: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class BaselineFacts:
    """The baseline of a production.

    country: the country the value is of. with_markup: a CBAM value taken with its mark-up.
    fallback: flagged as the "other countries" row. adjusted_for: what boundary difference an
    adjusted CBAM value reconciles (4.1), empty for the value as published. reason: why this
    baseline and not the asset's own; asset_baselines: how many of those the producer has on
    file. epd: the declaration it is used with; boundary: what was found of each difference to
    that (R051). primary, secondary: the two points of a sliding scale.
    """

    kind: str | None = None
    value_intensity: Decimal | None = None
    source: str = ""
    scrap_share: Decimal | None = None
    country: str = ""
    with_markup: bool = False
    fallback: bool = False
    adjusted_for: str = ""
    reason: str = ""
    asset_baselines: int = 0
    epd: str = ""
    boundary: Mapping[str, str] = field(default_factory=dict)
    primary: ScalePoint | None = None
    secondary: ScalePoint | None = None
