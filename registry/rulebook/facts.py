"""The facts rules look at: frozen dataclasses, filled by services, free of any database.

A fact not given yet is None; a rule that needs it says so and fails. Tonnes of units are integers,
intensities Decimal in t CO2e per t, shares Decimal 0…1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class FunctionalUnit(StrEnum):
    """What one unit is a tonne of (2.2)."""

    IRON = "iron"
    CRUDE_STEEL = "crude_steel"


class Route(StrEnum):
    """The production route of a site (3.2)."""

    BF_BOF = "bf_bof"
    BLAST_FURNACE = "blast_furnace"
    DRI = "dri"
    DRI_EAF = "dri_eaf"
    SCRAP_EAF = "scrap_eaf"
    ELECTROLYSIS = "electrolysis"
    OTHER = "other"


class BaselineKind(StrEnum):
    """Where a baseline comes from (4.1, 4.2)."""

    ASSET = "asset"
    REGIONAL = "regional"
    CBAM = "cbam"
    SLIDING_SCALE = "sliding_scale"
    ADJUSTED_EPD = "adjusted_epd"


class Stage(StrEnum):
    """Whether a case is judged as an application or at the moment of issuance."""

    APPLICATION = "application"
    ISSUANCE = "issuance"


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """One production site. country: ISO 3166-1 alpha-2."""

    code: str
    country: str
    route: str
    started_on: date | None = None


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


@dataclass(frozen=True, slots=True)
class ProductionFacts:
    """Delivered tonnage of one site over one vintage period, as declared by its producer.

    measured_site: the code of the one site the figures are of, empty for a company or product
    figure. site_intensity: the site's average; intensity: the product's (equal unless green
    iron is allocated). adjusted_intensity: after R054, None where it does not apply.
    delivered_on: the day the last of it was delivered. preferred_claimed: the producer asks for
    the SSBP-preferred tag (R022).
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


@dataclass(frozen=True, slots=True)
class VerificationFacts:
    """What the auditor signed. verified_* are the auditor's own figures."""

    signed_on: date | None = None
    delivered_tonnes: int | None = None
    site_intensity: Decimal | None = None
    intensity: Decimal | None = None
    scrap_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """The contract between issuer and buyers. offtake_share: 0…1 of delivered production."""

    reference: str
    executed_on: date
    offtake_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Units already issued for a site and functional unit over a period (R085).

    units: all ever issued, cancelled ones included. delivered_tonnes: what that production had
    verified as delivered. agreement: the reference of the agreement it was issued under.
    """

    period_start: date
    period_end: date
    units: int
    delivered_tonnes: int
    agreement: str = ""


@dataclass(frozen=True, slots=True)
class IssuanceCase:
    """Everything judged before units are issued.

    on: the date of judgement (issuance date at that stage). late_reason: why the units are
    created after the due date (R084). record: the fields of 6.2 by name, as they will stand in
    the public record; an absent or empty value is missing (R087). issued_before: every earlier
    issuance of the same site and functional unit, those under the same agreement named so.
    """

    stage: Stage
    on: date
    site: SiteFacts
    production: ProductionFacts
    baseline: BaselineFacts
    verification: VerificationFacts | None = None
    agreement: AgreementFacts | None = None
    issued_before: tuple[Counted, ...] = ()
    late_reason: str = ""
    record: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A run of units of one issuance about to be moved, retired or claimed.

    onward_transfers: transfers so far by holders other than the issuer (R091).
    transfers_allowed: the agreement's limit on those, None for no limit.
    claims_agreed: the agreement's number of claims, 1…3. co_claimed: copies exist.
    """

    issuance: str
    copy: int
    first: int
    last: int
    state: str
    functional_unit: str
    issuer: str
    vintage_start: date
    vintage_end: date
    issued_on: date
    expires_on: date
    onward_transfers: int = 0
    transfers_allowed: int | None = None
    claims_agreed: int = 1
    co_claimed: bool = False
    provisional: bool = False

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class TransferCase:
    """A transfer about to be proposed or settled. Organisations and accounts by their ids.

    recipient_may_hold: by functional unit, what the role table (2.3) says of the recipient.
    attributes_changed: names of issuance attributes the request tries to alter (R095).
    settling: the units are already reserved for this very transfer, which is now accepted.
    """

    on: date
    units: tuple[UnitFacts, ...]
    requested: int
    from_organisation: str
    to_organisation: str
    from_account: str
    to_account: str
    recipient_may_hold: Mapping[str, bool]
    surrendered: bool
    parties_named: bool = True
    through_registry: bool = True
    attributes_changed: tuple[str, ...] = ()
    settling: bool = False

    @property
    def own_move(self) -> bool:
        """Between an organisation's own accounts: no transfer in the framework's sense (7)."""
        return self.from_organisation == self.to_organisation


@dataclass(frozen=True, slots=True)
class RetirementCase:
    """Units about to be retired by the organisation `by_organisation` out of its account."""

    on: date
    units: tuple[UnitFacts, ...]
    requested: int
    by_organisation: str
    holder_organisation: str
    entity: str
