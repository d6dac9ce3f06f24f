"""What a document is made of: values, lists and records, each with its way into plain data and back, without loss.

A record names its fields as the document has them. What a class of today calls otherwise is said beside it, so that the
class can change and the document stays. Fields of a document that nobody asks for are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import Any, NamedTuple

REQUIRED = object()


class DocumentError(ValueError):
    """A document that doesn't say what its format asks for."""


class Kind(NamedTuple):
    """A kind of value: how it is read from plain data, which raises DocumentError, and how it is written.

    `words` say for people what stands in the document, and `parts` what is inside of it, by what their paths add.
    """

    words: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    parts: Mapping[str, Kind] = {}
    # Of a record: the class of today that it is read into, and those of its fields that are in no document.
    live: type | None = None
    not_kept: tuple[str, ...] = ()
    # As the field of a record: what the class calls it, if otherwise, and what a document means that lacks it.
    attribute: str = ""
    missing: Any = REQUIRED

    def called(self, attribute: str) -> Kind:
        """As a field that the class calls otherwise than the document."""
        return self._replace(attribute=attribute)

    def or_else(self, missing: Any) -> Kind:
        """As a field that a document may lack, and what that means."""
        return self._replace(missing=missing)

    def listing(self, path: str = "") -> Iterator[str]:
        """What stands where in a document, a line each: the shape that a format's number stands for."""
        default = "" if self.missing is REQUIRED else f"; {self.write(self.missing)!r} where it is missing"
        yield f"{path}: {self.words}{default}"
        for step, part in self.parts.items():
            yield from part.listing(path + step)

    def records(self) -> Iterator[Kind]:
        """Every record in it, one inside another as often as it stands there."""
        if self.live:
            yield self
        for part in self.parts.values():
            yield from part.records()


def of_type(words: str, kind: type) -> Kind:
    """What is the same in plain data: a text, a whole number, a truth value."""

    def read(plain: Any) -> Any:
        if type(plain) is not kind:
            raise DocumentError(f"{plain!r:.60} is not a {words}.")
        return plain

    return Kind(words, read, kind)


def in_words(words: str, parse: Callable[[Any], Any], write: Callable[[Any], Any]) -> Kind:
    """What plain data have in another form, usually as a text."""

    def read(plain: Any) -> Any:
        try:
            return parse(plain)
        except (ValueError, TypeError, ZeroDivisionError) as error:
            raise DocumentError(f"{plain!r:.60} is not a {words}.") from error

    return Kind(words, read, write)


def one_of(words: type[Enum]) -> Kind:
    """A member of an enum, by its value."""
    return in_words(f"one of {', '.join(str(member.value) for member in words)}", words, lambda member: member.value)


def _parse_exact(plain: Any) -> int | Fraction:
    """Anything but a whole number or a text, as a decimal number or a truth value, was written by something else."""
    if type(plain) is int:
        return plain
    if type(plain) is not str:
        raise TypeError(plain)
    return Fraction(plain)


text = of_type("text", str)
whole = of_type("whole number", int)
flag = of_type("truth value", bool)
day = in_words("date", date.fromisoformat, date.isoformat)
moment = in_words("date and time", datetime.fromisoformat, datetime.isoformat)
# 2/3 is "2/3"; a whole count is a number.
exact = in_words("exact number", _parse_exact, lambda number: number if type(number) is int else str(number))


def maybe(kind: Kind) -> Kind:
    """A value or nothing."""
    return kind._replace(
        words=f"{kind.words}, or null",
        read=lambda plain: None if plain is None else kind.read(plain),
        write=lambda value: None if value is None else kind.write(value),
    )


def many(kind: Kind) -> Kind:
    """Any number of values, in their order; read as a tuple."""

    def read(plain: Any) -> tuple[Any, ...]:
        if type(plain) is not list:
            raise DocumentError(f"{plain!r:.60} is not a list.")
        return tuple([kind.read(part) for part in plain])

    return Kind("list", read, lambda values: [kind.write(value) for value in values], {"[]": kind})


def record(live: type, /, *not_kept: str, **fields: Kind) -> Kind:
    """An object of a class of today, field by field. `not_kept` are fields of the class that no document has."""
    named = [(key, kind.attribute or key, kind) for key, kind in fields.items()]
    readers = [(key, attribute, kind.read, kind.missing) for key, attribute, kind in named]
    writers = [(key, attribute, kind.write) for key, attribute, kind in named]

    def read(plain: Any) -> Any:
        if type(plain) is not dict:
            raise DocumentError(f"{plain!r:.60} is not a {live.__name__}.")
        values = {}
        for key, attribute, read_value, missing in readers:
            if key in plain:
                values[attribute] = read_value(plain[key])
            elif missing is not REQUIRED:
                values[attribute] = missing
            else:
                raise DocumentError(f"A {live.__name__} lacks {key}.")
        try:
            return live(**values)
        except TypeError as error:
            raise DocumentError(f"A {live.__name__} can't be made of what the format has of it: {error}") from error

    def write(value: Any) -> dict[str, Any]:
        return {key: write_value(getattr(value, attribute)) for key, attribute, write_value in writers}

    return Kind("record", read, write, {f".{key}": kind for key, kind in fields.items()}, live, not_kept)
