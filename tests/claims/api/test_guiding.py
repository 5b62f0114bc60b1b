"""The decision tree, plans, and retiring-and-claiming over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims.models import Claim, ClaimPath, PendingClaim
from registry.models import CoolingOff, Holding, Issuance
from registry.services.retirements import settle_due
from tests import cast as made
from tests.cast import Cast
from tests.claims.api.test_claims import FLAT, YES, new_inventory, new_line, units
from tests.claims.web.conftest import slabs
from tests.registry.services.acts import put
from tests.support.programs import Program

ANSWERS = [
    ("activity_data", "yes"),
    ("same_product_type", "yes"),
    ("aligned_boundary", "yes"),
    ("reliable_factor", "yes"),
    ("primary_data", "yes"),
]


def answered(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"question": q, "value": v, "evidence": "supplier EPDs"} for q, v in pairs]


def held(people: Cast, quantity: int = 400) -> Issuance:
    units = made.issue(people, tonnes=quantity, steel=True)
    put(units, people.auto_account)
    return units


def step(people: Cast, line: str, of: Issuance, **more: Any) -> dict[str, Any]:
    return {
        "account": people.auto_account.number,
        "lines": [line],
        "units": units(of, 100),
        "method": "direct",
        "alignment": YES,
        **more,
    }


def test_the_tree_is_walked_question_by_question(people: Cast, carl: Program) -> None:
    address = f"{new_inventory(people, carl)}path/"
    assert carl.get(address).body["asked"]["question"] == "activity_data"
    for question, value in ANSWERS:
        assert carl.get(address).body["asked"]["question"] == question
        given = {"question": question, "value": value, "evidence": "supplier EPDs"}
        assert carl.post(address, given).status == 200
    ended = carl.get(address).body
    assert (ended["asked"], ended["proposal"]["method"]) == (None, "direct")
    # Answered anew, nothing else is lost.
    again = {"question": "reliable_factor", "value": "no", "evidence": ""}
    body = carl.post(address, again).body
    assert body["asked"]["question"] == "baseline_above"
    assert len(body["steps"]) == 4


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"question": "colour", "value": "yes"}, "question"),
        ({"question": "activity_data", "value": "maybe"}, "value"),
        ({"question": "activity_data", "value": "yes"}, "evidence"),
        ({"question": "activity_data"}, "value"),
    ],
)
def test_an_answer_that_does_not_stand_names_its_field(
    people: Cast, carl: Program, given: dict[str, str], field: str
) -> None:
    refused = carl.post(f"{new_inventory(people, carl)}path/", given)
    assert (refused.status, list(refused.body["errors"])) == (400, [field])


def test_the_path_is_kept_with_the_claim(people: Cast, carl: Program) -> None:
    address = new_inventory(people, carl)
    line = new_line(carl, address, **FLAT)
    given = {
        "lines": [line],
        "units": units(slabs(people, 100), 100),
        "method": "direct",
        "path": answered(*ANSWERS),
    }
    short = carl.post(f"{address}claims/", {**given, "path": answered(*ANSWERS[:2])})
    assert (short.status, list(short.body["errors"])) == (400, ["path"])
    done = carl.post(f"{address}claims/", given)
    assert done.status == 201, done.body
    assert done.body["path"]["method"] == "direct"
    assert [each["question"] for each in done.body["path"]["answers"]] == [q for q, _ in ANSWERS]
    assert ClaimPath.objects.count() == 1
    assert carl.get(f"claims/{done.body['code']}/").body["path"] == done.body["path"]


def test_a_path_that_leads_to_spend_is_no_path_to_substitution(people: Cast, carl: Program) -> None:
    address = new_inventory(people, carl)
    line = new_line(carl, address, **FLAT)
    path = answered(("activity_data", "no"), ("estimation", "unit_cost"))
    given = {"lines": [line], "units": units(slabs(people, 100), 100), "method": "direct"}
    refused = carl.post(f"{address}claims/", {**given, "path": path})
    assert refused.status == 400
    assert "leads to spend" in refused.body["errors"]["path"][0]


def test_a_plan_suggests_active_units_with_reasons(people: Cast, carl: Program) -> None:
    address = new_inventory(people, carl)
    line = new_line(carl, address, **FLAT)
    other = new_line(carl, address, name="Paint", material="other", product_type="",
                     tonnes=None, factor_intensity=None, stated_emissions="5")  # fmt: skip
    of = held(people)
    number = people.auto_account.number
    found = carl.post(f"{address}plan/", {"method": "enhanced", "account": number})
    assert found.status == 200, found.body
    (suggestion,) = found.body["suggestions"]
    assert (suggestion["issuance"], suggestion["quantity"]) == (of.code, 400)
    assert (suggestion["lines"], found.body["volume"]) == ([line], 400)
    assert suggestion["reasons"][0] == "same product type (flat)"
    assert found.body["passed_by"] == [{"what": "Paint", "why": "neither iron nor steel"}]
    assert not Claim.objects.exists()
    assert not Holding.objects.filter(state="retired").exists()
    only = carl.post(f"{address}plan/", {"method": "enhanced", "lines": [other]})
    assert only.body["suggestions"] == []
    unknown = carl.post(f"{address}plan/", {"method": "enhanced", "lines": [str(of.pk)]})
    assert (unknown.status, list(unknown.body["errors"])) == (400, ["lines"])


def test_units_are_retired_and_claimed_in_one_request(people: Cast, carl: Program) -> None:
    address = new_inventory(people, carl)
    given = step(people, new_line(carl, address, **FLAT), held(people))
    shown = carl.post(f"{address}claims/retire/preview/", given)
    assert shown.status == 200, shown.body
    done = carl.post(f"{address}claims/retire/", given, key="once")
    assert (done.status, done.body["state"]) == (201, "made"), done.body
    assert (
        done.body["result"]["reduction_emissions"] == (shown.body["result"]["reduction_emissions"])
    )
    assert carl.post(f"{address}claims/retire/", given, key="once").body == done.body
    assert Claim.objects.count() == 1


def test_a_pending_claim_is_listed_until_and_after_it_is_made(people: Cast, carl: Program) -> None:
    now = timezone.now()
    account = people.auto_account
    CoolingOff.objects.create(account=account, minutes=5, set_at=now, set_by=people.carl)
    address = new_inventory(people, carl)
    line = new_line(carl, address, **FLAT)
    of = held(people)
    done = carl.post(f"{address}claims/retire/", step(people, line, of))
    assert (done.status, done.body["state"]) == (201, "waiting"), done.body
    (waiting,) = carl.get(f"{address}claims/pending/").body["results"]
    assert (waiting["state"], waiting["retirement"]) == ("waiting", done.body["retirement"])
    blocked = carl.post(f"{address}claims/retire/", step(people, line, of))
    assert blocked.status == 409
    settle_due(now=now + timedelta(minutes=6))
    (after,) = carl.get(f"{address}claims/pending/").body["results"]
    assert (after["state"], after["code"]) == ("made", Claim.objects.get().code)


def test_outsiders_see_none_of_it(people: Cast, carl: Program) -> None:
    address = new_inventory(people, carl)
    bob = Program.of(people.bob)
    assert bob.get(f"{address}path/").status == 404
    assert bob.get(f"{address}claims/pending/").status == 404
    assert bob.post(f"{address}plan/", {"method": "direct"}).status == 404
    given = step(people, new_line(carl, address, **FLAT), held(people))
    assert bob.post(f"{address}claims/retire/", given).status == 404
    mine = carl.post(f"{address}claims/retire/", {**given, "account": people.broker_account.number})
    assert mine.status == 404
    assert not PendingClaim.objects.exists()
