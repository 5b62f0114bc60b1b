"""Facts to JSON-ready values and back, strictly: the document's inputs are the facts themselves.

Decimals are plain decimal strings, dates ISO strings, quantities integers, tuples lists.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from claims.accounting.numbers import LARGEST, MOST_DIGITS, text

T = TypeVar("T")


class DocumentInvalid(ValueError):
    """A document cannot be read; the message names the place in it."""


def encode(value: Any) -> Any:
    """A fact, or anything facts are made of, as JSON-ready values. Raises ValueError."""
    known = _AT_ONCE.get(type(value))
    if known is not None:
        return known(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [encode(each) for each in value]
    if is_dataclass(value):
        return {name: encode(getattr(value, name)) for name in _written(value.__class__)}
    raise ValueError(f"a document holds no {type(value).__name__}")


def decode(kind: type[T], value: Any, where: str) -> T:
    """A fact of this kind from JSON-ready values. Raises DocumentInvalid."""
    return cast(T, _decode(kind, value, where))


def entry(data: Any, name: str, where: str) -> Any:
    """One value of a JSON object. Raises DocumentInvalid where it is not there."""
    if not isinstance(data, Mapping) or name not in data:
        raise DocumentInvalid(f"{where}: {name} is missing")
    return data[name]


def entries(data: Any, name: str, where: str) -> list[Any]:
    """One list of a JSON object. Raises DocumentInvalid where it is none."""
    value = entry(data, name, where)
    if not isinstance(value, list):
        raise DocumentInvalid(f"{where}.{name} is not a list")
    return value


def _decode(kind: Any, value: Any, where: str) -> Any:
    if isinstance(kind, UnionType):
        (given,) = [each for each in get_args(kind) if each is not NoneType]
        return None if value is None else _decode(given, value, where)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise DocumentInvalid(f"{where} is not a list")
        item = get_args(kind)[0]
        return tuple(_decode(item, each, f"{where}[{i}]") for i, each in enumerate(value))
    if is_dataclass(kind):
        return _decode_fact(kind, value, where)
    if kind is Decimal:
        return _decode_decimal(value, where)
    if kind is date:
        return _decode_date(value, where)
    if type(value) is not kind:
        raise DocumentInvalid(f"{where} is not {kind.__name__}: {value!r}")
    return value


def _decode_fact(kind: Any, value: Any, where: str) -> Any:
    hints = _hints(kind)
    needed = {each.name for each in fields(kind) if _is_needed(each)}
    if not isinstance(value, Mapping) or not needed <= set(value) <= set(hints):
        found = sorted(value) if isinstance(value, Mapping) else value
        raise DocumentInvalid(f"{where} needs exactly {sorted(hints)}, found {found!r}")
    given = {name: _decode(hints[name], each, f"{where}.{name}") for name, each in value.items()}
    try:
        return kind(**given)
    except ValueError as error:
        raise DocumentInvalid(f"{where}: {error}") from error


# What needs no second look, by its very type: most of a large document.
_AT_ONCE: dict[type, Callable[[Any], Any]] = {
    str: lambda value: value,
    int: lambda value: value,
    bool: lambda value: value,
    NoneType: lambda value: value,
    Decimal: text,
}


@cache
def _written(kind: Any) -> tuple[str, ...]:
    """The fields that stand in a document: those marked `beside` are not part of the fact."""
    return tuple(each.name for each in fields(kind) if "beside" not in each.metadata)


def _is_needed(field: Field[Any]) -> bool:
    """A fact that came later has a default, which older documents stand for."""
    return field.default is MISSING and field.default_factory is MISSING


def _decode_decimal(value: Any, where: str) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number) > LARGEST**2:
        raise DocumentInvalid(f"{where} is not a decimal string: {value!r}")
    if len(number.as_tuple().digits) > 2 * MOST_DIGITS:
        raise DocumentInvalid(f"{where} has too many digits")
    return number


def _decode_date(value: Any, where: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise DocumentInvalid(f"{where} is not a date: {value!r}") from error


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
