"""An edition: one version of the rulebook, with every threshold and open reading by name.

Editions are data: `editions/*.toml`, read once, validated against the fields below. A parameter's
entry carries its value, the framework's section, its unit, and where it is an open reading that
reading's id and reason. Decimals are read as written, never through a float.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_type_hints

EDITIONS = Path(__file__).parent / "editions"

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


class EditionInvalid(ValueError):
    """An edition's file does not say what an edition must say; the message names file and key."""


@dataclass(frozen=True, slots=True)
class ParameterNote:
    """Where a parameter comes from. ambiguity: "AMB-1" for an open reading, else empty."""

    section: str
    unit: str
    ambiguity: str
    note: str


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
    """One version of the rulebook. valid_until is inclusive, None while it is the newest."""

    id: str
    title: str
    source: str
    valid_from: date
    valid_until: date | None
    notes: Mapping[str, ParameterNote]

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


def edition(id: str) -> Edition:
    """The edition with this id. Raises EditionInvalid."""
    for each in editions():
        if each.id == id:
            return each
    raise EditionInvalid(f"no edition has the id {id!r}")


def load(path: Path) -> Edition:
    """Read and validate one edition's file. Raises EditionInvalid, naming file and key."""
    try:
        data = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, InvalidOperation) as error:
        raise EditionInvalid(f"{path.name}: {error}") from error
    unknown = set(data) - {"id", "title", "source", "valid_from", "valid_until", "parameters"}
    if unknown:
        raise EditionInvalid(f"{path.name}: unknown keys {sorted(unknown)}")
    entries = data.get("parameters")
    if not isinstance(entries, dict):
        raise EditionInvalid(f"{path.name}: parameters must be a table")
    names = Edition.parameter_names()
    if set(entries) != names:
        raise EditionInvalid(
            f"{path.name}: missing parameters {sorted(names - set(entries))}, "
            f"unknown parameters {sorted(set(entries) - names)}"
        )
    hints = get_type_hints(Readings)
    loaded = Edition(
        id=_text(path, data, "id"),
        title=_text(path, data, "title"),
        source=_text(path, data, "source"),
        valid_from=_day(path, data, "valid_from"),
        valid_until=_day(path, data, "valid_until") if "valid_until" in data else None,
        notes={name: _note(path, name, entries[name]) for name in sorted(names)},
        **{name: _value(path, name, entries[name], hints[name]) for name in names},
    )
    faults = list(contradictions(loaded))
    if faults:
        raise EditionInvalid(f"{path.name}: " + "; ".join(faults))
    return loaded


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


def _text(path: Path, data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise EditionInvalid(f"{path.name}: {key} must be a text, found {value!r}")
    return value


def _day(path: Path, data: Mapping[str, Any], key: str) -> date:
    value = data.get(key)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise EditionInvalid(f"{path.name}: {key} must be a date, found {value!r}")
    return value


def _note(path: Path, name: str, entry: Any) -> ParameterNote:
    where = f"{path.name}: parameters.{name}"
    if not isinstance(entry, dict) or "value" not in entry:
        raise EditionInvalid(f"{where} needs a value")
    unknown = set(entry) - {"value", "section", "unit", "ambiguity", "note"}
    if unknown:
        raise EditionInvalid(f"{where} has unknown keys {sorted(unknown)}")
    texts = {key: entry.get(key, "") for key in ("section", "unit", "ambiguity", "note")}
    for key, text in texts.items():
        if not isinstance(text, str) or (key in ("section", "unit") and not text):
            raise EditionInvalid(f"{where}.{key} must be a text, found {text!r}")
    return ParameterNote(**texts)


def _value(path: Path, name: str, entry: Mapping[str, Any], kind: Any) -> Any:
    where = f"{path.name}: parameters.{name}"
    value = entry["value"]
    if kind is Decimal:
        return _decimal(where, value)
    if kind in (bool, int, str):
        if type(value) is not kind:
            raise EditionInvalid(f"{where} must be {kind.__name__}, found {value!r}")
        if kind is int and value < 0:
            raise EditionInvalid(f"{where} must not be negative, found {value}")
        return value
    if kind is date:
        return _day(path, {name: value}, name)
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise EditionInvalid(f"{where} must be a list of words, found {value!r}")
        return tuple(value)
    if kind == Mapping[str, Decimal]:
        if not isinstance(value, dict):
            raise EditionInvalid(f"{where} must be a table of numbers, found {value!r}")
        return {key: _decimal(f"{where}.{key}", number) for key, number in value.items()}
    if kind == Mapping[str, tuple[Decimal, Decimal]]:
        if not isinstance(value, dict):
            raise EditionInvalid(f"{where} must be a table of pairs, found {value!r}")
        return {key: _pair(f"{where}.{key}", pair) for key, pair in value.items()}
    if kind == Mapping[str, tuple[str, ...]]:
        if not isinstance(value, dict):
            raise EditionInvalid(f"{where} must be a table of lists, found {value!r}")
        return {key: _texts(f"{where}.{key}", texts) for key, texts in value.items()}
    raise EditionInvalid(f"{where} has a type the loader does not read: {kind}")


def _texts(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise EditionInvalid(f"{where} must be a list of texts, found {value!r}")
    return tuple(value)


def _pair(where: str, value: Any) -> tuple[Decimal, Decimal]:
    if not isinstance(value, list) or len(value) != 2:
        raise EditionInvalid(f"{where} must be a pair, found {value!r}")
    return _decimal(where, value[0]), _decimal(where, value[1])


def _decimal(where: str, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise EditionInvalid(f"{where} must be a number, found {value!r}")
    number = Decimal(value)
    if not number.is_finite() or number < 0:
        raise EditionInvalid(f"{where} must be finite and not negative, found {value}")
    return number
