"""Inventories and their lines: who keeps them, what fits, and what a claim settles."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.errors import NotVisible, Refused
from accounts.roles import Role
from claims.accounting.facts import IronContent
from claims.accounting.spend import spend_emissions
from claims.models import InventoryLine
from claims.services.cases import line_facts, spend_line_facts
from claims.services.inventories import add_line, create_inventory, remove_line
from registry.errors import BadInput, KeyReused, NotNow
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import NOW, Stage, set_stage
from tests.registry.services.acts import account_of
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage()


def remove(stage: Stage, line: InventoryLine, same: str = "", by: Any = None) -> None:
    remove_line(by=by or stage.people.carl, now=NOW, key=same or key(), line=line)


@pytest.mark.parametrize("role", [Role.INTERMEDIARY, Role.CORPORATE_END_USER])
def test_who_may_claim_keeps_inventories(stage: Stage, role: Role) -> None:
    by, account = account_of(role)
    made = act.inventory(by, account.organisation)
    assert (made.organisation, made.created_by) == (account.organisation, by)


@pytest.mark.parametrize(
    ("role", "rule"),
    [
        (Role.IRON_PRODUCER, "R010"),
        (Role.STEEL_PRODUCER, "R011"),
        (Role.AUDITOR, "R015"),
        (Role.OPERATOR, "OURS-1"),
    ],
)
def test_who_may_not_claim_keeps_none(stage: Stage, role: Role, rule: str) -> None:
    by, account = account_of(role)
    with refused(Refused) as refusal:
        act.inventory(by, account.organisation)
    assert refusal.value.rule == rule


def test_a_steelmaker_that_also_trades_may_claim_iron_alone_nor_steel(stage: Stage) -> None:
    """R011 and R016 speak whatever the other role grants."""
    by, account = account_of(Role.INTERMEDIARY)
    account.organisation.role_rows.create(role=Role.STEEL_PRODUCER)
    with refused(Refused) as refusal:
        act.inventory(by, account.organisation)
    assert refusal.value.rule == "R011"


def test_an_outsider_is_not_shown_the_organisation(stage: Stage) -> None:
    with refused(NotVisible):
        act.inventory(stage.people.bob, stage.people.auto_werke)
    with refused(NotVisible):
        act.line(stage.people.bob, stage.inventory)
    with refused(NotVisible):
        remove(stage, stage.line, by=stage.people.bob)


def test_a_colleague_without_the_right_is_refused(stage: Stage) -> None:
    cora = act.colleague(stage)
    with refused(Refused):
        act.inventory(cora, stage.people.auto_werke)
    with refused(Refused):
        act.line(cora, stage.inventory)
    with refused(Refused):
        remove(stage, stage.line, by=cora)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"name": "Steel"}, "name"),
        ({"period_start": None}, "period_start"),
        ({"period_end": date(2000, 1, 1)}, "period_end"),
        ({"period_start": date(1, 1, 1)}, "period_start"),
        ({"period_end": date(9999, 12, 31)}, "period_end"),
        ({"organisation": "mine"}, "organisation"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_field(
    stage: Stage, values: dict[str, Any], field: str
) -> None:
    with refused(BadInput) as refusal:
        act.inventory(stage.people.carl, stage.people.auto_werke, **({"name": "New"} | values))
    assert set(refusal.value.errors) == {field}


def test_another_organisation_may_use_the_same_name(stage: Stage) -> None:
    by, account = account_of(Role.CORPORATE_END_USER)
    assert act.inventory(by, account.organisation, name="Steel")


def test_a_reporting_period_need_not_be_a_calendar_year(stage: Stage) -> None:
    made = act.inventory(
        stage.people.carl,
        stage.people.auto_werke,
        name="Fiscal",
        period_start=date(2025, 4, 1),
        period_end=date(2026, 3, 31),
    )
    assert made.period_end == date(2026, 3, 31)


def test_a_repeat_starts_one_inventory(stage: Stage) -> None:
    same, values = key(), {"name": "Once", **act.year(2025)}

    def create(**more: Any) -> Any:
        return create_inventory(
            by=stage.people.carl,
            now=NOW,
            key=same,
            organisation=stage.people.auto_werke,
            values=values | more,
        )

    first = create()
    with writes_nothing():
        assert create() == first
    with refused(KeyReused):
        create(name="Twice")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"category": "scope_9"}, "category"),
        ({"material": "gold"}, "material"),
        ({"product_type": "round"}, "product_type"),
        ({"tonnes": None}, "tonnes"),
        ({"factor_intensity": None}, "tonnes"),
        ({"stated_emissions": Decimal(5)}, "tonnes"),
        ({"tonnes": Decimal("-1")}, "tonnes"),
        ({"tonnes": Decimal("1e13")}, "tonnes"),
        ({"tonnes": Decimal("0.0000001")}, "tonnes"),
        ({"tonnes": Decimal("NaN")}, "tonnes"),
        ({"factor_intensity": Decimal("-0.1")}, "factor_intensity"),
        ({"scrap_share": Decimal("1.1")}, "scrap_share"),
        (
            {"tonnes": None, "factor_intensity": None, "stated_emissions": Decimal("-1")},
            "stated_emissions",
        ),
        ({"price": 5}, "price"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_by_its_field(
    stage: Stage, values: dict[str, Any], field: str
) -> None:
    with refused(BadInput) as refusal:
        act.line(stage.people.carl, stage.inventory, **values)
    assert set(refusal.value.errors) == {field}


SPEND = {
    "tonnes": None,
    "factor_intensity": None,
    "spend": Decimal(1_000_000),
    "currency": "USD",
    "spend_factor": Decimal("0.001756"),
}
UNIT_COST = SPEND | {
    "spend_factor": None,
    "estimation": "unit_cost",
    "price_index_spend": Decimal("285.55"),
    "price_index_reference": Decimal(301),
    "unit_price": Decimal(900),
    "baseline_intensity": Decimal("2.3"),
    "baseline_source": "AIM QAR, Appendix D",
}


@pytest.mark.parametrize(
    ("values", "emissions"), [(SPEND, Decimal(1756)), (UNIT_COST, Decimal("2693.826728"))]
)
def test_a_line_of_spend_has_the_emissions_that_follow_from_it(
    stage: Stage, values: dict[str, Any], emissions: Decimal
) -> None:
    """Appendix G; with the tonnes unrounded for the unit cost (errata, I-03)."""
    added = act.line(stage.people.carl, stage.inventory, **values)
    assert (added.stated_emissions, added.data_tier) == (emissions, "spend")
    (facts,) = spend_line_facts([added])
    assert spend_emissions(facts) == emissions
    (line,) = line_facts([added])
    assert (line.physical_emissions, line.data_tier) == (emissions, "spend")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (SPEND | {"tonnes": Decimal(5)}, "tonnes"),
        (SPEND | {"stated_emissions": Decimal(5)}, "spend"),
        (SPEND | {"factor_intensity": Decimal(1)}, "spend"),
        (SPEND | {"spend": Decimal(0)}, "spend"),
        (SPEND | {"currency": "usd"}, "currency"),
        (SPEND | {"currency": ""}, "currency"),
        (SPEND | {"spend_factor": None}, "spend_factor"),
        (SPEND | {"spend": Decimal(10) ** 15, "spend_factor": Decimal(1)}, "spend"),
        (SPEND | {"data_tier": "supplier"}, "data_tier"),
        (SPEND | {"baseline_intensity": Decimal(2)}, "baseline_source"),
        (SPEND | {"estimation": "guess"}, "estimation"),
        (UNIT_COST | {"price_index_spend": None}, "price_index_spend"),
        (UNIT_COST | {"unit_price": Decimal(0)}, "unit_price"),
        ({"data_tier": "spend"}, "data_tier"),
        ({"currency": "EUR"}, "currency"),
        ({"unit_price": Decimal(900)}, "unit_price"),
        ({"iron_content": Decimal("0.8")}, "iron_content_source"),
        ({"iron_content": Decimal("1.1"), "iron_content_source": "s"}, "iron_content"),
        ({"verified": "yes"}, "verified"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_its_field(
    stage: Stage, values: dict[str, Any], field: str
) -> None:
    with refused(BadInput) as refusal:
        act.line(stage.people.carl, stage.inventory, **values)
    assert set(refusal.value.errors) == {field}


def test_a_lines_iron_content_and_data_reach_the_accounting(stage: Stage) -> None:
    given: dict[str, Any] = {
        "iron_content": Decimal("0.8"),
        "regional_scrap_share": Decimal("0.3"),
        "global_scrap_share": Decimal("0.25"),
        "iron_content_source": "Mill certificate 7",
        "iron_factor_intensity": Decimal("2.1"),
        "data_tier": "supplier",
        "verified": "part",
        "factor_boundary": "cradle to gate",
        "activity": "transport",
    }
    (line,) = line_facts([act.line(stage.people.carl, stage.inventory, **given)])
    assert line.iron_content == IronContent(
        Decimal("0.8"), Decimal("0.3"), Decimal("0.25"), "Mill certificate 7"
    )
    assert line.iron_factor_intensity == Decimal("2.1")
    assert (line.data_tier, line.verified) == ("supplier", "part")
    assert (line.factor_boundary, line.activity) == ("cradle to gate", "transport")


def test_a_line_may_state_emissions_instead_of_tonnes(stage: Stage) -> None:
    added = act.line(
        stage.people.carl,
        stage.inventory,
        tonnes=None,
        factor_intensity=None,
        stated_emissions=Decimal("120.5"),
    )
    assert added.stated_emissions == Decimal("120.5")


def test_a_repeat_adds_one_line(stage: Stage) -> None:
    same = key()
    values = {
        "name": "Plate",
        "category": "scope_3_1",
        "material": "steel",
        "tonnes": Decimal(5),
        "factor_intensity": Decimal(2),
    }

    def add() -> InventoryLine:
        return add_line(
            by=stage.people.carl, now=NOW, key=same, inventory=stage.inventory, values=values
        )

    first = add()
    with writes_nothing():
        assert add() == first


def test_a_line_that_no_claim_used_is_removed_once(stage: Stage) -> None:
    same = key()
    remove(stage, stage.line, same)
    assert not stage.inventory.lines.exists()
    with writes_nothing():
        remove(stage, stage.line, same)


def test_a_line_that_a_claim_used_stays(stage: Stage) -> None:
    act.claim(stage, 1, 5)
    with refused(NotNow, match="Coil"):
        remove(stage, stage.line)


def test_every_line_of_a_claim_stays_however_small_its_part(stage: Stage) -> None:
    """Else a statement could not name the lines of a claim on it."""
    small = act.line(stage.people.carl, stage.inventory, tonnes=Decimal("0.000001"))
    act.claim(stage, 1, 1, lines=[stage.line, small])
    with refused(NotNow):
        remove(stage, small)
