"""Which units somebody means: named serials, or a quantity of the oldest vintage first."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from accounts.models import Account
from accounts.prepared import Asked
from registry.errors import BadInput
from registry.ledger import MOST_LINES, Line, NotThere
from registry.models.fields import MOST_TONNES
from registry.queries import Wanted, plan
from registry.rulebook.facts import UnitFacts
from registry.services.unit_facts import unit_facts

Units = Sequence[Line] | Wanted
Facts = tuple[UnitFacts, ...]
R = TypeVar("R")

# Others may take planned units first; a plan that names no serials is made again so often,
# the later times in turn with whoever else had to plan again, so that nobody starves.
_PLANS = 8
_PLANS_AT_WILL = 2


def checked(units: Units) -> Units:
    """The units if they are well formed. Raises BadInput for the field `units`."""
    if isinstance(units, Wanted):
        if not 1 <= units.quantity <= MOST_TONNES:
            raise _bad(f"Give a whole number of units from 1 to {MOST_TONNES}.")
        return units
    ordered = sorted(units)
    if not 1 <= len(ordered) <= MOST_LINES:
        raise _bad(f"Name 1 to {MOST_LINES} ranges of serials.")
    for line in ordered:
        if not 1 <= line.first <= line.last <= MOST_TONNES or line.copy not in (1, 2, 3):
            raise _bad(f"Serials run from first to last, both at least 1; found {_range(line)}.")
    for earlier, later in pairwise(ordered):
        same = (earlier.issuance, earlier.copy) == (later.issuance, later.copy)
        if same and later.first <= earlier.last:
            raise _bad(f"The ranges {_range(earlier)} and {_range(later)} overlap.")
    return ordered


def with_lines(
    units: Units,
    account: UUID,
    *,
    on: date,
    act: Callable[[list[Line], Facts, int], R],
    asked: Asked | None = None,
) -> R:
    """Call act(lines, facts, requested); plan again when others were faster than the plan.

    asked: the question for the facts of named serials, where it went along with others.
    Raises NotThere for named serials that are gone, and for a quantity after a few plans.
    """
    if not isinstance(units, Wanted):
        lines = list(units)
        facts = unit_facts(asked or lines, account=str(account))
        return act(lines, facts, sum(line.quantity for line in lines))
    for attempt in range(1, _PLANS + 1):
        if attempt > _PLANS_AT_WILL:
            Account.objects.select_for_update(no_key=True).get(pk=account)
        lines = plan(account, units, on=on)
        facts = unit_facts(lines, account=str(account))
        is_last = attempt == _PLANS
        if not is_last and _went_stale(lines, facts):
            continue
        try:
            with transaction.atomic():
                return act(lines, facts, units.quantity)
        except NotThere:
            if is_last:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def _went_stale(lines: list[Line], facts: Facts) -> bool:
    """Somebody took planned units between the plan and the look at them."""
    there = sum(fact.quantity for fact in facts if fact.state == "active")
    return there != sum(line.quantity for line in lines)


def of_one_claim(units: Units) -> Units:
    """The same choice, but a quantity is taken from units that are not co-claimed."""
    return replace(units, one_claim=True) if isinstance(units, Wanted) else units


def plain(units: Units) -> object:
    """The choice as plain values for the idempotency hash."""
    if isinstance(units, Wanted):
        return [units.quantity, units.functional_unit, units.issuance]
    return [[line.issuance, line.copy, line.first, line.last] for line in sorted(units)]


def _range(line: Line) -> str:
    return f"{line.first}–{line.last} of copy {line.copy}"


def _bad(text: str) -> BadInput:
    return BadInput({"units": [text]})
