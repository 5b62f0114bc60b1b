"""Spreads a group's total over its lines, to the last digit, whatever their order (R124)."""

from collections.abc import Sequence
from decimal import Decimal

from claims.accounting.numbers import EXACT, exponent


def spread(amount: Decimal, weights: Sequence[Decimal], *, places: int) -> list[Decimal]:
    """Parts of `amount` in proportion to the weights, adding up to it exactly.

    Each part is the difference of two running totals, both rounded down to `places` decimals.
    Hence no part exceeds its weight when the amount does not exceed their sum, and a line split
    into two neighbours gets the same in two parts. With no weight at all the last one takes
    everything. Raises ValueError on negative numbers, nothing to spread over, or a finer amount.
    """
    if not weights or amount < 0 or any(weight < 0 for weight in weights):
        raise ValueError(f"cannot spread {amount} over {len(weights)} weights")
    if exponent(amount) < -places:
        raise ValueError(f"{amount} has more than {places} decimals")
    whole = _whole(amount, places)
    # As they are written: any power of ten that makes all of them whole serves as well.
    finest = max(-min(int(weight.as_tuple().exponent), 0) for weight in weights)
    sizes = [_whole(weight, finest) for weight in weights]
    if not any(sizes):
        sizes[-1] = 1
    everything = sum(sizes)
    parts, running, given = [], 0, 0
    for size in sizes:
        running += size
        reached = whole * running // everything
        parts.append(Decimal(reached - given).scaleb(-places, context=EXACT))
        given = reached
    return parts


def _whole(value: Decimal, places: int) -> int:
    return int(value.scaleb(places, context=EXACT))
