"""What the rules see of an agreement."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """The contract between issuer and buyers. offtake_share: 0…1 of delivered production."""

    reference: str
    executed_on: date
    offtake_share: Decimal | None = None
