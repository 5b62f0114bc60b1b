"""Retired units stand still, and yet two may judge them at once: a claim and a suspension."""

from collections.abc import Sequence

from registry import ledger
from registry.tracing import Tonnes, columns


def hold_retired(tonnes: Sequence[Tonnes]) -> None:
    """Lock what is retired of these units until the transaction ends.

    Whoever comes first, the other sees what became of it: a claim made just before a suspension
    is told of it, one made just after is refused.
    """
    ledger.hold_retired(columns(tonnes))
