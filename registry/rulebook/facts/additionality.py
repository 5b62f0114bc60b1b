"""What the rules see of additionality (3.3) and of the criteria that buyers add (3.2)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ObligationKind(StrEnum):
    """The kinds of legal obligation that 3.3 names."""

    EMISSIONS_TRADING = "emissions_trading"
    CARBON_TAX = "carbon_tax"
    MANDATE = "mandate"
    OTHER = "other"


class Surplus(StrEnum):
    """How the production goes beyond an obligation (Exhibit 5)."""

    EXCEEDS = "exceeds"
    COST_PREMIUM = "cost_premium"


@dataclass(frozen=True, slots=True)
class Obligation:
    """A legal obligation that the production is under.

    surplus: how the production goes beyond it; explanation: by how much, free allowances
    considered; evidence: the document that shows it.
    """

    kind: str
    name: str
    surplus: str = ""
    explanation: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class AdditionalityFacts:
    """Determined once, at contract signing, or with the application where there is no contract.

    declared: the producer declares that no law alone asks for the production. none_apply: it
    states that no obligation applies, for this reason. financial, common_practice: what the
    producer attests itself, empty where it does not. files: of evidence on additionality that the
    application carries, None where there is no application to carry them.
    """

    determined_on: date | None = None
    declared: bool = False
    obligations: tuple[Obligation, ...] = ()
    none_apply: str = ""
    financial: str = ""
    common_practice: str = ""
    files: int | None = None


@dataclass(frozen=True, slots=True)
class BuyerCriterion:
    """A criterion of one contract's buyer. met: as the producer answers, None while it has not."""

    kind: str
    text: str
    met: bool | None = None
