"""A line changed in place: until a claim uses it, and not while a statement stands still."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.errors import NotVisible, Refused
from claims.models import InventoryLine
from claims.services.inventories import change_line
from claims.services.statements import publish, submit_statement, take_back
from registry.errors import BadInput, KeyReused, NotNow
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import NOW, Stage, claim, set_stage
from tests.claims.services.test_spending import INTERVENTION
from tests.claims.services.test_statement_life import draft, take
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db

COIL: dict[str, Any] = {
    "name": "Coil",
    "category": "scope_3_1",
    "material": "steel",
    "product_type": "flat",
    "tonnes": Decimal(900),
    "factor_intensity": Decimal("1.8"),
}


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage()


def change(stage: Stage, values: dict[str, Any] = COIL, **more: Any) -> InventoryLine:
    given: dict[str, Any] = {
        "by": stage.people.carl, "now": NOW, "key": key(), "line": stage.line,
    }  # fmt: skip
    return change_line(**given | more, values=values)


def test_it_says_what_was_given_and_nothing_else(stage: Stage) -> None:
    changed = change(stage)
    assert (changed.pk, changed.tonnes, changed.factor_source) == (stage.line.pk, 900, "")
    spent = change(stage, {**INTERVENTION, "category": "scope_3_1", "material": "steel"})
    assert (spent.tonnes, spent.data_tier, spent.stated_emissions) == (None, "spend", 1_756)
    back = change(stage)
    assert (back.spend, back.currency, back.stated_emissions) == (None, "", None)


def test_the_same_request_changes_it_once(stage: Stage) -> None:
    same = key()
    change(stage, key=same)
    change(stage, COIL | {"tonnes": Decimal(800)})
    with writes_nothing():
        assert change(stage, key=same).tonnes == 800
    with refused(KeyReused):
        change(stage, COIL | {"tonnes": Decimal(700)}, key=same)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"tonnes": Decimal(-1)}, "tonnes"),
        ({"tonnes": None}, "tonnes"),
        ({"spend": Decimal(5)}, "tonnes"),
        ({"category": "scope_9"}, "category"),
        ({"colour": "red"}, "colour"),
        ({"iron_content": Decimal("0.8")}, "iron_content_source"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(
    stage: Stage, wrong: dict[str, Any], field: str
) -> None:
    with refused(BadInput) as refusal:
        change(stage, COIL | wrong)
    assert field in refusal.value.errors


def test_only_its_claimants_initiators_change_it(stage: Stage) -> None:
    with refused(NotVisible):
        change(stage, by=stage.people.bob)
    colleague = act.colleague(stage)
    with refused(Refused):
        change(stage, by=colleague)


def test_a_line_that_a_claim_used_stays(stage: Stage) -> None:
    claim(stage, 1, 10)
    with refused(NotNow, match="Units are claimed"):
        change(stage)


def test_lines_stand_still_while_a_statement_waits_to_be_published(stage: Stage) -> None:
    statement = draft(stage)
    change(stage)
    take(submit_statement, stage, statement)
    with refused(NotNow, match="Lines stay as they are"):
        change(stage, COIL | {"tonnes": Decimal(1)})
    take(take_back, stage, statement)
    change(stage, COIL | {"tonnes": Decimal(1)})
    take(submit_statement, stage, statement)
    take(publish, stage, statement)
    statement.refresh_from_db()
    assert statement.document["physical_inventory"]["total_emissions"] == "1.8"
    change(stage)
