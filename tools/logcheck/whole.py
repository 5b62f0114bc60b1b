"""What must hold of an issuance at the end, and of retirements across issuances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .replay import FIRST, LAST, LAYER, STATE, Issuance, Lane


def problems_of(name: str, issuance: Issuance) -> Iterator[str]:
    """Copy 1 tiles what was issued; copies lie on co-claimed units; a layer claims a tonne once."""
    primary = issuance.lanes[0]
    if not primary.segments:
        yield f"issuance {name}: a record without units"
        return
    total = sum(units_by_state(primary).values())
    if total != issuance.quantity or _gap(primary):
        yield f"issuance {name}: {total} of {issuance.quantity} units are anywhere"
    for copy, below in ((2, 1), (3, 2)):
        for segment in issuance.lanes[copy - 1].segments:
            layers = list(_layers(issuance, segment, copy))
            if None in layers or len(set(layers)) != len(layers):
                where = f"{segment[FIRST]} to {segment[LAST]}"
                yield (
                    f"issuance {name}: copy {copy} of {where} has no co-claimed copy {below} "
                    "under it, or claims a layer twice"
                )


def units_by_state(lane: Lane) -> Counter[str]:
    counted: Counter[str] = Counter()
    for segment in lane.segments:
        counted[segment[STATE]] += segment[LAST] - segment[FIRST] + 1
    return counted


def _gap(lane: Lane) -> bool:
    ends = [0, *(segment[LAST] for segment in lane.segments)]
    return any(segment[FIRST] != end + 1 for segment, end in zip(lane.segments, ends, strict=False))


def _layers(issuance: Issuance, segment: list, copy: int) -> Iterator[bytes | None]:
    """The layers of the copies up to this one on its serials; None where one is missing."""
    yield segment[LAYER]
    for lane in issuance.lanes[: copy - 1]:
        under = [
            each
            for each in lane.segments
            if each[FIRST] <= segment[LAST] and each[LAST] >= segment[FIRST]
        ]
        covered = sum(
            min(each[LAST], segment[LAST]) - max(each[FIRST], segment[FIRST]) + 1 for each in under
        )
        layers = {each[LAYER] for each in under}
        is_whole = covered == segment[LAST] - segment[FIRST] + 1
        yield layers.pop() if is_whole and len(layers) == 1 and b"" not in layers else None


def problems_of_retirements(
    records: dict[bytes, tuple[str, bytes, int]], retired: dict[bytes, dict[bytes, int]]
) -> Iterator[str]:
    """A record and all of its units come in one transaction: neither is there without the other."""
    for order, by_account in retired.items():
        if order not in records:
            yield f"{sum(by_account.values())} units were retired by {order.decode()}: no record"
    for order, (code, account, quantity) in records.items():
        by_account = retired.get(order, {})
        if by_account != {account: quantity}:
            yield (
                f"retirement {code}: its record says {quantity} units of one account, "
                f"{sum(by_account.values())} units were retired"
            )
