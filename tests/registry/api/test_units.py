"""Holdings, transfers and retirements."""

from typing import Any

import pytest

from registry.models import Holding, Issuance, Transfer
from tests.cast import Cast, issue
from tests.support.programs import Program


@pytest.fixture
def issuance(people: Cast) -> Issuance:
    return issue(people, tonnes=1_000)


def offer(people: Cast, **values: Any) -> dict[str, Any]:
    return {
        "from_account": people.iron_account.number,
        "to_account": people.broker_account.number,
        "units": {"quantity": 600},
        "surrendered": True,
        **values,
    }


def ranges(issuance: Issuance, *pairs: tuple[int, int]) -> dict[str, Any]:
    return {
        "ranges": [
            {"issuance": issuance.code, "first": first, "last": last} for first, last in pairs
        ]
    }


def test_holdings_have_unit_identifiers(people: Cast, alice: Program, issuance: Issuance) -> None:
    (row,) = alice.get(f"accounts/{people.iron_account.number}/holdings/").body["results"]
    assert row["units"].startswith("BCU-FE-SE-")
    assert (row["first"], row["last"], row["quantity"]) == (1, 1_000, 1_000)
    assert row["state"] == "active"
    assert row["intensity"] == "0.4"
    found = alice.get("register/units/", identifier=row["units"]).body
    assert found["amounts"] == {"active": 1_000}


def test_holdings_can_be_narrowed(people: Cast, alice: Program, issuance: Issuance) -> None:
    address = f"accounts/{people.iron_account.number}/holdings/"
    alice.post("transfers/", offer(people))
    assert [row["quantity"] for row in alice.get(address, state="active").body["results"]] == [400]
    assert alice.get(address, functional_unit="crude_steel").body["results"] == []
    assert len(alice.get(address, issuance=issuance.code).body["results"]) == 2
    assert alice.get(address, state="lost").status == 400


def test_an_account_is_its_organisations_alone(people: Cast, bob: Program) -> None:
    assert bob.get(f"accounts/{people.iron_account.number}/holdings/").status == 404
    assert bob.get("accounts/AC-NOTTHERE/holdings/").status == 404


def test_units_go_by_quantity_and_are_accepted(
    people: Cast, alice: Program, bob: Program, issuance: Issuance
) -> None:
    made = alice.post("transfers/", offer(people, note="Order 4711"))
    assert made.status == 201, made.body
    assert (made.body["state"], made.body["quantity"]) == ("offered", 600)
    assert [(each["first"], each["last"]) for each in made.body["ranges"]] == [(1, 600)]
    (listed,) = bob.get("transfers/", state="offered").body["results"]
    assert "ranges" not in listed
    taken = bob.post(f"transfers/{listed['id']}/accept/")
    assert (taken.status, taken.body["state"]) == (200, "accepted")
    (held,) = bob.get(f"accounts/{people.broker_account.number}/holdings/").body["results"]
    assert held["quantity"] == 600


def test_units_go_by_serials(people: Cast, alice: Program, issuance: Issuance) -> None:
    made = alice.post("transfers/", offer(people, units=ranges(issuance, (501, 600), (1, 10))))
    assert made.status == 201, made.body
    assert [(row["first"], row["last"]) for row in made.body["ranges"]] == [(1, 10), (501, 600)]


@pytest.mark.parametrize(
    "units",
    [
        {},
        {"quantity": 5, "ranges": []},
        {"ranges": []},
        {"ranges": [{"issuance": "NOTTHERE", "first": 1, "last": 2}]},
        {"quantity": 5, "issuance": "NOTTHERE"},
        {"quantity": 0},
        {"quantity": 10**12 + 1},
    ],
)
def test_units_that_name_nothing_are_refused(
    people: Cast, alice: Program, issuance: Issuance, units: dict[str, Any]
) -> None:
    refused = alice.post("transfers/", offer(people, units=units))
    assert refused.status == 400
    assert all(name.startswith("units") for name in refused.body["errors"])


def test_ranges_that_overlap_or_run_backwards_are_refused(
    people: Cast, alice: Program, issuance: Issuance
) -> None:
    for pairs in [((1, 10), (10, 20)), ((20, 10),)]:
        refused = alice.post("transfers/", offer(people, units=ranges(issuance, *pairs)))
        assert refused.status == 400
        assert list(refused.body["errors"]) == ["units"]


def test_more_than_there_is_breaks_a_rule(people: Cast, alice: Program, issuance: Issuance) -> None:
    refused = alice.post("transfers/", offer(people, units={"quantity": 1_001}))
    assert refused.status == 422
    assert refused.findings
    assert Transfer.objects.count() == 0
    assert Holding.objects.get().state == "active"


def test_keeping_the_right_to_claim_breaks_a_rule(
    people: Cast, alice: Program, issuance: Issuance
) -> None:
    assert alice.post("transfers/", offer(people, surrendered=False)).status == 422


def test_an_end_user_may_not_sell(people: Cast, alice: Program, issuance: Issuance) -> None:
    made = alice.post("transfers/", offer(people, to_account=people.auto_account.number))
    carl = Program.of(people.carl)
    carl.post(f"transfers/{made.body['id']}/accept/")
    refused = carl.post(
        "transfers/",
        offer(
            people,
            from_account=people.auto_account.number,
            to_account=people.broker_account.number,
        ),
    )
    assert refused.status == 403
    assert (refused.body["rule"], refused.body["section"]) == ("R013", "2.3, 9.3")


def test_nobody_offers_from_another_ones_account(
    people: Cast, bob: Program, issuance: Issuance
) -> None:
    assert bob.post("transfers/", offer(people)).status == 404
    assert Transfer.objects.count() == 0


def test_a_mistyped_recipient_is_named(people: Cast, alice: Program, issuance: Issuance) -> None:
    refused = alice.post("transfers/", offer(people, to_account="AC-NOTTHERE"))
    assert list(refused.body["errors"]) == ["to_account"]


def test_an_offer_is_declined_or_withdrawn_once(
    people: Cast, alice: Program, bob: Program, issuance: Issuance
) -> None:
    first, second = (alice.post("transfers/", offer(people, units={"quantity": 5})) for _ in "ab")
    declined = bob.post(f"transfers/{first.body['id']}/decline/")
    withdrawn = alice.post(f"transfers/{second.body['id']}/withdraw/")
    assert (declined.body["state"], withdrawn.body["state"]) == ("declined", "withdrawn")
    assert bob.post(f"transfers/{first.body['id']}/accept/").status == 409
    assert Holding.objects.get().state == "active"


def test_the_sender_does_not_accept_and_a_stranger_sees_nothing(
    people: Cast, alice: Program, issuance: Issuance
) -> None:
    made = alice.post("transfers/", offer(people))
    address = f"transfers/{made.body['id']}/"
    assert alice.post(f"{address}accept/").status == 404
    for other in (people.carl, people.erik):
        assert Program.of(other).get(address).status == 404
        assert Program.of(other).post(f"{address}accept/").status == 404


def test_a_second_person_approves_what_the_desk_sells(
    people: Cast, alice: Program, bob: Program, issuance: Issuance
) -> None:
    bought = alice.post("transfers/", offer(people, to_account=people.broker_desk.number))
    bob.post(f"transfers/{bought.body['id']}/accept/")
    sold = bob.post(
        "transfers/",
        offer(
            people, from_account=people.broker_desk.number, to_account=people.auto_account.number
        ),
    )
    assert sold.body["state"] == "awaiting_approval"
    address = f"transfers/{sold.body['id']}/"
    assert bob.post(f"{address}approve/").status == 403
    approved = Program.of(people.bea).post(f"{address}approve/")
    assert (approved.status, approved.body["state"]) == (200, "offered")


def test_who_came_second_is_told_what_is_left(
    people: Cast, alice: Program, issuance: Issuance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan was made before somebody else took the units."""
    alice.post("transfers/", offer(people, units=ranges(issuance, (1, 600))))
    monkeypatch.setattr("registry.services.transfers.failures", lambda findings: [])
    late = alice.post("transfers/", offer(people, units=ranges(issuance, (400, 900))))
    assert late.status == 409, late.body
    assert late.body["type"] == "/api/v1/problems/units-gone/"
    assert late.body["left_quantity"] == 400
    assert late.body["left"] == [
        {"issuance": issuance.code, "copy": 1, "first": 601, "last": 1_000, "quantity": 400}
    ]


def test_an_end_user_retires_for_good(people: Cast, alice: Program, issuance: Issuance) -> None:
    made = alice.post("transfers/", offer(people, to_account=people.auto_account.number))
    carl = Program.of(people.carl)
    carl.post(f"transfers/{made.body['id']}/accept/")
    order = {
        "account": people.auto_account.number,
        "units": {"quantity": 250, "issuance": issuance.code},
        "purpose": "Inventory 2025",
        "beneficiary": "Fleet of the north",
    }
    retired = carl.post("retirements/", order)
    assert retired.status == 201, retired.body
    assert [(row["first"], row["last"]) for row in retired.body["ranges"]] == [(1, 250)]
    assert carl.get("retirements/").body["results"][0]["code"] == retired.body["code"]
    assert alice.get("retirements/").body["results"] == []
    public = Program().get(f"register/retirements/{retired.body['code']}/")
    assert {**public.body, "state": "retired"}.items() <= retired.body.items()
    assert set(retired.body) - set(public.body) == {"state", "due_at"}
    too_many = carl.post("retirements/", {**order, "units": {"quantity": 351}})
    assert too_many.status == 422


def test_a_producer_may_not_retire(people: Cast, alice: Program, issuance: Issuance) -> None:
    order = {"account": people.iron_account.number, "units": {"quantity": 1}}
    refused = alice.post("retirements/", order)
    assert (refused.status, refused.body["rule"]) == (403, "R010")


def test_nobody_retires_another_ones_units(people: Cast, bob: Program, issuance: Issuance) -> None:
    order = {"account": people.iron_account.number, "units": {"quantity": 1}}
    assert bob.post("retirements/", order).status == 404
