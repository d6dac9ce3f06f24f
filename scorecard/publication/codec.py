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


class Notation(NamedTuple):
    """How a value stands in a document: how it is read from there, which raises DocumentError, and how it is written.

    `words` say for people what stands in the document, and `parts` what is inside of it, by what their paths add.
    """

    words: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    parts: Mapping[str, Notation] = {}
    # Of a record: the class of today that it is read into, and those of its fields that are in no document.
    live: type | None = None
    not_kept: tuple[str, ...] = ()
    # As the field of a record: what the class calls it, if otherwise, and what a document means that lacks it.
    attribute: str = ""
    missing: Any = REQUIRED
    # Whether it is an indicator's number: a merged installation has it under another one.
    is_number: bool = False

    def called(self, attribute: str) -> Notation:
        """As a field that the class calls otherwise than the document."""
        return self._replace(attribute=attribute)

    def or_else(self, missing: Any) -> Notation:
        """As a field that a document may lack, and what that means."""
        return self._replace(missing=missing)

    def listing(self, path: str = "") -> Iterator[str]:
        """What stands where in a document, a line each: the shape that a format's number stands for."""
        default = "" if self.missing is REQUIRED else f"; {self.write(self.missing)!r} where it is missing"
        yield f"{path}: {self.words}{default}"
        for step, part in self.parts.items():
            yield from part.listing(path + step)

    def records(self) -> Iterator[Notation]:
        """Every record in it, one inside another as often as it stands there."""
        if self.live:
            yield self
        for part in self.parts.values():
            yield from part.records()


def of_type(words: str, kind: type) -> Notation:
    """What is the same in plain data: a text, a whole number, a truth value."""

    def read(plain: Any) -> Any:
        if type(plain) is not kind:
            raise DocumentError(f"{plain!r:.60} stands where there should be: {words}.")
        return plain

    def write(value: Any) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"{value!r:.60} can't be published as a {words}.")
        return kind(value)

    return Notation(words, read, write)


def in_words(words: str, parse: Callable[[Any], Any], write: Callable[[Any], Any]) -> Notation:
    """What plain data have in another form, usually as a text."""

    def read(plain: Any) -> Any:
        try:
            return parse(plain)
        except (ValueError, TypeError, ZeroDivisionError) as error:
            raise DocumentError(f"{plain!r:.60} stands where there should be: {words}.") from error

    return Notation(words, read, write)


def one_of(words: type[Enum]) -> Notation:
    """A member of an enum, by its value."""
    return in_words(f"one of {', '.join(str(member.value) for member in words)}", words, lambda member: member.value)


def _parse_exact(plain: Any) -> int | Fraction:
    """Anything but a whole number or a text, as a decimal number or a truth value, was written by something else."""
    if type(plain) is int:
        return plain
    if type(plain) is not str:
        raise TypeError(plain)
    return Fraction(plain)


def _write_exact(number: int | Fraction) -> int | str:
    """2/3 is "2/3"; a whole count is a number."""
    if type(number) is int:
        return number
    if not isinstance(number, Fraction):
        raise TypeError(f"{number!r:.60} can't be published as an exact number.")
    return str(number)


text = of_type("text", str)
whole = of_type("whole number", int)
number = whole._replace(is_number=True)
flag = of_type("truth value", bool)
day = in_words("date", date.fromisoformat, date.isoformat)
moment = in_words("date and time", datetime.fromisoformat, datetime.isoformat)
exact = in_words("exact number", _parse_exact, _write_exact)


def maybe(notation: Notation) -> Notation:
    """A value or nothing."""
    return notation._replace(
        words=f"{notation.words}, or null",
        read=lambda plain: None if plain is None else notation.read(plain),
        write=lambda value: None if value is None else notation.write(value),
    )


def many(notation: Notation) -> Notation:
    """Any number of values, in their order; read as a tuple."""

    def read(plain: Any) -> tuple[Any, ...]:
        if type(plain) is not list:
            raise DocumentError(f"{plain!r:.60} is not a list.")
        return tuple([notation.read(part) for part in plain])

    return Notation("list", read, lambda values: [notation.write(value) for value in values], {"[]": notation})


def record(live: type, /, *not_kept: str, **fields: Notation) -> Notation:
    """An object of a class of today, field by field. `not_kept` are fields of the class that no document has."""
    named = [(key, notation.attribute or key, notation) for key, notation in fields.items()]
    readers = [(key, attribute, notation.read, notation.missing) for key, attribute, notation in named]
    writers = [(key, attribute, notation.write) for key, attribute, notation in named]

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

    return Notation("record", read, write, {f".{key}": notation for key, notation in fields.items()}, live, not_kept)
