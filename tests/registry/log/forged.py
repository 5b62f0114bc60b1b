"""A whole log from any list of events: what somebody could publish who rules the registry."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from registry.log.checkpoint import Checkpoint, signed
from registry.log.folder import Folder, kept_path
from registry.log.keys import SigningKey
from registry.log.leaf import canonical, leaf_hash
from registry.log.tiles import WIDTH, Tiles, grown, pack, tile_path
from registry.log.tree import root
from tests.registry.log.stage import KEY

Event = dict[str, str]


def publish(root_folder: Path, raw: Iterable[bytes], key: SigningKey | None = KEY) -> Folder:
    """Tiles and bundles of the events; key: who signs, None leaves the checkpoint as it was."""
    folder = Folder(root_folder)
    shutil.rmtree(root_folder / "tile", ignore_errors=True)
    events = list(raw)
    for at in range(0, len(events), WIDTH):
        bundle = events[at : at + WIDTH]
        folder.write(tile_path("entries", at // WIDTH, len(bundle)), pack(bundle))
    for path, tile in grown(Tiles(folder.read, 0), [leaf_hash(event) for event in events]):
        folder.write(path, tile)
    if key:
        size = len(events)
        new = Checkpoint(key.public.name, size, root(size, Tiles(folder.read, size).hash_at))
        note = signed(new, key.public, key.sign).encode()
        folder.write("checkpoint", note)
        folder.write(kept_path(size), note)
    return folder


def read(raw: Iterable[bytes]) -> list[Event]:
    return [json.loads(each) for each in raw]


def write(events: Iterable[Event]) -> list[bytes]:
    return [canonical(event) for event in events]
