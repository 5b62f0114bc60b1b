"""A log at a URL: copied into a folder, file by file, and then verified like any folder."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .note import Key, WrongError, open_checkpoint
from .tree import WIDTH, path_of

_TIMEOUT_SECONDS = 30


def fetch(url: str, key: Key, into: Path) -> None:
    """The checkpoint, and every tile and bundle of its size. Raises WrongError."""
    base = url.rstrip("/") + "/"
    if not base.startswith(("http://", "https://")):
        raise WrongError("a URL starts with https:// or http://")
    _copy(base, "checkpoint", into)
    size = open_checkpoint((into / "checkpoint").read_text("utf-8"), key).size
    wanted: list[tuple[int | str, int, int]] = []
    for index in range(-(-size // WIDTH)):
        width = min(WIDTH, size - index * WIDTH)
        wanted += [("entries", index, width), (0, index, width)]
    level, count = 1, size // WIDTH
    while count:
        wanted += [
            (level, index, min(WIDTH, count - index * WIDTH)) for index in range(-(-count // WIDTH))
        ]
        level, count = level + 1, count // WIDTH
    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(lambda each: _copy_tile(base, *each, into), wanted))


def _copy_tile(base: str, level: int | str, index: int, width: int, into: Path) -> None:
    try:
        _copy(base, path_of(level, index, width), into)
    except WrongError:
        if width == WIDTH:
            raise
        # The partial tile goes once the full one is there.
        _copy(base, path_of(level, index), into)


def _copy(base: str, path: str, into: Path) -> None:
    target = into / path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            urllib.request.urlopen(base + path, timeout=_TIMEOUT_SECONDS) as answer,  # noqa: S310
            open(target, "wb") as file,
        ):
            shutil.copyfileobj(answer, file)
    except (urllib.error.URLError, OSError) as error:
        raise WrongError(f"{base}{path} cannot be read: {error}") from error
