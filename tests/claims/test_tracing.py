"""Claims and statements that lean on suspended or corrected units: told, marked, never changed."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.errors import Refused
from claims.accounting.wording import DISCLOSURE
from claims.queries import unclaimed
from claims.services.statements import publish_statement
from claims.tracing import marks_of
from registry import tracing
from registry.errors import BadInput, NotNow, RulesBroken
from registry.models import Adjustment, Notice, Suspension
from registry.services.adjustments import (
    approve_adjustment,
    propose_adjustment,
    withdraw_adjustment,
)
from registry.services.suspensions import Scope, approve_suspension, propose_end, propose_suspension
from tests import cast as made
from tests.cast import key
from tests.claims.services.stage import ENHANCED, NOW, Stage, claim, run, set_stage
from tests.registry.services.acts import broken, queries_of
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage(**made.half_a_year())


def publish(stage: Stage) -> Any:
    return publish_statement(
        by=stage.people.carl, now=NOW, key=key(), inventory=stage.inventory, text=DISCLOSURE
    )


def suspend(stage: Stage, first: int, last: int) -> Suspension:
    row = propose_suspension(
        by=stage.people.olga,
        now=NOW,
        key=key(),
        scope=Scope(ranges=(run(stage.steel, first, last),)),
        reason="Scrap share.",
    )
    return approve_suspension(by=stage.people.oscar, now=NOW, key=key(), suspension=row)


def end(stage: Stage, row: Suspension, action: str) -> None:
    given: dict[str, Any] = {"now": NOW, "suspension": row}
    propose_end(by=stage.people.olga, key=key(), action=action, reason="Done.", **given)
    approve_suspension(by=stage.people.oscar, key=key(), **given)


def adjust(stage: Stage, **more: Any) -> Adjustment:
    given: dict[str, Any] = {
        "by": stage.people.olga,
        "now": NOW,
        "key": key(),
        "issuance": stage.steel,
        "intensity": Decimal("0.5"),
        "reason": "A full year was measured.",
    }
    return propose_adjustment(**{**given, **more})


def approved(stage: Stage, row: Adjustment) -> Adjustment:
    return approve_adjustment(by=stage.people.oscar, now=NOW, key=key(), adjustment=row)


def kinds(stage: Stage, statement: Any) -> list[tuple[str, int]]:
    return [(mark.kind, mark.units) for mark in marks_of([statement])[statement.pk]]


def test_claims_and_statements_on_the_units_are_traced(stage: Stage) -> None:
    made = claim(stage, 1, 500)
    statement = publish(stage)
    row = suspend(stage, 401, 700)
    said = tracing.trace(tracing.covered(row)).said
    assert [(each.kind, each.code, each.units) for each in said] == [
        ("claim", made.code, 100),
        ("statement", statement.code, 100),
    ]


def test_a_statement_is_marked_while_its_units_are_under_suspension(stage: Stage) -> None:
    claim(stage, 1, 500)
    statement = publish(stage)
    assert kinds(stage, statement) == []
    row = suspend(stage, 401, 700)
    assert kinds(stage, statement) == [("suspended", 100)]
    end(stage, row, "lift")
    assert kinds(stage, statement) == []


def test_a_statement_on_units_found_wrong_stays_marked(stage: Stage) -> None:
    claim(stage, 1, 500)
    statement = publish(stage)
    end(stage, suspend(stage, 1, 10), "cancel")
    assert kinds(stage, statement) == [("invalid", 10)]


def test_a_statement_on_other_units_is_not_marked(stage: Stage) -> None:
    claim(stage, 1, 500)
    statement = publish(stage)
    suspend(stage, 501, 1_000)
    assert kinds(stage, statement) == []


def test_retired_units_under_suspension_cannot_be_claimed(stage: Stage) -> None:
    suspend(stage, 10, 10)
    assert [each.line for each in unclaimed(stage.people.auto_werke.pk)] == [
        run(stage.steel, 1, 9),
        run(stage.steel, 11, 1_000),
    ]
    with refused(RulesBroken) as refusal:
        claim(stage, 1, 10)
    assert broken(refusal) == ["R100"]
    assert claim(stage, 1, 9)


def test_marks_take_as_many_queries_for_many_statements_as_for_one(stage: Stage) -> None:
    claim(stage, 1, 500)
    statements = [publish(stage)]
    suspend(stage, 1, 10)
    one = queries_of(lambda: marks_of(statements))
    statements += [publish(stage) for _ in range(3)]
    assert queries_of(lambda: marks_of(statements)) == one == 2


def test_unclaimed_units_take_the_corrected_figure(stage: Stage) -> None:
    before = claim(stage, 1, 100, ENHANCED)
    approved(stage, adjust(stage))
    after = claim(stage, 101, 200, ENHANCED)
    assert before.result["reduction_emissions"] == "102.5"  # (1.425 - 0.4) x 100
    assert after.result["reduction_emissions"] == "92.5"  # (1.425 - 0.5) x 100
    assert stage.steel.intensity == Decimal("0.4")


def test_a_statement_on_the_old_figure_is_marked_and_one_on_the_new_is_not(stage: Stage) -> None:
    claim(stage, 1, 100)
    old = publish(stage)
    row = adjust(stage, now=NOW)
    approve_adjustment(by=stage.people.oscar, now=later(1), key=key(), adjustment=row)
    assert kinds(stage, old) == [("adjusted", 100)]
    claim(stage, 101, 150, now=later(2))
    new = publish_statement(
        by=stage.people.carl, now=later(3), key=key(), inventory=stage.inventory, text=DISCLOSURE
    )
    assert kinds(stage, new) == [("adjusted", 100)]


def later(minutes: int) -> Any:
    from datetime import timedelta

    return NOW + timedelta(minutes=minutes)


def test_an_adjustment_raised_to_the_baseline_leaves_no_reduction(stage: Stage) -> None:
    approved(stage, adjust(stage, intensity=Decimal("1.425")))
    with refused(RulesBroken):
        claim(stage, 1, 100, ENHANCED)


def test_figures_that_rest_on_a_full_year_are_final(stage: Stage) -> None:
    iron = made.issue(stage.people, tonnes=10)
    with refused(NotNow, match="neither conditional nor provisional"):
        adjust(stage, issuance=iron)


def test_two_operators_adjust(stage: Stage) -> None:
    row = adjust(stage)
    for by in (stage.people.olga, stage.people.erik):
        with refused(Refused):
            approve_adjustment(by=by, now=NOW, key=key(), adjustment=row)
    done = approved(stage, row)
    assert (done.state, done.previous_intensity) == ("in_force", Decimal("0.4"))
    with refused(NotNow):
        approved(stage, row)


def test_a_second_adjustment_starts_from_the_first(stage: Stage) -> None:
    approved(stage, adjust(stage))
    assert adjust(stage, intensity=Decimal("0.6")).previous_intensity == Decimal("0.5")
    with refused(NotNow):
        adjust(stage, intensity=Decimal("0.7"))


def test_an_adjustment_taken_back_changes_nothing(stage: Stage) -> None:
    row = adjust(stage)
    withdraw_adjustment(by=stage.people.olga, now=NOW, key=key(), adjustment=row)
    assert tracing.adjustments_in_force([stage.steel.pk]) == {}


def test_a_shortfall_is_suspended_and_what_is_retired_is_marked(stage: Stage) -> None:
    claim(stage, 901, 1_000)
    statement = publish(stage)
    row = approved(stage, adjust(stage, shortfall=50))
    assert row.suspension is not None
    assert tracing.covered(row.suspension) == [tracing.Tonnes(stage.steel.pk, 951, 1_000)]
    assert ("suspended", 50) in kinds(stage, statement)


def test_whoever_has_to_do_with_it_is_told(stage: Stage) -> None:
    approved(stage, adjust(stage))
    notices = Notice.objects.filter(kind="adjustment.in_force")
    assert {each.organisation for each in notices} == {
        stage.people.elektra,
        stage.people.auto_werke,
    }
    assert "from 0.4 to 0.5 t CO2e/t" in notices[0].text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"intensity": Decimal("-0.1")}, "intensity"),
        ({"intensity": Decimal("0.4")}, "intensity"),
        ({"intensity": Decimal("0.1234567")}, "intensity"),
        ({"intensity": Decimal("99999")}, "intensity"),
        ({"adjusted_intensity": Decimal("0.4")}, "adjusted_intensity"),
        ({"shortfall": -1}, "shortfall"),
        ({"shortfall": 1_001}, "shortfall"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    stage: Stage, changes: dict[str, Any], field: str
) -> None:
    with refused(BadInput) as refusal:
        adjust(stage, **changes)
    assert field in refusal.value.errors
