"""One process's share of the work: hash every nth tile, replay every nth issuance."""

from __future__ import annotations

from dataclasses import dataclass, field

from .events import entry_groups, other_event
from .note import WrongError
from .replay import Entry, Issuance, Ledger
from .tree import WIDTH, Log, leaf, over, path_of, subtree
from .whole import problems_of, problems_of_retirements, units_by_state

MOST_PROBLEMS = 50
_ISSUANCE = b'"issuance":"'


@dataclass
class Found:
    """tops: the roots of the full tiles it hashed. last: the hash over the partial tile."""

    problems: list[str] = field(default_factory=list)
    tops: dict[int, bytes] = field(default_factory=dict)
    records: dict[bytes, tuple[str, bytes, int]] = field(default_factory=dict)
    retired: dict[bytes, dict[bytes, int]] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    issuances: int = 0


def work(root: str, size: int, share: int, shares: int) -> Found:
    return _Worker(Log(root), size, share, shares).run()


class _Worker:
    def __init__(self, log: Log, size: int, share: int, shares: int) -> None:
        self.log, self.size, self.share, self.shares = log, size, share, shares
        self.found = Found()
        self.ledger = Ledger()
        self.names: dict[bytes, str] = {}

    def run(self) -> Found:
        for index in range(-(-self.size // WIDTH)):
            width = min(WIDTH, self.size - index * WIDTH)
            try:
                events = self.log.events(index, width)
                if index % self.shares == self.share:
                    self._hash(index, width, events)
            except WrongError as wrong:
                self._say(str(wrong))
                continue
            for at, event in enumerate(events):
                self._replay(index * WIDTH + at, event)
        return self._finish()

    def _hash(self, index: int, width: int, events: list[bytes]) -> None:
        hashes = [leaf(event) for event in events]
        tile = self.log.tile(0, index, width)
        for at, hashed in enumerate(hashes):
            if tile[32 * at : 32 * at + 32] != hashed:
                self._say(
                    f"leaf {index * WIDTH + at}: the event in {path_of('entries', index, width)} "
                    f"does not have the hash in {path_of(0, index, width)}"
                )
        self.found.tops[index] = subtree(hashes) if width == WIDTH else over(hashes)

    def _replay(self, number: int, event: bytes) -> None:
        at = event.find(_ISSUANCE)
        if at >= 0:
            # The last digits of a UUIDv7 are random.
            at += len(_ISSUANCE) + 36
            if self.shares > 1 and not self._is_ours(event[at - 6 : at]):
                return
        elif b'"type":"retirement"' in event and number % self.shares != self.share:
            return
        try:
            match = entry_groups(event)
            if match is None:
                self._record(event)
            else:
                self._entry(*match.groups())
        except WrongError as wrong:
            self._say(f"leaf {number}: {wrong}")

    def _is_ours(self, digits: bytes) -> bool:
        try:
            return int(digits, 16) % self.shares == self.share
        except ValueError:
            return self.share == 0

    def _entry(self, _: bytes, copy: bytes, first: bytes, *more: bytes) -> None:
        was, before, _, issuance, kind, last, layer, order, now, after, transfers, version = more
        self.ledger.apply(
            Entry(
                *(int(copy), int(first), int(last), was, before.decode(), issuance),
                *(kind.decode(), layer, order, now, after.decode()),
                *(int(transfers), int(version)),
            )
        )

    def _record(self, raw: bytes) -> None:
        try:
            event = other_event(raw)
        except WrongError:
            # Every process may read it; what nobody can read, the first one says.
            if self.share == 0 or b'"type":"retirement"' in raw or _ISSUANCE in raw:
                raise
            return
        identity = event["id"].encode()
        if event["type"] == "account":
            self.ledger.open_account(identity, event["organisation"].encode())
        elif event["type"] == "retirement":
            record = (event["code"], event["account"].encode(), _units(event))
            if identity in self.found.records:
                raise WrongError(f"retirement {event['code']} is recorded a second time")
            self.found.records[identity] = record
        elif self._is_ours(identity[-6:]):
            allowed = event.get("transfers_allowed", "")
            issued = Issuance(
                quantity=_units(event),
                allowed=int(allowed) if allowed.isdecimal() else None,
                producer=event["producer"].encode(),
                account=event["account"].encode(),
            )
            self.ledger.open_issuance(identity, issued)
            self.names[identity] = event["code"]

    def _finish(self) -> Found:
        found = self.found
        for identity, issuance in self.ledger.issuances.items():
            for problem in problems_of(self.names[identity], issuance):
                self._say(problem)
            for state, units in units_by_state(issuance.lanes[0]).items():
                found.states[state] = found.states.get(state, 0) + units
        found.retired = {order: dict(each) for order, each in self.ledger.retired.items()}
        found.entries = self.ledger.entries
        found.issuances = len(self.ledger.issuances)
        return found

    def _say(self, problem: str) -> None:
        if len(self.found.problems) < MOST_PROBLEMS:
            self.found.problems.append(problem)


def together(shares: list[Found]) -> Found:
    """What all processes found, and what only shows across them."""
    whole = Found()
    for each in shares:
        whole.problems += each.problems
        whole.tops |= each.tops
        whole.problems += [
            f"retirement {each.records[order][0]} is recorded a second time"
            for order in each.records.keys() & whole.records.keys()
        ]
        whole.records |= each.records
        for order, by_account in each.retired.items():
            known = whole.retired.setdefault(order, {})
            for account, units in by_account.items():
                known[account] = known.get(account, 0) + units
        for state, units in each.states.items():
            whole.states[state] = whole.states.get(state, 0) + units
        whole.entries += each.entries
        whole.issuances += each.issuances
    whole.problems += problems_of_retirements(whole.records, whole.retired)
    # What concerns everybody was seen by each.
    whole.problems = list(dict.fromkeys(whole.problems))
    return whole


def _units(event: dict[str, str]) -> int:
    quantity = event["quantity"]
    if not (quantity.isascii() and quantity.isdecimal() and int(quantity) > 0):
        raise WrongError(f"{event['type']} {event['code']} of {quantity!r} units")
    return int(quantity)
