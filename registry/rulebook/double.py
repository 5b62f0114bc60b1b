"""No tonne becomes two units, here or on another registry (6.2, 10). R086, R140.

That one unit has one holder, and one claim at each layer, the database refuses to be otherwise;
R140 asks the same of the tonnes before they become units.
"""

from registry.rulebook.counting import surely_delivered
from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import Counted, ElsewhereFacts, IssuanceCase
from registry.rulebook.figures import delivered_tonnes
from registry.rulebook.findings import Verdict, failed, passed, warned
from registry.rulebook.given import date_given, whole_given
from registry.rulebook.issuance import period


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
    for first in {each.period_start for each in known if each.period_start <= start}:
        for last in {each.period_end for each in known if each.period_end >= end}:
            inside = [e for e in known if first <= e.period_start and e.period_end <= last]
            theirs = sum(
                e.units for e in elsewhere if first <= e.period_start and e.period_end <= last
            )
            ours, delivered = sum(e.units for e in inside), surely_delivered(inside)
            if theirs and ours + theirs > delivered:
                return failed(
                    f"from {first} to {last}: {ours} units here and {theirs} elsewhere, "
                    f"{delivered} t delivered",
                    allowed,
                    f"Request {max(requested - (ours + theirs - delivered), 0)} units or fewer, "
                    "or have the other registry cancel its units.",
                    field="tonnes",
                    units_here=ours,
                    units_elsewhere=theirs,
                    delivered_tonnes=delivered,
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
