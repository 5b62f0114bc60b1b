"""A million events that a registry could have written: sales in parts, refusals, retirements."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from registry.log.checkpoint import Checkpoint, signed
from registry.log.folder import Folder
from registry.log.keys import SigningKey
from registry.log.leaf import canonical, leaf_hash
from registry.log.tiles import WIDTH, Tiles, grown, pack, tile_path
from registry.log.tree import root

_AT = "2026-01-01T00:00:00.000000Z"
_SEED = 7
_ACCOUNTS = 200
_LOT = 1_000
# One lot of an issuance is offered, refused, offered again, sold, and retired in two halves.
_LOTS = 120


def million(size: int) -> Iterator[bytes]:
    """Exactly `size` events, whole transactions; what is left over is accounts opened."""
    dice = random.Random(_SEED)  # noqa: S311
    ids = (f"{number:08x}-0000-7000-8000-{dice.getrandbits(48):012x}" for number in count(1))
    left = size
    for booked in _history(dice, ids):
        if len(booked) > left:
            break
        left -= len(booked)
        yield from booked
    for _ in range(left):
        yield _account(next(ids))


def _history(dice: random.Random, ids: Iterator[str]) -> Iterator[list[bytes]]:
    """One transaction after another, without end."""
    accounts = [next(ids) for _ in range(_ACCOUNTS)]
    yield [_account(account) for account in accounts]
    while True:
        issuance, issuer = next(ids), dice.choice(accounts)
        entry = _Entry(dice, ids, issuance)
        quantity = _LOTS * _LOT
        record = {"account": issuer, "claims_agreed": "1", "code": issuance[-8:].upper()}
        record |= {"id": issuance, "producer": issuer, "quantity": str(quantity)}
        record |= {"transfers_allowed": "", "type": "issuance"}
        issued = entry.write("issue", 1, quantity, 1, ("", ""), (issuer, "active"), "")
        yield [canonical(record), issued]
        for lot in dice.sample(range(_LOTS), _LOTS):
            buyer = dice.choice([each for each in accounts[:20] if each != issuer])
            yield from _lot(entry, ids, lot * _LOT + 1, issuer, buyer)


def _lot(
    entry: _Entry, ids: Iterator[str], first: int, issuer: str, buyer: str
) -> Iterator[list[bytes]]:
    refused, sold, last = next(ids), next(ids), first + _LOT - 1
    own, kept, bought = (issuer, "active"), (issuer, "reserved"), (buyer, "active")
    yield [entry.write("propose", first, last, 2, own, kept, refused)]
    yield [entry.write("decline", first, last, 3, kept, own, refused)]
    yield [entry.write("propose", first, last, 4, own, kept, sold)]
    yield [entry.write("accept", first, last, 5, kept, bought, sold)]
    middle = (first + last) // 2
    for low, high in ((first, middle), (middle + 1, last)):
        order = next(ids)
        record = {"account": buyer, "at": _AT, "code": order[-8:].upper(), "id": order}
        record |= {"organisation": buyer, "quantity": str(high - low + 1)}
        record |= {"retired_on": "2026-01-01", "type": "retirement"}
        retired = entry.write("retire", low, high, 6, bought, (buyer, "retired"), order)
        yield [canonical(record), retired]


def _account(account: str) -> bytes:
    return canonical({"id": account, "organisation": account, "type": "account"})


class _Entry:
    """Entries of one issuance."""

    def __init__(self, dice: random.Random, ids: Iterator[str], issuance: str) -> None:
        self._dice, self._ids, self._issuance = dice, ids, issuance

    def write(
        self,
        kind: str,
        first: int,
        last: int,
        version: int,
        was: tuple[str, str],
        now: tuple[str, str],
        order: str,
    ) -> bytes:
        return (
            f'{{"at":"{_AT}","by":"{self._dice.getrandbits(256):064x}","copy":"1",'
            f'"first":"{first}","from_account":"{was[0]}","from_state":"{was[1]}",'
            f'"id":"{next(self._ids)}","issuance":"{self._issuance}","kind":"{kind}",'
            f'"last":"{last}","layer":"","order":"{order}","to_account":"{now[0]}",'
            f'"to_state":"{now[1]}","transfers":"0","type":"entry","version":"{version}"}}'
        ).encode()


def publish(into: Path, events: Iterator[bytes], key: SigningKey) -> None:
    """The log's static files, as the sequencer writes them."""
    folder, size = Folder(into), 0
    while chunk := list(islice(events, WIDTH * WIDTH)):
        for at in range(0, len(chunk), WIDTH):
            bundle = chunk[at : at + WIDTH]
            path = tile_path("entries", (size + at) // WIDTH, len(bundle))
            (into / path).parent.mkdir(parents=True, exist_ok=True)
            (into / path).write_bytes(pack(bundle))
        for path, tile in grown(Tiles(folder.read, size), [leaf_hash(each) for each in chunk]):
            (into / path).parent.mkdir(parents=True, exist_ok=True)
            (into / path).write_bytes(tile)
        size += len(chunk)
    made = Checkpoint(key.public.name, size, root(size, Tiles(folder.read, size).hash_at))
    folder.write("checkpoint", signed(made, key.public, key.sign).encode())
