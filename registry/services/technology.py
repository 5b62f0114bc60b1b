"""A site's technology from a day on (3.2, App. F): a new description, never a changed one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from accounts.models import User
from accounts.permissions import require_initiator
from registry.errors import BadInput
from registry.models import (
    CapturedFraction,
    CapturePoint,
    Feedstock,
    Production,
    ProductionTechnology,
    Site,
    SiteTechnology,
)
from registry.rulebook import facts
from registry.rulebook.facts import TechnologyFacts
from registry.services.baseline_facts import short
from registry.services.readings import require_producer
from registry.services.requests import once, retrying
from registry.services.shape import faults_of, only, save_clean

TECHNOLOGY_FIELDS = (
    "valid_from",
    "natural_gas_used",
    "methane_leakage_share",
    "methane_source",
    "hydrogen_reduction_share",
    "hydrogen_heat_share",
    "renewable_electricity_share",
    "renewable_supply",
    "bioenergy_reduction_share",
    "bioenergy_heat_share",
    "biomass_verification",
    "storage_operational_on",
    "storage_contracted_on",
    "leakage_detection",
    "co2_leaked_share",
    "labels",
    "details",
)
# The rows of a description: the name in requests, which is the name they are related by.
ROWS: Mapping[str, tuple[type[Model], tuple[str, ...]]] = {
    "capture_points": (CapturePoint, ("name", "emissions", "captured_share")),
    "captured": (
        CapturedFraction,
        ("destination", "share", "lowers_intensity", "monitoring", "liability"),
    ),
    "feedstocks": (Feedstock, ("name", "kind", "origin")),
}
MOST_ROWS = 50


@retrying
def describe_technology(
    *, by: User, now: datetime, key: str, site: Site, values: Mapping[str, Any]
) -> SiteTechnology:
    """Describe a site from a day on. values: keys of TECHNOLOGY_FIELDS, and of ROWS as lists.

    It takes over from every earlier description that would begin on that day or later, so one
    given by mistake is put right by a new one. Raises NotVisible, Refused, BadInput; the name of
    a row's field is "feedstocks.0.kind".
    """
    require_initiator(by, site.organisation)
    require_producer(site.organisation, now.date())
    chosen = only((*TECHNOLOGY_FIELDS, *ROWS), values)
    with once(
        by=by, key=key, kind="technology", now=now, input={"site": site.pk, **chosen}
    ) as request:
        if request.is_repeat:
            return SiteTechnology.objects.get(pk=request.answer["technology"])
        given = {name: value for name, value in chosen.items() if name not in ROWS}
        technology = SiteTechnology(site=site, recorded_at=now, recorded_by=by, **given)
        rows = _rows(technology, chosen)
        save_clean(technology, **_faults(technology), **_row_faults(rows))
        for name, some in rows.items():
            ROWS[name][0]._default_manager.bulk_create(some)
        request.answer = {"technology": str(technology.pk)}
        return technology


def technologies_of(site: Site) -> QuerySet[SiteTechnology]:
    """Every description of a site with its rows, in the order they were given."""
    rows = [
        Prefetch(name, queryset=model._default_manager.order_by("pk"))
        for name, (model, _fields) in ROWS.items()
    ]
    return site.technologies.prefetch_related(*rows).order_by("recorded_at", "pk")


def in_force(described: Iterable[SiteTechnology]) -> list[SiteTechnology]:
    """Those that hold, by their first day: each takes over from what would begin later.

    described: in the order they were given.
    """
    standing: list[SiteTechnology] = []
    for each in described:
        standing = [other for other in standing if other.valid_from < each.valid_from]
        standing.append(each)
    return standing


def technology_for(
    described: Sequence[SiteTechnology], start: date, end: date
) -> tuple[SiteTechnology | None, date | None]:
    """The one that holds on the first day of a period, and the day inside it on which it ends."""
    standing = in_force(described)
    at_start = [each for each in standing if each.valid_from <= start]
    inside = [each.valid_from for each in standing if start < each.valid_from <= end]
    return (at_start[-1] if at_start else None), (inside[0] if inside else None)


def technology_of(production: Production) -> tuple[SiteTechnology | None, date | None]:
    """What an application is judged by: what it was handed in with, else what holds today."""
    if production.state not in _OPEN:
        kept = ProductionTechnology.objects.filter(production=production).first()
        if kept is not None:
            return technologies_of(production.site).get(pk=kept.technology_id), None
    start, end = production.period_start, production.period_end
    if start is None or end is None:
        return None, None
    return technology_for(list(technologies_of(production.site)), start, end)


def keep_technology(production: Production) -> None:
    """Remember what an application is handed in with."""
    technology, _changed_on = technology_of(production)
    if technology is not None:
        ProductionTechnology.objects.update_or_create(
            production=production, defaults={"technology": technology}
        )


def technology_facts(production: Production) -> TechnologyFacts | None:
    """A production's technology as the rules see it, None where none is described."""
    technology, changed_on = technology_of(production)
    return None if technology is None else facts_of(technology, changed_on=changed_on)


def facts_of(technology: SiteTechnology, *, changed_on: date | None = None) -> TechnologyFacts:
    """One description as facts; its rows are read from `technologies_of`."""
    points: Any = technology.capture_points.all()
    fractions: Any = technology.captured.all()
    feedstocks: Any = technology.feedstocks.all()
    return TechnologyFacts(
        changed_on=changed_on,
        capture_points=tuple(
            facts.CapturePoint(each.name, short(each.emissions), short(each.captured_share))
            for each in points
        ),
        captured=tuple(
            facts.CapturedFraction(
                destination=each.destination,
                share=short(each.share),
                lowers_intensity=each.lowers_intensity,
                monitoring=each.monitoring,
                liability=each.liability,
            )
            for each in fractions
        ),
        feedstocks=tuple(facts.Feedstock(each.name, each.kind, each.origin) for each in feedstocks),
        **scalar_facts(technology),
    )


def scalar_facts(technology: SiteTechnology) -> dict[str, Any]:
    """The facts that stand on the record itself."""
    names = set(TechnologyFacts.__slots__) - {"changed_on", "labels", *ROWS}
    return {
        **{name: _plain(getattr(technology, name)) for name in names},
        "labels": tuple(technology.labels),
    }


def _rows(technology: SiteTechnology, values: Mapping[str, Any]) -> dict[str, list[Model]]:
    found: dict[str, list[Model]] = {}
    errors: dict[str, list[str]] = {}
    for name, (model, fields) in ROWS.items():
        given = values.get(name) or []
        if len(given) > MOST_ROWS:
            errors[name] = [f"Give at most {MOST_ROWS}; found {len(given)}."]
            continue
        for number, row in enumerate(given):
            for unknown in sorted(set(row) - set(fields)):
                errors[f"{name}.{number}.{unknown}"] = ["There is no such field."]
        found[name] = [
            model(technology=technology, **{field: row[field] for field in fields if field in row})
            for row in given
        ]
    if errors:
        raise BadInput(errors)
    return found


def _row_faults(rows: Mapping[str, list[Model]]) -> dict[str, list[str]]:
    return {
        f"{name}.{number}.{field}": texts
        for name, some in rows.items()
        for number, row in enumerate(some)
        for field, texts in faults_of(row, without=("technology",)).items()
    }


def _faults(technology: SiteTechnology) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if len(set(technology.labels)) < len(technology.labels):
        errors["labels"] = ["Name each label once."]
    operates, contracted = technology.storage_operational_on, technology.storage_contracted_on
    if operates is not None and contracted is not None and operates < contracted:
        errors["storage_operational_on"] = [
            f"Transport and storage are contracted on {contracted}; they operate then or after."
        ]
    return errors


def _plain(value: Any) -> Any:
    return short(value) if hasattr(value, "normalize") else value


_OPEN = ("draft", "returned")
