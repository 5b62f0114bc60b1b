"""No tonne becomes two units, here or on another registry (6.2, 10). R086, R140.

That one unit has one holder, and one claim at each layer, the database refuses to be otherwise;
R140 asks the same of the tonnes before they become units.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from registry.rulebook.counting import surely_delivered
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import Counted, ElsewhereFacts, IssuanceCase
from registry.rulebook.figures import delivered_tonnes
from registry.rulebook.findings import Verdict, failed, passed, warned
from registry.rulebook.given import date_given, whole_given
from registry.rulebook.issuance import period


@dataclass(frozen=True, slots=True)
class Doubled:
    """Days, both included, for which more units exist, here and elsewhere, than tonnes."""

    first: date
    last: date
    here: int
    elsewhere: int
    delivered: int

    @property
    def excess(self) -> int:
        return self.here + self.elsewhere - self.delivered

    def __str__(self) -> str:
        return (
            f"from {self.first} to {self.last}: {self.here} units here and {self.elsewhere} "
            f"elsewhere, {self.delivered} t delivered"
        )


def doubled(known: Sequence[Counted], elsewhere: Sequence[ElsewhereFacts]) -> Iterator[Doubled]:
    """Every window, from one production's first day to another's last, with more units than
    delivered tonnes and some of them elsewhere; the earliest start first."""
    for first in sorted({each.period_start for each in known}):
        for last in sorted({each.period_end for each in known}):
            theirs = sum(
                e.units for e in elsewhere if first <= e.period_start and e.period_end <= last
            )
            if not theirs:
                continue
            inside = [e for e in known if first <= e.period_start and e.period_end <= last]
            window = Doubled(
                first, last, sum(e.units for e in inside), theirs, surely_delivered(inside)
            )
            if window.excess > 0 and inside:
                yield window


@rule("R086", section="6.2", modality="must not", subject=IssuanceCase)
def units_exist_on_one_registry(case: IssuanceCase, edition: Edition) -> Verdict:
    """R086 (6.2): Units here and on other registries together are no more than was delivered.

    In each window of productions known here that contains this one, units issued elsewhere for
    periods inside it count too. An overlap of periods alone warns.
    """
    requested = whole_given("tonnes", case.production.tonnes, "t", least=1)
    start, end = period(case)
    new = Counted(start, end, requested, delivered_tonnes(case))
    elsewhere = [_checked(each) for each in case.elsewhere]
    allowed = "no more units, here and elsewhere, than verified delivered tonnes"
    if not elsewhere:
        return passed("nothing known of units elsewhere", allowed, tonnes=requested)
    known = [new, *case.issued_before]
    for window in doubled(known, elsewhere):
        if window.first <= start and end <= window.last:
            units = max(requested - window.excess, 0)
            return failed(
                str(window),
                allowed,
                f"Request {units} units or fewer, or have the other registry cancel its units.",
                field="tonnes",
                units_here=window.here,
                units_elsewhere=window.elsewhere,
                delivered_tonnes=window.delivered,
            )
    overlaps = [e for e in elsewhere if e.period_start <= end and start <= e.period_end]
    if not overlaps:
        return passed(f"{len(elsewhere)} elsewhere, for other periods", allowed, tonnes=requested)
    named = "; ".join(
        f"{e.units} on {e.registry} ({e.reference}), {e.period_start} to {e.period_end}"
        for e in overlaps
    )
    action = "Check with the other registry that these are not the same tonnes."
    return warned(f"units elsewhere: {named}", allowed, action, field="tonnes", tonnes=requested)


@rule("R140", section="10", modality="shall", subject=IssuanceCase)
def nothing_is_issued_twice(case: IssuanceCase, edition: Edition) -> Verdict:
    """R140 (10): The same tonnage of the same site and period is not issued a second time.

    The key is site, functional unit, period, units and agreement; what is left of a period is
    asked for by another number of units.
    """
    requested = whole_given("tonnes", case.production.tonnes, "t", least=1)
    start, end = period(case)
    agreement = case.agreement.reference if case.agreement else ""
    key = (start, end, requested, agreement)
    before = [
        each
        for each in case.issued_before
        if (each.period_start, each.period_end, each.units, each.agreement) == key
    ]
    found = f"{requested} units of {case.site.code}, {start} to {end}"
    allowed = "one issuance of one tonnage of one site and period"
    if not before:
        return passed(found, allowed, field="tonnes", tonnes=requested)
    return failed(
        f"{found}: issued already",
        allowed,
        "If it is another part of the period, ask for all that is left of it, or name its own "
        "period.",
        field="tonnes",
        tonnes=requested,
    )


def _checked(each: ElsewhereFacts) -> ElsewhereFacts:
    whole_given("elsewhere", each.units, "units", least=1)
    date_given("elsewhere", each.period_start)
    date_given("elsewhere", each.period_end)
    return each
