"""What holds for any lines, units and baselines (R123, R124, R125), and over successive claims."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from claims.accounting.claim import ClaimResult, compute
from claims.accounting.facts import IronContent, Line, LineShare, Match, UnitLot
from claims.accounting.group import groups, total
from claims.accounting.iron import iron_content
from claims.accounting.limits import limits
from claims.accounting.plan import divide
from claims.accounting.rules import judge_claim
from claims.accounting.spread import spread
from registry.rulebook.findings import failures
from tests.accounting.facts import ALIGNED, CORPORATE, EDITION, case, line, lot

FACTORS = ("1.5", "1.5", "2.123456789", "0.3")
CONTENTS = ("0.3", "0.6", "0.7", "0.857143", "1")

tonnes = st.decimals("0.000001", "5000", places=6)
intensities = st.decimals(0, 4, places=4)
quantities = st.integers(1, 6000)


@st.composite
def inventories(draw: st.DrawFn) -> list[Line]:
    """One to four lines, often alike in everything but their tonnes."""
    contents = draw(st.lists(st.sampled_from(CONTENTS), min_size=1, max_size=4))
    return [
        replace(
            line(f"L{number}", factor=draw(st.sampled_from(FACTORS))),
            tonnes=draw(tonnes),
            category=draw(st.sampled_from(("scope_3_1", "scope_3_1", "scope_3_2"))),
            iron_content=IronContent(supplier=Decimal(content)),
        )
        for number, content in enumerate(contents)
    ]


@st.composite
def lots(draw: st.DrawFn, issuances: "count[int]") -> list[UnitLot]:
    """One to four lots of one functional unit, some of them reducing nothing."""
    unit = draw(st.sampled_from(("crude_steel", "crude_steel", "iron")))
    size = draw(st.integers(1, 4))
    return [
        replace(
            lot(draw(quantities), issuance=f"I{next(issuances)}", functional_unit=unit),
            intensity=draw(intensities),
            baseline_intensity=draw(intensities),
        )
        for _ in range(size)
    ]


@st.composite
def templates(draw: st.DrawFn, of: list[Line]) -> Match:
    """A method and a cap over some of the lines."""
    ids = draw(st.sets(st.sampled_from([each.id for each in of]), min_size=1))
    return Match(
        lines=tuple(each for each in of if each.id in ids),
        lots=(),
        method=draw(st.sampled_from(("direct", "enhanced"))),
        cap=draw(st.sampled_from(("baseline", "baseline", "total"))),
        cap_reason="mixed stock",
        auditor_note="reviewed",
        alignment=ALIGNED,
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Line], list[ClaimResult]]:
    """An inventory and up to four successive claims, each planned to the full."""
    of, issuances = draw(inventories()), count(1)
    shares: tuple[LineShare, ...] = ()
    results = []
    for _ in range(draw(st.integers(1, 4))):
        matches, _rest = divide(draw(templates(of)), draw(lots(issuances)), shares)
        if matches:
            results.append(compute(case(*matches, earlier=shares)))
            shares += results[-1].shares
    return of, results


@given(history=histories())
def test_adjusted_lies_between_zero_and_physical_line_by_line(
    history: tuple[list[Line], list[ClaimResult]],
) -> None:
    of, results = history
    reduction: dict[str, Decimal] = defaultdict(Decimal)
    for share in (share for result in results for share in result.shares):
        assert share.reduction_emissions >= 0
        reduction[share.line] += share.reduction_emissions
    for each in of:
        assert each.physical_emissions is not None
        assert 0 <= reduction[each.id] <= each.physical_emissions


@given(history=histories())
def test_no_method_takes_more_tonnes_than_the_lines_have(
    history: tuple[list[Line], list[ClaimResult]],
) -> None:
    """V_steel + V_iron / content ≤ tonnes, multiplied out; the last decimal of a share may be
    off where a volume was divided by the content."""
    of, results = history
    volume: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for share in (share for result in results for share in result.shares):
        assert share.volume >= 0
        volume[share.line, share.functional_unit] += share.volume
    for each in of:
        content = iron_content(each)
        assert content is not None
        assert each.tonnes is not None
        steel, iron = volume[each.id, "crude_steel"], volume[each.id, "iron"]
        assert steel * content.share + iron <= each.tonnes * content.share + Decimal("1E-16")


@given(history=histories())
def test_the_baseline_cap_holds_over_all_units_applied(
    history: tuple[list[Line], list[ClaimResult]],
) -> None:
    """Σ V·B ≤ E over all units where a baseline exceeds the factor, but for total caps."""
    _, results = history
    if any(each.group.key.cap == "total" for result in results for each in result.substitutions):
        return
    for result in results:
        for each in result.substitutions:
            if each.cap_applied:
                assert each.counted_emissions <= each.group.counted_left


@given(history=histories())
def test_shares_add_up_to_the_claim(history: tuple[list[Line], list[ClaimResult]]) -> None:
    for result in history[1]:
        assert total(share.volume for share in result.shares) == result.volume
        reduced = total(share.reduction_emissions for share in result.shares)
        assert reduced == result.reduction_emissions
        assert result.adjusted_emissions <= result.physical_emissions
        for each in result.substitutions:
            assert each.exact_adjusted_emissions <= each.adjusted_emissions + Decimal("1E-6")
            assert each.limits.units <= each.exact_volume + Decimal("1E-6")


@given(data=st.data(), of=inventories())
def test_a_plan_passes_every_rule_and_one_unit_more_does_not(
    data: st.DataObject, of: list[Line]
) -> None:
    template = data.draw(templates(of))
    offered = data.draw(lots(count(1)))
    matches, rest = divide(template, offered)
    planned = sum(match.volume for match in matches)
    assert planned + sum(each.quantity for each in rest) == sum(each.quantity for each in offered)
    if matches:
        assert failures(judge_claim(case(*matches), CORPORATE, EDITION)) == []
    for match in matches:
        more = lot(1, issuance="MORE", functional_unit=match.lots[0].functional_unit)
        last = replace(more, intensity=match.lots[-1].intensity, baseline_intensity=Decimal(4))
        (group,) = groups([replace(match, lots=(*match.lots, last))])
        if limits(groups([match])[0]).units == match.volume and match.cap == "baseline":
            assert limits(group).units <= group.volume


def splits(draw: st.DrawFn, each: Line) -> list[Line]:
    assert each.tonnes is not None
    part = draw(st.decimals(0, each.tonnes, places=6))
    if part in (0, each.tonnes):
        return [each]
    rest = each.tonnes - part
    return [
        replace(each, id=f"{each.id}.1", tonnes=part),
        replace(each, id=f"{each.id}.2", tonnes=rest),
    ]


@st.composite
def split_inventories(draw: st.DrawFn) -> tuple[list[Line], dict[str, list[Line]]]:
    of = draw(inventories())
    return of, {each.id: splits(draw, each) for each in of}


@given(data=st.data(), of=split_inventories())
def test_splitting_a_line_never_changes_the_total(
    data: st.DataObject, of: tuple[list[Line], dict[str, list[Line]]]
) -> None:
    """Over successive claims, of either method and unit, on any of the lines."""
    whole, parts = of
    issuances = count(1)
    shares: tuple[LineShare, ...] = ()
    split_shares: tuple[LineShare, ...] = ()
    for _ in range(3):
        template = data.draw(templates(whole))
        split = replace(
            template, lines=tuple(part for each in template.lines for part in parts[each.id])
        )
        offered = data.draw(lots(issuances))
        matches, rest = divide(template, offered, shares)
        split_matches, split_rest = divide(split, offered, split_shares)
        assert rest == split_rest
        if not matches:
            continue
        one = compute(case(*matches, earlier=shares))
        other = compute(case(*split_matches, earlier=split_shares))
        assert one.volume == other.volume
        assert one.reduction_emissions == other.reduction_emissions
        assert one.adjusted_emissions == other.adjusted_emissions
        shares, split_shares = shares + one.shares, split_shares + other.shares


@given(data=st.data(), of=inventories())
def test_order_never_matters(data: st.DataObject, of: list[Line]) -> None:
    template = data.draw(templates(of))
    offered = data.draw(lots(count(1)))
    matches, _ = divide(template, offered)
    if not matches:
        return
    shuffled = [
        replace(
            match,
            lines=tuple(data.draw(st.permutations(match.lines))),
            lots=tuple(data.draw(st.permutations(match.lots))),
        )
        for match in data.draw(st.permutations(matches))
    ]
    one, other = compute(case(*matches)), compute(case(*shuffled))
    assert one == other
    lines = tuple(data.draw(st.permutations(template.lines)))
    again, _ = divide(replace(template, lines=lines), data.draw(st.permutations(offered)))
    assert compute(case(*again)) == one


@given(
    weights=st.lists(st.decimals(0, 1000, places=7), min_size=1, max_size=8),
    amount=st.decimals(0, 8000, places=4),
)
def test_a_spread_adds_up_and_stays_within_its_weights(
    weights: list[Decimal], amount: Decimal
) -> None:
    parts = spread(amount, weights, places=7)
    assert total(parts) == amount
    assert all(part >= 0 for part in parts)
    if amount <= total(weights):
        assert all(part <= weight for part, weight in zip(parts, weights, strict=True))
