"""The guided way to a claim: the tree, a plan, and units retired with the claim."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims.models import Claim, Inventory, PendingClaim
from registry.models import CoolingOff, Holding, Issuance
from registry.services.retirements import withdraw_retirement
from tests.cast import Cast, issue, key
from tests.claims.web.conftest import line
from tests.registry.services.acts import put

pytestmark = pytest.mark.django_db

EVIDENCE = "supplier EPDs, verified"
DIRECT = (
    "activity_data",
    "same_product_type",
    "aligned_boundary",
    "reliable_factor",
    "primary_data",
)


@pytest.fixture
def sheet(inventory: Inventory, people: Cast) -> Any:
    return line(people, inventory, name="Sheet", product_type="flat", category="scope_3_1")


@pytest.fixture
def slab(people: Cast) -> Issuance:
    """400 t of slab that Carl holds."""
    units = issue(people, tonnes=400, steel=True)
    put(units, people.auto_account)
    return units


def path(inventory: Inventory, name: str = "") -> str:
    return f"/inventories/{inventory.pk}/path/{name + '/' if name else ''}"


def answer(
    carl: Client, inventory: Inventory, name: str, value: str, evidence: str = EVIDENCE
) -> Any:
    given = {"value": value, "evidence": evidence, "idempotency_key": key()}
    return carl.post(path(inventory, name), given)


def walk(carl: Client, inventory: Inventory) -> None:
    for name in DIRECT:
        assert carl.get(path(inventory))["Location"] == path(inventory, name)
        assert answer(carl, inventory, name, "yes").status_code == 302


def planned(response: Any, **more: Any) -> dict[str, Any]:
    """The plan's form as the browser sends it with every box ticked."""
    context = response.context
    return {
        "lines": context["lines"],
        "runs": [row["value"] for row in context["rows"]],
        "method": context["wish"].method,
        "cap": context["wish"].cap,
        "claim_type": "corporate_inventory",
        "use_path": "1" if context["by_path"] else "",
        "step": "preview",
        "idempotency_key": key(),
        **more,
    }


def test_the_tree_asks_one_question_a_page_and_proposes_a_method(
    carl: Client, inventory: Inventory, sheet: Any
) -> None:
    walk(carl, inventory)
    html = carl.get(path(inventory)).content.decode()
    assert "Direct substitution" in html
    assert html.count(EVIDENCE) == len(DIRECT)
    assert "direct substitution is proposed" in html


def test_going_back_loses_nothing(carl: Client, inventory: Inventory) -> None:
    walk(carl, inventory)
    page = carl.get(path(inventory, "aligned_boundary")).content.decode()
    assert EVIDENCE in page
    assert path(inventory, "same_product_type") in page
    answer(carl, inventory, "aligned_boundary", "no", "")
    assert carl.get(path(inventory))["Location"] == path(inventory, "baseline_above")
    answer(carl, inventory, "aligned_boundary", "yes")
    assert carl.get(path(inventory)).status_code == 200


def test_an_answer_without_what_it_rests_on_is_asked_again(
    carl: Client, inventory: Inventory
) -> None:
    response = answer(carl, inventory, "activity_data", "yes", "")
    assert response.status_code == 400
    assert "needs what it rests on" in response.content.decode()
    assert answer(carl, inventory, "activity_data", "maybe").status_code == 400
    assert carl.get(path(inventory, "colour")).status_code == 404


def test_a_plan_is_looked_at_and_made_in_one_step(
    carl: Client, inventory: Inventory, sheet: Any, slab: Issuance
) -> None:
    walk(carl, inventory)
    plan = carl.get(f"/inventories/{inventory.pk}/plan/")
    assert "same product type (flat)" in plan.content.decode()
    values = planned(plan)
    shown = carl.post(f"/inventories/{inventory.pk}/claims/new/", values)
    assert shown.status_code == 200, shown.context["form"].errors
    assert not Claim.objects.exists()
    form = shown.context["form"]
    confirm = {**values, "step": "confirm", "previewed": form["previewed"].value()}
    assert carl.post(f"/inventories/{inventory.pk}/claims/new/", confirm).status_code == 302
    claim = Claim.objects.get()
    assert (claim.volume, claim.path.method) == (400, "direct")
    page = carl.get(f"/inventories/{inventory.pk}/claims/{claim.code}/").content.decode()
    assert "How the method was chosen" in page
    assert EVIDENCE in page
    assert Holding.objects.filter(issuance=slab, state="retired").exists()


def test_a_pending_claim_has_its_page_until_it_falls_away(
    carl: Client, people: Cast, inventory: Inventory, sheet: Any, slab: Issuance
) -> None:
    now = timezone.now()
    CoolingOff.objects.create(
        account=people.auto_account, minutes=60, set_at=now, set_by=people.carl
    )
    walk(carl, inventory)
    values = planned(carl.get(f"/inventories/{inventory.pk}/plan/"))
    shown = carl.post(f"/inventories/{inventory.pk}/claims/new/", values)
    confirm = {**values, "step": "confirm", "previewed": shown.context["form"]["previewed"].value()}
    done = carl.post(f"/inventories/{inventory.pk}/claims/new/", confirm)
    pending = PendingClaim.objects.get()
    assert done["Location"].endswith(f"/claims/{pending.code}/")
    page = carl.get(done["Location"]).content.decode()
    assert "to be claimed" in page
    assert pending.order.code in page
    assert pending.code in carl.get(f"/inventories/{inventory.pk}/").content.decode()
    withdraw_retirement(by=people.carl, now=now, key=key(), order=pending.order)
    assert "fell away" in carl.get(done["Location"]).content.decode()


def test_a_plan_without_units_says_why(
    carl: Client, inventory: Inventory, sheet: Any, people: Cast
) -> None:
    page = carl.get(f"/inventories/{inventory.pk}/plan/?method=enhanced&functional_unit=iron")
    html = page.content.decode()
    assert "No units suit these lines" in html
    assert "iron content is missing" in html
    assert carl.get(f"/inventories/{inventory.pk}/plan/?method=guess").status_code == 200


def test_units_of_two_sources_are_not_mixed(
    carl: Client, inventory: Inventory, sheet: Any, slab: Issuance, people: Cast
) -> None:
    run = f"{slab.pk}:1:1:10"
    values = {
        "lines": [str(sheet.pk)],
        "runs": [run, f"{slab.pk}:1:11:20:{people.auto_account.number}"],
        "method": "direct",
        "claim_type": "corporate_inventory",
        "cap": "baseline",
        "step": "preview",
        "idempotency_key": key(),
    }
    response = carl.post(f"/inventories/{inventory.pk}/claims/new/", values)
    assert response.status_code == 400
    assert "not both at once" in response.content.decode()


def test_others_are_not_guided_through_it(inventory: Inventory, people: Cast) -> None:
    bob = Client()
    bob.force_login(people.bob)
    for address in (path(inventory), path(inventory, "cap"), f"/inventories/{inventory.pk}/plan/"):
        assert bob.get(address).status_code == 404
