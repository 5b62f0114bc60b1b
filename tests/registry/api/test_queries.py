"""A list asks the database as often for thirty rows as for three; for those over the ledger see
journeys/test_bounded_queries.py."""

from collections.abc import Callable
from typing import Any

import pytest

from registry.models import Production, Site, Verification
from tests.cast import Cast, agreement, baseline, issue, production, submit, verify
from tests.journeys.filled import another
from tests.support.programs import Program

Count = Callable[[Callable[[], Any]], int]


def _production(people: Cast) -> Production:
    first = Production.objects.exclude(state="issued").first()
    return another(first) if first else production(people)


def _signed(people: Cast) -> None:
    first = Verification.objects.exclude(production__state="issued").first()
    if first is None:
        verify(people, submit(people, production(people)))
    else:
        another(first, production=another(first.production))


def _site(people: Cast) -> None:
    number = Site.objects.count()
    another(Site.objects.earliest("id"), code=f"S{number:03d}", name=f"Works {number}")


# What makes one row more, who reads the list, and where.
LISTS: dict[str, tuple[Callable[[Cast], Any], str, str]] = {
    "sites": (_site, "alice", "sites/"),
    "baselines": (baseline, "alice", "baselines/"),
    "agreements": (agreement, "alice", "agreements/"),
    "productions": (_production, "alice", "productions/"),
    "verifications": (_signed, "vera", "verifications/"),
    "approvals": (_signed, "olga", "approvals/"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_thirty_asks_as_often_as_one_of_three(
    people: Cast, queries: Count, name: str
) -> None:
    make, reader, address = LISTS[name]
    issue(people, tonnes=1_000)
    program = Program.of(getattr(people, reader))
    seen = []
    rows = 0
    for wanted in (3, 30):
        while rows < wanted:
            make(people)
            rows += 1
        seen.append(queries(lambda: program.get(address)))
        assert len(program.get(address).body["results"]) >= wanted
    assert seen[0] == seen[1] <= 16


def test_a_production_with_much_evidence_asks_as_often(people: Cast, queries: Count) -> None:
    draft = production(people)
    alice = Program.of(people.alice)
    address = f"productions/{draft.pk}/"
    before = queries(lambda: alice.get(address))
    for number in range(10):
        alice.upload(f"{address}evidence/", f"{number}.csv", b"%d,1\n" % number, kind="other")
    assert queries(lambda: alice.get(address)) == before <= 20
    assert Production.objects.get().evidence.count() == 11
