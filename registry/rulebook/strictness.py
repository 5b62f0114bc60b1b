"""Which way each parameter of an edition demands more, as data.

A stricter edition never lets more through: a test draws editions and cases by this table.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from registry.rulebook.edition import LEVELS, Edition


class Demand(StrEnum):
    """How another value of a parameter compares with the first."""

    SAME = "the same"
    STRICTER = "stricter"
    LOOSER = "looser"
    OTHER = "different"


class Way(StrEnum):
    """Which change of a value demands more of a case."""

    LOWER = "a lower value"
    HIGHER = "a higher value"
    FEWER = "a shorter list"
    MORE = "a longer list"


WAYS: Mapping[str, Way] = {
    "iron_products": Way.FEWER,
    "steel_products": Way.FEWER,
    "iron_fe_min_share": Way.HIGHER,
    "iron_limit_intensity": Way.LOWER,
    "iron_preferred_intensity": Way.LOWER,
    "steel_levels": Way.LOWER,
    "bf_bof_routes": Way.MORE,
    "advanced_economies": Way.MORE,
    "bf_bof_last_year_advanced": Way.LOWER,
    "bf_bof_last_year_global": Way.LOWER,
    "new_bf_bof_from": Way.LOWER,
    "capture_min_share": Way.HIGHER,
    "co2_leakage_max_share": Way.LOWER,
    "biomass_eligible": Way.FEWER,
    "biomass_refused": Way.MORE,
    "methane_max_share": Way.LOWER,
    "label_capture_share": Way.HIGHER,
    "label_reduction_share": Way.HIGHER,
    "label_heat_share": Way.HIGHER,
    "label_electricity_share": Way.HIGHER,
    "cbam_exempt_countries": Way.MORE,
    "iron_baseline_kinds": Way.FEWER,
    "cbam_boundary_differences": Way.MORE,
    "lca_average_kinds": Way.MORE,
    "scrap_gap_share": Way.LOWER,
    "native_schemes": Way.FEWER,
    "steel_boundary": Way.MORE,
    "iron_boundary": Way.MORE,
    "activity_data_months": Way.HIGHER,
    "integrated_routes": Way.MORE,
    "auditor_scopes": Way.MORE,
    "history_long_months": Way.LOWER,
    "responsiblesteel_marks": Way.MORE,
    "verification_due_months": Way.LOWER,
    "issuance_record_fields": Way.MORE,
    "vintage_window_months": Way.LOWER,
    "reporting_close_months": Way.LOWER,
    "policy_delay_days": Way.HIGHER,
    "frequent_transfers": Way.LOWER,
    "frequent_sales": Way.LOWER,
    "frequency_months": Way.HIGHER,
    "claim_limit": Way.LOWER,
    "claim_methods": Way.FEWER,
    "epd_update_days": Way.LOWER,
    "epd_rounding_intensity": Way.LOWER,
}
"""A number, date or list, by which change of it demands more."""

ORDERS: Mapping[str, tuple[object, ...]] = {
    "iron_fe_basis": ("total", "metallic"),
    "intermediary_may_retire": (True, False),
    "end_user_may_transfer": (True, False),
    "integrated_producer_iron": ("own_issue_only", "no_transfer"),
    "steel_limit_level": LEVELS,
    "preferred_level": LEVELS,
    "ccu_counts_as_storage": (True, False),
    "methane_limit_modality": ("should", "shall"),
    # A tenth of a share is never more than ten points.
    "scrap_gap_basis": ("percentage_points", "relative"),
    "provisional_issuance": ("long_term_offtake", "never"),
    "provisional_may_retire": (True, False),
    "co_claim_terms_required": (False, True),
}
"""A word, or yes and no: from the loosest to the strictest."""

NO_WAY: Mapping[str, str] = {
    "metallic_fractions": "what a metal is taken to hold",
    "steel_boundary_end": "where a boundary ends",
    "iron_boundary_end": "where a boundary ends",
    "history_short_months": "tells two pathways apart of which neither asks for all of the other",
    "retirement_cooling_off_hours": "how long a mistake can be taken back",
    "offer_days": "how long an offer waits",
    "transfer_calendar": "which days count",
    "value_chain_layers": "the names of the layers",
    "co_claim_days": "how long a co-claim waits",
    "total_cap_reading": "has one reading",
}
"""Parameters of which no value demands more than another, each with what it is instead."""


def demand(parameter: str, before: object, after: object) -> Demand:
    """Whether a parameter's other value demands more, less, or something else."""
    if before == after:
        return Demand.SAME
    order = ORDERS.get(parameter)
    if order is not None:
        return _by(order.index(before) < order.index(after), True)
    way = WAYS.get(parameter)
    if way is None:
        return Demand.OTHER
    return _by(_holds(way, before, after), _holds(way, after, before))


def is_stricter(before: Edition, after: Edition) -> bool:
    """Whether every parameter that differs demands more in the second."""
    found = {
        demand(name, getattr(before, name), getattr(after, name))
        for name in Edition.parameter_names()
    }
    return found <= {Demand.SAME, Demand.STRICTER} and Demand.STRICTER in found


def _by(is_stricter: bool, is_comparable: bool) -> Demand:
    if is_stricter:
        return Demand.STRICTER
    return Demand.LOOSER if is_comparable else Demand.OTHER


def _holds(way: Way, before: Any, after: Any) -> bool:
    """Whether `after` demands at least what `before` does, under this way."""
    if isinstance(before, Mapping):
        if set(before) != set(after):
            return False
        return all(_at_least[way](_ends(before[key]), _ends(after[key])) for key in before)
    return _at_least[way]((before,), (after,))


def _ends(value: tuple[Decimal, Decimal]) -> tuple[Any, ...]:
    """A level's limits without scrap and with scrap alone: ordered at both, ordered between."""
    base, gradient = value
    return base, base - gradient


_at_least: Mapping[Way, Callable[[tuple[Any, ...], tuple[Any, ...]], bool]] = {
    Way.LOWER: lambda one, other: all(b <= a for a, b in zip(one, other, strict=True)),
    Way.HIGHER: lambda one, other: all(b >= a for a, b in zip(one, other, strict=True)),
    Way.FEWER: lambda one, other: set(other[0]) <= set(one[0]),
    Way.MORE: lambda one, other: set(other[0]) >= set(one[0]),
}
