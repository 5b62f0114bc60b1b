"""An edition: one version of the rulebook, with every threshold and open reading by name.

Editions are data: `editions/*.toml`, read once, validated against the fields below. A parameter's
entry carries its value, the framework's section, its unit, and where it is an open reading that
reading's id and reason. Decimals are read as written, never through a float.

`editions/illustrative/*.toml` are made up, to compare with and to judge under as a dry run. Each
says only where it differs from the edition it is based on, and none is ever in force.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_type_hints

from registry.rulebook.edition_values import (
    EditionInvalid,
    ParameterNote,
    day_of,
    note_of,
    text_of,
    value_of,
)

__all__ = ["EditionInvalid", "ParameterNote"]

EDITIONS = Path(__file__).parent / "editions"
ILLUSTRATIONS = EDITIONS / "illustrative"

LEVELS = ("DPL1", "DPL2", "DPL3", "DPL4")
"""The decarbonisation progress levels, loosest first (App. E)."""

KNOWN_WORDS: Mapping[str, tuple[str, ...]] = {
    "iron_fe_basis": ("metallic", "total"),
    "integrated_producer_iron": ("own_issue_only", "no_transfer"),
    "total_cap_reading": ("total",),
    "transfer_calendar": ("TARGET",),
    "scrap_gap_basis": ("percentage_points", "relative"),
    "methane_limit_modality": ("shall", "should"),
    "provisional_issuance": ("long_term_offtake", "never"),
}
"""The readings that have a name, for the parameters whose value is one of several words."""

MAY_BE_EMPTY = ("cbam_exempt_countries", "auditor_scopes", "responsiblesteel_marks")
"""The lists that may hold nothing."""


@dataclass(frozen=True, slots=True)
class Readings:
    """The named parameters. Intensities in t CO2e/t, shares 0…1, both Decimal."""

    # Unit and scope (2.2, 3.1)
    iron_products: tuple[str, ...]
    steel_products: tuple[str, ...]
    iron_fe_min_share: Decimal
    iron_fe_basis: str
    # Roles (2.3, 9.1)
    intermediary_may_retire: bool
    end_user_may_transfer: bool
    integrated_producer_iron: str
    # Thresholds (3.1, App. E): level -> (value at 0 % scrap, gradient)
    iron_limit_intensity: Decimal
    iron_preferred_intensity: Decimal
    steel_levels: Mapping[str, tuple[Decimal, Decimal]]
    steel_limit_level: str
    preferred_level: str
    # Route criteria (3.2)
    bf_bof_routes: tuple[str, ...]
    advanced_economies: tuple[str, ...]
    bf_bof_last_year_advanced: int
    bf_bof_last_year_global: int
    new_bf_bof_from: date
    capture_min_share: Decimal
    ccu_counts_as_storage: bool
    co2_leakage_max_share: Decimal
    biomass_eligible: tuple[str, ...]
    biomass_refused: tuple[str, ...]
    methane_max_share: Decimal
    methane_limit_modality: str
    # Abatement labels (App. F): each is exceeded, not met
    label_capture_share: Decimal
    label_reduction_share: Decimal
    label_heat_share: Decimal
    label_electricity_share: Decimal
    # Baseline (4, law)
    cbam_exempt_countries: tuple[str, ...]
    iron_baseline_kinds: tuple[str, ...]
    cbam_boundary_differences: tuple[str, ...]
    lca_average_kinds: tuple[str, ...]
    scrap_gap_share: Decimal
    scrap_gap_basis: str
    # Measurement (5)
    native_schemes: tuple[str, ...]
    metallic_fractions: Mapping[str, Decimal]
    steel_boundary: tuple[str, ...]
    steel_boundary_end: str
    iron_boundary: tuple[str, ...]
    iron_boundary_end: str
    activity_data_months: int
    integrated_routes: tuple[str, ...]
    # Verification (5.3)
    auditor_scopes: tuple[str, ...]
    history_short_months: int
    history_long_months: int
    responsiblesteel_marks: tuple[str, ...]
    # Issuance (6)
    provisional_issuance: str
    verification_due_months: int
    issuance_record_fields: tuple[str, ...]
    # Retirement and vintage (8.1)
    provisional_may_retire: bool
    retirement_cooling_off_hours: int
    vintage_window_months: int
    reporting_close_months: int
    # Transfer (7)
    offer_days: int
    transfer_calendar: str
    policy_delay_days: int
    frequent_transfers: int
    frequent_sales: int
    frequency_months: int
    # Claims (9)
    claim_limit: int
    value_chain_layers: Mapping[str, tuple[str, ...]]
    co_claim_days: int
    co_claim_terms_required: bool
    claim_methods: tuple[str, ...]
    total_cap_reading: str
    # Physical recipients (10.1)
    epd_update_days: int
    epd_rounding_intensity: Decimal


@dataclass(frozen=True, slots=True)
class Edition(Readings):
    """One version of the rulebook. valid_until is inclusive, None while it is the newest.

    is_illustrative: made up for comparison, never in force, whatever its dates.
    """

    id: str
    title: str
    source: str
    valid_from: date
    valid_until: date | None
    notes: Mapping[str, ParameterNote]
    is_illustrative: bool = False

    @classmethod
    def parameter_names(cls) -> frozenset[str]:
        return frozenset(each.name for each in fields(Readings))


@cache
def editions() -> tuple[Edition, ...]:
    """Every edition in the repository, oldest first. Raises EditionInvalid."""
    return in_order([load(path) for path in sorted(EDITIONS.glob("*.toml"))])


def in_order(found: Iterable[Edition]) -> tuple[Edition, ...]:
    """Editions oldest first. Raises EditionInvalid: none, an id twice, or two on the same day."""
    ordered = sorted(found, key=lambda each: each.valid_from)
    if not ordered:
        raise EditionInvalid(f"no edition in {EDITIONS}")
    if len({each.id for each in ordered}) < len(ordered):
        raise EditionInvalid(f"an id is used twice: {[each.id for each in ordered]}")
    for earlier, later in pairwise(ordered):
        if earlier.valid_until is None or earlier.valid_until >= later.valid_from:
            raise EditionInvalid(f"{earlier.id} and {later.id} are valid on the same days")
    return tuple(ordered)


def edition_on(on: date) -> Edition:
    """The edition in force on a date. Raises EditionInvalid when none is."""
    for each in editions():
        if each.valid_from <= on and (each.valid_until is None or on <= each.valid_until):
            return each
    raise EditionInvalid(f"no edition is in force on {on.isoformat()}")


@cache
def every_edition() -> tuple[Edition, ...]:
    """Those in force at some time, oldest first, then the illustrative. Raises EditionInvalid."""
    made_up = [load(path) for path in sorted(ILLUSTRATIONS.glob("*.toml"))]
    known = {each.id for each in editions()}
    for each in made_up:
        if not each.is_illustrative or each.id in known:
            raise EditionInvalid(f"{each.id}: an illustrative edition says so, and has its own id")
        known.add(each.id)
    return (*editions(), *made_up)


def edition(id: str) -> Edition:
    """The edition with this id, illustrative ones included. Raises EditionInvalid."""
    for each in every_edition():
        if each.id == id:
            return each
    raise EditionInvalid(f"no edition has the id {id!r}")


_KEYS = ("id", "title", "source", "valid_from", "valid_until", "parameters", "based_on")


def load(path: Path) -> Edition:
    """Read and validate one edition's file. Raises EditionInvalid, naming file and key."""
    try:
        data = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, InvalidOperation) as error:
        raise EditionInvalid(f"{path.name}: {error}") from error
    unknown = set(data) - set(_KEYS)
    if unknown:
        raise EditionInvalid(f"{path.name}: unknown keys {sorted(unknown)}")
    base = _base(path, data)
    entries = data.get("parameters")
    if not isinstance(entries, dict):
        raise EditionInvalid(f"{path.name}: parameters must be a table")
    names = Edition.parameter_names()
    missing = set() if base else names - set(entries)
    if missing or set(entries) - names:
        raise EditionInvalid(
            f"{path.name}: missing parameters {sorted(missing)}, "
            f"unknown parameters {sorted(set(entries) - names)}"
        )
    loaded = Edition(
        id=text_of(path, data, "id"),
        title=text_of(path, data, "title"),
        source=text_of(path, data, "source"),
        valid_from=day_of(path, data, "valid_from"),
        valid_until=day_of(path, data, "valid_until") if "valid_until" in data else None,
        is_illustrative=base is not None,
        **_parameters(path, entries, base),
    )
    faults = list(contradictions(loaded))
    if faults:
        raise EditionInvalid(f"{path.name}: " + "; ".join(faults))
    return loaded


def _base(path: Path, data: Mapping[str, Any]) -> Edition | None:
    """The edition that an illustrative one changes, None for one that stands by itself."""
    if "based_on" not in data:
        return None
    id = text_of(path, data, "based_on")
    for each in editions():
        if each.id == id:
            return each
    raise EditionInvalid(f"{path.name}: based_on names no edition of the framework, found {id!r}")


def _parameters(path: Path, entries: Mapping[str, Any], base: Edition | None) -> dict[str, Any]:
    """Every parameter's value by name, and the notes; what the file leaves out is the base's."""
    hints = get_type_hints(Readings)
    values: dict[str, Any] = {}
    notes: dict[str, ParameterNote] = {}
    for name in sorted(hints):
        if base is not None and name not in entries:
            values[name], notes[name] = getattr(base, name), base.notes[name]
            continue
        entry = entries[name]
        if base is not None and isinstance(entry, dict):
            entry = {**asdict(base.notes[name]), **entry}
        notes[name] = note_of(path, name, entry)
        values[name] = value_of(path, name, entry, hints[name])
    return {**values, "notes": notes}


def contradictions(edition: Edition) -> Iterator[str]:
    """What an edition says that cannot be meant, one sentence each."""
    if edition.valid_until is not None and edition.valid_until < edition.valid_from:
        yield "valid_until lies before valid_from"
    for name in Edition.parameter_names():
        if name.endswith("_share") and getattr(edition, name) > 1:
            yield f"{name} is a share, found {getattr(edition, name)}"
    yield from _route_contradictions(edition)
    if edition.iron_preferred_intensity > edition.iron_limit_intensity:
        yield "iron_preferred_intensity lies above iron_limit_intensity"
    for name, known in KNOWN_WORDS.items():
        if getattr(edition, name) not in known:
            yield f"{name} is one of {', '.join(known)}, found {getattr(edition, name)!r}"
    yield from _level_contradictions(edition)
    for chain, layers in edition.value_chain_layers.items():
        if not chain or len(layers) < 2 or not layers[0]:
            yield f"value_chain_layers.{chain} names its layers from the first, at least two"
    for kind, fraction in edition.metallic_fractions.items():
        if fraction > 1:
            yield f"metallic_fractions.{kind} is a share, found {fraction}"
    if edition.history_long_months < edition.history_short_months:
        yield "history_long_months lies below history_short_months"
    for name in (
        "activity_data_months",
        "verification_due_months",
        "history_short_months",
        "vintage_window_months",
        "reporting_close_months",
        "retirement_cooling_off_hours",
        "offer_days",
        "frequency_months",
        "claim_limit",
        "co_claim_days",
        "epd_update_days",
    ):
        if getattr(edition, name) < 1:
            yield f"{name} must be 1 or more, found {getattr(edition, name)}"
    for name, kind in get_type_hints(Readings).items():
        words = getattr(edition, name)
        if kind == tuple[str, ...] and (not all(words) or len(set(words)) < len(words)):
            yield f"{name} has an empty word or one word twice"
        if kind == tuple[str, ...] and name not in MAY_BE_EMPTY and not words:
            yield f"{name} is empty"
    for name in ("cbam_exempt_countries", "advanced_economies"):
        for country in getattr(edition, name):
            if not (len(country) == 2 and country.isascii() and country.isupper()):
                yield f"{name} holds ISO alpha-2 codes, found {country!r}"


def _route_contradictions(edition: Edition) -> Iterator[str]:
    if edition.bf_bof_last_year_advanced > edition.bf_bof_last_year_global:
        yield "bf_bof_last_year_advanced lies after bf_bof_last_year_global"
    both = sorted(set(edition.biomass_eligible) & set(edition.biomass_refused))
    if both:
        yield f"biomass is eligible and refused at once: {', '.join(both)}"


def _level_contradictions(edition: Edition) -> Iterator[str]:
    if set(edition.steel_levels) != set(LEVELS):
        yield f"steel_levels names {', '.join(LEVELS)}, found {sorted(edition.steel_levels)}"
        return
    for level, (base, gradient) in edition.steel_levels.items():
        if gradient > base:
            yield f"steel_levels.{level} is negative at full scrap"
    for looser, stricter in pairwise(edition.steel_levels[level] for level in LEVELS):
        # Two straight lines: ordered at both ends, they are ordered everywhere between.
        if stricter[0] > looser[0] or stricter[0] - stricter[1] > looser[0] - looser[1]:
            yield "steel_levels must not rise from one level to the next"
    for name in ("steel_limit_level", "preferred_level"):
        if getattr(edition, name) not in LEVELS:
            yield f"{name} is one of {', '.join(LEVELS)}, found {getattr(edition, name)!r}"
            return
    if edition.preferred_level <= edition.steel_limit_level:
        yield "preferred_level must be stricter than steel_limit_level"
