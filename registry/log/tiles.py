"""The tree as static files (C2SP tlog-tiles): tiles of hashes and bundles of events, 256 each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from registry.log.leaf import MOST_BYTES, node_hash
from registry.log.tree import HashAt

WIDTH = 256
HEIGHT = 8
HASH_BYTES = 32

# The bytes of the file at a path below the log's folder; raises OSError when it is not there.
Read = Callable[[str], bytes]


class DamagedError(Exception):
    """A file of the log is missing or is not what it should be; the message names it."""


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Where a tile lies; level "entries": a bundle of events. A width under 256: a partial one."""
    return f"tile/{level}/{number_path(index)}" + (f".p/{width}" if width < WIDTH else "")


def number_path(number: int) -> str:
    """1234067 as x001/x234/067."""
    parts = [f"{number % 1000:03d}"]
    while number := number // 1000:
        parts.insert(0, f"x{number % 1000:03d}")
    return "/".join(parts)


def width_of(level: int, index: int, size: int) -> int:
    """How many hashes tile `index` of a level has in a tree of `size` leaves."""
    return max(0, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))


def pack(events: Iterable[bytes]) -> bytes:
    """A bundle: each event after its length in two bytes."""
    parts = []
    for event in events:
        if len(event) > MOST_BYTES:
            raise ValueError(f"an event of {len(event)} bytes: at most {MOST_BYTES} fit")
        parts += [len(event).to_bytes(2, "big"), event]
    return b"".join(parts)


def unpack(bundle: bytes) -> list[bytes]:
    events, at = [], 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if end > len(bundle):
            raise DamagedError("a bundle ends in the middle of an event")
        events.append(bundle[at + 2 : end])
        at = end
    return events


def top(hashes: Sequence[bytes]) -> bytes:
    """The root over a complete subtree, 2**n hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def split(tile: bytes) -> list[bytes]:
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


class Tiles:
    """A tree of `size` leaves, read from its tiles."""

    def __init__(self, read: Read, size: int) -> None:
        self.size = size
        self._read = read
        self._tile = lru_cache(maxsize=512)(self._read_tile)

    @property
    def hash_at(self) -> HashAt:
        return self._hash_at

    def tile(self, level: int, index: int) -> list[bytes]:
        """The hashes of a tile, as many as this size has of it. Raises DamagedError."""
        return self._tile(level, index)

    def _hash_at(self, height: int, index: int) -> bytes:
        level, within = divmod(height, HEIGHT)
        first = index << within
        tile = self.tile(level, first // WIDTH)
        start = first % WIDTH
        return top(tile[start : start + (1 << within)])

    def _read_tile(self, level: int, index: int) -> list[bytes]:
        width = width_of(level, index, self.size)
        # A partial tile may have been removed once the full one was there.
        for path in {tile_path(level, index, width): None, tile_path(level, index): None}:
            try:
                found = self._read(path)
            except OSError:
                continue
            if len(found) < width * HASH_BYTES or len(found) % HASH_BYTES:
                raise DamagedError(f"{path} has {len(found)} bytes, {width * 32} were expected")
            return split(found)[:width]
        raise DamagedError(f"{tile_path(level, index, width)} is missing")


def grown(tiles: Tiles, leaf_hashes: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every tile that is new or wider once the leaves are added: its path and its bytes."""
    level, old, added = 0, tiles.size, list(leaf_hashes)
    while added:
        index, width = divmod(old, WIDTH)
        row = (tiles.tile(level, index) if width else []) + added
        full = []
        for at in range(0, len(row), WIDTH):
            tile = row[at : at + WIDTH]
            yield tile_path(level, index + at // WIDTH, len(tile)), b"".join(tile)
            if len(tile) == WIDTH:
                full.append(top(tile))
        level, old, added = level + 1, old // WIDTH, full
