"""32 threads with real commits on one holding, one range, one proposal and one key.

Everything goes through the services, as form and API do. A refusal is an answer; any other error,
a deadlock above all, is a fault. What doubled is counted from the tables after each round.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from uuid import UUID

from django.db import connection
from django.utils import timezone

from registry.errors import NotNow, RulesBroken
from registry.ledger import Line, NotThere
from registry.models import Entry, Holding, Issuance, Transfer, WriteRequest
from registry.queries import Wanted
from registry.services.transfers import (
    accept_transfer,
    decline_transfer,
    propose_transfer,
    withdraw_transfer,
)
from tests.campaigns.client import chance_of
from tests.campaigns.copies import copy_issuance
from tests.cast import Cast, key

THREADS = 32
# In each round, each thread tries each of the four at least once.
ON_ONE_HOLDING = 4
ATTEMPTS_A_ROUND = THREADS * (ON_ONE_HOLDING + 3)
UNITS = 300
MOST_UNITS = 9


@dataclass
class Outcome:
    """attempts: calls of a service. doubled: one sentence for each thing found twice.
    faults: errors that were no refusal."""

    attempts: int = 0
    doubled: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Round:
    """What all threads of a round contend for."""

    holding: Issuance
    range: Line
    proposal: Transfer
    key: str


class Races:
    """people: the cast. pattern: a true issuance of steel that each round's are copied from."""

    def __init__(self, people: Cast, pattern: Issuance) -> None:
        self.people = people
        self.pattern = pattern
        self.outcome = Outcome()

    def run(self, attempts: int, *, seed: int = 1) -> Outcome:
        """Rounds until so many attempts were made."""
        chance = chance_of(str(seed))
        with ThreadPoolExecutor(max_workers=THREADS) as threads:
            while self.outcome.attempts < attempts:
                self._round(threads, chance)
            # Each thread has a connection of its own, which ends with the campaign.
            together = Barrier(THREADS)
            list(threads.map(lambda _: (together.wait(60), connection.close()), range(THREADS)))
        return self.outcome

    def _round(self, threads: ThreadPoolExecutor, chance: random.Random) -> None:
        stake = self._stake()
        together = Barrier(THREADS)
        seeds = [chance.randrange(2**32) for _ in range(THREADS)]

        def act(seed: int) -> list[object]:
            mine = chance_of(str(seed))
            acts = [*[self._take_some] * ON_ONE_HOLDING, self._take_range, self._settle, self._same]
            mine.shuffle(acts)
            together.wait(timeout=60)
            return [self._attempt(each, stake, mine) for each in acts]

        answers = [answer for each in threads.map(act, seeds) for answer in each]
        self.outcome.attempts += len(answers)
        self._count(stake, answers)

    def _stake(self) -> Round:
        steel = self.people.steel_account.pk
        holding, whole = (copy_issuance(self.pattern, steel, UNITS) for _ in range(2))
        offered = copy_issuance(self.pattern, steel, UNITS)
        proposal = self._propose([Line(offered.pk, 1, 1, 100)], key())
        return Round(holding, Line(whole.pk, 1, 51, 250), proposal, key())

    def _attempt(
        self,
        act: Callable[[Round, random.Random], tuple[str, object]],
        stake: Round,
        chance: random.Random,
    ) -> tuple[str, object]:
        name = act.__name__.strip("_")
        try:
            done = act(stake, chance)
        except (NotThere, NotNow, RulesBroken):
            done = (f"{name}: refused", None)
        # A fault of whatever kind is what this looks for, so nothing narrower would do.
        except Exception as error:
            self.outcome.faults.append(f"{name}: {type(error).__name__}: {error}")
            done = (f"{name}: fault", None)
        self.outcome.reached[done[0]] += 1
        return done

    def _take_some(self, stake: Round, chance: random.Random) -> tuple[str, object]:
        wanted = Wanted(chance.randint(1, MOST_UNITS), issuance=stake.holding.pk)
        return "take some", self._propose(wanted, key())

    def _take_range(self, stake: Round, chance: random.Random) -> tuple[str, object]:
        return "take range", self._propose([stake.range], key())

    def _settle(self, stake: Round, chance: random.Random) -> tuple[str, object]:
        people = self.people
        act, by = chance.choice(
            [
                (accept_transfer, people.bob),
                (decline_transfer, people.bob),
                (withdraw_transfer, people.erik),
            ]
        )
        return "settle", act(by=by, now=timezone.now(), key=key(), transfer=stake.proposal)

    def _same(self, stake: Round, chance: random.Random) -> tuple[str, object]:
        wanted = Wanted(UNITS // 10, issuance=stake.holding.pk)
        return "same key", self._propose(wanted, stake.key)

    def _propose(self, units: Wanted | list[Line], with_key: str) -> Transfer:
        return propose_transfer(
            by=self.people.erik,
            now=timezone.now(),
            key=with_key,
            from_account=self.people.steel_account,
            to_account=self.people.broker_account,
            units=units,
            surrendered=True,
        )

    def _count(self, stake: Round, answers: list[tuple[str, object]]) -> None:
        """What the tables say of this round, against what the threads were told."""
        done = [(name, each) for name, each in answers if isinstance(each, Transfer)]
        proposed = {each.pk: each.quantity for name, each in done if name == "take some"}
        same = {each.pk: each.quantity for name, each in done if name == "same key"}
        self._expect("one key", len(same), "transfers", most=1)
        keys = WriteRequest.objects.filter(key=stake.key).count()
        self._expect("one key", keys, "requests", most=1)
        told = sum(proposed.values()) + sum(same.values())
        held = _held(stake.holding.pk)
        self._expect("one holding", told, "units", most=UNITS)
        if held["reserved"] != told or sum(held.values()) != UNITS:
            self.outcome.doubled.append(f"one holding: told {told} units, held {dict(held)}")
        ranges = sum(name == "take range" for name, _ in done)
        self._expect("one range", ranges, "transfers", most=1, least=1)
        settled = sum(name == "settle" for name, _ in done)
        self._expect("one proposal", settled, "settlements", most=1, least=1)
        kinds = Entry.objects.filter(order=stake.proposal.pk).exclude(kind="propose")
        self._expect("one proposal", kinds.count(), "entries", most=1, least=1)

    def _expect(self, what: str, found: int, of: str, *, most: int, least: int = 0) -> None:
        if not least <= found <= most:
            self.outcome.doubled.append(f"{what}: {found} {of}, at most {most}, at least {least}")


def _held(issuance: UUID) -> Counter[str]:
    held: Counter[str] = Counter()
    for row in Holding.objects.filter(issuance=issuance):
        held[row.state] += row.quantity
    return held
