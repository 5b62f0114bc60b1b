"""The log's folder of static files. Whoever serves it only reads; the sequencer writes.

A file is written aside, brought to disk, and renamed into place: a reader sees all of it or none.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from registry.log.tiles import WIDTH, number_path, tile_path

CHECKPOINT = "checkpoint"
KEY = "key"


def kept_path(size: int) -> str:
    """Where the checkpoint of a size is kept for ever."""
    return f"checkpoints/{number_path(size)}"


class Folder:
    """root: a directory, made when the first file is written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._touched: set[Path] = set()

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def text(self, path: str) -> str | None:
        """A file's text; None when it is not there."""
        try:
            return self.read(path).decode()
        except FileNotFoundError:
            return None

    def write(self, path: str, content: bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.new")
        with open(aside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, target)
        self._touched.add(target.parent)

    def settle(self) -> None:
        """Bring the names of what was written to disk as well."""
        while self._touched:
            descriptor = os.open(self._touched.pop(), os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def drop_partial(self, tiles: Iterable[tuple[int | str, int]]) -> None:
        """Remove the partial tiles of those that are full now."""
        for level, index in tiles:
            if (self.root / tile_path(level, index)).exists():
                shutil.rmtree(
                    (self.root / tile_path(level, index, WIDTH - 1)).parent, ignore_errors=True
                )
