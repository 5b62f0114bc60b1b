"""The case judged once units are issued: what the buyers of the metal itself are told (10.1)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """One delivery notice. undertaken_on: when the recipient undertook to make no claim."""

    reference: str
    recipient: str
    tonnes: int
    default_factor: Decimal | None
    undertaken_on: date | None = None


@dataclass(frozen=True, slots=True)
class DisclosureFacts:
    """One public statement of the product's intensity, as it reads now.

    kind: epd, report or website. intensity: in t CO2e/t, None where it is withheld. says_sold:
    it says that the attributes are decoupled and sold. cover_page: names book and claim (R144).
    """

    kind: str
    reference: str
    made_on: date
    intensity: Decimal | None
    says_sold: bool
    cover_page: bool = False


@dataclass(frozen=True, slots=True)
class RecipientsCase:
    """What physical recipients are told of one production. issued_on: None before issuance.

    baseline_intensity: the one the units are issued on. epd: the product's declaration, empty
    for none. epd_due_on: the stored last day for its update, unless units were transferred out
    of the issuer's account before, on first_transfer_on.
    """

    on: date
    issued_on: date | None
    baseline_intensity: Decimal | None
    epd: str = ""
    epd_due_on: date | None = None
    first_transfer_on: date | None = None
    notices: tuple[NoticeFacts, ...] = ()
    disclosures: tuple[DisclosureFacts, ...] = ()
