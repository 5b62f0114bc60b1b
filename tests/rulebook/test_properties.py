"""What holds for every case: better figures never hurt, stricter editions let no more through."""

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.baseline import ReferencePoint, sliding_scale
from registry.rulebook.edition import Edition, contradictions
from registry.rulebook.engine import judge
from registry.rulebook.facts import Feedstock, IssuanceCase, Stage, VerificationFacts
from registry.rulebook.findings import Outcome
from registry.rulebook.threshold import level_limit
from tests.rulebook.cases import EDITION, a_case, an_iron_case, failing

intensities = st.decimals(min_value=0, max_value=3, places=4, allow_nan=False)
shares = st.decimals(min_value=0, max_value=1, places=4, allow_nan=False)
days = st.dates(min_value=date(2023, 1, 1), max_value=date(2029, 1, 1))


RESIDUE, WASTE = Feedstock("bark", "residue", "SE"), Feedstock("sludge", "waste", "SE")


@st.composite
def cases(draw: st.DrawFn) -> IssuanceCase:
    """Cases of both units, many of them failing somewhere."""
    is_iron = draw(st.booleans())
    start = draw(days)
    site = draw(intensities)
    changes: dict[str, Any] = {
        "stage": draw(st.sampled_from(Stage)),
        "on": draw(days),
        "period_start": start,
        "period_end": start + timedelta(days=draw(st.integers(0, 400))),
        "delivered_on": draw(days),
        "tonnes": draw(st.integers(0, 12_000)),
        "site_intensity": site,
        "intensity": draw(st.sampled_from([site, draw(intensities)])),
        "baseline_value_intensity": draw(intensities),
        "fe_metallic_share": draw(shares),
        "preferred_claimed": draw(st.booleans()),
        "late_reason": draw(st.sampled_from(["", "flood"])),
        "product": draw(st.sampled_from(["slab", "pig_iron", "dri", "coil"])),
        "site_route": draw(st.sampled_from(["bf_bof", "blast_furnace", "dri_eaf"])),
        "site_started_on": draw(st.dates(min_value=date(2010, 1, 1), max_value=date(2032, 1, 1))),
        "technology_natural_gas_used": draw(st.booleans()),
        "technology_methane_leakage_share": draw(shares) / 100,
        "technology_feedstocks": draw(st.sampled_from([(), (RESIDUE,), (RESIDUE, WASTE)])),
    }
    if is_iron:
        return an_iron_case(**changes)
    return a_case(**changes, scrap_share=draw(shares))


@given(case=cases(), lower=shares)
def test_a_lower_site_intensity_never_turns_a_pass_into_a_fail(
    case: IssuanceCase, lower: Decimal
) -> None:
    site = case.production.site_intensity
    assert site is not None
    better = _with_site_intensity(case, site * lower)
    assert failing(better) <= failing(case)


@st.composite
def stricter_editions(draw: st.DrawFn) -> Edition:
    """The edition with some of its demands raised."""
    factor = draw(st.sampled_from([Decimal(1), Decimal("0.9"), Decimal("0.5")]))
    products = EDITION.iron_products[: draw(st.integers(1, 5))]
    strict = replace(
        EDITION,
        iron_products=products,
        iron_fe_min_share=draw(st.sampled_from([Decimal("0.90"), Decimal("0.95"), Decimal(1)])),
        iron_limit_intensity=EDITION.iron_limit_intensity * factor,
        iron_preferred_intensity=EDITION.iron_preferred_intensity * factor,
        steel_levels={
            level: (base * factor, gradient * factor)
            for level, (base, gradient) in EDITION.steel_levels.items()
        },
        cbam_exempt_countries=(
            *EDITION.cbam_exempt_countries,
            *draw(st.sampled_from([(), ("BR",)])),
        ),
        advanced_economies=(*EDITION.advanced_economies, *draw(st.sampled_from([(), ("BR",)]))),
        bf_bof_last_year_advanced=draw(st.sampled_from([2024, 2026, 2035])),
        bf_bof_last_year_global=draw(st.sampled_from([2035, 2040])),
        new_bf_bof_from=draw(st.sampled_from([date(2020, 1, 1), date(2030, 1, 1)])),
        methane_max_share=EDITION.methane_max_share * factor,
        biomass_eligible=draw(st.sampled_from([("residue", "waste"), ("residue",)])),
        verification_due_months=draw(st.integers(1, 24)),
        issuance_record_fields=(
            *EDITION.issuance_record_fields,
            *draw(st.sampled_from([(), ("end_use",)])),
        ),
    )
    assert list(contradictions(strict)) == []
    return strict


@given(case=cases(), strict=stricter_editions())
def test_a_stricter_edition_never_lets_more_through(case: IssuanceCase, strict: Edition) -> None:
    # R024 fails where a product figure alone meets the limit; under a lower one it may meet
    # none, and then R020 or R021 refuses, as it did before.
    before, after = failing(case), failing(case, strict)
    assert before - {"R024"} <= after
    assert bool(before) <= bool(after)


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
