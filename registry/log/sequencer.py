"""The sequencer: numbers what has been committed, extends the tree, signs, publishes.

There is one at a time, under a lock. Its steps are: number (committed), tiles, checkpoint
(committed), certificates, and last the file `checkpoint`, which so vouches for all the others.
Whatever step it dies after, the next run goes on from there: leaves that have a number keep it,
tiles come out the same, and a checkpoint that was kept and not published is published.

It signs nothing that is inconsistent with what it signed before (registry/log/audit.py).
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from registry.log import audit, books
from registry.log.audit import InconsistentError
from registry.log.checkpoint import Checkpoint, signed
from registry.log.folder import CHECKPOINT, KEY, Folder, kept_path
from registry.log.keys import SigningKey
from registry.log.leaf import leaf_hash
from registry.log.proof import proof_file, proof_path
from registry.log.tiles import WIDTH, Tiles, grown, pack, tile_path
from registry.log.tree import root

# Leaves in memory at once; a multiple of a tile's width.
_CHUNK = WIDTH * WIDTH


@dataclass(frozen=True, slots=True)
class Signed:
    """The log's newest checkpoint, and how many leaves this run added to it."""

    checkpoint: Checkpoint
    added: int


def sequence(*, folder: Folder, key: SigningKey, now: datetime) -> Signed | None:
    """Number, sign and publish what has been committed; None when another sequencer is at work.

    Raises InconsistentError, and then has signed nothing.
    """
    with _alone(folder) as is_ours:
        if not is_ours:
            return None
        before = audit.last_signed(folder, key)
        size = before.size if before else 0
        if before:
            audit.check_sample(folder, before)
        _finish_publishing(folder, key)
        until = books.number_pending()
        if before and until == size:
            return Signed(before, 0)
        tiles = _extend(folder, size, until)
        checkpoint = Checkpoint(key.public.name, until, root(until, tiles.hash_at))
        books.keep(checkpoint, signed(checkpoint, key.public, key.sign), now)
        _finish_publishing(folder, key)
        _drop_partial(folder, size, until)
        return Signed(checkpoint, until - size)


def rebuild(*, folder: Folder, key: SigningKey) -> Checkpoint | None:
    """Write the whole folder anew from the tables, for a folder that was lost.

    Raises InconsistentError when the leaves do not give every root that was signed.
    """
    with _alone(folder) as is_ours:
        if not is_ours:
            return None
        # Aside, so that tables that were changed do not spoil files that are right.
        aside = Folder(folder.root.with_name(f"{folder.root.name}.new"))
        shutil.rmtree(aside.root, ignore_errors=True)
        since, newest = 0, None
        for size, note in books.notes():
            # Step by step, as each size that was signed has partial tiles of its own.
            newest = audit.opened_note(note, key)
            if root(size, _extend(aside, since, size).hash_at) != newest.root:
                raise InconsistentError(f"the leaves do not give the root signed at {size}")
            aside.write(kept_path(size), note.encode())
            since = size
        if newest:
            _publish(aside, key, 0, newest.size, note)
            shutil.rmtree(folder.root)
            aside.root.rename(folder.root)
        return newest


@contextmanager
def _alone(folder: Folder) -> Iterator[bool]:
    """The database's lock, and one on the folder for a process that lost its connection."""
    folder.root.mkdir(parents=True, exist_ok=True)
    with open(folder.root / ".lock", "wb") as file, books.alone() as is_ours:
        if is_ours:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                is_ours = False
        yield is_ours


def _extend(folder: Folder, size: int, until: int) -> Tiles:
    """Write the tiles and bundles of leaves size…until-1."""
    while size < until:
        end = min(until, (size // _CHUNK + 1) * _CHUNK)
        first = size - size % WIDTH
        events = books.events(first, end)
        if len(events) != end - first:
            raise InconsistentError(f"leaf {first + len(events)} is missing in the table")
        for at in range(0, len(events), WIDTH):
            bundle = events[at : at + WIDTH]
            path = tile_path("entries", (first + at) // WIDTH, len(bundle))
            folder.write(path, pack(bundle))
        added = [leaf_hash(event) for event in events[size - first :]]
        for path, tile in grown(Tiles(folder.read, size), added):
            folder.write(path, tile)
        size = end
    folder.settle()
    return Tiles(folder.read, until)


def _finish_publishing(folder: Folder, key: SigningKey) -> None:
    """Publish the newest checkpoint that was kept, unless that has been done."""
    kept = books.last_checkpoints()
    if kept and folder.text(CHECKPOINT) != kept[0].note:
        since = kept[1].size if len(kept) > 1 else 0
        _publish(folder, key, since, kept[0].size, kept[0].note)


def _publish(folder: Folder, key: SigningKey, since: int, size: int, note: str) -> None:
    hash_at = Tiles(folder.read, size).hash_at
    for code, events in books.certificates(since, size).items():
        folder.write(proof_path(code), proof_file(code, events, note, size, hash_at))
    folder.write(KEY, f"{key.public}\n".encode())
    folder.write(kept_path(size), note.encode())
    folder.settle()
    folder.write(CHECKPOINT, note.encode())
    folder.settle()


def _drop_partial(folder: Folder, size: int, until: int) -> None:
    """Partial tiles are of no use once the full one is there."""
    level = 0
    while size >> 8 * level != until >> 8 * level:
        first = (size >> 8 * level) // WIDTH
        if (until >> 8 * level) // WIDTH > first:
            names = [(level, first)] + ([("entries", first)] if level == 0 else [])
            folder.drop_partial(names)
        level += 1
