"""What holds for any claims on lines of spend and any pending claims, one after the other."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count, pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claims.accounting.claim import compute
from claims.accounting.facts import Line, LineShare, UnitLot
from claims.accounting.numbers import text
from claims.accounting.plan import divide
from claims.accounting.recompute import recompute
from claims.accounting.rules import judge_claim
from claims.accounting.spend import (
    SpendCase,
    SpendFacts,
    SpendResult,
    estimated_tonnes,
    spend_emissions,
    substitute_spend,
    units_left,
)
from claims.accounting.statement import MadeClaim, MadeSpendClaim, build
from registry.rulebook.findings import failures
from tests.accounting.facts import CORPORATE, EDITION, case, line, lot
from tests.accounting.test_properties import histories, inventories, lots, templates
from tests.accounting.test_statement import as_matched, statement

money = st.decimals("0.0001", "9999999", places=4)
index = st.decimals("0.5", "900", places=6)


@st.composite
def spend_lines(draw: st.DrawFn) -> SpendFacts:
    """A line of spend with usable figures, by either method."""
    return SpendFacts(
        id="S1",
        category="scope_3_1",
        method=draw(st.sampled_from(("intervention_baseline", "unit_cost"))),
        spend=draw(money),
        baseline_intensity=draw(st.decimals("0.000001", 4, places=9)),
        baseline_source="regional average",
        factor=draw(st.decimals("0.000000001", "0.01", places=9)),
        price_index_spend=draw(index),
        price_index_reference=draw(index),
        unit_price=draw(st.decimals("1", "5000", places=4)),
        price_source="index",
    )


def _units(draw: st.DrawFn, line: SpendFacts, most: int, number: int) -> tuple[UnitLot, ...]:
    """One to three lots of at most so many units, each below the line's baseline."""
    assert line.baseline_intensity is not None
    left, found = draw(st.integers(1, most)), []
    while left and len(found) < 3:
        quantity = draw(st.integers(1, left))
        below = line.baseline_intensity * draw(st.decimals(0, "0.999", places=3))
        found.append(
            replace(
                lot(quantity, issuance=f"I{number}-{len(found)}"),
                intensity=below.quantize(Decimal("1E-12"), rounding="ROUND_DOWN"),
            )
        )
        left -= quantity
    return tuple(found)


@st.composite
def spent(draw: st.DrawFn) -> tuple[SpendFacts, list[SpendCase], list[SpendResult]]:
    """Up to four successive claims on one line of spend."""
    line = draw(spend_lines())
    volume, reduction = 0, Decimal(0)
    cases, results = [], []
    for number in range(draw(st.integers(1, 4))):
        most = units_left(SpendCase(line, (), volume, reduction))
        if not most:
            break
        of = SpendCase(line, _units(draw, line, most, number), volume, reduction)
        cases.append(of)
        results.append(substitute_spend(of))
        volume, reduction = volume + of.volume, reduction + results[-1].reduction_emissions
    return line, cases, results


@given(history=spent())
def test_adjusted_spend_lies_between_zero_and_physical_and_only_falls(
    history: tuple[SpendFacts, list[SpendCase], list[SpendResult]],
) -> None:
    line, _, results = history
    nets = [spend_emissions(line), *(each.adjusted_emissions for each in results)]
    assert all(each.physical_emissions == nets[0] for each in results)
    assert all(after <= before for before, after in pairwise(nets))
    assert nets[-1] >= 0
    # As the statement adds them up: what the line states less what each claim took off it.
    assert nets[0] - sum(each.reduction_emissions for each in results) == nets[-1]


@given(history=spent())
def test_no_more_units_than_the_estimated_tonnes_over_all_claims(
    history: tuple[SpendFacts, list[SpendCase], list[SpendResult]],
) -> None:
    line, cases, _ = history
    assert sum(each.volume for each in cases) <= estimated_tonnes(line)


@given(history=histories(), more=spent())
def test_claims_of_both_kinds_and_their_document_recompute_to_the_same_digits(
    history: Any, more: tuple[SpendFacts, list[SpendCase], list[SpendResult]]
) -> None:
    lines, results = history
    of, cases, spent_results = more
    estimated = line(of.id, tonnes=None, factor=None, data_tier="spend",
                     stated_emissions=spend_emissions(of))  # fmt: skip
    made = tuple(
        MadeClaim(f"C-{number}", case(*(as_matched(each) for each in result.substitutions)))
        for number, result in enumerate(results)
    )
    facts = replace(
        statement(*made, lines=(*lines, estimated)),
        spend_claims=tuple(
            MadeSpendClaim(f"S-{number}", date(2026, 2, 1), SpendCase(of, each.lots))
            for number, each in enumerate(cases)
        ),
    )
    printed = json.loads(json.dumps(build(facts, EDITION)))
    assert recompute(printed) == []
    (net,) = [each["adjusted_emissions"] for each in printed["lines"] if each["line"] == of.id]
    assert [net] == [text(each.adjusted_emissions) for each in spent_results][-1:] or not cases
    physical = Decimal(printed["physical_inventory"]["total_emissions"])
    assert 0 <= Decimal(printed["adjusted_inventory"]["total_emissions"]) <= physical


@given(history=spent(), data=st.data())
def test_the_order_of_lots_never_matters_on_spend(
    history: tuple[SpendFacts, list[SpendCase], list[SpendResult]], data: st.DataObject
) -> None:
    for of, result in zip(*history[1:], strict=True):
        shuffled = tuple(data.draw(st.permutations(of.lots)))
        assert substitute_spend(replace(of, lots=shuffled)) == result


@given(data=st.data(), of=inventories())
def test_a_pending_claim_becomes_what_was_shown_whatever_is_claimed_on_other_lines(
    data: st.DataObject, of: list[Line]
) -> None:
    """It is judged on units in *retiring* when it is asked for, and on retired ones when it is
    made; its lines are kept from others meanwhile, and only those."""
    issuances = count(1)
    shares: tuple[LineShare, ...] = ()
    first, _ = divide(data.draw(templates(of)), data.draw(lots(issuances)))
    if first:
        shares = compute(case(*first)).shares
    template = data.draw(templates(of))
    matches, _ = divide(template, data.draw(lots(issuances)), shares)
    if not matches:
        return
    waiting = [
        replace(each, lots=tuple(replace(one, state="retiring") for one in each.lots))
        for each in matches
    ]
    due = date(2026, 2, 2)
    pending = case(*waiting, earlier=shares, pending=True, on=due)
    assert failures(judge_claim(pending, CORPORATE, EDITION)) == []
    shown = compute(pending)

    taken = {each.id for each in template.lines}
    others = [each for each in of if each.id not in taken]
    if others:
        between, _ = divide(data.draw(templates(others)), data.draw(lots(issuances)), shares)
        if between:
            shares += compute(case(*between, earlier=shares)).shares
    made = case(*matches, earlier=shares, on=due)
    assert failures(judge_claim(made, CORPORATE, EDITION)) == []
    result = compute(made)
    assert result.shares == shown.shares
    assert result.adjusted_emissions == shown.adjusted_emissions
