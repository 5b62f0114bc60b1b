"""What the rules see of a production, as its producer declares it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ProductionFacts:
    """Delivered tonnage of one site over one vintage period, as declared by its producer.

    measured_site: the code of the one site the figures are of, empty for a company or product
    figure. site_intensity: the site's average; intensity: the product's (equal unless green
    iron is allocated). adjusted_intensity: after R054, None where it does not apply.
    delivered_on: the day the last of it was delivered. preferred_claimed: the producer asks for
    the SSBP-preferred tag (R022). end_use: of the physical metal (R089).
    """

    functional_unit: str | None = None
    product: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    tonnes: int | None = None
    delivered_tonnes: int | None = None
    delivered_on: date | None = None
    delivery_proofs: int = 0
    measured_site: str = ""
    site_intensity: Decimal | None = None
    intensity: Decimal | None = None
    adjusted_intensity: Decimal | None = None
    scrap_share: Decimal | None = None
    fe_metallic_share: Decimal | None = None
    fe_total_share: Decimal | None = None
    preferred_claimed: bool = False
    end_use: str = ""
