"""Iron units on lines of steel (9.2, R116): the three tiers of iron content, by every way in.

1,000 t of steel at 1.9 t CO2e/t whose iron stands at 1.6; units of iron at 0.4.
"""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from claims.accounting.recompute import recompute
from claims.accounting.wording import DISCLOSURE
from claims.models import InventoryLine
from claims.services.claiming import preview_claim
from claims.services.statements import publish_statement
from registry.models import Issuance
from registry.rulebook.findings import failures
from tests import cast as made
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import DIRECT, NOW, Stage, claim, run, set_stage
from tests.registry.services.acts import put
from tests.support.programs import Program

pytestmark = pytest.mark.django_db

ALIGNED = ("reliable_factor", "aligned_boundary", "same_product_type")
SOURCE = {"iron_content_source": "Mill certificate 7"}
# What is known of the content, the tier that counts, whole units that the line takes, and what is
# left of the emissions of the iron in it: content × 1,000 × 1.6, less units × (1.6 − 0.4).
TIERS: list[tuple[dict[str, str], str, int, str]] = [
    (
        {"iron_content": "0.7", "regional_scrap_share": "0.25", "global_scrap_share": "0.4"},
        "supplier",
        700,
        "280",
    ),
    ({"regional_scrap_share": "0.25", "global_scrap_share": "0.4"}, "regional", 750, "300"),
    ({"global_scrap_share": "0.4005"}, "global", 599, "240.4"),
]
CASES = pytest.mark.parametrize(
    ("known", "tier", "most", "left"), TIERS, ids=[tier for _, tier, _, _ in TIERS]
)


@pytest.fixture(scope="module")
def scene(shared_database: None) -> tuple[Stage, Issuance]:
    """Carl has retired 1,000 t of iron besides the steel."""
    stage = set_stage()
    iron = made.issue(stage.people, tonnes=1_000)
    put(iron, stage.people.auto_account)
    act.retired(stage.people.carl, stage.people.auto_account, 1_000)
    return stage, iron


def figures(known: dict[str, str]) -> dict[str, Any]:
    content = {name: Decimal(value) for name, value in known.items()}
    return {**content, **SOURCE, "iron_factor_intensity": Decimal("1.6")}


def on(stage: Stage, line: InventoryLine, iron: Issuance, quantity: int) -> dict[str, Any]:
    return {"lines": [line], "units": [run(iron, 1, quantity)], "inventory": stage.inventory}


@CASES
def test_the_most_representative_content_bounds_the_claim(
    scene: tuple[Stage, Issuance], known: dict[str, str], tier: str, most: int, left: str
) -> None:
    stage, iron = scene
    line = act.line(stage.people.carl, stage.inventory, **figures(known))
    over = preview_claim(
        by=stage.people.carl, now=NOW, terms=DIRECT, **on(stage, line, iron, most + 1)
    )
    assert {each.rule for each in failures(over.findings)} >= {"R116", "R124"}
    done = claim(stage, 1, 1, **on(stage, line, iron, most))
    assert done.result["adjusted_emissions"] == left
    (said,) = [each for each in done.findings if each["rule"] == "R116"]
    assert said["found"] == f"iron content: {tier}"
    statement = publish_statement(
        by=stage.people.carl, now=NOW, key=key(), inventory=stage.inventory, text=DISCLOSURE
    )
    assert recompute(statement.document) == []
    # Beside the line stands another of 1,900 t CO2e.
    whole = Decimal(statement.document["adjusted_inventory"]["total_emissions"])
    assert whole == 3_800 - most * Decimal("1.2")


@CASES
def test_pages_take_and_show_the_same(
    scene: tuple[Stage, Issuance], known: dict[str, str], tier: str, most: int, left: str
) -> None:
    """Shares are typed as percentages."""
    stage, iron = scene
    carl = Client()
    carl.force_login(stage.people.carl)
    typed = {name: str(Decimal(value) * 100) for name, value in known.items()}
    values = {
        "name": "Hood panels", "category": "scope_3_1", "material": "steel",
        "product_type": "flat", "tonnes": "1000", "factor_intensity": "1.9",
        "iron_factor_intensity": "1.6", **SOURCE, **typed, "idempotency_key": key(),
    }  # fmt: skip
    at = f"/inventories/{stage.inventory.pk}/"
    assert carl.post(f"{at}lines/new/", values).status_code == 302
    line = InventoryLine.objects.get(name="Hood panels")
    asked = {
        "lines": [str(line.pk)], "runs": [f"{iron.pk}:1:1:1000"], "method": "direct",
        "cap": "baseline", "claim_type": "corporate_inventory", "step": "preview",
        "idempotency_key": key(), "quantity": str(most + 1), **dict.fromkeys(ALIGNED, "yes"),
    }  # fmt: skip
    refused = carl.post(f"{at}claims/new/", asked)
    assert refused.status_code == 422
    assert f"{most + 1} iron units on" in refused.content.decode()
    shown = carl.post(f"{at}claims/new/", asked | {"quantity": str(most)})
    assert shown.status_code == 200
    assert f"iron content: {tier}" in shown.content.decode()
    assert "the iron in flat steel at 1.6 t CO2e/t" in shown.content.decode()
    assert f"{most * Decimal('1.2'):,.1f}".removesuffix(".0") in shown.content.decode()


@CASES
def test_programs_get_the_same(
    scene: tuple[Stage, Issuance], known: dict[str, str], tier: str, most: int, left: str
) -> None:
    stage, iron = scene
    carl = Program.of(stage.people.carl)
    at = f"inventories/{stage.inventory.pk}/"
    values = {
        "name": "Hood panels", "category": "scope_3_1", "material": "steel",
        "product_type": "flat", "tonnes": "1000", "factor_intensity": "1.9",
        "iron_factor_intensity": "1.6", **SOURCE, **known,
    }  # fmt: skip
    line = carl.post(f"{at}lines/", values).body
    asked: dict[str, Any] = {
        "lines": [line["id"]], "method": "direct",
        "alignment": dict.fromkeys(ALIGNED, True),
    }  # fmt: skip
    units = {"issuance": iron.code, "first": 1}
    over = carl.post(f"{at}claims/preview/", {**asked, "units": [{**units, "last": most + 1}]})
    assert over.body["result"] is None
    made = carl.post(f"{at}claims/", {**asked, "units": [{**units, "last": most}]})
    assert made.status == 201, made.body
    assert made.body["result"]["adjusted_emissions"] == left
    found = {each["rule"]: each["found"] for each in made.body["findings"]}
    assert found["R116"] == f"iron content: {tier}"


def test_a_content_without_its_source_or_above_one_is_refused_by_field(
    scene: tuple[Stage, Issuance],
) -> None:
    stage, _ = scene
    carl = Client()
    carl.force_login(stage.people.carl)
    address = f"/inventories/{stage.inventory.pk}/lines/new/"
    values = {"name": "Hood", "category": "scope_3_1", "material": "steel", "tonnes": "1",
              "factor_intensity": "1.9", "product_type": "flat"}  # fmt: skip
    for wrong, field in (
        ({"iron_content": "70"}, "iron_content_source"),
        ({"iron_content": "101", **SOURCE}, "iron_content"),
        ({"regional_scrap_share": "-1", **SOURCE}, "regional_scrap_share"),
    ):
        answer = carl.post(address, {**values, **wrong, "idempotency_key": key()})
        assert answer.status_code == 400
        assert field in answer.context["form"].errors
