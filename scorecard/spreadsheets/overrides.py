"""What a person says of a spreadsheet where the program would read it otherwise: the reading takes it as it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

LONGEST_KEY = 120


class RowKind(StrEnum):
    """What a row of a table is."""

    MEASURE = "measure"
    SECTION = "section"
    TOTAL = "total"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Overrides:
    """Keyed so that the next file of the same layout finds them: by sheet without its month, by headings and texts.

    `columns` have role and period as words, either of them empty for what was read; `texts` the figure that a text
    among the figures stands for, None for none. `zeros` are cells whose 0 counts, by measure and period, and `as_named`
    those whose period is the one that is written there, though the file has it twice.
    """

    unused_sheets: frozenset[str] = frozenset()
    headings: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Fraction | None] = field(default_factory=dict)
    zeros: frozenset[str] = frozenset()
    as_named: frozenset[str] = frozenset()


NO_OVERRIDES = Overrides()


def heading_key(sheet: str, heading: str, index: int, earlier: Iterable[str] = ()) -> str:
    """What a column is known by: its sheet and headings; a second one of the same headings by its number."""
    name = " ".join(heading.split())[:LONGEST_KEY] or f"column {index + 1}"
    key, count = f"{sheet}|{name}", 1
    taken = set(earlier)
    while key in taken:
        count += 1
        key = f"{sheet}|{name}#{count}"
    return key
