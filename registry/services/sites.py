"""Sites and the baseline library of a producer (3, 4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import Organisation, User
from accounts.permissions import require_initiator
from registry.errors import BadInput
from registry.models import Baseline, Site
from registry.rulebook.facts import BaselineKind, FunctionalUnit
from registry.services.readings import require_producer
from registry.services.requests import once, retrying
from registry.services.shape import country_faults, only, save_clean

SITE_FIELDS = (
    "code",
    "name",
    "country",
    "region",
    "locality",
    "latitude",
    "longitude",
    "route",
    "started_on",
    "iron_capacity",
    "steel_capacity",
    "source",
)
BASELINE_FIELDS = (
    "kind",
    "name",
    "functional_unit",
    "country",
    "value_intensity",
    "scrap_share",
    "primary_intensity",
    "primary_scrap_share",
    "secondary_intensity",
    "secondary_scrap_share",
    "primary_gas_basis",
    "primary_region",
    "primary_year",
    "primary_source",
    "secondary_gas_basis",
    "secondary_region",
    "secondary_year",
    "secondary_source",
    "region",
    "gas_basis",
    "year",
    "source",
    "adjusted_for",
)


@retrying
def register_site(
    *, by: User, now: datetime, key: str, organisation: Organisation, values: Mapping[str, Any]
) -> Site:
    """Register one production site of a producer. values: keys of SITE_FIELDS.

    Raises NotVisible, Refused (R010, R011), BadInput.
    """
    require_initiator(by, organisation)
    require_producer(organisation, now.date())
    chosen = only(SITE_FIELDS, values)
    with once(
        by=by, key=key, kind="site", now=now, input={"organisation": organisation.pk, **chosen}
    ) as request:
        if request.is_repeat:
            return Site.objects.get(pk=request.answer["site"])
        site = Site(
            organisation=organisation,
            is_demonstration=organisation.is_demonstration,
            **chosen,
        )
        save_clean(site, **country_faults(site), **_capacity_faults(site))
        request.answer = {"site": str(site.pk)}
        return site


@retrying
def add_baseline(
    *, by: User, now: datetime, key: str, organisation: Organisation, values: Mapping[str, Any]
) -> Baseline:
    """Add a producer's own baseline. values: keys of BASELINE_FIELDS. Raises as register_site."""
    require_initiator(by, organisation)
    require_producer(organisation, now.date())
    chosen = only(BASELINE_FIELDS, values)
    with once(
        by=by, key=key, kind="baseline", now=now, input={"organisation": organisation.pk, **chosen}
    ) as request:
        if request.is_repeat:
            return Baseline.objects.get(pk=request.answer["baseline"])
        baseline = Baseline(organisation=organisation, **chosen)
        _require_a_baselines_kind(baseline)
        _require_value_or_points(baseline)
        save_clean(baseline, **country_faults(baseline), **_unit_faults(baseline))
        request.answer = {"baseline": str(baseline.pk)}
        return baseline


def _capacity_faults(site: Site) -> dict[str, list[str]]:
    capacities = {"iron_capacity": site.iron_capacity, "steel_capacity": site.steel_capacity}
    return {
        name: ["Give tonnes a year, 0 or more."]
        for name, tonnes in capacities.items()
        if tonnes is not None and tonnes < 0
    }


def _unit_faults(baseline: Baseline) -> dict[str, list[str]]:
    if baseline.functional_unit in list(FunctionalUnit):
        return {}
    return {"functional_unit": [f"Choose {' or '.join(FunctionalUnit)}."]}


def _require_a_baselines_kind(baseline: Baseline) -> None:
    if baseline.kind == BaselineKind.REFERENCE:
        kinds = [kind.value for kind in BaselineKind if kind is not BaselineKind.REFERENCE]
        raise BadInput({"kind": [f"Choose one of {', '.join(kinds)}."]})


def _require_value_or_points(baseline: Baseline) -> None:
    """One value, or two points in order of their scrap share (R053). Raises BadInput."""
    points = (
        baseline.primary_scrap_share,
        baseline.primary_intensity,
        baseline.secondary_scrap_share,
        baseline.secondary_intensity,
    )
    if baseline.kind != BaselineKind.SLIDING_SCALE:
        if baseline.value_intensity is None or any(point is not None for point in points):
            raise BadInput({"value_intensity": ["Give one value, and no reference points."]})
        return
    if baseline.value_intensity is not None or any(point is None for point in points):
        raise BadInput(
            {"primary_intensity": ["Give both reference points of the scale, and no single value."]}
        )
    assert baseline.primary_scrap_share is not None
    assert baseline.secondary_scrap_share is not None
    if baseline.primary_scrap_share >= baseline.secondary_scrap_share:
        raise BadInput(
            {"secondary_scrap_share": ["The secondary point has the higher scrap share."]}
        )
    if not baseline.primary_intensity or not baseline.secondary_intensity:
        raise BadInput({"primary_intensity": ["A reference value is above 0 t CO2e/t."]})
