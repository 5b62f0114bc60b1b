"""The public baseline library, loaded from the rulebook's data. Loading again changes nothing."""

import csv

from django.db import transaction

from registry.models import Baseline
from registry.rulebook.baseline import (
    DATA,
    PRIMARY_POINT,
    SECONDARY_POINT,
    BaselineUnavailable,
    cbam_default,
)
from registry.rulebook.facts import BaselineKind, FunctionalUnit

_IRON = {"7201": "pig iron", "7203": "direct reduced iron"}
_SCALE_SOURCE = (
    "ResponsibleSteel default slabs (BOF at 15 % scrap, EAF at 95 % scrap), IPS Annex 5; indicative"
)


@transaction.atomic
def load_library() -> int:
    """Add what the library lacks: CBAM defaults for iron, the default sliding scale; how many."""
    known = set(Baseline.objects.exclude(code=None).values_list("code", flat=True))
    wanted = [*_cbam(), _scale()]
    missing = [baseline for baseline in wanted if baseline.code not in known]
    Baseline.objects.bulk_create(missing)
    return len(missing)


def _cbam() -> list[Baseline]:
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        countries = [row["iso2"] for row in csv.DictReader(file)]
    found = []
    for country in countries:
        for code, product in _IRON.items():
            try:
                default = cbam_default(country, code)
            except BaselineUnavailable:
                continue
            found.append(
                Baseline(
                    code=f"cbam-2026-1740-{code}-{country}",
                    kind=BaselineKind.CBAM,
                    name=f"CBAM default, {product} ({code}), {country}",
                    functional_unit=FunctionalUnit.IRON,
                    country=country,
                    cn_code=code,
                    value_intensity=default.value_intensity,
                    year=2026,
                    source=default.source,
                    fallback=default.fallback,
                )
            )
    return found


def _scale() -> Baseline:
    return Baseline(
        code="sliding-scale-default",
        kind=BaselineKind.SLIDING_SCALE,
        name="Global sliding scale, default points (indicative)",
        functional_unit=FunctionalUnit.CRUDE_STEEL,
        primary_intensity=PRIMARY_POINT.value_intensity,
        primary_scrap_share=PRIMARY_POINT.scrap_share,
        secondary_intensity=SECONDARY_POINT.value_intensity,
        secondary_scrap_share=SECONDARY_POINT.scrap_share,
        year=2024,
        source=_SCALE_SOURCE,
        indicative=True,
    )
