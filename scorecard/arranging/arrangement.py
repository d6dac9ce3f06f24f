"""Sections and lines in their order, as plain data, and the steps that change it. Nobody types a position."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from indicators.calculations.folding import folded
from indicators.calculations.plain_text import plain_line

UP, DOWN = -1, 1
LONGEST_TITLE = 200


class ArrangingError(Exception):
    """A step that makes no sense as things stand; says why, and at which field of the page."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


class Place(NamedTuple):
    """A line: its key, 0 where it has yet to be stored, and its indicator's."""

    key: int
    indicator: int


class Part(NamedTuple):
    """A section: its key, 0 where it has yet to be stored, its title and its lines in order."""

    key: int
    title: str
    lines: tuple[Place, ...] = ()


Arrangement = tuple[Part, ...]


def stored_form(arrangement: Arrangement) -> list[Any]:
    """The arrangement as JSON has it."""
    return [[part.key, part.title, [list(place) for place in part.lines]] for part in arrangement]


def from_stored_form(stored: list[Any]) -> Arrangement:
    return tuple(Part(key, title, tuple(Place(*place) for place in lines)) for key, title, lines in stored)


def fingerprint_of(versions: Iterable[Any]) -> str:
    """Tells one state of an arrangement from another, by the versions of all its rows in their order."""
    return sha256(repr(list(versions)).encode()).hexdigest()[:16]


def places_of(arrangement: Arrangement) -> dict[int, Place]:
    """The lines by their keys."""
    return {place.key: place for part in arrangement for place in part.lines}


def move_line(arrangement: Arrangement, key: int, by: int) -> Arrangement:
    """A line one place up or down; from the end of a section into the next. Raises ArrangingError at the very end."""
    at, part = _section_of(arrangement, key)
    keys = [place.key for place in part.lines]
    there = keys.index(key) + by
    if 0 <= there < len(keys):
        return _put(arrangement, [key], at, there)
    if not 0 <= at + by < len(arrangement):
        raise ArrangingError(f"It is the {'first' if by == UP else 'last'} line already.")
    return _put(arrangement, [key], at + by, len(arrangement[at + by].lines) if by == UP else 0)


def place_lines(arrangement: Arrangement, keys: Collection[int], section: int, before: int = 0) -> Arrangement:
    """Lines into a section in the order they had, before one of its lines, or at its end.

    Raises ArrangingError where there is nothing to move, or the section has an indicator already.
    """
    chosen = _chosen(arrangement, keys)
    if before in chosen:
        # Dropped on itself.
        raise ArrangingError("It is there already.")
    at = _index(arrangement, section)
    left = [place.key for place in arrangement[at].lines if place.key not in chosen]
    return _put(arrangement, chosen, at, left.index(before) if before in left else len(left))


def take_off(arrangement: Arrangement, keys: Collection[int]) -> Arrangement:
    """Without the lines. Raises ArrangingError where none of them is there."""
    gone = set(_chosen(arrangement, keys))
    return tuple(
        part._replace(lines=tuple(place for place in part.lines if place.key not in gone)) for part in arrangement
    )


def add_indicators(arrangement: Arrangement, indicators: Sequence[int], section: int) -> Arrangement:
    """With the indicators as the last lines of a section. Raises ArrangingError where there are none, or one is there.

    The same indicator can be a line of several sections.
    """
    if not indicators:
        raise ArrangingError("Tick the indicators that you want to add.", "indicator")
    at = _index(arrangement, section, "into")
    part = arrangement[at]
    new = tuple(Place(0, indicator) for indicator in dict.fromkeys(indicators))
    _refuse_twice((*part.lines, *new), part.title, "indicator")
    return _with(arrangement, at, part._replace(lines=(*part.lines, *new)))


def add_section(arrangement: Arrangement, title: str) -> Arrangement:
    """With a section of the title as the last one. Raises ArrangingError where there can be none of it."""
    return (*arrangement, Part(0, _checked_title(arrangement, 0, title, "new_section")))


def rename_section(arrangement: Arrangement, section: int, title: str) -> Arrangement:
    at = _index(arrangement, section)
    checked = _checked_title(arrangement, section, title, f"title-{section}")
    return _with(arrangement, at, arrangement[at]._replace(title=checked))


def move_section(arrangement: Arrangement, section: int, by: int) -> Arrangement:
    """A section with its lines one place up or down. Raises ArrangingError at the end."""
    at = _index(arrangement, section)
    if not 0 <= at + by < len(arrangement):
        raise ArrangingError(f"It is the {'first' if by == UP else 'last'} section already.")
    parts = list(arrangement)
    parts.insert(at + by, parts.pop(at))
    return tuple(parts)


def remove_section(arrangement: Arrangement, section: int, to: int | None) -> Arrangement:
    """Without a section; its lines go to another one's end, or are taken off too where `to` is None.

    Raises ArrangingError where the other section has one of the indicators.
    """
    gone = arrangement[_index(arrangement, section)]
    left = tuple(part for part in arrangement if part.key != section)
    if to is None or not gone.lines:
        return left
    at = _index(left, to, f"goes_to-{section}")
    part = left[at]
    _refuse_twice((*part.lines, *gone.lines), part.title, f"goes_to-{section}")
    return _with(left, at, part._replace(lines=(*part.lines, *gone.lines)))


def _chosen(arrangement: Arrangement, keys: Collection[int]) -> list[int]:
    """Those of the lines that are there, in their order."""
    chosen = [key for key in places_of(arrangement) if key in set(keys)]
    if not chosen:
        raise ArrangingError("Tick the lines first.", "line")
    return chosen


def _put(arrangement: Arrangement, keys: Sequence[int], at: int, place: int) -> Arrangement:
    moved = tuple(places_of(arrangement)[key] for key in keys)
    without = take_off(arrangement, keys)
    lines = without[at].lines
    _refuse_twice((*lines, *moved), without[at].title, "line")
    return _with(without, at, without[at]._replace(lines=(*lines[:place], *moved, *lines[place:])))


def _refuse_twice(lines: Sequence[Place], title: str, field: str) -> None:
    if len({place.indicator for place in lines}) < len(lines):
        raise ArrangingError(f"“{title}” has this indicator already.", field)


def _checked_title(arrangement: Arrangement, section: int, title: str, field: str) -> str:
    title = plain_line(title)
    if not title:
        raise ArrangingError("Give the section a title.", field)
    if len(title) > LONGEST_TITLE:
        raise ArrangingError(f"A title has at most {LONGEST_TITLE} characters; this one has {len(title)}.", field)
    if any(folded(part.title) == folded(title) for part in arrangement if part.key != section):
        raise ArrangingError(f"There is a section “{title}” already.", field)
    return title


def _index(arrangement: Arrangement, section: int, field: str = "to") -> int:
    found = next((at for at, part in enumerate(arrangement) if part.key == section), None)
    if found is None:
        raise ArrangingError("Choose a section.", field)
    return found


def _section_of(arrangement: Arrangement, key: int) -> tuple[int, Part]:
    for at, part in enumerate(arrangement):
        if any(place.key == key for place in part.lines):
            return at, part
    raise ArrangingError("This line is no longer there.")


def _with(arrangement: Arrangement, at: int, part: Part) -> Arrangement:
    return (*arrangement[:at], part, *arrangement[at + 1 :])
