"""What lists can be narrowed by. A value that is none of the choices is an error."""

from typing import Any

import django_filters

from registry.api.choices import (
    FUNCTIONAL_UNITS,
    HOLDING_STATES,
    PRODUCTION_STATES,
    TRANSFER_STATES,
    VERIFICATION_STATES,
)


def _one_of(values: list[str], **options: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(choices=[(each, each) for each in values], **options)


class IssuanceFilter(django_filters.FilterSet):
    functional_unit = _one_of(FUNCTIONAL_UNITS)
    country = django_filters.CharFilter(max_length=2)
    product = django_filters.CharFilter(max_length=30)
    producer = django_filters.CharFilter(
        field_name="producer__name", lookup_expr="icontains", max_length=200
    )
    site = django_filters.CharFilter(field_name="site__code", max_length=12)


class RetirementFilter(django_filters.FilterSet):
    organisation = django_filters.CharFilter(
        field_name="organisation__name", lookup_expr="icontains", max_length=200
    )
    beneficiary = django_filters.CharFilter(lookup_expr="icontains", max_length=200)


class ProductionFilter(django_filters.FilterSet):
    state = _one_of(PRODUCTION_STATES)


class VerificationFilter(django_filters.FilterSet):
    state = _one_of(VERIFICATION_STATES)


class TransferFilter(django_filters.FilterSet):
    state = _one_of(TRANSFER_STATES)


class HoldingFilter(django_filters.FilterSet):
    state = _one_of(HOLDING_STATES)
    functional_unit = _one_of(FUNCTIONAL_UNITS, field_name="issuance__functional_unit")
    issuance = django_filters.CharFilter(field_name="issuance__code", max_length=12)
