"""R020–R024: the emissions threshold (3.1, App. E)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from registry.rulebook.facts import FunctionalUnit
from registry.rulebook.threshold import is_preferred, level_limit, level_reached
from tests.rulebook.cases import (
    EDITION,
    FAIL,
    NOT_APPLICABLE,
    PASS,
    a_case,
    an_iron_case,
    finding,
    outcome,
)

IRON, STEEL = FunctionalUnit.IRON, FunctionalUnit.CRUDE_STEEL
JUST = Decimal("0.000000000001")


@pytest.mark.rule("R020", "pass")
def test_an_iron_site_below_the_limit_passes() -> None:
    assert outcome("R020", an_iron_case(site_intensity=Decimal("0.6"))) is PASS


@pytest.mark.rule("R020", "fail")
def test_an_iron_site_above_the_limit_is_refused_with_its_numbers() -> None:
    found = finding("R020", an_iron_case(site_intensity=Decimal("1.478")))
    assert found.outcome is FAIL
    assert found.field == "site_intensity"
    assert found.numbers == {"site_intensity": "1.478", "limit": "1.00"}


@pytest.mark.rule("R020", "boundary")
@pytest.mark.parametrize(("step", "expected"), [(-JUST, PASS), (Decimal(0), PASS), (JUST, FAIL)])
def test_the_iron_limit_is_inclusive_and_unrounded(step: Decimal, expected: object) -> None:
    assert outcome("R020", an_iron_case(site_intensity=Decimal("1.00") + step)) is expected


def test_the_iron_limit_is_not_for_steel() -> None:
    assert outcome("R020", a_case(site_intensity=Decimal("1.15"))) is NOT_APPLICABLE


@pytest.mark.parametrize(
    "intensity",
    [
        None,
        0.4,
        1,
        True,
        "0.4",
        Decimal("NaN"),
        Decimal("-Infinity"),
        Decimal("-0.1"),
        Decimal("1E-40"),
    ],
)
def test_an_intensity_no_rule_can_judge_never_passes(intensity: object) -> None:
    for rule in ("R020", "R022", "R023", "R024"):
        assert outcome(rule, an_iron_case(site_intensity=intensity)) is FAIL
    for rule in ("R021", "R022", "R023", "R024"):
        assert outcome(rule, a_case(site_intensity=intensity)) is FAIL


@pytest.mark.parametrize("share", [None, 0.3, Decimal("NaN"), Decimal("1.01"), Decimal("-0.01")])
def test_a_scrap_share_no_rule_can_judge_never_passes(share: object) -> None:
    for rule in ("R021", "R022", "R023", "R024"):
        assert outcome(rule, a_case(scrap_share=share)) is FAIL


def test_the_higher_of_declared_and_verified_intensity_decides() -> None:
    assert outcome("R020", an_iron_case(verified_site_intensity=Decimal("1.01"))) is FAIL
    declared_worse = an_iron_case(
        site_intensity=Decimal("1.01"), verified_site_intensity=Decimal("0.6")
    )
    assert outcome("R020", declared_worse) is FAIL


def test_the_higher_scrap_share_decides() -> None:
    site = Decimal("0.85")
    assert outcome("R021", a_case(site_intensity=site)) is PASS
    assert outcome("R021", a_case(site_intensity=site, verified_scrap_share=Decimal("0.4"))) is FAIL


@pytest.mark.rule("R021", "pass")
def test_a_steel_site_below_its_line_passes() -> None:
    assert outcome("R021", a_case()) is PASS


@pytest.mark.rule("R021", "fail")
def test_a_steel_site_above_its_line_is_refused() -> None:
    found = finding("R021", a_case(site_intensity=Decimal("1.9")))
    assert found.outcome is FAIL
    assert found.numbers["limit"] == "0.9000"
    assert found.numbers["scrap_share"] == "0.30"


@pytest.mark.rule("R021", "boundary")
@pytest.mark.parametrize(
    ("share", "limit"),
    [("0", "1.20"), ("0.30", "0.90"), ("0.4444", "0.7556"), ("1", "0.20")],
)
def test_the_steel_line_is_inclusive_and_unrounded(share: str, limit: str) -> None:
    for step, expected in ((-JUST, PASS), (Decimal(0), PASS), (JUST, FAIL)):
        site = Decimal(limit) + step
        case = a_case(site_intensity=site, scrap_share=Decimal(share))
        assert outcome("R021", case) is expected


def test_the_steel_line_is_exact_for_long_scrap_shares() -> None:
    share = Decimal("0.333333333333333333333333333333")
    limit = Decimal("0.866666666666666666666666666667")
    above = Decimal("0.866666666666666666666666666668")
    assert outcome("R021", a_case(site_intensity=limit, scrap_share=share)) is PASS
    assert outcome("R021", a_case(site_intensity=above, scrap_share=share)) is FAIL


def test_the_steel_line_is_not_for_iron() -> None:
    assert outcome("R021", an_iron_case()) is NOT_APPLICABLE


@pytest.mark.rule("R022", "pass")
def test_a_near_zero_site_is_preferred() -> None:
    assert outcome("R022", an_iron_case(site_intensity=Decimal("0.2"))) is PASS


@pytest.mark.rule("R022", "fail")
def test_the_preferred_tag_is_refused_to_a_site_that_does_not_earn_it() -> None:
    found = finding("R022", a_case(preferred_claimed=True))
    assert found.outcome is FAIL
    assert found.field == "preferred_claimed"


@pytest.mark.rule("R022", "boundary")
@pytest.mark.parametrize(("step", "expected"), [(-JUST, PASS), (Decimal(0), PASS), (JUST, FAIL)])
def test_the_preferred_limits_are_inclusive(step: Decimal, expected: object) -> None:
    iron = an_iron_case(site_intensity=Decimal("0.35") + step, preferred_claimed=True)
    steel = a_case(site_intensity=Decimal("0.295") + step, preferred_claimed=True)
    assert outcome("R022", iron) is expected
    assert outcome("R022", steel) is expected


def test_a_site_that_asks_for_no_tag_needs_none() -> None:
    assert outcome("R022", a_case()) is NOT_APPLICABLE


@pytest.mark.rule("R023", "pass")
def test_the_level_reached_is_named() -> None:
    found = finding("R023", a_case())
    assert found.outcome is PASS
    assert found.numbers["level"] == "DPL3"


@pytest.mark.rule("R023", "fail")
def test_a_site_on_no_line_is_refused() -> None:
    assert outcome("R023", a_case(site_intensity=Decimal("2.9"))) is FAIL
    assert outcome("R023", an_iron_case(site_intensity=Decimal("1.01"))) is FAIL


@pytest.mark.rule("R023", "boundary")
@pytest.mark.parametrize("share", ["0", "0.30", "0.5", "1"])
@pytest.mark.parametrize("level", ["DPL1", "DPL2", "DPL3", "DPL4"])
def test_a_value_on_the_line_reaches_the_level(level: str, share: str) -> None:
    x = Decimal(share)
    limit = level_limit(EDITION, level, x)

    def reached(site: Decimal) -> str | None:
        return level_reached(EDITION, functional_unit=STEEL, site_intensity=site, scrap_share=x)

    assert reached(limit) == level
    assert reached(limit + JUST) != level
    case = a_case(site_intensity=limit, scrap_share=x)
    assert finding("R023", case).numbers["level"] == level


@pytest.mark.parametrize(
    ("level", "at_none", "at_all"),
    [
        ("DPL1", "2.80", "0.50"),
        ("DPL2", "2.00", "0.35"),
        ("DPL3", "1.20", "0.20"),
        ("DPL4", "0.40", "0.05"),
    ],
)
def test_the_lines_are_those_of_exhibit_e1(level: str, at_none: str, at_all: str) -> None:
    assert level_limit(EDITION, level, Decimal(0)) == Decimal(at_none)
    assert level_limit(EDITION, level, Decimal(1)) == Decimal(at_all)


@pytest.mark.parametrize("share", ["-0.01", "1.01"])
def test_a_line_ends_at_no_scrap_and_at_all_scrap(share: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        level_limit(EDITION, "DPL3", Decimal(share))


@pytest.mark.parametrize(
    ("intensity", "level"),
    [("0.35", "DPL4"), ("0.36", "DPL3"), ("1.00", "DPL3"), ("1.01", None)],
)
def test_iron_has_two_levels(intensity: str, level: str | None) -> None:
    reached = level_reached(EDITION, functional_unit=IRON, site_intensity=Decimal(intensity))
    assert reached == level


def test_preferred_is_a_question_of_the_site_average() -> None:
    def preferred(unit: FunctionalUnit, site: str, share: str | None = None) -> bool:
        return is_preferred(
            EDITION,
            functional_unit=unit,
            site_intensity=Decimal(site),
            scrap_share=None if share is None else Decimal(share),
        )

    assert preferred(IRON, "0.35")
    assert not preferred(IRON, "0.351")
    assert preferred(STEEL, "0.05", "1")
    assert not preferred(STEEL, "0.051", "1")


def test_steel_levels_need_a_scrap_share() -> None:
    with pytest.raises(ValueError, match="scrap share"):
        level_reached(EDITION, functional_unit=STEEL, site_intensity=Decimal("0.4"))


@pytest.mark.rule("R024", "pass")
def test_a_site_that_meets_the_threshold_itself_may_allocate() -> None:
    assert outcome("R024", a_case(intensity=Decimal("0.2"))) is PASS


@pytest.mark.rule("R024", "fail")
def test_an_allocated_figure_does_not_carry_a_site_over_the_threshold() -> None:
    found = finding("R024", a_case(site_intensity=Decimal("0.95"), intensity=Decimal("0.4")))
    assert found.outcome is FAIL
    assert found.field == "site_intensity"
    assert found.numbers["intensity"] == "0.4"


@pytest.mark.rule("R024", "fail")
def test_a_product_figure_does_not_stand_in_for_the_site() -> None:
    case = a_case(site_intensity=None, intensity=Decimal("0.4"))
    found = finding("R024", case)
    assert found.outcome is FAIL
    assert "cannot stand in" in found.found


@pytest.mark.rule("R024", "boundary")
@pytest.mark.parametrize(("step", "expected"), [(-JUST, PASS), (Decimal(0), PASS), (JUST, FAIL)])
def test_the_site_meets_the_threshold_by_itself_up_to_the_line(
    step: Decimal, expected: object
) -> None:
    case = a_case(site_intensity=Decimal("0.90") + step, intensity=Decimal("0.2"))
    assert outcome("R024", case) is expected


def test_another_edition_moves_every_limit() -> None:
    stricter = replace(EDITION, iron_limit_intensity=Decimal("0.5"))
    assert outcome("R020", an_iron_case(), stricter) is FAIL
    assert outcome("R023", an_iron_case(), stricter) is FAIL
