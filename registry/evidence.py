"""What an evidence file really is: its size, type by content, and SHA-256."""

import hashlib
import json
import struct
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from registry.errors import BadInput

MOST_BYTES = 20 * 1024 * 1024
_SIGNATURES = {
    "application/pdf": (b"%PDF-", (".pdf",)),
    "image/png": (b"\x89PNG\r\n\x1a\n", (".png",)),
    "image/jpeg": (b"\xff\xd8\xff", (".jpg", ".jpeg")),
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCEPTED = ".pdf .png .jpg .jpeg .xlsx .csv .txt .json"


@dataclass(frozen=True, slots=True)
class Inspected:
    """media_type: from the content, not from what the browser said."""

    content: bytes
    media_type: str
    size: int
    sha256: str


def inspect(name: str, file: IO[bytes]) -> Inspected:
    """Read and check one uploaded file. Raises BadInput for the field `file`."""
    if not name.isprintable():
        raise _bad("The file's name has characters that cannot be shown: rename it.")
    content = file.read(MOST_BYTES + 1)
    if not content:
        raise _bad(f"{name} is empty.")
    if len(content) > MOST_BYTES:
        raise _bad(f"{name} is larger than {MOST_BYTES // 1024 // 1024} MiB.")
    media_type = _media_type(name.lower(), content)
    return Inspected(content, media_type, len(content), hashlib.sha256(content).hexdigest())


def _media_type(name: str, content: bytes) -> str:
    for media_type, (signature, endings) in _SIGNATURES.items():
        if content.startswith(signature) and name.endswith(endings):
            return media_type
    if name.endswith(".xlsx") and _is_xlsx(content):
        return _XLSX
    if name.endswith((".csv", ".txt")) and _is_text(content):
        return "text/csv" if name.endswith(".csv") else "text/plain"
    if name.endswith(".json") and _is_json(content):
        return "application/json"
    raise _bad(
        f"{name} is not what its name says, or of a kind that is not taken. "
        f"Taken are {ACCEPTED}, with matching content."
    )


def _is_xlsx(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error):
        # What zipfile raises for archives that are damaged, or of a later version than it knows.
        return False


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _bad(text: str) -> BadInput:
    return BadInput({"file": [text]})
