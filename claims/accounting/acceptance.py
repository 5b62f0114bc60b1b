"""Where claims with book-and-claim units are accepted and where not: what programmes say.

The project ships what was read on a day, with its source and how sure it is; the operator keeps
it up to date, and a statement carries what was known on its own day.
"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DATA = Path(__file__).parent.parent / "data" / "acceptance.csv"

ACCEPTED, CONDITIONAL, RESTRICTED = "accepted", "conditional", "restricted"
IN_DEVELOPMENT, NOT_ACCEPTED = "in development", "not accepted"
STATUSES = (ACCEPTED, CONDITIONAL, RESTRICTED, IN_DEVELOPMENT, NOT_ACCEPTED)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a programme says of claims like this one. status: of STATUSES. confidence: whether
    the source is the programme's own, another's word, or unverified."""

    programme: str
    question: str
    status: str
    basis: str
    confidence: str
    source: str
    checked_on: date


def shipped() -> tuple[Acceptance, ...]:
    """What the project ships, in the order of its file."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(
            Acceptance(checked_on=date.fromisoformat(row.pop("checked_on")), **row)
            for row in csv.DictReader(file)
        )
