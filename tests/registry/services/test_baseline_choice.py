"""What a production says of its baseline, and the scrap adjustment that its units carry."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from registry.models import BaselineChoice, Production
from registry.rulebook.findings import Finding
from registry.services.productions import change_production, findings_of
from tests.cast import Cast, baseline, cast, issue, key, production

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def judged(draft: Production, rule: str) -> Finding:
    findings = findings_of(draft, on=timezone.now().date())
    return next(each for each in findings if each.rule == rule)


def average(people: Cast, scrap_share: str, **values: Any) -> Any:
    return baseline(
        people,
        steel=True,
        **{
            "kind": "adjusted_epd",
            "value_intensity": Decimal("1.8"),
            "scrap_share": Decimal(scrap_share),
            **dict.fromkeys(
                (
                    "primary_intensity",
                    "primary_scrap_share",
                    "secondary_intensity",
                    "secondary_scrap_share",
                )
            ),
            **values,
        },
    )


def test_the_reason_is_kept_with_the_production_and_judged(people: Cast) -> None:
    draft = production(people)
    assert BaselineChoice.objects.get(production=draft).baseline_reason.startswith("A new works")
    assert judged(draft, "R050").outcome == "pass"


def test_without_a_reason_r050_fails_beside_its_field(people: Cast) -> None:
    found = judged(production(people, baseline_reason=""), "R050")
    assert (found.outcome, found.field) == ("fail", "baseline_reason")


def test_an_asset_baseline_left_unused_is_marked(people: Cast) -> None:
    draft = production(people)
    baseline(people, kind="asset", name="Before the change")
    assert judged(draft, "R050").outcome == "warn"


def test_only_what_is_given_changes(people: Cast) -> None:
    draft = production(people)
    for values in ({"boundary_methane": "leakage left out"}, {"tonnes": 900}):
        change_production(
            by=people.alice, now=timezone.now(), key=key(), production=draft, values=values
        )
    choice = BaselineChoice.objects.get(production=draft)
    assert choice.boundary_methane == "leakage left out"
    assert choice.baseline_reason.startswith("A new works")


def test_a_cbam_value_beside_an_epd_needs_its_boundary_recorded(people: Cast) -> None:
    draft = production(
        people, baseline=baseline(people, kind="cbam", name="CBAM"), epd="EPD-SE-0017"
    )
    assert judged(draft, "R051").field == "boundary_mining"
    said = {f"boundary_{name}": "checked" for name in ("mining", "methane", "process_gas")}
    draft = change_production(
        by=people.alice, now=timezone.now(), key=key(), production=draft, values=said
    )
    assert judged(draft, "R051").outcome == "pass"


def test_units_with_more_scrap_than_their_average_carry_the_adjusted_intensity(
    people: Cast,
) -> None:
    """0.4 at 60 % scrap reaches DPL3, gradient 1.00: 0.4 + 1.00 x (0.6 - 0.25) = 0.75."""
    issuance = issue(people, steel=True, baseline=average(people, "0.25"))
    assert issuance.adjusted_intensity == Decimal("0.75")
    assert issuance.intensity == Decimal("0.4")
    assert issuance.claim_intensity == Decimal("0.75")
    assert issuance.record["adjusted_intensity"] == "0.75"
    assert issuance.level == "DPL3"
    judged_so = {each["rule"]: each["outcome"] for each in issuance.findings}
    assert judged_so["R054"] == "pass"


def test_a_gap_of_ten_points_is_not_adjusted(people: Cast) -> None:
    issuance = issue(people, steel=True, baseline=average(people, "0.5"))
    assert issuance.adjusted_intensity is None
    assert issuance.record["adjusted_intensity"] == ""


def test_an_adjusted_unit_above_its_baseline_is_marked_no_reduction(people: Cast) -> None:
    low = average(people, "0.25", value_intensity=Decimal("0.75"))
    assert issue(people, steel=True, baseline=low).is_no_reduction


def test_a_points_own_origin_goes_before_the_scales(people: Cast) -> None:
    """I-12: a point in CO2 alone is marked, whatever the scale says of the other."""
    scale = baseline(people, steel=True, primary_gas_basis="CO2", primary_region="Global")
    found = judged(production(people, steel=True, baseline=scale), "R053")
    assert found.outcome == "warn"
    assert "CO2" in found.found


def test_a_scale_without_a_year_is_not_fully_recorded(people: Cast) -> None:
    scale = baseline(people, steel=True, year=None)
    assert judged(production(people, steel=True, baseline=scale), "R053").outcome == "fail"
