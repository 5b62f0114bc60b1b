"""The Merkle tree from the leaves up, and the folder of tiles it is compared with."""

from __future__ import annotations

from base64 import b64decode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from .note import Checkpoint, WrongError

WIDTH = 256


def leaf(event: bytes) -> bytes:
    return sha256(b"\x00" + event).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def subtree(hashes: list[bytes]) -> bytes:
    """Over a power of two of hashes."""
    while len(hashes) > 1:
        pairs = iter(hashes)
        hashes = [sha256(b"\x01" + each + next(pairs)).digest() for each in pairs]
    return hashes[0]


def over(hashes: list[bytes]) -> bytes:
    """RFC 6962's hash over any number of complete subtrees of one height, from the left."""
    if not hashes:
        return sha256(b"").digest()
    size = len(hashes)
    if size & (size - 1) == 0:
        return subtree(hashes)
    half = 1 << (size - 1).bit_length() - 1
    return node(subtree(hashes[:half]), over(hashes[half:]))


def path_of(level: int | str, index: int, width: int = WIDTH) -> str:
    """C2SP tlog-tiles: tile/0/x001/234, with .p/width where the tile is partial."""
    name = f"{index % 1000:03d}"
    while index := index // 1000:
        name = f"x{index % 1000:03d}/{name}"
    return f"tile/{level}/{name}" + (f".p/{width}" if width < WIDTH else "")


class Log:
    """A folder of static files, read only."""

    def __init__(self, root: str) -> None:
        self.root = root

    def read(self, path: str) -> bytes:
        try:
            return Path(self.root, path).read_bytes()
        except OSError as error:
            raise WrongError(f"{path} cannot be read: {error.strerror}") from error

    def tile(self, level: int | str, index: int, width: int) -> bytes:
        """The file of a tile or bundle; the full one where the partial one has been removed."""
        partial = path_of(level, index, width)
        full = path_of(level, index)
        is_there = width == WIDTH or Path(self.root, partial).exists()
        return self.read(partial if is_there or not Path(self.root, full).exists() else full)

    def events(self, index: int, width: int) -> list[bytes]:
        """The first `width` events of a bundle."""
        bundle = self.tile("entries", index, width)
        found, at, size = [], 0, len(bundle)
        while at < size and len(found) < width:
            end = at + 2 + (bundle[at] << 8 | bundle[at + 1])
            found.append(bundle[at + 2 : end])
            at = end
        if at > size or len(found) < width:
            raise WrongError(f"{path_of('entries', index, width)} is cut short")
        return found


class Roots:
    """The root of any beginning of the tree, once every full tile's own root is known."""

    def __init__(self, log: Log, tops: list[bytes], signed: Checkpoint) -> None:
        self.signed = signed
        self._log = log
        self._tops = tops
        self._node = lru_cache(maxsize=None)(self._complete)
        self._leaves = lru_cache(maxsize=64)(self._read)

    def at(self, size: int) -> bytes:
        """The root of the first `size` leaves."""
        full, rest = divmod(size, WIDTH)
        peaks = []
        low = 0
        for height in reversed(range(full.bit_length())):
            if full >> height & 1:
                peaks.append(self._node(height, low >> height))
                low += 1 << height
        if rest or not peaks:
            peaks.append(over(self._leaves(full, rest) if rest else []))
        found = peaks.pop()
        while peaks:
            found = node(peaks.pop(), found)
        return found

    def _complete(self, height: int, index: int) -> bytes:
        """Over 2**height full tiles."""
        if height == 0:
            return self._tops[index]
        below = self._node(height - 1, 2 * index), self._node(height - 1, 2 * index + 1)
        return node(*below)

    def _read(self, index: int, width: int) -> list[bytes]:
        # The bundle as it is now, since a narrower one may be gone.
        there = min(WIDTH, self.signed.size - index * WIDTH)
        return [leaf(event) for event in self._log.events(index, there)[:width]]


def is_included(hashed: bytes, number: int, size: int, steps: list[bytes], root: bytes) -> bool:
    """RFC 6962, 2.1.1: rebuild the root from the leaf and the path."""
    remaining = list(steps)

    def rebuild(low: int, high: int) -> bytes:
        if high - low == 1:
            return hashed
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        step = remaining.pop()
        if number < middle:
            return node(rebuild(low, middle), step)
        return node(step, rebuild(middle, high))

    if not 0 <= number < size:
        return False
    try:
        return rebuild(0, size) == root and not remaining
    except IndexError:
        return False


def decoded(steps: list[str]) -> list[bytes]:
    return [b64decode(step, validate=True) for step in steps]
