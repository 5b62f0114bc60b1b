"""What the rules see of audits: auditor, review, ex-ante audit, offtake, pathway (5.3)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Basis(StrEnum):
    """Why an auditor may verify (5.3)."""

    RS_APPROVED = "rs_approved"
    ANNEX_3 = "annex_3"


class Recurrence(StrEnum):
    """How often a long-term offtake is verified again (6.1)."""

    QUARTERLY = "quarterly"
    ANNUAL = "annual"


@dataclass(frozen=True, slots=True)
class AccreditationFacts:
    """One accreditation of an auditor, both days of its validity included.

    scopes: what it covers, "iron", "crude_steel", "ghg" and the like. attested_on: the day of
    the attestation that the Manual's Annex 3 is met, None where the basis is another.
    """

    body: str
    basis: str
    scopes: tuple[str, ...]
    valid_from: date
    valid_until: date
    attested_on: date | None = None

    def covers(self, scope: str, on: date) -> bool:
        return scope in self.scopes and self.valid_from <= on <= self.valid_until


@dataclass(frozen=True, slots=True)
class AuditorFacts:
    """Who verifies. is_independent: not the producer, and neither owns the other."""

    name: str
    is_independent: bool = True
    accreditations: tuple[AccreditationFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """The checklist that an auditor signs with the statement (5.3, 10).

    reviewed_on: the day the review of self-assessment and evidence ended. deliveries_until: the
    last day whose physical deliveries the audit covers.
    """

    confirms_threshold: bool = False
    confirms_route: bool = False
    confirms_additionality: bool = False
    reviewed_self_assessment: bool = False
    reviewed_evidence: bool = False
    reviewed_on: date | None = None
    covers_transactions: bool = False
    deliveries_until: date | None = None


@dataclass(frozen=True, slots=True)
class ExAnteFacts:
    """An audit signed before production, with the figures that it expects."""

    signed_on: date
    site_intensity: Decimal
    intensity: Decimal
    scrap_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OfftakeFacts:
    """A long-term offtake of attributes (6.1), both days included.

    unconfirmed_end: the last day of the oldest period issued under it and not confirmed yet.
    """

    starts_on: date
    ends_on: date
    recurrence: str
    unconfirmed_end: date | None = None


class CertificateKind(StrEnum):
    """What a certificate shows of a site (Exhibit 9)."""

    RS_CORE_SITE = "rs_core_site"
    INTEROPERABLE = "interoperable"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate of a site, both days of its validity included. kind: a `CertificateKind`."""

    kind: str
    reference: str
    valid_from: date
    valid_until: date

    def holds(self, on: date) -> bool:
        return self.valid_from <= on <= self.valid_until


@dataclass(frozen=True, slots=True)
class PathwayFacts:
    """How a site stands on its way to certification (Exhibit 9).

    first_data_on: the first day of verifiable data. principle_10: where the excerpts of
    Principle 10 are answered. progress: what it does towards certification. checkpoints: by year
    of production, 1 and 2, the day of its checkpoint.
    """

    first_data_on: date | None = None
    self_assessed_on: date | None = None
    principle_10: str = ""
    progress: str = ""
    checkpoints: dict[int, date] = field(default_factory=dict)
    certificates: tuple[CertificateFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class ElsewhereFacts:
    """Units that another registry issued for the same site and functional unit (R086)."""

    registry: str
    reference: str
    period_start: date
    period_end: date
    units: int
