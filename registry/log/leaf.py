"""An event's bytes, and the hashes of a Merkle tree (RFC 6962, 2.1)."""

import json
from collections.abc import Mapping
from hashlib import sha256

# What an entry bundle's length prefix of two bytes can say (C2SP tlog-tiles).
MOST_BYTES = 65_535
EMPTY_ROOT = sha256(b"").digest()


def canonical(event: Mapping[str, str]) -> bytes:
    """The event as RFC 8785 writes it. Values are strings, names ASCII: so it is this simple."""
    return json.dumps(
        dict(event), ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode()


def leaf_hash(event: bytes) -> bytes:
    return sha256(b"\x00" + event).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
