"""What the rules see of a baseline."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class BaselineFacts:
    """The baseline of a production.

    country: the country the value is of. with_markup: a CBAM value taken with its mark-up.
    fallback: flagged as the "other countries" row. adjusted_for: what boundary difference an
    adjusted CBAM value reconciles (4.1), empty for the value as published.
    """

    kind: str | None = None
    value_intensity: Decimal | None = None
    source: str = ""
    scrap_share: Decimal | None = None
    country: str = ""
    with_markup: bool = False
    fallback: bool = False
    adjusted_for: str = ""
