"""Claims on lines of spend (9.2, Appendix G), from the record to the figures."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from claims.accounting.recompute import recompute
from claims.accounting.tree import Answer
from claims.accounting.wording import DISCLOSURE
from claims.models import Claim, ClaimedRange
from claims.services.spending import claim_spend, preview_spend_claim
from claims.services.statements import publish_statement
from registry.errors import BadInput, RulesBroken
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import NOW, Stage, run, set_stage
from tests.registry.services.acts import broken
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

APPLIANCES: dict[str, Any] = {
    "name": "Appliances",
    "tonnes": None,
    "factor_intensity": None,
    "factor_source": "",
    "spend": Decimal(1_000_000),
    "currency": "USD",
    "baseline_intensity": Decimal("2.3"),
    "baseline_source": "global crude steel average",
}
INTERVENTION = APPLIANCES | {
    "estimation": "intervention_baseline",
    "spend_factor": Decimal("0.001756"),
}
UNIT_COST = APPLIANCES | {
    "estimation": "unit_cost",
    "price_index_spend": Decimal("285.55"),
    "price_index_reference": Decimal(301),
    "unit_price": Decimal(900),
    "price_source": "worldsteel",
}


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    """Units at 0.4 t CO2e/t, as in Appendix G."""
    return set_stage()


def spend(stage: Stage, values: dict[str, Any], **more: Any) -> Claim:
    line = more.pop("line", None) or act.line(stage.people.carl, stage.inventory, **values)
    given: dict[str, Any] = {
        "by": stage.people.carl,
        "now": NOW,
        "key": key(),
        "inventory": line.inventory,
        "line": line,
        "units": [run(stage.steel, 1, 600)],
    }
    return claim_spend(**given | more)


def test_the_intervention_baseline_gives_616_00_and_the_drafts_616_05_beside(stage: Stage) -> None:
    """Appendix G, intervention baseline: 1,756 t CO2e, 600 units (I-10)."""
    done = spend(stage, INTERVENTION)
    assert (done.method, done.volume) == ("spend", 600)
    assert done.result["physical_emissions"] == "1756"
    assert Decimal(done.result["adjusted_emissions"]) == Decimal("616.00")
    assert Decimal(done.result["spend"]["draft_adjusted_emissions"]) == Decimal("616.05")
    assert done.shares.get().reduction_emissions == 1_140


def test_the_unit_cost_gives_1553_83_and_the_drafts_1553_76_beside(stage: Stage) -> None:
    """Appendix G, unit cost with PPI (I-03)."""
    done = spend(stage, UNIT_COST)
    assert round(Decimal(done.result["adjusted_emissions"]), 2) == Decimal("1553.83")
    assert Decimal(done.result["spend"]["draft_adjusted_emissions"]) == Decimal("1553.76")
    assert round(Decimal(done.result["spend"]["estimated_tonnes"]), 3) == Decimal("1171.229")


def test_units_beyond_the_estimated_tonnes_are_refused_over_successive_claims(
    stage: Stage,
) -> None:
    """763 whole tonnes: 600, then 164 is one too many and 163 is right."""
    first = spend(stage, INTERVENTION)
    again = {"line": first.shares.get().line}
    with refused(RulesBroken) as refusal:
        spend(stage, INTERVENTION, units=[run(stage.steel, 601, 764)], **again)
    assert "R126" in broken(refusal)
    second = spend(stage, INTERVENTION, units=[run(stage.steel, 601, 763)], **again)
    assert Decimal(second.result["adjusted_emissions"]) == Decimal("616") - 163 * Decimal("1.9")


def test_a_unit_is_claimed_once_whatever_the_method(stage: Stage) -> None:
    act.claim(stage, 1, 100)
    line = act.line(stage.people.carl, stage.inventory, **INTERVENTION)
    with refused(RulesBroken) as refusal:
        spend(stage, INTERVENTION, line=line)
    assert "R126" in broken(refusal)
    assert ClaimedRange.objects.count() == 1


def test_the_units_are_retired_and_in_the_window(stage: Stage) -> None:
    """R101: a reporting period before the units' production."""
    early = act.inventory(
        stage.people.carl,
        stage.people.auto_werke,
        name="Early",
        period_start=date(2015, 1, 1),
        period_end=date(2015, 12, 31),
    )
    line = act.line(stage.people.carl, early, **INTERVENTION)
    with refused(RulesBroken) as refusal:
        spend(stage, INTERVENTION, line=line)
    assert "R101" in broken(refusal)


def test_a_line_in_tonnes_is_no_line_of_spend(stage: Stage) -> None:
    with refused(BadInput):
        spend(stage, INTERVENTION, line=stage.line)


def test_the_path_leads_to_spend_and_is_kept(stage: Stage) -> None:
    path = (Answer("activity_data", "no"), Answer("estimation", "intervention_baseline"))
    done = spend(stage, INTERVENTION, path=path)
    assert (done.path.method, len(done.path.answers)) == ("spend", 2)


def test_the_preview_gives_the_same_figures_and_claims_nothing(stage: Stage) -> None:
    line = act.line(stage.people.carl, stage.inventory, **INTERVENTION)
    shown = preview_spend_claim(
        by=stage.people.carl,
        now=NOW,
        inventory=stage.inventory,
        line=line,
        units=[run(stage.steel, 1, 600)],
    )
    assert shown.result is not None
    assert shown.result.adjusted_emissions == Decimal("616.00")
    assert not Claim.objects.exists()


def test_a_statement_takes_it_off_and_recomputes(stage: Stage) -> None:
    """After a claim in tonnes on another line; two claims on the line of spend, each once."""
    act.claim(stage, 701, 800)
    first = spend(stage, INTERVENTION)
    spend(stage, INTERVENTION, line=first.shares.get().line, units=[run(stage.steel, 601, 650)])
    done = publish_statement(
        by=stage.people.carl, now=NOW, key=key(), inventory=stage.inventory, text=DISCLOSURE
    )
    document = done.document
    assert document is not None
    assert [each["volume"] for each in document["claims"]] == [100]
    physical = Decimal(document["physical_inventory"]["total_emissions"])
    adjusted = Decimal(document["adjusted_inventory"]["total_emissions"])
    assert physical == 1_900 + 1_756
    assert physical - adjusted == 100 * Decimal("1.5") + 650 * Decimal("1.9")
    assert recompute(document) == []
