"""Abatement labels by their thresholds (App. F). R088."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rulebook.facts import CapturedFraction, CapturePoint, Label, TechnologyFacts
from registry.rulebook.labels import labels_earned
from tests.rulebook.cases import EDITION, FAIL, PASS, WARN, a_case, finding, outcome

shares = st.decimals(min_value=0, max_value=1, places=3)


def earned(**values: Any) -> tuple[str, ...]:
    supplied = {"renewable_supply": "wind park", "biomass_verification": "certified chain"}
    return labels_earned(TechnologyFacts(**{**supplied, **values}), EDITION)


def capture(share: str, *destinations: str) -> dict[str, Any]:
    return {
        "capture_points": (CapturePoint("stove", Decimal(1000), Decimal(share)),),
        "captured": tuple(
            CapturedFraction(each, Decimal(1) / len(destinations), False) for each in destinations
        ),
    }


@pytest.mark.rule("R088", "boundary")
@pytest.mark.parametrize(
    ("name", "at", "above", "label"),
    [
        ("hydrogen_reduction_share", "0.2", "0.200001", Label.RENEWABLE_HYDROGEN),
        ("hydrogen_heat_share", "0.5", "0.500001", Label.RENEWABLE_HYDROGEN),
        ("renewable_electricity_share", "0.5", "0.500001", Label.RENEWABLE_ELECTRICITY),
        ("bioenergy_reduction_share", "0.2", "0.200001", Label.BIOENERGY),
        ("bioenergy_heat_share", "0.5", "0.500001", Label.BIOENERGY),
    ],
)
def test_a_threshold_is_exceeded_and_not_met(name: str, at: str, above: str, label: Label) -> None:
    assert earned(**{name: Decimal(at)}) == ()
    assert earned(**{name: Decimal(above)}) == (label,)


@pytest.mark.parametrize(
    ("share", "destination", "expected"),
    [
        ("0.5", "geological", ()),
        ("0.500001", "geological", (Label.CCS,)),
        ("0.6", "oil_production", (Label.CCU,)),
        ("0.6", "use", (Label.CCU,)),
        ("0.5", "use", ()),
    ],
)
def test_capture_is_labelled_by_its_share_and_its_destination(
    share: str, destination: str, expected: tuple[Label, ...]
) -> None:
    assert earned(**capture(share, destination)) == expected


def test_co2_that_is_stored_and_used_earns_both_labels() -> None:
    assert earned(**capture("0.9", "geological", "use")) == (Label.CCS, Label.CCU)


def test_renewables_without_their_supply_earn_nothing() -> None:
    assert earned(renewable_electricity_share=Decimal(1), renewable_supply="") == ()
    assert earned(hydrogen_reduction_share=Decimal(1), renewable_supply=" ") == ()
    assert earned(bioenergy_heat_share=Decimal(1), biomass_verification="") == ()


@pytest.mark.rule("R088", "pass")
def test_the_labels_earned_are_the_labels_declared() -> None:
    assert outcome("R088", a_case()) is PASS


def test_a_site_may_earn_no_label() -> None:
    plain = a_case(technology_hydrogen_reduction_share=None, technology_labels=())
    assert outcome("R088", plain) is PASS


@pytest.mark.rule("R088", "fail")
@pytest.mark.parametrize("labels", [("ccs",), ("renewable_hydrogen", "bioenergy"), ("green",)])
def test_a_label_that_is_not_earned_fails(labels: tuple[str, ...]) -> None:
    found = finding("R088", a_case(technology_labels=labels))
    assert (found.outcome, found.field) == (FAIL, "labels")


def test_a_label_that_is_earned_and_left_out_is_a_warning() -> None:
    found = finding("R088", a_case(technology_labels=()))
    assert found.outcome is WARN
    assert found.action == "Add renewable hydrogen."


@given(
    share=shares,
    more=shares,
    name=st.sampled_from(
        ["hydrogen_reduction_share", "hydrogen_heat_share", "renewable_electricity_share"]
    ),
)
def test_more_never_loses_a_label(share: Decimal, more: Decimal, name: str) -> None:
    low, high = sorted((share, more))
    assert set(earned(**{name: low})) <= set(earned(**{name: high}))
