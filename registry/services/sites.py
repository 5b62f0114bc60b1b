"""Sites and the baseline library of a producer (3, 4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import Organisation, User
from accounts.permissions import require_initiator
from registry.errors import BadInput
from registry.models import Baseline, Site
from registry.rulebook.facts import BaselineKind
from registry.services.readings import require_producer
from registry.services.requests import once, retrying

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
        save_clean(site)
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
        _require_value_or_points(baseline)
        save_clean(baseline)
        request.answer = {"baseline": str(baseline.pk)}
        return baseline


def only(fields: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by field. Raises BadInput for a name that is not among the fields."""
    unknown = sorted(set(values) - set(fields))
    if unknown:
        raise BadInput({name: ["There is no such field."] for name in unknown})
    return dict(values)


def save_clean(record: models.Model) -> None:
    """Validate every field and constraint, then save. Raises BadInput, naming the fields."""
    try:
        record.full_clean()
    except ValidationError as error:
        raise BadInput(
            {field: [str(text) for text in texts] for field, texts in error.message_dict.items()}
        ) from error
    record.save()


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
