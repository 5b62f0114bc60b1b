"""Signed notes with Ed25519: the key, the signature, and what a checkpoint says."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class WrongError(Exception):
    """Something does not verify; the message says what."""


@dataclass(frozen=True)
class Key:
    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n\x01" + self.public).digest()[:4]


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes


def read_key(text: str) -> Key:
    """name+id+base64, as the log's page prints it."""
    try:
        name, identity, encoded = text.strip().split("+", 2)
        raw = b64decode(encoded, validate=True)
    except ValueError as error:
        raise WrongError("the public key is not of the form name+id+base64") from error
    key = Key(name, raw[1:])
    if raw[:1] != b"\x01" or len(raw) != 33 or key.id.hex() != identity:
        raise WrongError("the public key's id does not belong to its name and bytes")
    return key


def open_checkpoint(note: str, key: Key) -> Checkpoint:
    """Check the signature, then read. Raises WrongError."""
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise WrongError("not a signed note")
    body = (text + "\n").encode()
    if not any(_is_signed(line, body, key) for line in signatures.splitlines()):
        raise WrongError(f"no valid signature by {key.name} ({key.id.hex()})")
    lines = text.split("\n")
    try:
        origin, size, root = lines[0], int(lines[1]), b64decode(lines[2], validate=True)
    except (IndexError, ValueError) as error:
        raise WrongError("signed, but not a checkpoint") from error
    if str(size) != lines[1] or size < 0 or len(root) != 32 or origin != key.name:
        raise WrongError("signed, but not a checkpoint of this log")
    return Checkpoint(origin, size, root)


def _is_signed(line: str, body: bytes, key: Key) -> bool:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or parts[1] != key.name:
        return False
    try:
        raw = b64decode(parts[2], validate=True)
        if raw[:4] != key.id:
            return False
        Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], body)
    except (ValueError, InvalidSignature):
        return False
    return True
