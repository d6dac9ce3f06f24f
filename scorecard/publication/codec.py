"""Plain data objects as JSON and back, without loss: dataclasses, named tuples, enums, dates and exact numbers.

What a field holds follows from its type hint, so that an object needs no code of its own here. A field that an older
document lacks takes its default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

Read = Callable[[Any], Any]


class DocumentError(ValueError):
    """A document that doesn't say what its type asks for."""


def to_plain(value: Any) -> Any:
    """A value as dicts, lists, strings, numbers, booleans and None. A fraction becomes text: "2/3"."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "_fields"):
        return {name: to_plain(part) for name, part in zip(value._fields, value, strict=True)}
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [to_plain(part) for part in value]
    raise TypeError(f"A {type(value).__name__} can't be put into a document.")


@cache
def reader_of(kind: Any) -> Read:
    """What makes a value of a type from its plain data. It raises DocumentError for anything else."""
    if get_origin(kind) in (Union, UnionType):
        return _union_reader(set(get_args(kind)))
    if get_origin(kind) in (tuple, Sequence):
        return _list_reader(get_args(kind)[0])
    if kind in _READERS:
        return _READERS[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _careful(kind, kind)
    if hasattr(kind, "_fields"):
        return _fields_reader(kind, tuple(kind._fields), kind._field_defaults)
    if is_dataclass(kind):
        stored = [field for field in fields(kind) if field.init]
        defaults = {field.name: field.default for field in stored if field.default is not MISSING}
        return _fields_reader(kind, tuple(field.name for field in stored), defaults)
    raise TypeError(f"{kind} can't be read from a document.")


def _careful(kind: Any, read: Read) -> Read:
    def reader(plain: Any) -> Any:
        try:
            return read(plain)
        except (ValueError, TypeError, KeyError, ZeroDivisionError) as error:
            raise DocumentError(f"{plain!r:.60} is not a {getattr(kind, '__name__', kind)}.") from error

    return reader


def _exact(plain: Any) -> int | Fraction:
    """Whole, or as text. Anything else, a decimal number or a truth value, was written by something else."""
    if type(plain) is int:
        return plain
    if type(plain) is not str:
        raise TypeError(plain)
    return Fraction(plain)


def _only(kind: type) -> Read:
    def reader(plain: Any) -> Any:
        if type(plain) is not kind:
            raise DocumentError(f"{plain!r:.60} is not a {kind.__name__}.")
        return plain

    return reader


_READERS: Mapping[Any, Read] = {
    str: _only(str),
    int: _only(int),
    bool: _only(bool),
    date: _careful(date, date.fromisoformat),
    datetime: _careful(datetime, datetime.fromisoformat),
}


def _union_reader(kinds: set[Any]) -> Read:
    """Only "or nothing", and exact numbers, which are whole or fractions."""
    others = kinds - {NoneType}
    if others == {int, Fraction}:
        read = _careful("number", _exact)
    elif len(others) == 1:
        read = reader_of(others.pop())
    else:
        raise TypeError(f"{kinds} can't be told apart in a document.")
    if NoneType not in kinds:
        return read
    return lambda plain: None if plain is None else read(plain)


def _list_reader(kind: Any) -> Read:
    read = reader_of(kind)

    def reader(plain: Any) -> tuple[Any, ...]:
        if type(plain) is not list:
            raise DocumentError(f"{plain!r:.60} is not a list.")
        return tuple([read(part) for part in plain])

    return reader


def _fields_reader(kind: Any, names: tuple[str, ...], defaults: Mapping[str, Any]) -> Read:
    hints = get_type_hints(kind)
    readers = [(name, reader_of(hints[name])) for name in names]
    known = set(names)

    def reader(plain: Any) -> Any:
        if type(plain) is not dict or not known.issuperset(plain):
            raise DocumentError(f"{plain!r:.60} is not a {kind.__name__}.")
        values = {name: read(plain[name]) for name, read in readers if name in plain}
        missing = known - set(values) - set(defaults)
        if missing:
            raise DocumentError(f"A {kind.__name__} lacks {', '.join(sorted(missing))}.")
        return kind(**values)

    return reader
