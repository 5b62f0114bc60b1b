"""Whether units can be moved or retired at all: named once, in circulation, enough, not expired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from registry.rulebook.facts import UnitFacts
from registry.rulebook.given import date_given, whole_given
from registry.rulebook.names import counted

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Fault:
    """Why units are not available: the words of a failing verdict."""

    found: str
    action: str
    field: str
    numbers: Mapping[str, int | date]


def unavailable(
    units: Sequence[UnitFacts], *, requested: int, on: date, state: str
) -> Fault | None:
    """The first reason why `requested` of these units cannot be used on a day, else None.

    state: the one state the units must be in. Expiry counts by its date, inclusive. Raises
    given.Unusable for a request that is not a whole number of units.
    """
    asked = whole_given("requested", requested, "units", least=1)
    day = date_given("on", on)
    for each in units:
        whole_given("units", each.first, "serial", least=1)
        whole_given("units", each.last, "serial", least=each.first)
        if each.state != state:
            left = [other for other in units if other.state == state]
            there = sum(other.quantity for other in left)
            return Fault(
                f"units of {each.issuance} are {each.state}, {there} of {asked} are {state}",
                " ".join(filter(None, (f"Choose units that are {state}.", _named(left)))),
                "units",
                {"requested": asked, "available": there},
            )
        expires = date_given("expires_on", each.expires_on)
        if expires < day:
            return Fault(
                f"units of {each.issuance} expired after {expires}",
                "Choose units of a later vintage; expired units stay on record only.",
                "units",
                {"expires_on": expires, "on": day},
            )
    if _named_twice(units):
        return Fault("the same serials are named twice", "Name each unit once.", "units", {})
    available = sum(each.quantity for each in units)
    if asked > available:
        return Fault(
            f"{counted(asked, 'unit')} requested, {available} available",
            f"Request {counted(available, 'unit')} or fewer.",
            "requested",
            {"requested": asked, "available": available},
        )
    return None


def _named(left: Sequence[UnitFacts]) -> str:
    """What is left of the units named, so that somebody who came second can take that."""
    if not left:
        return ""
    runs = [f"{each.issuance} {each.first} to {each.last}" for each in left[:_MOST_NAMED]]
    more = len(left) - len(runs)
    return f"Left of these: {'; '.join(runs)}{f'; and {more} more runs' if more else ''}."


def _named_twice(units: Sequence[UnitFacts]) -> bool:
    runs = sorted((each.issuance, each.copy, each.first, each.last) for each in units)
    return any(one[:2] == next_[:2] and next_[2] <= one[3] for one, next_ in pairwise(runs))
