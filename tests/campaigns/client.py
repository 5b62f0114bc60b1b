"""The client of a kill campaign: outside the application, it speaks HTTP and keeps its own books.

Standard library alone. A request without a clear answer is sent again under its key until it
gets one; only then is it acknowledged and written down.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from uuid import uuid4

MOST_UNITS = 7
LEFT_TO_LAPSE = "left to lapse"
PATIENCE_SECONDS = 120
# Busy, gone or restarting: nothing is known, so the same request is sent again.
UNCLEAR = {502, 503, 504}


@dataclass(frozen=True)
class Acknowledged:
    """One act that the registry said was done. kind: "propose", "accept" or "retire"."""

    kind: str
    key: str
    id: str
    quantity: int


def chance_of(seed: str) -> random.Random:
    """Chance that repeats itself: it decides nothing that has to stay secret."""
    return random.Random(seed)  # noqa: S311


@dataclass
class Books:
    """What all threads were told, and what went wrong beyond being told to try again."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    repeats: int = 0


class Client:
    """Threads that propose, accept and retire until told to stop."""

    def __init__(self, port: int, stage: dict[str, str], *, seed: int) -> None:
        self.port = port
        self.stage = stage
        self.books = Books()
        self.stopping = threading.Event()
        acts = [self._sell, self._sell, self._offer, self._retire]
        self.threads = [
            threading.Thread(target=self._work, args=(act, chance_of(f"{seed} {number}")))
            for number, act in enumerate(acts)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> Books:
        """Wait until every request on its way has its answer; what was acknowledged."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        return self.books

    @property
    def done(self) -> int:
        return len(self.books.acknowledged)

    def _work(self, act: object, chance: random.Random) -> None:
        assert callable(act)
        while not self.stopping.is_set():
            act(chance)

    def _sell(self, chance: random.Random) -> None:
        """Offer units and accept them as the buyer."""
        made = self._propose(chance)
        if made is not None:
            self._tell("accept", "buyer", f"transfers/{made.id}/accept/", {}, made.quantity)

    def _offer(self, chance: random.Random) -> None:
        """Offer units that nobody accepts: the worker lets the offer lapse."""
        self._propose(chance, LEFT_TO_LAPSE)
        time.sleep(0.05)

    def _propose(self, chance: random.Random, note: str = "") -> Acknowledged | None:
        quantity = chance.randint(1, MOST_UNITS)
        body = {
            "from_account": self.stage["source"],
            "to_account": self.stage["target"],
            "units": {"quantity": quantity},
            "surrendered": True,
            "note": note,
        }
        return self._tell("propose", "seller", "transfers/", body, quantity)

    def _retire(self, chance: random.Random) -> None:
        quantity = chance.randint(1, MOST_UNITS)
        body = {"account": self.stage["target"], "units": {"quantity": quantity}}
        self._tell("retire", "buyer", "retirements/", body, quantity)

    def _tell(
        self, kind: str, who: str, path: str, body: object, quantity: int
    ) -> Acknowledged | None:
        """Send until answered. An answer that is neither done nor try again is a fault."""
        key, deadline = str(uuid4()), time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            status, answer = self._send(self.stage[who], path, body, key)
            if status in (200, 201):
                done = Acknowledged(kind, key, answer.get("id") or answer["code"], quantity)
                self.books.acknowledged.append(done)
                return done
            # A key whose first request is still running is busy too (409 is then no refusal).
            if status and status not in UNCLEAR:
                self.books.faults.append(f"{kind}: {status} {json.dumps(answer)[:300]}")
                return None
            self.books.repeats += 1
            time.sleep(0.05)
        self.books.unanswered.append(f"{kind} {key}")
        return None

    def _send(self, token: str, path: str, body: object, key: str) -> tuple[int, dict[str, str]]:
        """The status and the body; status 0 where no whole answer came."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            link.request("POST", f"/api/v1/{path}", json.dumps(body), headers)
            response = link.getresponse()
            return response.status, json.loads(response.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            link.close()
