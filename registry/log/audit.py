"""What the sequencer looks at before it signs, and the whole look that beat takes every night.

The last checkpoint must be signed by our key, be the newest that was published, and have the root
that the tiles give; and the leaves in the table must give the tiles.
"""

from collections.abc import Iterable
from random import SystemRandom

from registry.log import books
from registry.log.checkpoint import Checkpoint, NotACheckpointError, opened
from registry.log.folder import CHECKPOINT, Folder
from registry.log.keys import SigningKey, verifier
from registry.log.leaf import leaf_hash
from registry.log.tiles import WIDTH, DamagedError, Tiles, pack, tile_path, top, width_of
from registry.log.tree import root

# Tiles compared before each signature: all of a small log, and of a large one as many at random.
SAMPLE = 64


class InconsistentError(Exception):
    """The log is not what was signed: nothing more is signed until somebody has looked."""


def last_signed(folder: Folder, key: SigningKey) -> Checkpoint | None:
    """The last checkpoint, once its signature and its root are found right."""
    kept = books.last_checkpoints()
    last = opened_note(kept[0].note, key) if kept else None
    if last and kept and (last.size, last.root) != (kept[0].size, bytes(kept[0].root)):
        raise InconsistentError(f"the table says another size or root than note {kept[0].size}")
    _compare_with_published(folder, key, last)
    if last and _root(Tiles(folder.read, last.size), last.size) != last.root:
        raise InconsistentError(
            f"the tiles do not give the root that was signed at size {last.size}"
        )
    return last


def check_sample(folder: Folder, signed: Checkpoint) -> None:
    """Compare the newest tile and some others, at random, with the leaves in the table."""
    count = -(-signed.size // WIDTH)
    chosen = set(SystemRandom().sample(range(count), min(SAMPLE, count))) | {count - 1}
    check_tiles(folder, signed, sorted(chosen - {-1}))


def check_everything(folder: Folder, key: SigningKey) -> int:
    """Compare all that was signed with the tables; the number of leaves looked at."""
    signed = last_signed(folder, key)
    if signed is None:
        return 0
    check_tiles(folder, signed, range(-(-signed.size // WIDTH)))
    check_history(folder, key)
    wrong = books.first_event_not_in_ledger()
    if wrong:
        raise InconsistentError(wrong)
    return signed.size


def check_history(folder: Folder, key: SigningKey) -> None:
    """Every checkpoint ever signed must be a beginning of the tree as it is now."""
    newest = next(iter(books.last_checkpoints()), None)
    tiles = Tiles(folder.read, newest.size if newest else 0)
    for size, note in books.notes():
        signed = opened_note(note, key)
        if signed.size != size or _root(tiles, size) != signed.root:
            raise InconsistentError(f"the tree no longer begins with what was signed at {size}")


def check_tiles(folder: Folder, signed: Checkpoint, indices: Iterable[int]) -> None:
    """Compare these bundles, from the table through the tiles to the root."""
    tiles = Tiles(folder.read, signed.size)
    for index in indices:
        width = width_of(0, index, signed.size)
        events = books.events(index * WIDTH, index * WIDTH + width)
        hashes = _tile(tiles, 0, index)
        for at in range(width):
            if at >= len(events) or leaf_hash(events[at]) != hashes[at]:
                raise InconsistentError(
                    f"leaf {index * WIDTH + at} in the table is not the one that was signed"
                )
        if not _is_bundle(folder, index, events):
            raise InconsistentError(f"{tile_path('entries', index, width)} is not as signed")
        _climb(tiles, index)


def _climb(tiles: Tiles, index: int) -> None:
    """A full tile's root stands in the tile above, up to one that is not full: that is in root."""
    level = 0
    while width_of(level, index, tiles.size) == WIDTH:
        above = _tile(tiles, level + 1, index // WIDTH)
        if top(_tile(tiles, level, index)) != above[index % WIDTH]:
            raise InconsistentError(f"{tile_path(level, index)} is not as signed")
        level, index = level + 1, index // WIDTH


def _is_bundle(folder: Folder, index: int, events: list[bytes]) -> bool:
    for path in (tile_path("entries", index, len(events)), tile_path("entries", index)):
        try:
            return folder.read(path)[: len(pack(events))] == pack(events)
        except OSError:
            continue
    return False


def _compare_with_published(folder: Folder, key: SigningKey, last: Checkpoint | None) -> None:
    """A database put back to an earlier day must not sign a second history."""
    note = folder.text(CHECKPOINT)
    published = opened_note(note, key) if note else None
    if published and (last is None or published.size > last.size):
        raise InconsistentError(
            f"size {published.size} has been published, the table at {last.size if last else 0}"
        )


def _root(tiles: Tiles, size: int) -> bytes:
    try:
        return root(size, tiles.hash_at)
    except DamagedError as damaged:
        raise InconsistentError(str(damaged)) from damaged


def _tile(tiles: Tiles, level: int, index: int) -> list[bytes]:
    try:
        return tiles.tile(level, index)
    except DamagedError as damaged:
        raise InconsistentError(str(damaged)) from damaged


def opened_note(note: str, key: SigningKey) -> Checkpoint:
    """What a note that we kept says. Raises InconsistentError when our key did not sign it."""
    try:
        return opened(note, key.public, verifier(key.public))
    except NotACheckpointError as error:
        raise InconsistentError(f"a checkpoint that was kept: {error}") from error
