"""One value of an edition's file: read as written, validated, refused with file and key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any


class EditionInvalid(ValueError):
    """An edition's file does not say what an edition must say; the message names file and key."""


@dataclass(frozen=True, slots=True)
class ParameterNote:
    """Where a parameter comes from. ambiguity: "AMB-1" for an open reading, else empty."""

    section: str
    unit: str
    ambiguity: str
    note: str


def text_of(path: Path, data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise EditionInvalid(f"{path.name}: {key} must be a text, found {value!r}")
    return value


def day_of(path: Path, data: Mapping[str, Any], key: str) -> date:
    value = data.get(key)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise EditionInvalid(f"{path.name}: {key} must be a date, found {value!r}")
    return value


def note_of(path: Path, name: str, entry: Any) -> ParameterNote:
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


def value_of(path: Path, name: str, entry: Mapping[str, Any], kind: Any) -> Any:
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
        return day_of(path, {name: value}, name)
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
