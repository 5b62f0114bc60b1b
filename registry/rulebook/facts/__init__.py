"""The facts rules look at: frozen dataclasses, filled by services, free of any database.

A fact not given yet is None; a rule that needs it says so and fails. Tonnes of units are integers,
intensities Decimal in t CO2e per t, shares Decimal 0…1. One module per subject.
"""

from registry.rulebook.facts.additionality import (
    AdditionalityFacts,
    BuyerCriterion,
    Obligation,
    ObligationKind,
    Surplus,
)
from registry.rulebook.facts.agreement import AgreementFacts
from registry.rulebook.facts.allocation import AllocationFacts, IronInput, Origin, ProductFigure
from registry.rulebook.facts.audit import (
    AccreditationFacts,
    AuditorFacts,
    Basis,
    CertificateFacts,
    CertificateKind,
    ElsewhereFacts,
    ExAnteFacts,
    OfftakeFacts,
    PathwayFacts,
    Recurrence,
    ReviewFacts,
)
from registry.rulebook.facts.baseline import BaselineFacts, ScalePoint
from registry.rulebook.facts.co_claim import (
    ClaimantFacts,
    CoClaimCase,
    SeatFacts,
    TermsFacts,
)
from registry.rulebook.facts.issuance import Counted, IssuanceCase
from registry.rulebook.facts.measurement import (
    ConversionFacts,
    ConversionStep,
    EmissionLine,
    MeasurementFacts,
    MetallicLine,
    Part,
)
from registry.rulebook.facts.production import ProductionFacts
from registry.rulebook.facts.recipients import DisclosureFacts, NoticeFacts, RecipientsCase
from registry.rulebook.facts.site import SiteFacts
from registry.rulebook.facts.technology import (
    Biomass,
    CapturedFraction,
    CapturePoint,
    Destination,
    Feedstock,
    Label,
    TechnologyFacts,
)
from registry.rulebook.facts.units import RetirementCase, TransferCase, UnitFacts
from registry.rulebook.facts.verification import VerificationFacts
from registry.rulebook.facts.words import BaselineKind, FunctionalUnit, Route, Stage

__all__ = [
    "AccreditationFacts",
    "AdditionalityFacts",
    "AgreementFacts",
    "AllocationFacts",
    "AuditorFacts",
    "BaselineFacts",
    "BaselineKind",
    "Basis",
    "Biomass",
    "BuyerCriterion",
    "CapturePoint",
    "CapturedFraction",
    "CertificateFacts",
    "CertificateKind",
    "ClaimantFacts",
    "CoClaimCase",
    "ConversionFacts",
    "ConversionStep",
    "Counted",
    "Destination",
    "DisclosureFacts",
    "ElsewhereFacts",
    "EmissionLine",
    "ExAnteFacts",
    "Feedstock",
    "FunctionalUnit",
    "IronInput",
    "IssuanceCase",
    "Label",
    "MeasurementFacts",
    "MetallicLine",
    "NoticeFacts",
    "Obligation",
    "ObligationKind",
    "OfftakeFacts",
    "Origin",
    "Part",
    "PathwayFacts",
    "ProductFigure",
    "ProductionFacts",
    "RecipientsCase",
    "Recurrence",
    "RetirementCase",
    "ReviewFacts",
    "Route",
    "ScalePoint",
    "SeatFacts",
    "SiteFacts",
    "Stage",
    "Surplus",
    "TechnologyFacts",
    "TermsFacts",
    "TransferCase",
    "UnitFacts",
    "VerificationFacts",
]
