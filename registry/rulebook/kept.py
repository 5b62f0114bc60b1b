"""A case kept as JSON-ready values and read again, so that it can be judged under another edition.

Decimals are strings as written, dates ISO strings, tuples lists. A fact that later rules ask for
and the kept case lacks takes its default; one that no rule asks for any more is passed over.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

C = TypeVar("C")


class NotReadable(ValueError):
    """A kept case is no case any more; the message names the place in it."""


def keep(value: Any) -> Any:
    """A case, or anything cases are made of, as JSON-ready values. Raises ValueError."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [keep(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): keep(each) for key, each in value.items()}
    if is_dataclass(value):
        return {each.name: keep(getattr(value, each.name)) for each in fields(value)}
    raise ValueError(f"a case holds no {type(value).__name__}")


def read(kind: type[C], kept: Any) -> C:
    """The case of this kind that was kept. Raises NotReadable."""
    return cast(C, _read(kind, kept, kind.__name__))


def _read(kind: Any, value: Any, where: str) -> Any:
    if isinstance(kind, UnionType):
        (given,) = [each for each in get_args(kind) if each is not NoneType]
        return None if value is None else _read(given, value, where)
    origin = get_origin(kind)
    if origin is tuple:
        rows = _of(list, value, where)
        return tuple(_read(get_args(kind)[0], each, f"{where}[{i}]") for i, each in enumerate(rows))
    if origin is not None and issubclass(origin, Mapping):
        key, item = get_args(kind)
        pairs = _of(dict, value, where)
        return {
            _key(key, name, where): _read(item, each, f"{where}.{name}")
            for name, each in pairs.items()
        }
    if is_dataclass(kind):
        return _fact(kind, _of(dict, value, where), where)
    try:
        if kind is Decimal:
            return Decimal(_of(str, value, where))
        if kind is date:
            return date.fromisoformat(_of(str, value, where))
        if issubclass(kind, StrEnum):
            return kind(value)
    except (InvalidOperation, ValueError) as error:
        raise NotReadable(f"{where}: {value!r} is no {kind.__name__}") from error
    return _of(kind, value, where)


def _key(kind: Any, name: str, where: str) -> Any:
    """A JSON object's names are texts, whatever they were."""
    try:
        return kind(name)
    except ValueError as error:
        raise NotReadable(f"{where}: {name!r} is no {kind.__name__}") from error


def _fact(kind: Any, values: Mapping[str, Any], where: str) -> Any:
    hints = _hints(kind)
    given = {}
    for each in fields(kind):
        if each.name in values:
            place = f"{where}.{each.name}"
            given[each.name] = _read(hints[each.name], values[each.name], place)
        elif each.default is MISSING and each.default_factory is MISSING:
            raise NotReadable(f"{where} lacks {each.name}")
    return kind(**given)


def _of(kind: Any, value: Any, where: str) -> Any:
    if type(value) is not kind:
        raise NotReadable(f"{where}: {value!r} is no {kind.__name__}")
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
