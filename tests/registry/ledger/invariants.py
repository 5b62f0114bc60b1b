"""The ledger's invariants, checked against the tables by an independent replay in Python."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any
from uuid import UUID

from registry.models import Entry, Holding, Issuance

Place = tuple[UUID | None, str, int, int | None]
Runs = dict[tuple[UUID, int], list[tuple[int, int, Place]]]


def assert_sound() -> None:
    """Tiling, sums, replay. Fails with the issuance and copy concerned."""
    held, replayed = _held(), _replayed()
    assert replayed == held
    for issuance in Issuance.objects.filter(pk__in={issuance for issuance, _ in replayed}):
        runs = held[(issuance.pk, 1)]
        assert runs[0][0] == 1, f"{issuance.code} does not start at 1"
        assert runs[-1][1] == issuance.quantity, f"{issuance.code} does not end at its quantity"
        for (_, last, _), (first, _, _) in pairwise(runs):
            assert first == last + 1, f"{issuance.code} has a gap or overlap at {first}"
        _assert_copies(issuance, runs, [held.get((issuance.pk, copy), []) for copy in (2, 3)])


def total(account: UUID, state: str = "active") -> int:
    return sum(holding.quantity for holding in Holding.objects.filter(account=account, state=state))


def _assert_copies(
    issuance: Issuance, first: list[tuple[int, int, Place]], others: list[list[Any]]
) -> None:
    """Copy 2 exists where the first copy has a layer and nowhere else, copy 3 where copy 2 does."""
    primary = _serials(run for run in first if run[2][3] is not None)
    second, third = (_serials(runs) for runs in others)
    assert second == primary, f"{issuance.code}: copy 2 and the primary's layer differ"
    assert third <= second, f"{issuance.code}: copy 3 without a copy 2"


def _serials(runs: Iterable[tuple[int, int, Place]]) -> set[int]:
    return {serial for first, last, _ in runs for serial in range(first, last + 1)}


def _held() -> Runs:
    runs: Runs = defaultdict(list)
    for row in Holding.objects.order_by("issuance_id", "copy", "serials"):
        place = (row.account_id, row.state, row.transfers, row.layer)
        runs[(row.issuance_id, row.copy)].append((row.first, row.last, place))
    return {key: _joined(each) for key, each in runs.items()}


def _replayed() -> Runs:
    """Entries in the order of version: each overwrites the serials it names."""
    runs: Runs = defaultdict(list)
    for entry in Entry.objects.order_by("issuance_id", "copy", "version", "id"):
        first, last = entry.serials.lower, entry.serials.upper - 1
        place = (entry.to_account_id, entry.to_state, entry.transfers, entry.layer)
        key = (entry.issuance_id, entry.copy)
        if entry.from_state:
            before = {run[2][:2] for run in runs[key] if run[0] <= last and first <= run[1]}
            assert before == {(entry.from_account_id, entry.from_state)}, entry
        kept = []
        for other_first, other_last, other in runs[key]:
            if other_first < first:
                kept.append((other_first, min(other_last, first - 1), other))
            if other_last > last:
                kept.append((max(other_first, last + 1), other_last, other))
        runs[key] = sorted({*kept, (first, last, place)}, key=lambda run: run[0])
    return {key: _joined(each) for key, each in runs.items()}


def _joined(runs: list[tuple[int, int, Place]]) -> list[tuple[int, int, Place]]:
    joined: list[tuple[int, int, Place]] = []
    for first, last, place in runs:
        if joined and joined[-1][1] + 1 == first and joined[-1][2] == place:
            joined[-1] = (joined[-1][0], last, place)
        else:
            joined.append((first, last, place))
    return joined
