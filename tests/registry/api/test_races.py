"""Two programs at the same moment, with real commits: one succeeds, the other is told the rest."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from registry import ledger
from registry.models import Transfer
from tests.cast import cast, issue
from tests.registry.ledger.invariants import assert_sound
from tests.support.programs import Answer, Program, access_token

pytestmark = pytest.mark.django_db(transaction=True)


def together(send: Callable[[int], Answer]) -> list[Answer]:
    def run(number: int) -> Answer:
        try:
            return send(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


def bearer(token: str) -> Program:
    return Program(Authorization=f"Bearer {token}")


def test_the_slower_of_two_is_told_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    people = cast()
    code = issue(people, tonnes=1_000).code
    token = access_token(people.alice)
    both_have_looked = Barrier(2, timeout=20)
    reserve = ledger.reserve

    def reserve_together(**values: Any) -> None:
        both_have_looked.wait()
        reserve(**values)

    monkeypatch.setattr(ledger, "reserve", reserve_together)

    def offer(number: int) -> Answer:
        first = (1, 401)[number]
        return bearer(token).post(
            "transfers/",
            {
                "from_account": people.iron_account.number,
                "to_account": people.broker_account.number,
                "units": {"ranges": [{"issuance": code, "first": first, "last": first + 599}]},
                "surrendered": True,
            },
        )

    won, lost = sorted(together(offer), key=lambda answer: answer.status)
    assert (won.status, lost.status) == (201, 409), lost.text
    assert lost.body["type"] == "/api/v1/problems/units-gone/"
    assert lost.body["left_quantity"] == 400
    assert Transfer.objects.count() == 1
    assert_sound()


def test_the_same_request_twice_at_once_is_done_once() -> None:
    people = cast()
    issue(people, tonnes=1_000)
    token = access_token(people.alice)

    def offer(number: int) -> Answer:
        return bearer(token).post(
            "transfers/",
            {
                "from_account": people.iron_account.number,
                "to_account": people.broker_account.number,
                "units": {"quantity": 600},
                "surrendered": True,
            },
            key="the-same",
        )

    one, other = together(offer)
    assert (one.status, other.status) == (201, 201)
    assert one.text == other.text
    replayed = [answer.headers.get("Idempotent-Replay") for answer in (one, other)]
    assert sorted(replayed, key=str) == [None, "true"]
    assert Transfer.objects.count() == 1
