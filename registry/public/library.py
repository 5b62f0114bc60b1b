"""The baseline library for everybody: filtered, with source, year and gas basis; CSV and JSON."""

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.ui.forms import FilterForm
from registry import words
from registry.models import Baseline
from registry.models.baseline import KIND_LABELS
from registry.public.exports import Columns, export
from registry.public.filters import Search, chosen
from registry.public.views import list_context

BASELINE, REFERENCE = "baseline", "reference"


def public_baselines() -> QuerySet[Baseline]:
    """The library without producers' own entries, by name."""
    return Baseline.objects.filter(organisation__isnull=True).order_by("name", "id")


def _countries() -> list[tuple[str, str]]:
    rows = public_baselines().exclude(country="").order_by("country")
    codes = rows.values_list("country", flat=True).distinct()
    return sorted(((code, words.country_name(code)) for code in codes), key=lambda pair: pair[1])


def _cn_codes() -> list[tuple[str, str]]:
    rows = public_baselines().exclude(cn_code="").order_by("cn_code")
    return [(code, code) for code in rows.values_list("cn_code", flat=True).distinct()]


class BaselineFilter(Search):
    kind = chosen("Kind", [(kind.value, label) for kind, label in KIND_LABELS.items()])
    use = chosen(
        "Use",
        [(BASELINE, "may be taken as a baseline"), (REFERENCE, "for reference only")],
        method="of_use",
    )
    country = chosen("Country", _countries)
    cn_code = chosen("CN code", _cn_codes)
    functional_unit = chosen("Unit", [(u.value, n) for u, n in words.UNIT_NAMES.items()])
    fallback = django_filters.ChoiceFilter(
        label="CBAM value",
        choices=[("true", "of other countries (fallback)"), ("false", "the country's own")],
        empty_label="Any",
        method="of_fallback",
    )

    class Meta:
        model = Baseline
        form = FilterForm
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip()
        named = [code for code, name in words.countries() if text.lower() in name.lower()]
        return rows.filter(
            Q(name__icontains=text) | Q(source__icontains=text) | Q(country__in=named)
        )

    def of_use(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(reference_only=value == REFERENCE)

    def of_fallback(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(kind="cbam", fallback=value == "true")


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


COLUMNS: Columns = {
    "code": lambda row: row.code,
    "name": lambda row: row.name,
    "kind": lambda row: row.kind,
    "functional_unit": lambda row: row.functional_unit,
    "country": lambda row: row.country,
    "region": lambda row: row.region,
    "cn_code": lambda row: row.cn_code,
    "value_intensity": lambda row: _text(row.value_intensity),
    "scrap_share": lambda row: _text(row.scrap_share),
    "primary_intensity": lambda row: _text(row.primary_intensity),
    "primary_scrap_share": lambda row: _text(row.primary_scrap_share),
    "secondary_intensity": lambda row: _text(row.secondary_intensity),
    "secondary_scrap_share": lambda row: _text(row.secondary_scrap_share),
    "gas_basis": lambda row: row.gas_basis,
    "year": lambda row: row.year,
    "source": lambda row: row.source,
    "fallback": lambda row: row.fallback,
    "indicative": lambda row: row.indicative,
    "reference_only": lambda row: row.reference_only,
    "note": lambda row: row.note,
}


@access(Access.PUBLIC)
@require_safe
def baselines(request: HttpRequest) -> HttpResponse:
    found = BaselineFilter(request.GET, queryset=public_baselines())
    context = list_context(request, found, "public:baselines_export")
    return render(request, "public/baselines.html", context)


@access(Access.PUBLIC)
@require_safe
def baselines_export(request: HttpRequest, form: str) -> HttpResponseBase:
    found = BaselineFilter(request.GET, queryset=public_baselines())
    return export(found, form, "baselines", COLUMNS)
