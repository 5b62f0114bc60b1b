"""Co-claims, policies and the terms of agreements through the interface for programs."""

from typing import Any

import pytest

from registry.public.units import unit_range
from tests.cast import Cast
from tests.registry.services.sharing import Sharing, executed, sharing
from tests.support.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(people: Cast) -> Sharing:
    return sharing(people)


def wanted(scene: Sharing, **values: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "account": scene.people.auto_account.number,
        "units": {"ranges": [{"issuance": scene.issuance.code, "first": 1, "last": 600}]},
        "seats": [
            {"copy": 2, "organisation": str(scene.people.broker.pk)},
            {"copy": 3, "organisation": None},
        ],
    }
    return given | values


def test_the_way_from_proposal_to_a_named_seat(scene: Sharing) -> None:
    people = scene.people
    carl, bob, erik, fay = (
        Program.of(user) for user in (people.carl, people.bob, people.erik, scene.fay)
    )
    made = carl.post("co-claims/", wanted(scene))
    assert made.status == 201, made.text
    url = f"co-claims/{made.body['code']}/"
    assert (made.body["total_claims"], made.body["chain"]) == (3, "automotive")
    assert erik.post(f"{url}confirm/").status == 409
    assert bob.post(f"{url}consent/", {"account": people.broker_account.number}).status == 200
    done = erik.post(f"{url}confirm/")
    assert done.body["state"] == "executed"
    named = {"copy": 3, "organisation": str(scene.fleet.pk)}
    assert carl.post(f"{url}name/", named).status == 200
    assert fay.post(f"{url}consent/", {"account": scene.fleet_account.number}).status == 200
    last = erik.post(f"{url}confirm/")
    assert [seat["state"] for seat in last.body["seats"]] == ["held"] * 3
    assert [seat["layer"] for seat in last.body["seats"]] == [4, 2, 5]
    assert carl.get("co-claims/").body["count"] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"seats": []},
        {"seats": [{"copy": 1}]},
        {"seats": [{"copy": "2"}]},
        {"seats": [{"copy": 3}]},
        {"seats": [{"copy": 2, "layer": 3}]},
        {"seats": [{"copy": 2, "organisation": "x"}]},
        {"seats": [{"copy": 2, "organisation": "01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f13"}]},
        {"seats": None},
        {"units": {}},
        {"units": {"quantity": 0}},
        {"units": {"quantity": 1.5}},
        {"units": {"ranges": [{"issuance": "NOPE", "first": 1, "last": 2}]}},
        {"account": 5},
        {"note": "x" * 501},
        {"price": 1},
    ],
)
def test_what_is_malformed_is_named(scene: Sharing, wrong: dict[str, Any]) -> None:
    answer = Program.of(scene.people.carl).post("co-claims/", wanted(scene, **wrong))
    assert answer.status == 400, answer.text
    assert answer.body["errors"]


def test_what_the_rules_refuse_comes_with_its_findings(scene: Sharing) -> None:
    seats = [{"copy": 2, "organisation": str(scene.fleet.pk)}]
    answer = Program.of(scene.people.carl).post("co-claims/", wanted(scene, seats=seats))
    assert answer.status == 422
    assert "R132" in answer.findings
    role = [{"copy": 2, "organisation": str(scene.people.veritas.pk)}]
    refused = Program.of(scene.people.carl).post("co-claims/", wanted(scene, seats=role))
    assert (refused.status, refused.body["rule"]) == (403, "R015")


def test_others_find_nothing(scene: Sharing) -> None:
    code = executed(scene).code
    for user in (scene.people.alice, scene.fay):
        assert Program.of(user).get(f"co-claims/{code}/").status == 404
        assert Program.of(user).post(f"co-claims/{code}/confirm/").status == 404


def test_the_register_shows_who_claims_what(scene: Sharing) -> None:
    executed(scene)
    identifier = str(unit_range(scene.issuance, 1, 10))
    (claim,) = Program().get("register/units/", identifier=identifier).body["claims"]
    assert claim["total_claims"] == 3
    assert [seat["holder"] for seat in claim["seats"]] == ["Auto Werke", "Broker & Sons", ""]
    assert claim["responsible"] == "Auto Werke"


def test_lists_take_no_more_queries_for_more_rows(scene: Sharing, queries: Any) -> None:
    carl = Program.of(scene.people.carl)
    executed(scene, 10)
    before = queries(lambda: carl.get("co-claims/"))
    for _ in range(3):
        executed(scene, 10)
    assert queries(lambda: carl.get("co-claims/")) == before


def test_a_policy_is_read_and_changed(people: Cast) -> None:
    erik = Program.of(people.erik)
    url = f"accounts/{people.steel_account.number}/policy/"
    assert erik.get(url).body["approval_above"] is None
    limits = {"kind": "limits", "approval_above": 100, "delay_days": 2}
    assert erik.post(f"{url}changes/", limits).status == 201
    assert erik.get(url).body["delay_days"] == 2
    trust = {"kind": "trust", "other": people.broker_account.number}
    change = erik.post(f"{url}changes/", trust).body
    assert change["in_force_on"]
    assert erik.post(f"policy-changes/{change['id']}/withdraw/").body["state"] == "withdrawn"
    assert erik.post(f"policy-changes/{change['id']}/approve/").status == 403
    assert erik.get(f"{url}changes/").body["count"] == 2
    assert Program.of(people.bob).get(url).status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": "king"},
        {"kind": "trust"},
        {"kind": "trust", "other": "AC-NOPE"},
        {"kind": "trust", "other": "AC-1", "delay_days": 1},
        {"kind": "limits", "other": "AC-1"},
        {"kind": "limits", "delay_days": 61},
        {"kind": "limits", "approval_above": -1},
        {"kind": "limits", "approval_above": "100"},
    ],
)
def test_a_malformed_policy_is_named(people: Cast, wrong: dict[str, Any]) -> None:
    url = f"accounts/{people.steel_account.number}/policy/changes/"
    answer = Program.of(people.erik).post(url, wrong)
    assert answer.status == 400, answer.text
    assert answer.body["errors"]


def test_an_agreement_with_seats_is_recorded_read_and_confirmed(people: Cast) -> None:
    erik, bob = Program.of(people.erik), Program.of(people.bob)
    given = {
        "issuer": str(people.elektra.pk),
        "buyers": [str(people.auto_werke.pk), str(people.broker.pk)],
        "reference": "AG-1",
        "executed_on": "2025-01-01",
        "end_use": "Car bodies",
        "claims_agreed": 2,
        "rights": {"chain": "automotive", "responsible": str(people.auto_werke.pk)},
        "seats": [
            {"copy": 1, "layer": 4, "organisation": str(people.auto_werke.pk), "role": "maker"},
            {"copy": 2, "layer": 5, "role": "fleet", "extent_share": "0.5"},
        ],
        "commercial_terms": "EUR 100 a unit",
    }
    made = erik.post("agreements/", given)
    assert made.status == 201, made.text
    assert made.body["seats"][1]["extent_share"] == "0.5"
    url = f"agreements/{made.body['id']}/"
    assert bob.get(url).body["commercial_terms"] == "EUR 100 a unit"
    confirmed = bob.post(f"{url}confirm/", {"organisation": str(people.broker.pk)})
    assert confirmed.body["confirmed_by"] == ["Broker & Sons"]
    assert bob.post(f"{url}confirm/", {"organisation": str(people.broker.pk)}).status == 409
    assert Program.of(people.alice).get(url).status == 404
    wrong = erik.post("agreements/", given | {"reference": "AG-2", "rights": {"chain": "bridges"}})
    assert wrong.status == 400
    assert "chain" in wrong.body["errors"]
