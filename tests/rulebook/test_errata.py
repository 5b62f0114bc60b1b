"""Slips of the draft: the right figure is computed, never the misprint."""

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from registry.rulebook.baseline import (
    PRIMARY_POINT,
    SECONDARY_POINT,
    ReferencePoint,
    cbam_default,
    sliding_scale,
)
from registry.rulebook.threshold import level_limit
from tests.rulebook.cases import (
    EDITION,
    FAIL,
    PASS,
    WARN,
    a_case,
    a_point,
    an_iron_case,
    finding,
    outcome,
)

ONE, NONE = Decimal(1), Decimal(0)


def test_exhibit_8s_own_site_may_not_issue() -> None:
    """I-02: 0.9189 at 44.4 % scrap or more, where the limit is at most 0.7556."""
    assert level_limit(EDITION, "DPL3", Decimal("0.4444")) == Decimal("0.7556")
    site = a_case(
        site_intensity=Decimal("0.9189"), intensity=Decimal("0.5522"), scrap_share=Decimal("0.4444")
    )
    assert outcome("R021", site) is FAIL
    assert outcome("R024", site) is FAIL


def test_the_first_level_proxy_is_2_30_at_one_level_and_2_45_across_two() -> None:
    """I-04: 2.80 - 0.35 mixes PL1 with PL2."""
    at_one_level = level_limit(EDITION, "DPL1", NONE) - level_limit(EDITION, "DPL1", ONE)
    as_printed = level_limit(EDITION, "DPL1", NONE) - level_limit(EDITION, "DPL2", ONE)
    assert at_one_level == Decimal("2.30")
    assert as_printed == Decimal("2.45")


@pytest.mark.parametrize(
    ("level", "limit"),
    [("DPL3", EDITION.iron_limit_intensity), ("DPL4", EDITION.iron_preferred_intensity)],
)
def test_the_iron_limits_are_the_fall_of_their_lines(level: str, limit: Decimal) -> None:
    """3.1, Exhibit 3: the difference between no scrap and all scrap."""
    fall = level_limit(EDITION, level, NONE) - level_limit(EDITION, level, ONE)
    assert fall == limit


with (Path(__file__).parent / "data" / "cbam_iron_effective.csv").open(encoding="utf-8") as file:
    LISTED = [row["iso2"] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("code", "countries", "least", "most"),
    [("7201", 26, "1.11", "7.92"), ("7203", 8, "0.45", "4.2")],
)
def test_the_cbam_ranges_are_one_code_at_a_time(
    code: str, countries: int, least: str, most: str
) -> None:
    """I-05: the draft gives the minimum of one code with the maximum of the other."""
    own = [
        found.value_intensity
        for country in LISTED
        if not (found := cbam_default(country, code)).fallback
    ]
    assert len(own) == countries
    assert (min(own), max(own)) == (Decimal(least), Decimal(most))


@pytest.mark.parametrize(
    ("country", "value"),
    [("US", "0.45"), ("MX", "0.58"), ("CA", "0.76"), ("ZA", "0.76"), ("DZ", "0.81")],
)
def test_five_dri_defaults_lie_below_the_limit_and_mark_an_eligible_unit(
    country: str, value: str
) -> None:
    """I-06: an eligible 0.9 t unit would show a negative reduction."""
    default = cbam_default(country, "7203")
    assert default.value_intensity == Decimal(value) < EDITION.iron_limit_intensity
    unit = an_iron_case(
        product="dri",
        site_country=country,
        baseline_country=country,
        baseline_value_intensity=default.value_intensity,
        site_intensity=Decimal("0.9"),
        intensity=Decimal("0.9"),
    )
    assert outcome("R020", unit) is PASS
    assert outcome("R052", unit) is PASS
    assert outcome("R056", unit) is WARN


def test_only_five_dri_defaults_lie_below_the_limit() -> None:
    below = {
        country
        for country in LISTED
        if cbam_default(country, "7203").value_intensity < EDITION.iron_limit_intensity
    }
    assert below == {"US", "MX", "CA", "ZA", "DZ"}


def test_a_line_through_worldsteels_averages_would_turn_negative_and_our_scale_does_not() -> None:
    """I-11, Exhibit 6: 2.34 at 10 % and 0.69 at 70 % scrap, the note's shares put right."""
    bf_bof = ReferencePoint(scrap_share=Decimal("0.10"), value_intensity=Decimal("2.34"))
    eaf = ReferencePoint(scrap_share=Decimal("0.70"), value_intensity=Decimal("0.69"))
    gradient = (eaf.value_intensity - bf_bof.value_intensity) / (
        eaf.scrap_share - bf_bof.scrap_share
    )
    assert eaf.value_intensity + gradient * (ONE - eaf.scrap_share) == Decimal("-0.135")
    assert sliding_scale(ONE, bf_bof, eaf) == Decimal("0.69")
    assert sliding_scale(NONE, bf_bof, eaf) == Decimal("2.34")


def test_the_default_points_are_the_first_levels_own_slabs() -> None:
    """2.455 and 0.615 unrounded: DPL1 at 15 % and at 95 % scrap."""
    assert level_limit(EDITION, "DPL1", PRIMARY_POINT.scrap_share) == Decimal("2.455")
    assert level_limit(EDITION, "DPL1", SECONDARY_POINT.scrap_share) == Decimal("0.615")
    assert (PRIMARY_POINT.value_intensity, SECONDARY_POINT.value_intensity) == (
        Decimal("2.46"),
        Decimal("0.62"),
    )


@pytest.mark.parametrize("share", [Decimal(n) / 100 for n in range(101)])
def test_the_default_scale_stays_above_the_limit_of_an_eligible_unit(share: Decimal) -> None:
    scale = sliding_scale(share, PRIMARY_POINT, SECONDARY_POINT)
    assert scale > level_limit(EDITION, "DPL3", share)


@pytest.mark.parametrize(
    ("metallic", "total"), [("0.830", "0.883"), ("0.884", "0.940")], ids=["least", "most"]
)
def test_typical_hbi_is_excluded_and_told_that_total_iron_may_have_been_meant(
    metallic: str, total: str
) -> None:
    """I-08: 90 % metallic Fe is asked for; HBI has 83.0 to 88.4 % metallic, to 94.0 % total."""
    hbi = an_iron_case(
        product="hbi", fe_metallic_share=Decimal(metallic), fe_total_share=Decimal(total)
    )
    assert outcome("R004", hbi) is FAIL
    by_total = replace(EDITION, iron_fe_basis="total")
    expected = PASS if Decimal(total) >= Decimal("0.90") else FAIL
    assert outcome("R004", hbi, by_total) is expected


def test_the_sliding_scale_keeps_the_gas_basis_of_its_points() -> None:
    """I-12: worldsteel's 2.34 and 0.69 are CO2 alone, which R053 says beside the figure."""
    co2 = a_case(
        baseline_primary=a_point("0.10", "2.34", gas_basis="CO2"),
        baseline_secondary=a_point("0.70", "0.69", gas_basis="CO2"),
        scrap_share=Decimal("0.40"),
        baseline_scrap_share=Decimal("0.40"),
        baseline_value_intensity=Decimal("1.515"),
    )
    found = finding("R053", co2)
    assert found.outcome is WARN
    assert "CO2" in found.found


def test_every_slip_of_the_way_to_issuance_is_cited_by_a_test() -> None:
    """Part A of the list of errata, as far as it concerns sections 2 to 6 and 10.1."""
    here = Path(__file__).resolve().parents[1]
    texts = "".join(path.read_text("utf-8") for path in here.rglob("test_*.py"))
    slips = {f"I-{n:02d}" for n in (1, 2, 4, 5, 6, 7, 8, 11, 12)}
    assert {each for each in slips if f"{each}:" in texts or f"{each}," in texts} == slips
