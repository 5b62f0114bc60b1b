"""What the public lists can be searched and narrowed by. All optional; shape is checked here."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.ui.forms import FilterForm
from registry import words
from registry.models import Holding, Issuance, Retirement, RetirementLine
from registry.models.ledger import HoldingState
from registry.public.queries import countries_of_issuances, vintage_years
from registry.rulebook.edition import LEVELS, editions

_YEARS = {"min_value": 1990, "max_value": 2100}
PREFERRED = "preferred"


def _countries() -> list[tuple[str, str]]:
    named = [(code, words.country_name(code)) for code in countries_of_issuances()]
    return sorted(named, key=lambda pair: pair[1])


def _products() -> list[tuple[str, str]]:
    products = editions()[-1].iron_products + editions()[-1].steel_products
    return [(product, words.product_name(product)) for product in products]


def _years() -> list[tuple[str, str]]:
    return [(str(year), str(year)) for year in vintage_years()]


def chosen(label: str, choices: Any, **options: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, choices=choices, empty_label="Any", **options)


class Search(django_filters.FilterSet):
    """A list's filters; q searches names and codes."""

    q = django_filters.CharFilter(
        method="search", label="Search", widget=forms.TextInput(attrs={"type": "search"})
    )

    @property
    def is_narrowed(self) -> bool:
        return any(self.form[name].data for name in self.form.fields)

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        raise NotImplementedError


class IssuanceFilter(Search):
    producer = django_filters.CharFilter(
        field_name="producer__name", lookup_expr="icontains", label="Producer"
    )
    country = chosen("Country", _countries)
    functional_unit = chosen("Unit", [(u.value, n) for u, n in words.UNIT_NAMES.items()])
    product = chosen("Product", _products)
    vintage = chosen("Vintage year", _years, method="of_vintage")
    level = chosen(
        "Level reached",
        [*((level, f"{level} or better") for level in LEVELS), (PREFERRED, "SSBP-preferred")],
        method="of_level",
    )
    state = chosen("Units that are", HoldingState.choices, method="with_units")

    class Meta:
        model = Issuance
        form = FilterForm
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip()
        return rows.filter(
            Q(code__iexact=text)
            | Q(producer__name__icontains=text)
            | Q(site__name__icontains=text)
            | Q(site__code__iexact=text)
        )

    def of_vintage(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        year = int(value)
        return rows.filter(vintage_start__year__lte=year, vintage_end__year__gte=year)

    def of_level(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == PREFERRED:
            return rows.filter(is_preferred=True)
        return rows.filter(level__in=LEVELS[LEVELS.index(value) :])

    def with_units(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        held = Holding.objects.filter(issuance=OuterRef("pk"), state=value)
        return rows.filter(Exists(held))


class RetirementFilter(Search):
    entity = django_filters.CharFilter(
        field_name="organisation__name", lookup_expr="icontains", label="Retired by"
    )
    year = django_filters.NumberFilter(
        field_name="retired_on",
        lookup_expr="year",
        label="Year of retirement",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "5"}),
        **_YEARS,
    )
    country = chosen("Country of production", _countries, method="of_issuance")
    functional_unit = chosen(
        "Unit", [(u.value, n) for u, n in words.UNIT_NAMES.items()], method="of_issuance"
    )
    product = chosen("Product", _products, method="of_issuance")
    issuance = django_filters.CharFilter(method="of_issuance", label="Issuance code")

    class Meta:
        model = Retirement
        form = FilterForm
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip()
        return rows.filter(
            Q(code__iexact=text)
            | Q(organisation__name__icontains=text)
            | Q(beneficiary__icontains=text)
            | Q(purpose__icontains=text)
        )

    def of_issuance(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        field = "code__iexact" if name == "issuance" else name
        lines = RetirementLine.objects.filter(
            retirement=OuterRef("pk"), **{f"issuance__{field}": value.strip()}
        )
        return rows.filter(Exists(lines))
