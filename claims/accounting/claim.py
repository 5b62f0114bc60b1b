"""A whole claim computed: every group's substitution and what each line takes of it (9.2)."""

from dataclasses import dataclass
from decimal import Decimal

from claims.accounting.facts import ClaimCase, LineShare
from claims.accounting.group import case_groups, total
from claims.accounting.substitution import Substitution, line_shares, substitute


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """The figures of a claim, over the matched lines only. Emissions in t CO2e.

    substitutions: one per group, in the order of reporting. shares: one per line and group,
    to be kept with the claim and given back as `earlier` when the next claim is judged.
    """

    substitutions: tuple[Substitution, ...]
    shares: tuple[LineShare, ...]

    @property
    def volume(self) -> int:
        return sum(each.volume for each in self.substitutions)

    @property
    def physical_emissions(self) -> Decimal:
        return total(each.physical_emissions for each in self.substitutions)

    @property
    def adjusted_emissions(self) -> Decimal:
        return total(each.adjusted_emissions for each in self.substitutions)

    @property
    def reduction_emissions(self) -> Decimal:
        return total(each.reduction_emissions for each in self.substitutions)


def compute(case: ClaimCase) -> ClaimResult:
    """Compute a claim that its rules let pass. Raises ValueError for one they would refuse."""
    results = tuple(substitute(group) for group in case_groups(case))
    shares = tuple(share for result in results for share in line_shares(result))
    return ClaimResult(substitutions=results, shares=shares)
