"""The case judged before units are issued: everything the rules of sections 2 to 6 look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.rulebook.facts.additionality import AdditionalityFacts
from registry.rulebook.facts.agreement import AgreementFacts
from registry.rulebook.facts.allocation import AllocationFacts
from registry.rulebook.facts.audit import (
    AuditorFacts,
    ElsewhereFacts,
    ExAnteFacts,
    OfftakeFacts,
    PathwayFacts,
    ReviewFacts,
)
from registry.rulebook.facts.baseline import BaselineFacts
from registry.rulebook.facts.measurement import MeasurementFacts
from registry.rulebook.facts.production import ProductionFacts
from registry.rulebook.facts.site import SiteFacts
from registry.rulebook.facts.technology import TechnologyFacts
from registry.rulebook.facts.verification import VerificationFacts
from registry.rulebook.facts.words import Stage


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
    applied_on: the day the application was handed in, None while it has not been.
    measurement: the site's lines (5.1). allocation: green iron in its steel (5.2). iron_drawn: of
    an iron production, the tonnes that issued steel already drew its attributes from (R065).
    auditor: who verifies, None until one is chosen. elsewhere: what other registries issued,
    as declared or imported. provisional: units are asked for before the ex-post audit (R083).
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
    technology: TechnologyFacts | None = None
    additionality: AdditionalityFacts | None = None
    applied_on: date | None = None
    measurement: MeasurementFacts | None = None
    allocation: AllocationFacts | None = None
    iron_drawn: Decimal = Decimal(0)
    auditor: AuditorFacts | None = None
    review: ReviewFacts | None = None
    pathway: PathwayFacts | None = None
    ex_ante: ExAnteFacts | None = None
    offtake: OfftakeFacts | None = None
    elsewhere: tuple[ElsewhereFacts, ...] = ()
    provisional: bool = False
