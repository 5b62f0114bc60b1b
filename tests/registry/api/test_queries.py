"""A list asks the database as often for thirty rows as for three."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.ids import uuid7
from accounts.models import Account
from accounts.services import public_code
from registry.models import Issuance, Production, Retirement, Transfer, Verification
from tests.cast import Cast, agreement, baseline, issue, production, site, submit, verify
from tests.support.programs import Program

Count = Callable[[Callable[[], Any]], int]


def another(record: Any, **changes: Any) -> Any:
    """One more row like this one: what is counted here is reading, not making."""
    copied = type(record).objects.get(pk=record.pk)
    copied.pk, copied._state.adding = uuid7(), True
    for name, value in changes.items():
        setattr(copied, name, value)
    copied.save(force_insert=True)
    return copied


def _production(people: Cast) -> Production:
    first = Production.objects.exclude(state="issued").first()
    return another(first) if first else production(people)


def _issuance(people: Cast) -> None:
    first = Issuance.objects.earliest("id")
    another(first, code=public_code(), production=another(first.production))


def _signed(people: Cast) -> None:
    first = Verification.objects.exclude(production__state="issued").first()
    if first is None:
        verify(people, submit(people, production(people)))
    else:
        another(first, production=another(first.production))


def _transfer(people: Cast) -> None:
    first = Transfer.objects.filter(to_account=people.broker_account).first()
    if first is None:
        _offer(people, people.broker_account)
    else:
        another(first)


def _retirement(people: Cast) -> None:
    first = Retirement.objects.first()
    if first is not None:
        another(first, code=public_code())
        return
    carl = Program.of(people.carl)
    carl.post(f"transfers/{_offer(people, people.auto_account)}/accept/")
    carl.post("retirements/", {"account": people.auto_account.number, "units": {"quantity": 1}})


def _offer(people: Cast, to_account: Account) -> str:
    offer = {
        "from_account": people.iron_account.number,
        "to_account": to_account.number,
        "units": {"quantity": 1},
        "surrendered": True,
    }
    return str(Program.of(people.alice).post("transfers/", offer).body["id"])


# What makes one row more, who reads the list, and where.
LISTS: dict[str, tuple[Callable[[Cast], Any], str, str]] = {
    "sites": (site, "alice", "sites/"),
    "baselines": (baseline, "alice", "baselines/"),
    "agreements": (agreement, "alice", "agreements/"),
    "productions": (_production, "alice", "productions/"),
    "verifications": (_signed, "vera", "verifications/"),
    "approvals": (_signed, "olga", "approvals/"),
    "transfers": (_transfer, "bob", "transfers/"),
    "retirements": (_retirement, "carl", "retirements/"),
    "public issuances": (_issuance, "", "register/issuances/"),
    "public retirements": (_retirement, "", "register/retirements/"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_thirty_asks_as_often_as_one_of_three(
    people: Cast, queries: Count, name: str
) -> None:
    make, reader, address = LISTS[name]
    issue(people, tonnes=1_000)
    program = Program.of(getattr(people, reader)) if reader else Program()
    seen = []
    rows = 0
    for wanted in (3, 30):
        while rows < wanted:
            make(people)
            rows += 1
        seen.append(queries(lambda: program.get(address)))
        assert len(program.get(address).body["results"]) >= wanted
    assert seen[0] == seen[1] <= 16


def test_holdings_of_many_issuances_ask_as_often(people: Cast, queries: Count) -> None:
    alice = Program.of(people.alice)
    address = f"accounts/{people.iron_account.number}/holdings/"
    alice.get(address)  # what a process looks up once
    seen = []
    for wanted in (3, 12):
        while Issuance.objects.count() < wanted:
            issue(people)
        seen.append(queries(lambda: alice.get(address)))
    assert seen[0] == seen[1] <= 16


def test_a_transfer_of_many_ranges_asks_as_often(people: Cast, queries: Count) -> None:
    code = issue(people).code
    alice = Program.of(people.alice)

    def offer(first: int, number: int) -> str:
        ranges = [
            {"issuance": code, "first": serial, "last": serial}
            for serial in range(first, first + 2 * number, 2)
        ]
        made = alice.post(
            "transfers/",
            {
                "from_account": people.iron_account.number,
                "to_account": people.broker_account.number,
                "units": {"ranges": ranges},
                "surrendered": True,
            },
        )
        assert made.status == 201, made.body
        return f"transfers/{made.body['id']}/"

    few, many = offer(1, 3), offer(101, 30)
    assert queries(lambda: alice.get(few)) == queries(lambda: alice.get(many)) <= 20


def test_a_production_with_much_evidence_asks_as_often(people: Cast, queries: Count) -> None:
    draft = production(people)
    alice = Program.of(people.alice)
    address = f"productions/{draft.pk}/"
    before = queries(lambda: alice.get(address))
    for number in range(10):
        alice.upload(f"{address}evidence/", f"{number}.csv", b"%d,1\n" % number, kind="other")
    assert queries(lambda: alice.get(address)) == before <= 20
    assert Production.objects.get().evidence.count() == 11
