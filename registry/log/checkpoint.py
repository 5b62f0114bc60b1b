"""What the log signs: origin, size and root (C2SP tlog-checkpoint) as a signed note.

The signature itself is a function that is handed in, since Ed25519 is not in the standard library.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

ED25519 = b"\x01"
_NOTE = re.compile(r"(?P<text>.*?\n)\n(?P<signatures>(?:— [^ \n]+ [A-Za-z0-9+/=]+\n)+)", re.DOTALL)
_MOST_SIGNATURES = 16

Sign = Callable[[bytes], bytes]
# Whether a signature over a message is right.
Verify = Callable[[bytes, bytes], bool]


class NotACheckpointError(ValueError):
    """The text is no checkpoint, or not signed by the key expected; the message says why."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """origin: the log's name. size: its number of leaves. root: 32 bytes."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A verifier key of signed notes: its name and 32 bytes of Ed25519."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.key).decode()}"


def parse_key(text: str) -> PublicKey:
    """Read name+id+key. Raises NotACheckpointError."""
    try:
        name, given, encoded = text.strip().split("+", 2)
        raw = b64decode(encoded, validate=True)
    except (ValueError, Error) as error:
        raise NotACheckpointError("a public key has the form name+id+key") from error
    key = PublicKey(name, raw[1:])
    if not name or raw[:1] != ED25519 or len(raw) != 33 or key.id.hex() != given:
        raise NotACheckpointError(f"{text.strip()!r} is no Ed25519 key of signed notes")
    return key


def signed(checkpoint: Checkpoint, key: PublicKey, sign: Sign) -> str:
    """The checkpoint as a signed note."""
    signature = sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n— {key.name} {b64encode(key.id + signature).decode()}\n"


def opened(note: str, key: PublicKey, verify: Verify) -> Checkpoint:
    """What a note says, once its signature by this key is found right. NotACheckpointError."""
    match = _NOTE.fullmatch(note)
    if match is None:
        raise NotACheckpointError("this is no signed note")
    signatures = match["signatures"].splitlines()[:_MOST_SIGNATURES]
    text = match["text"]
    by_key = [line.split(" ")[2] for line in signatures if line.split(" ")[1] == key.name]
    if not any(_is_right(each, text, key, verify) for each in by_key):
        raise NotACheckpointError(f"no signature by {key.name} ({key.id.hex()}) is right")
    return _parsed(text)


def _is_right(encoded: str, text: str, key: PublicKey, verify: Verify) -> bool:
    try:
        raw = b64decode(encoded, validate=True)
    except Error:
        return False
    return raw[:4] == key.id and verify(raw[4:], text.encode())


def _parsed(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 4 or not lines[0] or not re.fullmatch(r"0|[1-9][0-9]*", lines[1]):
        raise NotACheckpointError("a checkpoint is an origin, a size and a root, a line each")
    try:
        root = b64decode(lines[2], validate=True)
    except Error as error:
        raise NotACheckpointError("the root is not base64") from error
    if len(root) != 32:
        raise NotACheckpointError(f"the root has {len(root)} bytes, not 32")
    return Checkpoint(lines[0], int(lines[1]), root)
