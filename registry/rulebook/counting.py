"""Counting each delivered tonne once, whatever productions of a site overlap (R085).

The registry knows of a production its period and the tonnes delivered in it, not the day of each
tonne. Two productions whose periods overlap may speak of the same tonnes. So we look at every
window that contains the new period, from one production's first day to another's last:

- surely delivered in the window: the largest sum over productions inside it that do not overlap
  one another, because two that overlap may share all their tonnes;
- already issued in the window: the units of every production that lies inside it.

The new production may add, in each window, what is surely delivered less what is issued. The
smallest of these is what it may still carry. Wherever the tonnes truly fell, no more units than
delivered tonnes then exist, and nothing less strict would guarantee that.
"""

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal, localcontext

from registry.rulebook.facts import Counted
from registry.rulebook.given import EXACT


def room_for_units(new: Counted, before: Sequence[Counted], *, share: Decimal = Decimal(1)) -> int:
    """Units the new production may carry beside those issued before, 0 or more.

    new.units are ignored. share: the part of the delivered tonnes that may be issued, 0…1;
    each window's product is rounded down to whole units.
    """
    cluster = _overlapping(new, before)
    starts = {each.period_start for each in cluster if each.period_start <= new.period_start}
    ends = {each.period_end for each in cluster if each.period_end >= new.period_end}
    room = new.delivered_tonnes
    for start in starts:
        for end in ends:
            inside = [
                each for each in cluster if start <= each.period_start and each.period_end <= end
            ]
            issued = sum(each.units for each in inside if each is not new)
            room = min(room, _part(share, surely_delivered(inside)) - issued)
    return max(room, 0)


def surely_delivered(productions: Sequence[Counted]) -> int:
    """The largest sum of delivered tonnes over productions of which no two overlap, in t."""
    ordered = sorted(productions, key=lambda each: each.period_end)
    ends = [each.period_end for each in ordered]
    most = [0]  # most[n]: the largest sum among the n productions that end first
    for each in ordered:
        finished_before = bisect_left(ends, each.period_start)
        most.append(max(most[-1], most[finished_before] + each.delivered_tonnes))
    return most[-1]


def _part(share: Decimal, tonnes: int) -> int:
    with localcontext(EXACT):
        return int(share * tonnes)


def _overlapping(new: Counted, before: Sequence[Counted]) -> list[Counted]:
    """The new production and all that overlap it, or overlap one that does, and so on."""
    cluster, rest = [new], list(before)
    start, end = new.period_start, new.period_end
    while True:
        touching = [each for each in rest if each.period_start <= end and start <= each.period_end]
        if not touching:
            return cluster
        cluster += touching
        rest = [each for each in rest if each not in touching]
        start = min(each.period_start for each in cluster)
        end = max(each.period_end for each in cluster)
