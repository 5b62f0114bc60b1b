"""An edition: one version of the rulebook, with every threshold and open reading by name.

Editions are data: `editions/*.toml`, read once, validated against the fields below. A parameter's
entry carries its value, the framework's section, its unit, and where it is an open reading the
errata's id and reason. Decimals are read as written, never through a float.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

EDITIONS = Path(__file__).parent / "editions"


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
    # Baseline (4, law)
    cbam_exempt_countries: tuple[str, ...]
    # Issuance (6.1)
    verification_due_months: int
    # Retirement and vintage (8.1)
    vintage_window_months: int
    reporting_close_months: int
    # Transfer (7)
    offer_days: int
    # Claims (9)
    claim_limit: int
    claim_methods: tuple[str, ...]
    total_cap_reading: str


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
    found = [load(path) for path in sorted(EDITIONS.glob("*.toml"))]
    if not found:
        raise EditionInvalid(f"no edition in {EDITIONS}")
    found.sort(key=lambda each: each.valid_from)
    for earlier, later in zip(found, found[1:], strict=False):
        if earlier.valid_until is None or earlier.valid_until >= later.valid_from:
            raise EditionInvalid(f"{earlier.id} and {later.id} are valid on the same days")
    return tuple(found)


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
    with path.open("rb") as file:
        try:
            data = tomllib.load(file, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            raise EditionInvalid(f"{path.name}: {error}") from error
    entries: dict[str, Any] = data.get("parameters", {})
    names = Edition.parameter_names()
    if set(entries) != names:
        raise EditionInvalid(
            f"{path.name}: missing parameters {sorted(names - set(entries))}, "
            f"unknown parameters {sorted(set(entries) - names)}"
        )
    hints = get_type_hints(Readings)
    values = {name: _value(path, name, entries[name], hints[name]) for name in names}
    notes = {name: _note(entries[name]) for name in names}
    try:
        return Edition(
            id=data["id"],
            title=data["title"],
            source=data["source"],
            valid_from=data["valid_from"],
            valid_until=data.get("valid_until"),
            notes=notes,
            **values,
        )
    except KeyError as error:
        raise EditionInvalid(f"{path.name}: {error} is missing") from error


def _note(entry: Mapping[str, Any]) -> ParameterNote:
    return ParameterNote(
        section=str(entry.get("section", "")),
        unit=str(entry.get("unit", "")),
        ambiguity=str(entry.get("ambiguity", "")),
        note=str(entry.get("note", "")),
    )


def _value(path: Path, name: str, entry: Any, kind: Any) -> Any:
    where = f"{path.name}: parameters.{name}"
    if not isinstance(entry, dict) or "value" not in entry:
        raise EditionInvalid(f"{where} needs a value")
    value = entry["value"]
    if kind is Decimal:
        return _decimal(where, value)
    if kind in (bool, int, str):
        if type(value) is not kind:
            raise EditionInvalid(f"{where} must be {kind.__name__}, found {value!r}")
        if kind is int and value < 0:
            raise EditionInvalid(f"{where} must not be negative, found {value}")
        return value
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise EditionInvalid(f"{where} must be a list of words, found {value!r}")
        return tuple(value)
    if kind == Mapping[str, tuple[Decimal, Decimal]]:
        if not isinstance(value, dict):
            raise EditionInvalid(f"{where} must be a table of pairs, found {value!r}")
        return {key: _pair(f"{where}.{key}", pair) for key, pair in value.items()}
    raise EditionInvalid(f"{where} has a type the loader does not read: {kind}")


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
