"""The key that signs the log: a file that the sequencer alone can read, never the web."""

import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from registry.log.checkpoint import PublicKey, Verify


class KeyRefused(Exception):
    """There is no usable key; the message says what to do."""


class SigningKey:
    """An Ed25519 key under the log's name."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = PublicKey(name, self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def read_key(path: Path, name: str) -> SigningKey:
    """The key of a file: 64 hexadecimal digits that nobody else may read. Raises KeyRefused."""
    try:
        mode = path.stat().st_mode
        text = path.read_text().strip()
    except OSError as error:
        raise KeyRefused(
            f"The log's key {path} cannot be read ({error.strerror}): name it in "
            "BILLET_LOG_KEY_FILE, or make one with manage.py sequence_log --make-key."
        ) from error
    if stat.S_IMODE(mode) & 0o077:
        raise KeyRefused(f"Others may read the log's key {path}: chmod 600 it, or make a new one.")
    try:
        return SigningKey(name, bytes.fromhex(text))
    except ValueError as error:
        raise KeyRefused(f"{path} does not hold 64 hexadecimal digits.") from error


def make_key(path: Path) -> None:
    """Write a new key, mode 0600. Raises FileExistsError rather than replace one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
        file.flush()
        os.fsync(file.fileno())


def verifier(key: PublicKey) -> Verify:
    public = Ed25519PublicKey.from_public_bytes(key.key)

    def verify(signature: bytes, message: bytes) -> bool:
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return verify
