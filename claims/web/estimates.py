"""What a line's spend becomes, for pages: tonnes and emissions, or what is missing (11.7)."""

from dataclasses import dataclass
from decimal import Decimal

from claims.accounting.numbers import shown
from claims.accounting.rules.spend import estimation_faults
from claims.accounting.spend import Estimation, SpendFacts, estimated_tonnes, spend_emissions
from claims.models import InventoryLine
from claims.services.cases import spend_line_facts


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a line's spend becomes. tonnes, rounded: exact, and as the framework's example
    rounds them; None while something is missing."""

    line: InventoryLine
    facts: SpendFacts
    missing: list[str]

    @property
    def tonnes(self) -> Decimal | None:
        return None if self.missing else shown(estimated_tonnes(self.facts))

    @property
    def rounded(self) -> Decimal | None:
        return None if self.missing else shown(estimated_tonnes(self.facts), 1)

    @property
    def emissions(self) -> Decimal | None:
        return self.line.stated_emissions if self.missing else spend_emissions(self.facts)

    @property
    def is_unit_cost(self) -> bool:
        return self.facts.method == Estimation.UNIT_COST


def estimate_of(line: InventoryLine) -> Estimate:
    (facts,) = spend_line_facts([line])
    return Estimate(line, facts, estimation_faults(facts))
