"""Inventories, lines, claims and statements over HTTP."""

from typing import Any

import pytest
from django.utils import timezone

from claims.accounting.wording import DISCLOSURE
from claims.models import Claim, Inventory, InventoryLine, Statement
from registry.models import Issuance
from tests.cast import Cast, vintage
from tests.claims.web.conftest import billets, slabs
from tests.support.programs import Program

REBAR = {
    "name": "Rebar",
    "category": "scope_3_2",
    "material": "steel",
    "product_type": "long",
    "tonnes": "50000",
    "factor_intensity": "1.5",
    "factor_source": "supplier EPDs",
}
FLAT = {**REBAR, "name": "Sheet", "product_type": "flat", "tonnes": "10000"}
FLAT["factor_intensity"] = "1.9"
YES = {"reliable_factor": True, "aligned_boundary": True, "same_product_type": True}


def new_inventory(people: Cast, carl: Program, name: str = "Iron and steel") -> str:
    start, end = vintage(timezone.now())
    made = carl.post(
        "inventories/",
        {
            "organisation": str(people.auto_werke.pk),
            "name": name,
            "period_start": start.isoformat(),
            "period_end": end.isoformat(),
        },
    )
    assert made.status == 201, made.body
    return f"inventories/{made.body['id']}/"


def new_line(carl: Program, address: str, **values: Any) -> str:
    made = carl.post(f"{address}lines/", {**REBAR, **values})
    assert made.status == 201, made.body
    return str(made.body["id"])


def units(issuance: Issuance, quantity: int) -> list[dict[str, Any]]:
    return [{"issuance": issuance.code, "first": 1, "last": quantity}]


def test_an_inventory_and_its_lines_are_read_back(people: Cast, carl: Program) -> None:
    address = new_inventory(people, carl)
    line = new_line(carl, address, tonnes="12.5")
    assert carl.get(address).body == carl.get("inventories/").body["results"][0]
    (listed,) = carl.get(f"{address}lines/").body["results"]
    assert (listed["id"], listed["tonnes"], listed["scrap_share"]) == (line, "12.5", None)


def test_a_line_is_removed_until_a_claim_uses_it(people: Cast, carl: Program) -> None:
    address = new_inventory(people, carl)
    line = new_line(carl, address)
    assert carl.delete(f"{address}lines/{line}/", key="").status == 400
    removed = carl.delete(f"{address}lines/{line}/", key="k")
    assert (removed.status, removed.text) == (204, "")
    assert carl.delete(f"{address}lines/{line}/", key="k").status == 404
    assert not InventoryLine.objects.exists()


def test_a_line_is_changed_in_place(people: Cast, carl: Program) -> None:
    address = new_inventory(people, carl)
    line = f"{address}lines/{new_line(carl, address)}/"
    changed = carl.put(line, {**REBAR, "tonnes": "49500", "region": "Europe"})
    assert (changed.status, changed.body["tonnes"], changed.body["region"]) == (
        200, "49500", "Europe")  # fmt: skip
    assert carl.get(line).body == changed.body
    assert carl.put(line, REBAR).body["region"] == ""
    assert carl.put(line, {**REBAR, "spend": "1"}).status == 400
    assert Program.of(people.bob).put(line, REBAR).status == 404


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"tonnes": 12.5}, "tonnes"),
        ({"tonnes": "-1"}, "tonnes"),
        ({"category": "scope_9"}, "category"),
        ({"stated_emissions": "5"}, "tonnes"),
        ({"tonnes": None}, "tonnes"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_line_of_the_wrong_shape_names_its_field(
    people: Cast, carl: Program, values: dict[str, Any], field: str
) -> None:
    address = new_inventory(people, carl)
    refused = carl.post(f"{address}lines/", {**REBAR, **values})
    assert (refused.status, list(refused.body["errors"])) == (400, [field])


def test_a_period_ends_after_it_starts(people: Cast, carl: Program) -> None:
    refused = carl.post(
        "inventories/",
        {
            "organisation": str(people.auto_werke.pk),
            "name": "2025",
            "period_start": "2025-12-31",
            "period_end": "2025-01-01",
        },
    )
    assert (refused.status, list(refused.body["errors"])) == (400, ["period_end"])


def test_the_worked_example_of_direct_substitution(people: Cast, carl: Program) -> None:
    issuance = slabs(people, 10_000)
    address = new_inventory(people, carl)
    line = carl.post(f"{address}lines/", FLAT).body["id"]
    (run,) = carl.get(f"{address}units/").body["results"]
    assert (run["quantity"], run["issuance"]) == (10_000, issuance.code)
    asked = {
        "lines": [line],
        "units": [{name: run[name] for name in ("issuance", "first", "last", "copy")}],
        "method": "direct",
        "alignment": YES,
    }
    seen = carl.post(f"{address}claims/preview/", asked, key="k")
    assert seen.status == 200, seen.body
    assert not Claim.objects.exists()
    made = carl.post(f"{address}claims/", asked, key="k")
    assert made.status == 201, made.body
    result = made.body["result"]
    assert (result["physical_emissions"], result["adjusted_emissions"]) == ("19000", "8000")
    assert {**seen.body["result"]} == result
    assert made.body["ranges"][0]["quantity"] == 10_000
    assert carl.get(f"{address}units/").body["results"] == []
    assert carl.get(f"claims/{made.body['code']}/").body == made.body
    again = carl.post(f"{address}claims/", asked, key="k")
    assert (again.text, again.headers["Idempotent-Replay"]) == (made.text, "true")
    assert carl.delete(f"{address}lines/{line}/").status == 409


def test_the_worked_example_of_enhanced_substitution(people: Cast, carl: Program) -> None:
    issuance = billets(people, 50_000)
    address = new_inventory(people, carl)
    asked = {"lines": [new_line(carl, address)], "method": "enhanced", "cap": "baseline"}
    over = carl.post(f"{address}claims/", {**asked, "units": units(issuance, 41_667)})
    assert over.status == 422
    assert "R123" in over.findings
    made = carl.post(f"{address}claims/", {**asked, "units": units(issuance, 41_666)})
    assert made.status == 201, made.body
    assert made.body["result"]["adjusted_emissions"] == "8334.4"
    assert made.body["result"]["groups"][0]["cap_units"] == 41_666


def test_a_preview_tells_what_fails_and_computes_nothing(people: Cast, carl: Program) -> None:
    issuance = billets(people, 100)
    address = new_inventory(people, carl)
    asked = {
        "lines": [new_line(carl, address, tonnes="50")],
        "units": units(issuance, 100),
        "method": "enhanced",
    }
    seen = carl.post(f"{address}claims/preview/", asked)
    assert (seen.status, seen.body["result"]) == (200, None)
    assert "fail" in {each["outcome"] for each in seen.body["findings"]}
    assert carl.post(f"{address}claims/preview/", asked, key="").status == 400


def test_units_are_claimed_once(people: Cast, carl: Program) -> None:
    issuance = billets(people, 100)
    address = new_inventory(people, carl)
    line = new_line(carl, address)
    asked = {"lines": [line], "units": units(issuance, 60), "method": "enhanced"}
    assert carl.post(f"{address}claims/", asked).status == 201
    assert carl.post(f"{address}claims/", asked).status in (409, 422)
    assert Claim.objects.count() == 1
    assert [(r["first"], r["last"]) for r in carl.get(f"{address}units/").body["results"]] == [
        (61, 100)
    ]


def test_a_claim_names_lines_and_units_that_exist(people: Cast, carl: Program) -> None:
    issuance = billets(people, 100)
    address, other = new_inventory(people, carl), new_inventory(people, carl, "Another")
    line, foreign = new_line(carl, address), new_line(carl, other)
    asked = {"lines": [line], "units": units(issuance, 60), "method": "enhanced"}
    for change, field in [
        ({"lines": [foreign]}, "lines"),
        ({"lines": []}, "lines"),
        ({"units": units(issuance, 101)}, "units"),
        ({"units": [{"issuance": "NOTTHERE", "first": 1, "last": 2}]}, "units"),
        ({"units": {"quantity": 5}}, "units"),
        ({"method": "spend"}, "method"),
        ({"alignment": {"reliable_factor": "yes"}}, "alignment.reliable_factor"),
    ]:
        refused = carl.post(f"{address}claims/", {**asked, **change})
        assert (refused.status, list(refused.body["errors"])) == (400, [field]), change


def test_a_statement_is_published_and_superseded(people: Cast, carl: Program) -> None:
    issuance = billets(people, 100)
    address = new_inventory(people, carl)
    asked = {"units": units(issuance, 60), "method": "enhanced"}
    carl.post(f"{address}claims/", {**asked, "lines": [new_line(carl, address)]})
    refused = carl.post(f"{address}statements/", {"text": "Our green cars are carbon neutral."})
    assert refused.status == 422
    assert not Statement.objects.exists()
    first = carl.post(f"{address}statements/", {"text": DISCLOSURE})
    assert first.status == 201, first.body
    assert {"physical_inventory", "adjusted_inventory"} <= set(first.body["document"])
    second = carl.post(f"{address}statements/", {"text": DISCLOSURE})
    assert second.body["supersedes"] == first.body["code"]
    public = Program()
    shown = public.get(f"register/statements/{first.body['code']}/").body
    beside = {"superseded_by": second.body["code"], "marks": [], "assurance": []}
    assert shown == {**first.body, **beside}
    listed = public.get("register/statements/", organisation="auto").body["results"]
    assert [row["code"] for row in listed] == [second.body["code"], first.body["code"]]
    assert listed == carl.get(f"{address}statements/").body["results"]
    assert public.get("register/statements/", organisation="nobody").body["results"] == []


def test_an_inventory_is_its_organisations_alone(people: Cast, carl: Program) -> None:
    issuance = billets(people, 100)
    address = new_inventory(people, carl)
    line = new_line(carl, address)
    asked = {"lines": [line], "units": units(issuance, 60), "method": "enhanced"}
    code = carl.post(f"{address}claims/", asked).body["code"]
    bob = Program.with_token(people.bob)
    assert bob.get("inventories/").body["results"] == []
    for each in ("", "lines/", "units/", "claims/", "statements/"):
        assert bob.get(f"{address}{each}").status == 404
    for each, body in [
        ("lines/", REBAR),
        ("claims/", asked),
        ("claims/preview/", asked),
        ("statements/", {"text": DISCLOSURE}),
    ]:
        assert bob.post(f"{address}{each}", body).status == 404
    assert bob.delete(f"{address}lines/{line}/").status == 404
    assert bob.get(f"claims/{code}/").status == 404
    assert Inventory.objects.count() == 1


def test_a_producer_has_no_inventory(people: Cast) -> None:
    refused = Program.of(people.erik).get("inventories/")
    assert (refused.status, refused.body["type"]) == (403, "/api/v1/problems/refused/")
    assert Program.of(people.erik).post("inventories/", {}).status == 403
