"""What the rules see of a site."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """One production site. country: ISO 3166-1 alpha-2."""

    code: str
    country: str
    route: str
    started_on: date | None = None
