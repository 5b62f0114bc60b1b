"""The operators' queue: two different people approve, or one sends back."""

from typing import Any

import pytest

from registry.models import Approval, Holding, Issuance, Production
from tests.cast import Cast, key, production, submit, verify
from tests.registry.web.conftest import As, queries_of, send, summary, writes


@pytest.fixture
def verified(people: Cast) -> Production:
    draft = production(people)
    verify(people, submit(people, draft))
    return draft


def url(of: Production, tail: str = "") -> str:
    return f"/applications/{of.pk}/{tail}"


def test_two_operators_approve_and_the_units_are_issued_once(
    people: Cast, as_: As, verified: Production
) -> None:
    olga, oscar, once = as_(people.olga), as_(people.oscar), key()

    send(olga, url(verified, "approve/"))
    first = send(oscar, url(verified, "approve/"), key=once)
    second = send(oscar, url(verified, "approve/"), key=once)

    assert first.status_code == second.status_code == 302
    assert Issuance.objects.get().quantity == 1_000
    assert Holding.objects.get().account == people.iron_account
    page = oscar.get(url(verified)).content.decode()
    assert Issuance.objects.get().code in page
    assert "/approve/" not in page


def test_one_operator_does_not_approve_twice(people: Cast, as_: As, verified: Production) -> None:
    olga = as_(people.olga)
    send(olga, url(verified, "approve/"))

    again = send(olga, url(verified, "approve/"))

    assert again.status_code == 409
    assert "Ask another operator" in summary(again)
    assert Approval.objects.count() == 1
    page = olga.get(url(verified)).content.decode()
    assert "You have approved." in page
    assert "Approve and issue the units" not in page


def test_an_approval_that_a_rule_forbids_is_422_with_every_finding(people: Cast, as_: As) -> None:
    draft = production(people)
    verify(people, submit(people, draft), site_intensity=draft.intensity + 1)
    before = writes()

    response = send(as_(people.olga), url(draft, "approve/"))

    assert response.status_code == 422
    assert "R020, section 3.1" in summary(response)
    assert "at most 1.00 t CO2e/t" in summary(response)
    assert len(response.context["approve_form"].findings) > 10
    assert (Approval.objects.count(), writes()) == (0, before)


def test_sending_back_takes_a_reason_and_the_producer_reads_it(
    people: Cast, as_: As, verified: Production
) -> None:
    olga, once = as_(people.olga), key()
    data = {"reason": "The proof of delivery is of another year."}

    without = send(olga, url(verified, "send-back/"), {"reason": ""})
    done: list[Any] = [send(olga, url(verified, "send-back/"), data, once) for _ in range(2)]

    assert without.status_code == 400
    assert [each.status_code for each in done] == [302, 302]
    assert "another year" in as_(people.alice).get(f"/productions/{verified.pk}/").content.decode()
    assert verified.site.name not in olga.get("/applications/").content.decode()


def test_only_operators_reach_the_queue(people: Cast, as_: As, verified: Production) -> None:
    for user in (people.alice, people.vera, people.carl):
        client = as_(user)
        assert client.get("/applications/").status_code == 403
        assert send(client, url(verified, "approve/")).status_code == 403
    assert Approval.objects.count() == 0


def test_an_application_no_auditor_has_seen_is_not_there(people: Cast, as_: As) -> None:
    assert as_(people.olga).get(url(production(people))).status_code == 404


def test_the_queue_takes_as_many_queries_for_many_as_for_one(
    people: Cast, as_: As, verified: Production
) -> None:
    olga = as_(people.olga)
    send(olga, url(verified, "approve/"))
    one = queries_of(olga, "/applications/")
    for _ in range(4):
        draft = production(people)
        verify(people, submit(people, draft))
        send(olga, url(draft, "approve/"))

    assert queries_of(olga, "/applications/") == one <= 12
    assert queries_of(olga, url(verified)) <= 39
    assert olga.get("/applications/").content.decode().count("Olga") >= 5
