"""What the rules see of an agreement."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.rulebook.facts.additionality import BuyerCriterion


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """The contract between issuer and buyers. offtake_share: 0…1 of delivered production.

    end_use: of the physical metal. criteria: what its buyers ask beyond eligibility (R039).
    """

    reference: str
    executed_on: date
    offtake_share: Decimal | None = None
    end_use: str = ""
    criteria: tuple[BuyerCriterion, ...] = ()
