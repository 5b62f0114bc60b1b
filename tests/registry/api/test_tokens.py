"""Who a program is, and what its token lets it do."""

from typing import Any

import pytest
from django.test import Client

from accounts.services import remove_member
from registry.models import Transfer
from tests.cast import PASSWORD, Cast, issue
from tests.support.programs import SECRET, Program, access_token, basic, oauth_client


def bearer(token: str) -> Program:
    return Program(Authorization=f"Bearer {token}")


def test_a_token_acts_as_its_clients_user(people: Cast) -> None:
    program = Program.with_token(people.alice)
    me = program.get("me/")
    assert me.status == 200
    assert me.body["name"] == "Alice"
    assert me.body["scopes"] == ["read", "write"]
    (organisation,) = me.body["organisations"]
    assert (organisation["name"], organisation["roles"]) == (
        "Nordmetall Iron AB",
        ["iron_producer"],
    )
    (account,) = program.get("accounts/").body["results"]
    assert account["rights"] == ["view", "initiate"]


def test_a_token_writes_without_a_csrf_token(people: Cast) -> None:
    issue(people)
    program = Program.with_token(people.alice)
    program.client.handler.enforce_csrf_checks = True
    assert program.post("transfers/", _offer(people)).status == 201


def test_one_organisations_token_neither_sees_nor_moves_anothers(people: Cast) -> None:
    issue(people)
    alice, carl = Program.with_token(people.alice), Program.with_token(people.carl)
    made = alice.post("transfers/", _offer(people)).body
    assert carl.get(f"transfers/{made['id']}/").status == 404
    assert carl.get("transfers/").body["results"] == []
    assert carl.get(f"accounts/{people.iron_account.number}/holdings/").status == 404
    assert carl.get("retirements/").body["results"] == []
    assert carl.post("transfers/", _offer(people)).status == 404
    assert carl.post(f"transfers/{made['id']}/accept/").status == 404
    assert carl.post(f"transfers/{made['id']}/withdraw/").status == 404
    retirement = {"account": people.iron_account.number, "units": {"quantity": 1}}
    assert carl.post("retirements/", retirement).status == 404
    assert Transfer.objects.get().state == "offered"


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [("read", 200, 403), ("write", 403, 201), ("read write", 200, 201)],
)
def test_a_scope_opens_its_methods_and_no_other(
    people: Cast, scope: str, reads: int, writes: int
) -> None:
    issue(people)
    program = Program.with_token(people.alice, scope)
    assert program.get("transfers/").status == reads
    assert program.post("transfers/", _offer(people)).status == writes


def test_a_token_without_a_scope_asked_for_only_reads(people: Cast) -> None:
    client = oauth_client(people.alice)
    answer = Client().post(
        "/o/token/",
        {"grant_type": "client_credentials"},
        headers={"Authorization": basic(client.client_id, SECRET)},
    )
    assert answer.json()["scope"] == "read"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer nothing"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer \u00e9"},
    ],
)
def test_without_a_good_token_there_is_a_challenge(people: Cast, headers: dict[str, Any]) -> None:
    refused = Program(**headers).get("me/")
    assert refused.status == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.body["type"] == "/api/v1/problems/not-signed-in/"


def test_an_expired_token_is_refused_even_where_none_is_needed(people: Cast) -> None:
    program = bearer(access_token(people.alice, minutes=-1))
    for address in ("me/", "register/issuances/"):
        refused = program.get(address)
        assert refused.status == 401
        assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


def test_a_token_in_a_query_or_body_is_none(people: Cast) -> None:
    token = access_token(people.alice)
    assert Program().get("me/", access_token=token).status == 401
    assert Program().post("transfers/", {"access_token": token}).status == 401


def test_odd_characters_in_a_query_are_no_error(people: Cast) -> None:
    program = bearer(access_token(people.alice))
    assert program.get('register/issuances/?a={"é"&%zz&producer=%00').status == 400
    assert program.get('me/?a={"é"&%zz').status == 200


def test_who_has_left_has_no_token_any_more(people: Cast) -> None:
    program = Program.with_token(people.bob)
    address = f"accounts/{people.broker_account.number}/holdings/"
    assert program.get(address).status == 200
    remove_member(user=people.bob, organisation=people.broker)
    assert program.get(address).status == 403
    people.bob.is_active = False
    people.bob.save()
    assert program.get("me/").status == 401


def test_a_client_of_nobody_is_nobody(people: Cast) -> None:
    token = access_token(people.alice)
    from oauth2_provider.models import get_application_model

    get_application_model().objects.update(user=None)
    assert bearer(token).get("me/").status == 401


def test_a_session_needs_its_csrf_token(people: Cast) -> None:
    issue(people)
    client = Client(enforce_csrf_checks=True)
    assert client.login(username="alice@example.test", password=PASSWORD)
    refused = client.post(
        "/api/v1/transfers/",
        _offer(people),
        "application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert Transfer.objects.count() == 0


def test_what_is_personal_is_not_kept_on_the_way(people: Cast) -> None:
    assert Program.of(people.alice).get("me/").headers["Cache-Control"] == "private, no-store"


def _offer(people: Cast) -> dict[str, Any]:
    return {
        "from_account": people.iron_account.number,
        "to_account": people.broker_account.number,
        "units": {"quantity": 600},
        "surrendered": True,
    }
