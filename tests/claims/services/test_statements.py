"""Statements: both inventories side by side, published once, replaced and never edited."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.errors import NotVisible, Refused
from accounts.models import Organisation
from accounts.roles import Role
from claims.accounting.recompute import recompute
from claims.accounting.wording import DISCLOSURE
from claims.models import Statement
from claims.services.statements import publish_statement
from registry.errors import KeyReused, RulesBroken
from tests import cast as made
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import DIRECT, ENHANCED, NOW, Stage, claim, run, set_stage
from tests.registry.services.acts import broken, put, queries_of
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage()


def publish(stage: Stage, **more: Any) -> Statement:
    given: dict[str, Any] = {
        "by": stage.people.carl,
        "now": NOW,
        "key": key(),
        "inventory": stage.inventory,
        "text": DISCLOSURE,
    }
    return publish_statement(**given | more)


def totals(statement: Statement) -> tuple[str, str]:
    document = statement.document
    return (
        document["physical_inventory"]["total_emissions"],
        document["adjusted_inventory"]["total_emissions"],
    )


def test_a_statement_sets_both_inventories_side_by_side(stage: Stage) -> None:
    claim(stage, 1, 500)
    statement = publish(stage)
    assert totals(statement) == ("1900", "1150")
    assert (statement.organisation, statement.published_by) == (
        stage.people.auto_werke,
        stage.people.carl,
    )
    assert statement.text == DISCLOSURE


def test_a_statement_recomputes_from_its_document_alone(stage: Stage) -> None:
    act.line(stage.people.carl, stage.inventory, name="Plate", tonnes=Decimal("333.333333"))
    claim(stage, 1, 100)
    claim(stage, 101, 300, ENHANCED)
    stored = Statement.objects.get(pk=publish(stage).pk)
    read_back = json.loads(json.dumps(stored.document))
    assert recompute(read_back) == []


def test_a_statement_altered_by_one_digit_does_not_recompute(stage: Stage) -> None:
    claim(stage, 1, 500)
    document = publish(stage).document
    document["adjusted_inventory"]["total_emissions"] = "1149"
    assert [difference.printed for difference in recompute(document)] == ["1149"]


def test_an_inventory_without_claims_may_be_stated(stage: Stage) -> None:
    assert totals(publish(stage)) == ("1900", "1900")


def test_every_line_counts_whether_claimed_or_not(stage: Stage) -> None:
    act.line(
        stage.people.carl,
        stage.inventory,
        name="Spend",
        material="other",
        tonnes=None,
        factor_intensity=None,
        stated_emissions=Decimal(100),
    )
    claim(stage, 1, 500)
    assert totals(publish(stage)) == ("2000", "1250")


def test_a_later_statement_replaces_the_one_before(stage: Stage) -> None:
    first = publish(stage)
    claim(stage, 1, 500)
    second = publish(stage)
    third = publish(stage)
    assert (second.supersedes, third.supersedes) == (first, second)
    assert list(Statement.objects.filter(state="published")) == [third]
    assert totals(Statement.objects.get(pk=first.pk)) == ("1900", "1900")


def test_another_inventorys_statement_replaces_nothing(stage: Stage) -> None:
    publish(stage)
    other = act.inventory(stage.people.carl, stage.people.auto_werke, name="Another")
    act.line(stage.people.carl, other)
    assert publish(stage, inventory=other).supersedes is None


def test_claims_stand_in_the_order_in_which_they_were_made(stage: Stage) -> None:
    """The clock is read before the inventory is waited for: the second may have read it first."""
    first = claim(stage, 1, 400, ENHANCED, now=NOW + timedelta(hours=1))
    second = claim(stage, 401, 800, DIRECT, now=NOW)
    document = publish(stage).document
    assert [each["code"] for each in document["claims"]] == [first.code, second.code]
    assert [each["reduction_emissions"] for each in document["claims"]] == [
        first.result["reduction_emissions"],
        second.result["reduction_emissions"],
    ]
    assert recompute(document) == []


def test_claims_in_whichever_order_recompute_to_what_was_claimed(stage: Stage) -> None:
    capped = act.inventory(stage.people.carl, stage.people.auto_werke, name="Capped")
    line = act.line(stage.people.carl, capped, factor_intensity=Decimal(1))
    given: dict[str, Any] = {"inventory": capped, "lines": [line]}
    claim(stage, 1, 300, DIRECT, now=NOW + timedelta(hours=1), **given)
    claim(stage, 301, 600, ENHANCED, now=NOW, **given)
    assert recompute(publish(stage, inventory=capped).document) == []


def test_the_public_words_are_asked_for(stage: Stage) -> None:
    with refused(RulesBroken) as refusal:
        publish(stage, text="Our cars are made of green steel.")
    assert broken(refusal) == ["R112", "R114"]


def test_a_claim_on_a_product_is_refused(stage: Stage) -> None:
    with refused(RulesBroken) as refusal:
        publish(stage, claim_type="on_product")
    assert broken(refusal) == ["R112"]


def test_an_empty_inventory_states_nothing(stage: Stage) -> None:
    empty = act.inventory(stage.people.carl, stage.people.auto_werke, name="Empty")
    with refused(RulesBroken) as refusal:
        publish(stage, inventory=empty)
    assert broken(refusal) == ["R113"]


def test_an_outsider_is_not_shown_the_inventory(stage: Stage) -> None:
    with refused(NotVisible):
        publish(stage, by=stage.people.bob)


def test_a_colleague_without_the_right_is_refused(stage: Stage) -> None:
    cora = act.colleague(stage)
    with refused(Refused):
        publish(stage, by=cora)


def test_who_may_claim_no_longer_states_nothing(stage: Stage) -> None:
    stage.people.auto_werke.role_rows.update(role=Role.AUDITOR)
    with refused(Refused) as refusal:
        publish(stage)
    assert refusal.value.rule == "R015"


def test_a_repeat_publishes_once(stage: Stage) -> None:
    same = key()
    first = publish(stage, key=same)
    with writes_nothing():
        assert publish(stage, key=same) == first
    with refused(KeyReused):
        publish(stage, key=same, text=f"{DISCLOSURE} And more.")


def test_a_repeat_after_the_inventory_changed_is_the_first_statement(stage: Stage) -> None:
    same = key()
    first = publish(stage, key=same)
    claim(stage, 1, 500)
    assert totals(publish(stage, key=same)) == totals(first)


def test_a_statement_stays_as_it_was_when_names_change(stage: Stage) -> None:
    claim(stage, 1, 500)
    first = publish(stage)
    Organisation.objects.filter(pk=stage.people.auto_werke.pk).update(name="Auto Werke AG")
    renamed = act.Inventory.objects.get(pk=stage.inventory.pk)
    second = publish(stage, inventory=renamed)
    assert (first.document["claimant"], second.document["claimant"]) == (
        "Auto Werke",
        "Auto Werke AG",
    )
    assert recompute(second.document) == []


def test_a_statement_on_invented_units_says_so(stage: Stage) -> None:
    stage.people.elektra.is_demonstration = True
    invented = made.issue(stage.people, tonnes=10, steel=True)
    put(invented, stage.people.auto_account)
    act.retired(stage.people.carl, stage.people.auto_account, 10)
    assert not publish(stage).is_demonstration
    claim(stage, 1, 10, units=[run(invented, 1, 10)])
    statement = publish(stage)
    assert statement.is_demonstration
    assert statement.document["demonstration"] is True


def test_no_more_queries_are_asked_for_many_claims_than_for_one(stage: Stage) -> None:
    claim(stage, 1, 1)
    publish(stage)
    one = queries_of(lambda: publish(stage))
    for serial in range(2, 8):
        claim(stage, serial, serial)
    assert queries_of(lambda: publish(stage)) == one <= 26
