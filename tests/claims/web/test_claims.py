"""A claim over HTTP: looked at, refused with every finding, made once."""

from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, ClaimedRange, Inventory, InventoryLine
from claims.queries import unclaimed
from registry.models import Issuance
from tests.cast import PASSWORD, Cast, issue, key, person
from tests.claims.web.conftest import billets, inventory_of, line, slabs
from tests.registry.public.conftest import sell, withdraw_from_use

pytestmark = pytest.mark.django_db


def address(inventory: Inventory) -> str:
    return f"/inventories/{inventory.pk}/claims/new/"


def terms(people: Cast, lines: list[InventoryLine], /, **values: Any) -> dict[str, Any]:
    """A form as the browser sends it: all of Carl's retired units, enhanced substitution."""
    runs = [run.line for run in unclaimed(people.auto_werke.pk)]
    given = {
        "lines": [str(each.pk) for each in lines],
        "runs": [f"{r.issuance}:{r.copy}:{r.first}:{r.last}" for r in runs],
        "quantity": "",
        "method": "enhanced",
        "claim_type": "corporate_inventory",
        "cap": "baseline",
        "step": "preview",
        "idempotency_key": key(),
    }
    return given | values


def confirmed(response: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The same form again, with what the preview put into it."""
    return values | {"step": "confirm", "previewed": response.context["form"]["previewed"].value()}


def test_the_worked_example_is_shown_with_its_cap_in_whole_units_and_exact(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 50_000)

    response = carl.post(address(inventory), terms(people, [rebar], quantity="41666"))

    html = response.content.decode()
    assert response.status_code == 200
    assert "What the claim would be" in html
    assert "75,000 t CO2e → 8,334.4 t CO2e" in html
    assert "66,665.6 t CO2e" in html
    assert "41,666 whole units (exact: 41,666.666667 t)" in html
    assert "8,333.333333 t CO2e if the exact limit were used" in html
    assert not Claim.objects.exists()


def test_what_was_shown_is_made(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    units = billets(people, 50_000)
    values = terms(people, [rebar], quantity="41666")
    shown = carl.post(address(inventory), values)

    response = carl.post(address(inventory), confirmed(shown, values))

    claim = Claim.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/inventories/{inventory.pk}/claims/{claim.code}/"
    assert claim.result["adjusted_emissions"] == "8334.4"
    used = ClaimedRange.objects.get()
    assert (used.issuance, used.serials.lower, used.serials.upper) == (units, 1, 41_667)


def test_the_same_confirmation_twice_makes_one_claim(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 1_000)
    values = terms(people, [rebar])
    values = confirmed(carl.post(address(inventory), values), values)

    answers = [carl.post(address(inventory), values) for _ in range(2)]

    assert Claim.objects.count() == 1
    assert {answer["Location"] for answer in answers} == {answers[0]["Location"]}


def test_direct_substitution_replaces_the_factor(
    carl: Client, people: Cast, inventory: Inventory
) -> None:
    slabs(people, 10_000)
    coil = line(people, inventory, name="Coil", product_type="flat", tonnes=10_000,
                factor_intensity="1.9")  # fmt: skip
    answers = dict.fromkeys(("reliable_factor", "aligned_boundary", "same_product_type"), "yes")

    response = carl.post(address(inventory), terms(people, [coil], method="direct", **answers))

    assert "19,000 t CO2e → 8,000 t CO2e" in response.content.decode()


def test_direct_substitution_without_its_three_answers_asks_for_a_reason(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 1_000)
    values = terms(people, [rebar], method="direct", reliable_factor="yes", aligned_boundary="no")

    refused = carl.post(address(inventory), values)
    accepted = carl.post(address(inventory), values | {"reason": "The EPD covers the same steps."})

    assert refused.status_code == 422
    assert "R121" in [
        finding.rule for finding in refused.context["form"].findings if finding.failed
    ]
    assert "not confirmed: aligned boundary" in refused.content.decode()
    assert accepted.status_code == 200
    assert "reason given: The EPD covers" in accepted.content.decode()


def test_a_claim_beyond_the_cap_is_refused_with_every_finding_and_keeps_what_was_typed(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 50_000)
    values = terms(people, [rebar], quantity="41667", cap_reason="typed")

    response = carl.post(address(inventory), values)

    html = response.content.decode()
    findings = {f.rule: f for f in response.context["form"].findings}
    assert response.status_code == 422
    assert findings["R123"].failed
    assert findings["R125"].outcome == "pass"
    assert "41667 units, the BCU-baseline cap is 41666 (real-valued 41666.666667 t)" in html
    assert 'value="41667"' in html
    assert ">\ntyped</textarea>" in html
    assert f'value="{rebar.pk}" checked' in html
    assert "What the claim would be" not in html
    assert not Claim.objects.exists()


def test_a_form_changed_after_the_preview_is_shown_again_and_not_made(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 1_000)
    values = terms(people, [rebar], quantity="100")
    shown = carl.post(address(inventory), values)

    response = carl.post(address(inventory), confirmed(shown, values) | {"quantity": "200"})

    assert response.status_code == 200
    assert "You changed the form" in response.content.decode()
    assert "taken off by 200 t of units" in response.content.decode()
    assert not Claim.objects.exists()


def test_a_confirmation_without_a_preview_only_shows(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 1_000)

    response = carl.post(address(inventory), terms(people, [rebar], step="confirm"))

    assert response.status_code == 200
    assert not Claim.objects.exists()


def test_units_that_another_claim_has_taken_are_refused(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 1_000)
    first = terms(people, [rebar])
    second = first | {"idempotency_key": key()}
    shown = carl.post(address(inventory), second)
    carl.post(address(inventory), confirmed(carl.post(address(inventory), first), first))

    response = carl.post(address(inventory), confirmed(shown, second))

    assert response.status_code == 422
    assert "already in a claim" in response.content.decode()
    assert Claim.objects.count() == 1


def test_more_units_than_chosen_are_asked_for_in_vain(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 1_000)

    response = carl.post(address(inventory), terms(people, [rebar], quantity="1001"))

    assert response.status_code == 400
    assert "You asked for 1,001 t; the units you chose are 1,000 t." in response.content.decode()


@pytest.mark.parametrize("field", ["lines", "runs", "method"])
def test_what_is_not_chosen_is_asked_for(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine, field: str
) -> None:
    billets(people, 1_000)

    response = carl.post(address(inventory), terms(people, [rebar], **{field: []}))

    assert response.status_code == 400
    assert field in response.context["form"].errors


@pytest.mark.parametrize("run", ["x", "1:2:3", "00000000-0000-0000-0000-000000000000:1:1:x"])
def test_a_run_that_cannot_be_read_is_refused(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine, run: str
) -> None:
    response = carl.post(address(inventory), terms(people, [rebar], runs=[run]))

    assert response.status_code == 400
    assert "Choose the units from the list." in response.content.decode()


@pytest.mark.parametrize(
    "run",
    [
        "00000000-0000-0000-0000-000000000000:1:1:10",
        "{issuance}:1:1001:1010",
        "{issuance}:2:1:10",
        "{issuance}:1:10:1",
        "{issuance}:1:0:10",
    ],
)
def test_units_that_nobody_retired_are_refused(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine, run: str
) -> None:
    units = billets(people, 1_000)

    response = carl.post(
        address(inventory), terms(people, [rebar], runs=[run.format(issuance=units.pk)])
    )

    assert response.status_code in (400, 422)
    assert not Claim.objects.exists()


def test_nobody_claims_what_another_organisation_retired(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    theirs = _retired_by_the_broker(people)

    response = carl.post(address(inventory), terms(people, [rebar], runs=[f"{theirs.pk}:1:1:100"]))

    assert response.status_code == 422
    failed = [f.rule for f in response.context["form"].findings if f.failed]
    assert "R100" in failed


def test_a_line_of_another_inventory_cannot_be_chosen(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 1_000)
    other = line(people, inventory_of(people, "Other"))

    response = carl.post(address(inventory), terms(people, [other]))

    assert response.status_code == 400
    assert "lines" in response.context["form"].errors


def test_without_retired_units_the_page_says_where_to_retire(
    carl: Client, inventory: Inventory, rebar: InventoryLine
) -> None:
    html = carl.get(address(inventory)).content.decode()

    assert "No retired units wait for a claim" in html
    assert 'href="/retirements/new/"' in html


def test_the_claim_is_shown_as_it_was_made(
    carl: Client,
    people: Cast,
    inventory: Inventory,
    rebar: InventoryLine,
    django_assert_max_num_queries: Any,
) -> None:
    units = billets(people, 1_000)
    values = terms(people, [rebar])
    made = carl.post(address(inventory), confirmed(carl.post(address(inventory), values), values))

    with django_assert_max_num_queries(12):
        html = carl.get(made["Location"]).content.decode()

    assert "1,000 t claimed" in html
    assert f"BCU-CS-US-{units.site.code}" in html
    assert 'id="findings-R123"' in html


def test_a_line_with_a_claim_stays(
    carl: Client, people: Cast, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 1_000)
    values = terms(people, [rebar])
    carl.post(address(inventory), confirmed(carl.post(address(inventory), values), values))

    response = carl.post(
        f"/inventories/{inventory.pk}/lines/{rebar.pk}/remove/", {"idempotency_key": key()}
    )

    assert response.status_code == 409
    assert "A line that a claim used stays as it is." in response.content.decode()


def test_a_colleague_who_may_start_nothing_is_told_so(
    people: Cast, client: Client, inventory: Inventory, rebar: InventoryLine
) -> None:
    billets(people, 1_000)
    clara = person("Clara", people.auto_werke)
    client.login(email=clara.email, password=PASSWORD)

    assert client.get(f"/inventories/{inventory.pk}/").status_code == 200
    response = client.post(address(inventory), terms(people, [rebar]))

    assert response.status_code == 403
    assert "You may not start actions for Auto Werke" in response.content.decode()


def test_the_page_costs_the_same_queries_whatever_was_retired(
    carl: Client,
    people: Cast,
    inventory: Inventory,
    rebar: InventoryLine,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(3):
        billets(people, 100)

    with django_assert_max_num_queries(14):
        carl.get(address(inventory))
    with django_assert_max_num_queries(31):
        carl.post(address(inventory), terms(people, [rebar]))


def _retired_by_the_broker(people: Cast) -> Issuance:

    units = issue(people, tonnes=1_000)
    sell(people, units, 100)
    withdraw_from_use(people, units, 100)
    return units
