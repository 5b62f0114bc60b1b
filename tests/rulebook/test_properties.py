"""What holds for every case: better figures never hurt, and nothing missing ever passes."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.baseline import ReferencePoint, sliding_scale
from registry.rulebook.engine import judge
from registry.rulebook.facts import IssuanceCase, VerificationFacts
from registry.rulebook.findings import Outcome
from registry.rulebook.threshold import level_limit
from tests.rulebook.cases import EDITION, a_case, an_iron_case, failing
from tests.rulebook.drawn import cases, shares


@given(case=cases(), lower=shares)
def test_a_lower_site_intensity_never_turns_a_pass_into_a_fail(
    case: IssuanceCase, lower: Decimal
) -> None:
    site = case.production.site_intensity
    assert site is not None
    better = _with_site_intensity(case, site * lower)
    assert failing(better) <= failing(case)


@given(case=cases())
def test_every_finding_says_what_was_found_allowed_and_what_to_do(case: IssuanceCase) -> None:
    for found in judge(case, EDITION):
        assert found.found
        assert found.allowed
        if found.failed or found.outcome is Outcome.WARN:
            assert found.action
            assert found.field
        assert all(isinstance(value, str) for value in found.numbers.values())


NEEDED = {
    "functional_unit": {"R002", "R003", "R004", "R020", "R023", "R024", "R087"},
    "product": {"R003", "R052"},
    "period_start": {"R080", "R081", "R084", "R085"},
    "period_end": {"R080", "R081", "R084", "R085"},
    "tonnes": {"R001", "R085"},
    "delivered_tonnes": {"R085"},
    "delivered_on": {"R080"},
    "delivery_proofs": {"R080"},
    "measured_site": {"R005"},
    "site_intensity": {"R020", "R022", "R023", "R024"},
    "intensity": {"R024", "R056"},
    "fe_metallic_share": {"R004"},
    "baseline_kind": {"R052"},
    "baseline_value_intensity": {"R052", "R056"},
}


@pytest.mark.parametrize(
    "bad", [None, float("nan"), 0.4, Decimal("NaN"), Decimal("Infinity"), [], b""]
)
@pytest.mark.parametrize("fact", NEEDED)
def test_a_fact_that_is_missing_or_no_value_of_its_kind_fails_every_rule_that_needs_it(
    fact: str, bad: object
) -> None:
    found = {each.rule: each for each in judge(an_iron_case(**{fact: bad}), EDITION)}
    for rule in NEEDED[fact]:
        assert found[rule].outcome is Outcome.FAIL, rule
        assert ("not given" in found[rule].found) is (bad is None), found[rule].found


@pytest.mark.parametrize("bad", [0.3, Decimal("NaN"), Decimal("sNaN"), Decimal("1E+20")])
@pytest.mark.parametrize("name", [each.name for each in fields(VerificationFacts)][1:])
def test_a_signed_figure_that_is_no_value_never_passes(name: str, bad: object) -> None:
    assert failing(a_case(**{f"verified_{name}": bad}))


points = st.tuples(shares, st.decimals(Decimal("0.01"), 5, places=3)).map(
    lambda pair: ReferencePoint(scrap_share=pair[0], value_intensity=pair[1])
)


@given(x=shares, one=points, other=points)
def test_the_scale_never_leaves_the_range_of_its_points(
    x: Decimal, one: ReferencePoint, other: ReferencePoint
) -> None:
    if one.scrap_share == other.scrap_share:
        return
    low, high = sorted((one, other), key=lambda each: each.scrap_share)
    values = sorted((one.value_intensity, other.value_intensity))
    assert values[0] <= sliding_scale(x, low, high) <= values[1]


@given(x=shares, more=shares)
def test_more_scrap_never_raises_a_limit(x: Decimal, more: Decimal) -> None:
    low, high = sorted((x, more))
    for level in EDITION.steel_levels:
        assert level_limit(EDITION, level, high) <= level_limit(EDITION, level, low)


def _with_site_intensity(case: IssuanceCase, intensity: Decimal) -> IssuanceCase:
    """The same site with other emissions: its lines, the declared and the verified average."""
    assert case.verification is not None
    assert case.measurement is not None
    assert case.measurement.output_tonnes is not None
    line = replace(
        case.measurement.emissions[0], emissions=intensity * case.measurement.output_tonnes
    )
    return replace(
        case,
        production=replace(case.production, site_intensity=intensity),
        verification=replace(case.verification, site_intensity=intensity),
        measurement=replace(case.measurement, emissions=(line,)),
    )
