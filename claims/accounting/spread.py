"""Spreads a group's total over its lines, to the last digit, whatever their order (R124)."""

from collections.abc import Sequence
from decimal import Decimal

from claims.accounting.numbers import EXACT, exponent

_COARSEST = -6


def spread(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Parts of `amount` in proportion to the weights, adding up to it exactly.

    Each part is the difference of two running totals, both rounded down to one quantum, the
    finest digit in play. Hence no part exceeds its weight when the amount does not exceed their
    sum, and a line split into two neighbours gets the same in two parts. With no weight at all
    the last one takes everything. Raises ValueError on negative numbers or nothing to spread over.
    """
    if not weights or amount < 0 or any(weight < 0 for weight in weights):
        raise ValueError(f"cannot spread {amount} over {len(weights)} weights")
    shift = min(_COARSEST, exponent(amount), *(exponent(weight) for weight in weights))
    whole = _quanta(amount, shift)
    sizes = [_quanta(weight, shift) for weight in weights]
    everything = sum(sizes)
    if everything == 0:
        sizes[-1] = everything = 1
    parts, running, given = [], 0, 0
    for size in sizes:
        running += size
        reached = whole * running // everything
        parts.append(Decimal(reached - given).scaleb(shift, context=EXACT))
        given = reached
    return parts


def _quanta(value: Decimal, shift: int) -> int:
    return int(value.scaleb(-shift, context=EXACT))
