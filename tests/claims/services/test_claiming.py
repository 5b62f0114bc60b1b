"""Claiming: what one retired, on one's own lines, once, within every limit."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from accounts.errors import NotVisible, Refused
from accounts.roles import Role
from claims.accounting.claim import ClaimResult
from claims.accounting.facts import Cap
from claims.models import Claim, ClaimedRange, ClaimShare
from claims.queries import oldest, unclaimed
from claims.services.claiming import Terms, preview_claim
from claims.services.inventories import remove_line
from registry.errors import BadInput, KeyReused, RulesBroken
from registry.ledger import Line
from registry.models import WriteRequest
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


def with_line(stage: Stage, **values: Any) -> Stage:
    """The stage with another line in place of the first, in an inventory of its own."""
    mine = act.inventory(stage.people.carl, stage.people.auto_werke, name="Another")
    return replace(stage, inventory=mine, line=act.line(stage.people.carl, mine, **values))


def emissions(claim: Claim) -> dict[str, str]:
    names = ("physical_emissions", "reduction_emissions", "adjusted_emissions")
    return {name.removesuffix("_emissions"): claim.result[name] for name in names}


# --- figures -----------------------------------------------------------------------------------


def test_direct_substitution_puts_the_units_in_the_place_of_the_metal(stage: Stage) -> None:
    """500 t at 1.9 become 500 t at 0.4."""
    done = claim(stage, 1, 500)
    assert emissions(done) == {"physical": "1900", "reduction": "750", "adjusted": "1150"}
    assert (done.volume, done.organisation) == (500, stage.people.auto_werke)


def test_enhanced_substitution_takes_off_what_the_units_saved(stage: Stage) -> None:
    """500 t × (1.425 − 0.4)."""
    assert emissions(claim(stage, 1, 500, ENHANCED))["reduction"] == "512.5"


def test_the_baseline_cap_is_in_whole_units(stage: Stage) -> None:
    """1,000 t CO2e ÷ 1.425 = 701.75…: a unit more is refused."""
    capped = with_line(stage, factor_intensity=Decimal(1))
    with refused(RulesBroken) as refusal:
        claim(capped, 1, 702, ENHANCED)
    assert "R123" in broken(refusal)
    assert claim(capped, 1, 701, ENHANCED).result["groups"][0]["cap_units"] == 701


def test_the_total_cap_asks_for_a_reason_and_an_auditors_note(stage: Stage) -> None:
    capped = with_line(stage, factor_intensity=Decimal(1))
    total = Terms(method="enhanced", cap=Cap.TOTAL.value)
    with refused(RulesBroken) as refusal:
        claim(capped, 1, 900, total)
    assert "R123" in broken(refusal)
    reasoned = replace(total, cap_reason="Our auditor asked.", auditor_note="Agreed.")
    assert claim(capped, 1, 900, reasoned).volume == 900


def test_the_inputs_and_the_judgement_are_kept(stage: Stage) -> None:
    done = claim(stage, 1, 500)
    lot = done.inputs["matches"][0]["lots"][0]
    assert (lot["issuance"], lot["first"], lot["last"]) == (stage.steel.code, 1, 500)
    assert (lot["retirement"], lot["retired_by"]) == (stage.retirement.code, "Auto Werke")
    assert {"R100", "R101", "R110", "R112", "R122", "R124", "R125"} <= {
        finding["rule"] for finding in done.findings
    }


def test_the_serials_are_claimed_and_no_longer_offered(stage: Stage) -> None:
    before = unclaimed(stage.people.auto_werke.pk)
    assert [each.line for each in before] == [run(stage.steel, 1, 1_000)]
    claim(stage, 201, 500)
    left = unclaimed(stage.people.auto_werke.pk)
    assert [each.line for each in left] == [run(stage.steel, 1, 200), run(stage.steel, 501, 1_000)]
    assert oldest(left, 250) == [run(stage.steel, 1, 200), run(stage.steel, 501, 550)]
    assert {each.retirement_code for each in left} == {stage.retirement.code}


def test_more_is_never_offered_than_there_is(stage: Stage) -> None:
    runs = unclaimed(stage.people.auto_werke.pk)
    assert oldest(runs, 5_000) == [run(stage.steel, 1, 1_000)]
    assert oldest(runs, 0) == []
    assert unclaimed(stage.people.broker.pk) == []


# --- who and what -------------------------------------------------------------------------------


def test_an_outsider_is_not_shown_the_inventory(stage: Stage) -> None:
    with refused(NotVisible):
        claim(stage, 1, 5, by=stage.people.bob)


def test_a_colleague_without_the_right_is_refused(stage: Stage) -> None:
    cora = act.colleague(stage)
    with refused(Refused):
        claim(stage, 1, 5, by=cora)


def test_who_became_a_producer_claims_nothing(stage: Stage) -> None:
    stage.people.auto_werke.role_rows.update(role=Role.STEEL_PRODUCER)
    with refused(Refused) as refusal:
        claim(stage, 1, 5)
    assert refusal.value.rule == "R011"


def test_a_role_is_refused_before_any_rule_is_judged(stage: Stage) -> None:
    """The units are not even retired; still the answer is who may, not whether it is right."""
    iron = made.issue(stage.people, tonnes=10)
    put(iron, stage.people.auto_account)
    stage.people.auto_werke.role_rows.update(role=Role.INTERMEDIARY)
    stage.people.auto_werke.role_rows.create(role=Role.IRON_PRODUCER)
    assert claim(stage, 1, 5)
    stage.people.auto_werke.role_rows.create(role=Role.STEEL_PRODUCER)
    with refused(Refused) as refusal:
        claim(stage, 1, 5, units=[run(iron, 1, 10)])
    assert refusal.value.rule in ("R011", "R016")


def test_units_that_were_not_retired_are_not_claimed(stage: Stage) -> None:
    active = made.issue(stage.people, tonnes=10, steel=True)
    put(active, stage.people.auto_account)
    with refused(RulesBroken, match="active, not retired") as refusal:
        claim(stage, 1, 5, units=[run(active, 1, 10)])
    assert "R100" in broken(refusal)


def test_units_that_somebody_else_retired_are_not_claimed(stage: Stage) -> None:
    theirs = made.issue(stage.people, tonnes=10, steel=True)
    put(theirs, stage.people.broker_account)
    act.retired(stage.people.bob, stage.people.broker_account, 10)
    with refused(RulesBroken, match="not by the claimant") as refusal:
        claim(stage, 1, 5, units=[run(theirs, 1, 10)])
    assert "R100" in broken(refusal)


def test_a_unit_is_claimed_once(stage: Stage) -> None:
    claim(stage, 1, 500)
    with refused(RulesBroken, match="already in a claim") as refusal:
        claim(stage, 500, 501)
    assert "R124" in broken(refusal)


def test_units_that_do_not_exist_are_refused_by_their_field(stage: Stage) -> None:
    with refused(BadInput, match="10 units are named, 5 of them exist") as refusal:
        claim(stage, 996, 1_005)
    assert set(refusal.value.errors) == {"units"}


@pytest.mark.parametrize("units", [[], [(5, 4)], [(0, 1)], [(1, 5), (5, 6)]])
def test_units_that_name_nothing_are_refused_by_their_field(
    stage: Stage, units: list[tuple[int, int]]
) -> None:
    with refused(BadInput) as refusal:
        claim(stage, 1, 5, units=[Line(stage.steel.pk, 1, *each) for each in units])
    assert set(refusal.value.errors) == {"units"}


def test_lines_are_of_the_inventory(stage: Stage) -> None:
    other = with_line(stage).line
    for lines in ([], [other], [stage.line, other]):
        with refused(BadInput) as refusal:
            claim(stage, 1, 5, lines=lines)
        assert set(refusal.value.errors) == {"lines"}


def test_a_line_that_was_removed_just_now_is_refused_by_its_field(stage: Stage) -> None:
    remove_line(by=stage.people.carl, now=NOW, key=key(), line=stage.line)
    with refused(BadInput) as refusal:
        claim(stage, 1, 5)
    assert set(refusal.value.errors) == {"lines"}


@pytest.mark.parametrize("terms", [DIRECT, ENHANCED])
def test_a_cap_that_does_not_exist_is_refused_by_its_field(stage: Stage, terms: Terms) -> None:
    with refused(BadInput) as refusal:
        claim(stage, 1, 5, replace(terms, cap="as much as possible"))
    assert set(refusal.value.errors) == {"cap"}


# --- rules -------------------------------------------------------------------------------------


def test_no_more_units_than_tonnes(stage: Stage) -> None:
    small = with_line(stage, tonnes=Decimal("300.9"))
    with refused(RulesBroken) as refusal:
        claim(small, 1, 301)
    assert "R125" in broken(refusal)
    assert claim(small, 1, 300).volume == 300


def test_a_second_claim_on_a_line_counts_the_first(stage: Stage) -> None:
    claim(stage, 1, 600)
    one_more = [run(stage.steel, 601, 1_000), *more_units(stage, 1)]
    with refused(RulesBroken) as refusal:
        claim(stage, 601, 1_000, units=one_more)
    assert "R125" in broken(refusal)
    second = claim(stage, 601, 1_000)
    assert emissions(second) == {"physical": "1900", "reduction": "600", "adjusted": "400"}


def more_units(stage: Stage, quantity: int) -> list[Line]:
    """Further units that Carl retired."""
    further = made.issue(stage.people, tonnes=quantity, steel=True)
    put(further, stage.people.auto_account)
    act.retired(stage.people.carl, stage.people.auto_account, quantity)
    return [run(further, 1, quantity)]


@pytest.mark.parametrize(("later", "fits"), [(0, True), (2, True), (3, False), (-1, False)])
def test_the_production_lies_in_the_36_months_of_the_reporting_period(
    stage: Stage, later: int, fits: bool
) -> None:
    """A production of last year serves that year and the two after it."""
    produced = stage.steel.vintage_start.year
    mine = act.inventory(
        stage.people.carl,
        stage.people.auto_werke,
        name="Another year",
        **act.year(produced + later),
    )
    elsewhere = replace(stage, inventory=mine, line=act.line(stage.people.carl, mine))
    if fits:
        assert claim(elsewhere, 1, 5)
        return
    with refused(RulesBroken) as refusal:
        claim(elsewhere, 1, 5)
    assert broken(refusal) == ["R101"]


def test_every_broken_rule_is_told_at_once(stage: Stage) -> None:
    odd = with_line(stage, material="other", tonnes=Decimal(3))
    with refused(RulesBroken) as refusal:
        claim(odd, 1, 5, replace(DIRECT, method="magic", claim_type="label"))
    assert {"R110", "R112", "R120"} <= set(broken(refusal))


@pytest.mark.parametrize(
    "values",
    [
        {"tonnes": Decimal(0)},
        {"factor_intensity": Decimal(0)},
        {"tonnes": None, "factor_intensity": None, "stated_emissions": Decimal(5)},
        {"tonnes": Decimal("999999999999"), "factor_intensity": Decimal("999999")},
        {"tonnes": Decimal("0.000001")},
    ],
)
@pytest.mark.parametrize("terms", [DIRECT, ENHANCED])
def test_no_line_breaks_a_claim(stage: Stage, values: dict[str, Any], terms: Terms) -> None:
    """Figures that cannot be claimed against are findings, and a claim that passes is made."""
    odd = with_line(stage, **values)
    preview = preview_claim(
        by=stage.people.carl,
        now=NOW,
        inventory=odd.inventory,
        lines=[odd.line],
        units=[run(stage.steel, 1, 5)],
        terms=terms,
    )
    if preview.result is None:
        with refused(RulesBroken):
            claim(odd, 1, 5, terms)
    else:
        assert claim(odd, 1, 5, terms).volume == 5


# --- preview -----------------------------------------------------------------------------------


def preview(stage: Stage, first: int, last: int, **more: Any) -> ClaimResult | None:
    return preview_claim(
        by=more.get("by", stage.people.carl),
        now=NOW,
        inventory=stage.inventory,
        lines=[stage.line],
        units=[run(stage.steel, first, last)],
        terms=DIRECT,
    ).result


def test_a_preview_writes_nothing_and_says_what_the_claim_will(stage: Stage) -> None:
    with writes_nothing():
        seen = preview(stage, 1, 500)
    assert seen is not None
    assert str(seen.reduction_emissions.normalize()) == "7.5E+2"
    assert claim(stage, 1, 500).result["volume"] == seen.volume


def test_a_preview_of_what_breaks_a_rule_has_no_figures(stage: Stage) -> None:
    claim(stage, 1, 500)
    assert preview(stage, 1, 500) is None


def test_a_preview_is_for_those_who_may_claim(stage: Stage) -> None:
    with refused(NotVisible):
        preview(stage, 1, 5, by=stage.people.bob)


# --- idempotency, queries, marks ----------------------------------------------------------------


def test_a_repeat_claims_nothing_twice(stage: Stage) -> None:
    same = key()
    first = claim(stage, 1, 500, key=same)
    with writes_nothing():
        assert claim(stage, 1, 500, key=same) == first


def test_the_same_key_on_other_terms_is_refused(stage: Stage) -> None:
    same = key()
    claim(stage, 1, 500, key=same)
    with refused(KeyReused):
        claim(stage, 1, 500, ENHANCED, key=same)


def test_a_refused_claim_leaves_its_key_free(stage: Stage) -> None:
    same = key()
    with refused(RulesBroken):
        claim(stage, 1, 500, replace(DIRECT, claim_type="label"), key=same)
    assert not WriteRequest.objects.filter(key=same).exists()
    assert claim(stage, 1, 500, key=same)


def test_no_more_queries_are_asked_for_many_ranges_than_for_one(stage: Stage) -> None:
    one = queries_of(lambda: claim(stage, 1, 1))
    many = [run(stage.steel, n, n) for n in range(10, 50, 2)]
    assert queries_of(lambda: claim(stage, 1, 1, units=many)) == one <= 30
    assert ClaimedRange.objects.count() == 21
    assert ClaimShare.objects.count() == 2


def test_what_is_claimed_with_invented_units_is_marked(stage: Stage) -> None:
    stage.people.elektra.is_demonstration = True
    invented = made.issue(stage.people, tonnes=10, steel=True)
    put(invented, stage.people.auto_account)
    act.retired(stage.people.carl, stage.people.auto_account, 10)
    done = claim(stage, 1, 10, units=[run(invented, 1, 10)])
    assert done.is_demonstration
    assert not claim(stage, 1, 10).is_demonstration
