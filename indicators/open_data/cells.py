"""A figure as the Department for Education publishes it for a place and a year, or its symbol for none."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from indicators.calculations.exact import Exact
from indicators.calculations.vocabulary import Blank

# London's authorities are filed under its two halves.
LONDON, LONDON_HALVES = "E12000007", ("E13000001", "E13000002")

# What the Department writes instead of a figure; the later ones are older spellings.
SYMBOLS = {
    "c": (Blank.SUPPRESSED, "confidential"),
    "z": (Blank.NOT_APPLICABLE, "not applicable"),
    "x": (Blank.NOT_AVAILABLE, "not available"),
    "u": (Blank.NOT_AVAILABLE, "not reliable"),
    "low": (Blank.NOT_AVAILABLE, "above 0, but rounds to 0"),
    ":": (Blank.NOT_AVAILABLE, "not available"),
    "k": (Blank.NOT_AVAILABLE, "above 0, but rounds to 0"),
    "~": (Blank.NOT_AVAILABLE, "above 0, but rounds to 0"),
    "-": (Blank.NOT_AVAILABLE, "no figure"),
    ".": (Blank.NOT_AVAILABLE, "no figure"),
    "..": (Blank.NOT_AVAILABLE, "no figure"),
    "": (Blank.NOT_AVAILABLE, "empty"),
}


class Level(StrEnum):
    """The geographic levels that comparators need; rows of others are passed over."""

    NATIONAL = "National"
    REGIONAL = "Regional"
    AUTHORITY = "Local authority"


class Cell(NamedTuple):
    """One place's figure for one financial year: an exact value, or the reason why there is none.

    `code` is an authority's three-digit code or a region's nine-character one, and empty for England; `region` is the
    code of the region. `text` is what the file has.
    """

    row: int
    year: int
    level: Level
    code: str
    name: str
    region: str
    text: str
    value: Exact | None
    blank: Blank | None

    @property
    def why(self) -> str:
        """Why there is no figure, as “c” (confidential)."""
        return f"“{self.text}” ({SYMBOLS[self.text.lower()][1]})" if self.text else "nothing"

    def is_within(self, region: str) -> bool:
        """Whether an authority belongs to the region."""
        return self.region == region or (region == LONDON and self.region in LONDON_HALVES)
