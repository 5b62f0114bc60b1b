"""The public baseline library, loaded from the rulebook's data. Loading again changes nothing."""

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.db import transaction

from registry.models import Baseline
from registry.rulebook.baseline import (
    CBAM_SOURCE,
    DATA,
    PRIMARY_POINT,
    SECONDARY_POINT,
    BaselineUnavailable,
    cbam_default,
)
from registry.rulebook.facts import BaselineKind, FunctionalUnit

FALLBACK_NOTE = (
    "The country has no value of its own: that of other countries is taken. This is the "
    "prevailing reading of the law, not its quoted text."
)
_IRON = {"7201": "pig iron", "7203": "direct reduced iron"}
# Semi-finished steel by heading: shown, never a baseline (4.1 names iron only).
_STEEL_HEADINGS = ("7206", "7207", "7218", "7224")
_HEADING_NOTE = "A heading without a value of its own: see its subheadings."
_OTHER = "Other countries and territories"
_SCALE_SOURCE = (
    "ResponsibleSteel default slabs (BOF at 15 % scrap, EAF at 95 % scrap), IPS Annex 5; indicative"
)
_BATCH = 500


@transaction.atomic
def load_library() -> int:
    """Add what the library lacks: every CBAM row, the default scale, references; how many."""
    known = set(Baseline.objects.exclude(code=None).values_list("code", flat=True))
    wanted = [*_cbam(), _scale(), *_references()]
    missing = [baseline for baseline in wanted if baseline.code not in known]
    Baseline.objects.bulk_create(missing, batch_size=_BATCH)
    return len(missing)


def _cbam() -> Iterator[Baseline]:
    """All rows of the law. Those of iron by country may be baselines, all others are shown."""
    countries = {row["iso3"]: row["iso2"] for row in _rows("countries.csv")}
    for row in _rows("cbam_2026_1740.csv"):
        country = countries.get(row["iso3"], "")
        if country and row["cn_code"] in _IRON:
            yield from _iron(country, row["cn_code"])
        else:
            yield _shown(row, country)


def _iron(country: str, code: str) -> Iterator[Baseline]:
    try:
        default = cbam_default(country, code)
    except BaselineUnavailable:
        return
    yield Baseline(
        code=f"cbam-2026-1740-{code}-{country}",
        kind=BaselineKind.CBAM,
        name=f"CBAM default, {_IRON[code]} ({code}), {country}",
        functional_unit=FunctionalUnit.IRON,
        country=country,
        cn_code=code,
        value_intensity=default.value_intensity,
        year=2026,
        source=default.source,
        fallback=default.fallback,
        note=FALLBACK_NOTE if default.fallback else "",
    )


def _shown(row: Mapping[str, str], country: str) -> Baseline:
    code, value = row["cn_code"], row["total_tco2e_t"]
    place = country or _OTHER
    route = f", route {row['route_tag']}" if row["route_tag"] else ""
    return Baseline(
        code=f"cbam-2026-1740-{code}-{country or 'other'}",
        kind=BaselineKind.CBAM,
        name=f"CBAM default, {_product(row)} ({code}){route}, {place}"[:200],
        functional_unit=_unit(code),
        country=country,
        region="" if country else _OTHER,
        cn_code=code,
        value_intensity=Decimal(value) if value else None,
        year=2026,
        source=f"{CBAM_SOURCE}, CN {code}, {place}",
        reference_only=True,
        note=_note(row),
    )


def _product(row: Mapping[str, str]) -> str:
    return row["description"].split(",")[0].split(" (")[0].split(";")[0][:80].strip().lower()


def _unit(code: str) -> str:
    if code in _IRON:
        return FunctionalUnit.IRON
    return FunctionalUnit.CRUDE_STEEL if code.startswith(_STEEL_HEADINGS) else ""


def _note(row: Mapping[str, str]) -> str:
    if not row["total_tco2e_t"]:
        return _HEADING_NOTE
    if row["indirect_tco2e_t"]:
        return f"Direct {row['direct_tco2e_t']}, indirect {row['indirect_tco2e_t']} t CO2e/t."
    return "Direct emissions only."


def _scale() -> Baseline:
    return Baseline(
        code="sliding-scale-default",
        kind=BaselineKind.SLIDING_SCALE,
        name="Global sliding scale, default points (indicative)",
        functional_unit=FunctionalUnit.CRUDE_STEEL,
        region="Global",
        primary_intensity=PRIMARY_POINT.value_intensity,
        primary_scrap_share=PRIMARY_POINT.scrap_share,
        secondary_intensity=SECONDARY_POINT.value_intensity,
        secondary_scrap_share=SECONDARY_POINT.scrap_share,
        year=2024,
        source=_SCALE_SOURCE,
        indicative=True,
    )


def _references() -> Iterator[Baseline]:
    for row in _rows("reference_values.csv"):
        yield Baseline(
            code=row["code"],
            kind=BaselineKind.REFERENCE,
            name=row["name"],
            functional_unit=row["functional_unit"],
            region=row["region"],
            cn_code=row["cn_code"],
            value_intensity=Decimal(row["value_intensity"]),
            scrap_share=Decimal(row["scrap_share"]) if row["scrap_share"] else None,
            gas_basis=row["gas_basis"],
            year=int(row["year"]) if row["year"] else None,
            source=row["source"],
            indicative=row["indicative"] == "true",
            reference_only=True,
            note=row["note"],
        )


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
