"""A certificate's proof file: its events, each with the way from its leaf to a signed root."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from registry.log.tree import HashAt, inclusion_path

FORMAT = "billet-proof-v1"


@dataclass(frozen=True, slots=True)
class Logged:
    """An event with its number in the log."""

    number: int
    event: bytes

    @property
    def is_record(self) -> bool:
        """Whether it is the retirement's own record, not one of its entries."""
        return self.text("type") == "retirement"

    def text(self, name: str) -> str:
        return str(json.loads(self.event)[name])


def proof_path(code: str) -> str:
    return f"proof/{code}.json"


def proof_file(code: str, events: Sequence[Logged], note: str, size: int, hash_at: HashAt) -> bytes:
    """JSON, self-contained: the checkpoint's note, and each event with its number and path."""
    shown = [
        {
            "number": str(each.number),
            "event": each.event.decode(),
            "path": [
                b64encode(step).decode() for step in inclusion_path(each.number, size, hash_at)
            ],
        }
        for each in events
    ]
    content = {"format": FORMAT, "retirement": code, "checkpoint": note, "events": shown}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
