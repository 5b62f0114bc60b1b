"""Withdrawing, cancelling, suspending and correcting through the interface for programs."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from registry.ledger import CoClaimed
from registry.models import Holding, Issuance
from registry.services.retirements import set_cooling_off
from registry.services.sweeps import expire_vintages
from tests.cast import Cast, half_a_year, issue, key
from tests.registry.services.acts import put
from tests.support.programs import Program


def units(people: Cast) -> Issuance:
    issuance = issue(people, tonnes=1_000, steel=True, **half_a_year())
    put(issuance, people.auto_account)
    return issuance


def test_a_retirement_that_cools_off_is_read_and_withdrawn(people: Cast) -> None:
    issuance = units(people)
    set_cooling_off(
        by=people.olga, now=timezone.now(), key=key(), account=people.auto_account, minutes=60
    )
    carl = Program.of(people.carl)
    order = {
        "account": people.auto_account.number,
        "units": {"quantity": 5},
        "period_start": "2025-01-01",
    }
    assert carl.post("retirements/", order).status == 400
    made = carl.post("retirements/", {**order, "period_end": "2025-12-31"})
    assert (made.status, made.body["state"], made.body["retired_on"]) == (201, "retiring", None)
    url = f"retirements/{made.body['code']}/"
    assert carl.get(url).body == made.body
    assert Program.of(people.bob).get(url).status == 404
    assert Program().get(f"register/{url}").status == 404
    assert carl.post(f"{url}withdraw/").body["state"] == "withdrawn"
    assert carl.post(f"{url}withdraw/").status == 409
    assert Holding.objects.get(issuance=issuance).state == "active"


def test_units_are_cancelled(people: Cast) -> None:
    units(people)
    carl = Program.of(people.carl)
    order: dict[str, Any] = {
        "account": people.auto_account.number,
        "units": {"quantity": 5},
        "reason": "Measured too high.",
    }
    made = carl.post("cancellations/", order)
    assert (made.status, made.body["state"], made.body["quantity"]) == (201, "cancelled", 5)
    assert carl.get("cancellations/").body["results"] == [made.body]
    assert carl.post(f"cancellations/{made.body['code']}/withdraw/").status in (403, 409)
    assert carl.post("cancellations/", {**order, "reason": ""}).status == 400
    assert carl.post("cancellations/", {**order, "units": {"quantity": 999}}).status == 409
    assert Program.of(people.bob).post("cancellations/", order).status == 404


def test_two_operators_cancel_what_has_expired(people: Cast) -> None:
    issuance = units(people)
    expire_vintages(now=timezone.now() + timedelta(days=5_000))
    olga, oscar = Program.of(people.olga), Program.of(people.oscar)
    order: dict[str, Any] = {
        "account": people.auto_account.number,
        "units": {"ranges": [{"issuance": issuance.code, "first": 1, "last": 10}]},
        "reason": "Expired.",
    }
    assert Program.of(people.carl).post("cancellations/expired/", order).status == 403
    assert olga.post("cancellations/expired/", {**order, "account": "AC-NOPE"}).status == 400
    assert olga.post("cancellations/expired/", {**order, "units": {"quantity": 1}}).status == 400
    made = olga.post("cancellations/expired/", order)
    assert (made.status, made.body["state"]) == (201, "awaiting_approval")
    url = f"cancellations/{made.body['code']}/"
    assert olga.get(url).body == made.body
    assert olga.get("cancellations/").body["results"] == [made.body]
    assert Program.of(people.bob).get(url).status == 404
    assert olga.post(f"{url}approve/").status == 403
    assert Program.of(people.bob).post(f"{url}approve/").status == 404
    assert oscar.post(f"{url}approve/").body["state"] == "cancelled"


def test_units_co_claimed_in_the_same_instant_are_a_409(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    units(people)

    def meanwhile(**_: Any) -> None:
        raise CoClaimed

    monkeypatch.setattr("registry.services.cancellations.cancel_units", meanwhile)
    order = {"account": people.auto_account.number, "units": {"quantity": 1}, "reason": "Wrong."}
    answer = Program.of(people.carl).post("cancellations/", order)
    assert (answer.status, answer.body["type"]) == (409, "/api/v1/problems/not-now/")
    assert "R092" in answer.body["detail"]


def test_two_operators_suspend_lift_and_correct(people: Cast) -> None:
    issuance = units(people)
    olga, oscar = Program.of(people.olga), Program.of(people.oscar)
    made = olga.post("suspensions/", {"issuance": issuance.code, "reason": "In doubt."})
    assert (made.status, made.body["state"]) == (201, "proposed")
    url = f"suspensions/{made.body['code']}/"
    assert olga.post(f"{url}approve/").status == 403
    assert oscar.post(f"{url}approve/").body["state"] == "in_force"
    assert olga.get(url).body["state"] == "in_force"
    trace = olga.get(f"{url}trace/").body
    assert (trace["covered"], trace["held"], trace["retired"]) == (1_000, 1_000, 0)
    assert [row["account"] for row in trace["rows"]] == [people.auto_account.number]
    assert Program.of(people.carl).get(f"{url}trace/").status == 403
    assert Program.of(people.carl).get("suspensions/").status == 403
    ended = olga.post(f"{url}end/", {"action": "lift", "reason": "Confirmed."})
    assert ended.body["state"] == "lifting"
    assert oscar.post(f"{url}approve/").body["state"] == "lifted"

    change = {"issuance": issuance.code, "intensity": "0.5", "reason": "A full year."}
    final = issue(people, tonnes=10)
    answer = olga.post("adjustments/", {**change, "issuance": final.code})
    assert (answer.status, "its figures are final" in answer.body["detail"]) == (409, True)
    made = olga.post("adjustments/", change)
    assert (made.status, made.body["previous_intensity"]) == (201, "0.4")
    assert oscar.post(f"adjustments/{made.body['code']}/approve/").body["state"] == "in_force"
    assert olga.get("adjustments/").body["results"][0]["state"] == "in_force"
    assert olga.get(f"adjustments/{made.body['code']}/").body["state"] == "in_force"


def test_a_wrong_suspension_or_correction_is_a_400(people: Cast) -> None:
    issuance = units(people)
    olga = Program.of(people.olga)
    ranges = {"ranges": [{"issuance": issuance.code, "first": 1, "last": 1_001}]}
    for wrong in (
        {},
        {"issuance": "NOPE"},
        {"account": "AC-NOPE"},
        {"units": {"quantity": 5}},
        {"units": ranges},
        {"issuance": issuance.code, "account": people.auto_account.number},
    ):
        assert olga.post("suspensions/", {"reason": "x", **wrong}).status == 400, wrong
    for change in ({"intensity": 0.5}, {"intensity": "-1"}, {"shortfall": -1}, {"issuance": "X"}):
        given = {"issuance": issuance.code, "intensity": "0.5", "reason": "x", **change}
        assert olga.post("adjustments/", given).status == 400, change
