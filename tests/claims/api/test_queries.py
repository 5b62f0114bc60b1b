"""The lists of the claims ask as often for thirty rows as for three."""

from collections.abc import Callable
from typing import Any

from claims.accounting.wording import DISCLOSURE
from tests.cast import Cast
from tests.claims.api.test_claims import new_inventory, new_line, units
from tests.claims.web.conftest import billets
from tests.support.programs import Program

Count = Callable[[Callable[[], Any]], int]


def same(count: Count, program: Program, address: str, more: Callable[[int], Any]) -> None:
    seen = []
    for first, wanted in ((0, 3), (3, 30)):
        for number in range(first, wanted):
            more(number)
        seen.append(count(lambda: program.get(address, page_size=100)))
        assert len(program.get(address, page_size=100).body["results"]) >= wanted
    assert seen[0] == seen[1] <= 16


def test_inventories(people: Cast, carl: Program, queries: Count) -> None:
    same(queries, carl, "inventories/", lambda n: new_inventory(people, carl, f"Number {n}"))


def test_lines(people: Cast, carl: Program, queries: Count) -> None:
    address = new_inventory(people, carl)
    same(queries, carl, f"{address}lines/", lambda n: new_line(carl, address))


def test_claims_and_what_is_left_to_claim(people: Cast, carl: Program, queries: Count) -> None:
    issuance = billets(people, 200)
    address = new_inventory(people, carl)
    line = new_line(carl, address)

    def claim(number: int) -> None:
        run = [{**units(issuance, 1)[0], "first": 2 * number + 1, "last": 2 * number + 1}]
        made = carl.post(f"{address}claims/", {"lines": [line], "units": run, "method": "enhanced"})
        assert made.status == 201, made.body

    same(queries, carl, f"{address}claims/", claim)
    everything = queries(lambda: carl.get(f"{address}units/"))
    assert everything == queries(lambda: carl.get(f"{address}units/", page_size=3)) <= 16


def test_statements(people: Cast, carl: Program, queries: Count) -> None:
    address = new_inventory(people, carl)
    new_line(carl, address)

    def publish(number: int) -> None:
        made = carl.post(f"{address}statements/", {"text": DISCLOSURE})
        assert made.status == 201, made.body

    same(queries, Program(), "register/statements/", publish)
