"""Pages of a claim on spend: tonnes estimated, shown with both roundings, then claimed (11.7)."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, InventoryLine
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import Stage, claim, set_stage
from tests.claims.services.test_spending import APPLIANCES, INTERVENTION, UNIT_COST

pytestmark = pytest.mark.django_db

BARE = APPLIANCES | {
    "spend_factor": Decimal("0.001756"),
    "baseline_intensity": None,
    "baseline_source": "",
}
BASELINE = {"baseline_intensity": "2.3", "baseline_source": "global crude steel average"}
PRICE = BASELINE | {
    "estimation": "unit_cost",
    "unit_price": "900",
    "price_source": "worldsteel",
    "price_index_spend": "285.55",
    "price_index_reference": "301",
}


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage()


@pytest.fixture
def carl(stage: Stage) -> Client:
    client = Client()
    client.force_login(stage.people.carl)
    return client


def line(stage: Stage, values: dict[str, Any] = INTERVENTION) -> InventoryLine:
    return act.line(stage.people.carl, stage.inventory, **values)


def address(of: InventoryLine, more: str = "") -> str:
    return f"/inventories/{of.inventory_id}/spend/{of.pk}/{more}"


def sent(**values: Any) -> dict[str, Any]:
    return {"idempotency_key": key(), "claim_type": "corporate_inventory", **values}


def looked(carl: Client, of: InventoryLine, quantity: int, **more: Any) -> Any:
    page = carl.get(address(of))
    runs = [value for value, _ in page.context["form"].fields["runs"].choices]
    return carl.post(address(of), sent(runs=runs, quantity=quantity, step="preview", **more))


def test_a_bare_line_is_given_its_tonnes_first(stage: Stage, carl: Client) -> None:
    bare = line(stage, BARE)
    overview = carl.get(f"/inventories/{bare.inventory_id}/spend/").content.decode()
    assert "baseline is missing" in overview
    assert "Estimate its tonnes" in carl.get(address(bare)).content.decode()
    saved = carl.post(address(bare, "tonnes/"), sent(**PRICE))
    assert saved["Location"] == address(bare)
    html = carl.get(address(bare)).content.decode()
    assert "1,171.229012 t" in html
    assert "1,171.2 t" in html
    bare.refresh_from_db()
    assert (bare.estimation, bare.stated_emissions) == ("unit_cost", Decimal("2693.826728"))


@pytest.mark.parametrize(
    ("values", "exact", "draft"),
    [
        (INTERVENTION, "616 t CO2e", "616.05 t CO2e"),
        (UNIT_COST, "1,553.826728 t CO2e", "1,553.76 t CO2e"),
    ],
)
def test_both_figures_are_shown_before_and_after(
    stage: Stage, carl: Client, values: dict[str, Any], exact: str, draft: str
) -> None:
    """Appendix G, with the corrected figures of I-03 and I-10."""
    of = line(stage, values)
    shown = looked(carl, of, 600)
    assert shown.status_code == 200, shown.context["form"].errors
    for text in (exact, draft, "The exact figure counts"):
        assert text in shown.content.decode(), text
    assert not Claim.objects.exists()
    form = shown.context["form"]
    confirmed = {**{name: form[name].value() for name in form.fields}, "step": "confirm"}
    done = carl.post(address(of), confirmed)
    made = Claim.objects.get()
    assert (done.status_code, made.volume, made.method) == (302, 600, "spend")
    page = carl.get(done["Location"]).content.decode()
    for text in (exact, draft, "BCU-CS-", "600 t claimed"):
        assert text in page, text
    assert carl.post(address(of), confirmed)["Location"] == done["Location"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"estimation": "unit_cost"}, "unit_price"),
        ({"baseline_source": ""}, "baseline_source"),
        ({"baseline_intensity": "-1"}, "baseline_intensity"),
        ({"spend_factor": ""}, "spend_factor"),
        ({"estimation": "guess"}, "estimation"),
        ({"estimation": "unit_cost", "unit_price": "0", "price_index_spend": "1",
          "price_index_reference": "1"}, "unit_price"),
    ],
)  # fmt: skip
def test_what_is_missing_for_tonnes_is_said_beside_its_field(
    stage: Stage, carl: Client, values: dict[str, Any], field: str
) -> None:
    of = line(stage, BARE)
    given = sent(estimation="intervention_baseline", spend_factor="0.001756", **BASELINE) | values
    answer = carl.post(address(of, "tonnes/"), given)
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]


def test_the_answers_that_lead_to_spend_are_kept_with_the_claim(
    stage: Stage, carl: Client, django_assert_max_num_queries: Any
) -> None:
    of = line(stage)
    here = f"/inventories/{of.inventory_id}/"
    for question, value in (("activity_data", "no"), ("estimation", "intervention_baseline")):
        given = sent(value=value, evidence="Invoices only")
        assert carl.post(f"{here}path/{question}/", given).status_code == 302
    assert f"{here}spend/" in carl.get(f"{here}path/").content.decode()
    for _ in range(5):
        line(stage)
    with django_assert_max_num_queries(10):
        carl.get(f"{here}spend/")
    shown = looked(carl, of, 1)
    form = shown.context["form"]
    confirmed = {**{name: form[name].value() for name in form.fields}, "step": "confirm"}
    page = carl.get(carl.post(address(of), confirmed)["Location"]).content.decode()
    assert "How the method was chosen" in page
    assert "Invoices only" in page
    assert Claim.objects.get().path.method == "spend"


def test_more_units_than_tonnes_are_refused_beside_how_many(stage: Stage, carl: Client) -> None:
    of = line(stage)
    answer = looked(carl, of, 764)
    assert answer.status_code == 422
    assert "763 whole estimated tonnes left" in str(answer.context["form"].errors["quantity"])
    assert looked(carl, of, 763).status_code == 200


def test_nobody_elses_line_and_no_line_in_tonnes_is_to_be_found(stage: Stage) -> None:
    of = line(stage)
    bob, carl = Client(), Client()
    bob.force_login(stage.people.bob)
    carl.force_login(stage.people.carl)
    for more in ("", "tonnes/"):
        assert bob.get(address(of, more)).status_code == 404
        assert carl.get(address(stage.line, more)).status_code == 404
    looks = Client()
    looks.force_login(act.colleague(stage))
    assert looks.get(address(of)).status_code == 200
    assert looked(looks, of, 1).status_code == 403


def test_a_line_is_changed_until_a_claim_uses_it(stage: Stage, carl: Client) -> None:
    edit = f"/inventories/{stage.inventory.pk}/lines/{stage.line.pk}/edit/"
    form = carl.get(edit).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    assert (values["tonnes"], values["stated_emissions"]) == (Decimal(1000), "")
    assert carl.post(edit, {**values, "tonnes": "-1"}).status_code == 400
    assert carl.post(edit, {**values, "tonnes": "", "spend": "5"}).status_code == 400
    assert carl.post(edit, {**values, "tonnes": "900"}).status_code == 302
    stage.line.refresh_from_db()
    assert (stage.line.tonnes, stage.line.factor_intensity) == (900, Decimal("1.9"))
    claim(stage, 1, 10)
    late = carl.post(edit, {**values, "tonnes": "800", "idempotency_key": key()})
    assert late.status_code == 409
    assert "Units are claimed against the line" in late.content.decode()
