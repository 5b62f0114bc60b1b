"""Idempotency: a repeat gets the first answer, a reused key a refusal."""

from typing import Any

import pytest

from registry.models import Site, Transfer, WriteRequest
from tests.cast import Cast, issue, production
from tests.support.programs import Program


def offer(people: Cast, **values: Any) -> dict[str, Any]:
    return {
        "from_account": people.iron_account.number,
        "to_account": people.broker_account.number,
        "units": {"quantity": 600},
        "surrendered": True,
        **values,
    }


@pytest.mark.parametrize("key", ["", "a b", "x" * 101, "é"])
def test_a_write_without_a_usable_key_says_what_to_send(
    people: Cast, alice: Program, key: str
) -> None:
    refused = alice.post("transfers/", offer(people), key=key)
    assert refused.status == 400
    assert refused.body["type"] == "/api/v1/problems/key-missing/"
    assert "UUID" in refused.body["errors"]["Idempotency-Key"][0]


def test_a_repeat_gets_the_first_answer_to_the_letter(
    people: Cast, alice: Program, bob: Program
) -> None:
    issue(people)
    first = alice.post("transfers/", offer(people), key="k-1")
    bob.post(f"transfers/{first.body['id']}/accept/")
    again = alice.post("transfers/", offer(people), key="k-1")
    assert (again.status, again.text) == (first.status, first.text)
    assert again.body["state"] == "offered"
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert Transfer.objects.count() == 1


def test_a_repeated_step_gets_its_first_answer(people: Cast, alice: Program, bob: Program) -> None:
    issue(people)
    made = alice.post("transfers/", offer(people))
    address = f"transfers/{made.body['id']}/accept/"
    first, again = bob.post(address, key="k"), bob.post(address, key="k")
    assert (first.status, again.text) == (200, first.text)
    assert again.headers["Idempotent-Replay"] == "true"


def test_a_key_with_other_input_is_refused(people: Cast, alice: Program) -> None:
    issue(people)
    alice.post("transfers/", offer(people), key="k-1")
    for body in (offer(people, units={"quantity": 5}), offer(people, note="again")):
        refused = alice.post("transfers/", body, key="k-1")
        assert refused.status == 409
        assert refused.body["type"] == "/api/v1/problems/key-reused/"
    draft = production(people)
    assert alice.patch(f"productions/{draft.pk}/", {"tonnes": 5}, key="k-1").status == 409
    assert Transfer.objects.count() == 1


def test_the_same_key_of_two_people_is_two_keys(people: Cast, alice: Program) -> None:
    issue(people)
    alice.post("transfers/", offer(people), key="k-1")
    erik = Program.of(people.erik)
    made = erik.post(
        "sites/",
        {
            "organisation": str(people.elektra.pk),
            "code": "E1",
            "name": "Mill",
            "country": "US",
            "route": "scrap_eaf",
        },
        key="k-1",
    )
    assert made.status == 201
    assert Site.objects.filter(code="E1").exists()


def test_a_refused_attempt_keeps_no_key(people: Cast, alice: Program) -> None:
    assert alice.post("transfers/", offer(people), key="k-1").status == 422
    assert not WriteRequest.objects.filter(key="k-1").exists()
    issue(people)
    assert alice.post("transfers/", offer(people), key="k-1").status == 201


def test_a_changed_draft_repeats_too(people: Cast, alice: Program) -> None:
    draft = production(people)
    first = alice.patch(f"productions/{draft.pk}/", {"tonnes": 5}, key="a")
    alice.patch(f"productions/{draft.pk}/", {"tonnes": 6}, key="b")
    again = alice.patch(f"productions/{draft.pk}/", {"tonnes": 5}, key="a")
    assert again.text == first.text
    assert alice.get(f"productions/{draft.pk}/").body["tonnes"] == 6


def test_evidence_repeats_by_its_content(people: Cast, alice: Program) -> None:
    draft = production(people)
    address = f"productions/{draft.pk}/evidence/"
    first = alice.upload(address, "m.csv", b"a,b\n", kind="other", key="k")
    again = alice.upload(address, "m.csv", b"a,b\n", kind="other", key="k")
    other = alice.upload(address, "m.csv", b"a,c\n", kind="other", key="k")
    assert (again.text, other.status) == (first.text, 409)
