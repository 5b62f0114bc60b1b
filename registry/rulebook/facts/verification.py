"""What the rules see of an auditor's statement."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class VerificationFacts:
    """What the auditor signed. verified_* are the auditor's own figures."""

    signed_on: date | None = None
    delivered_tonnes: int | None = None
    site_intensity: Decimal | None = None
    intensity: Decimal | None = None
    scrap_share: Decimal | None = None
