"""Tiles: a value at a glance under or over its words. Those of a report count its lines and lead to them."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from django.utils.safestring import SafeString

from indicators.calculations.periods import NOUNS
from indicators.calculations.vocabulary import Assessment, Frequency, Rating
from scorecard.report.board import BoardReport

RATING_TILES = {
    Rating.RED: "Red: off target",
    Rating.AMBER: "Amber: within tolerance",
    Rating.GREEN: "Green: on target",
}


class Tile(NamedTuple):
    """A count, or a cell of the report, with its words.

    `kind` is its CSS class; `query` what a reader asks the report's page for to see the lines that it counts.
    """

    value: SafeString | str | int
    label: str
    kind: str = ""
    query: str = ""


def change_title(report: BoardReport) -> str:
    """What the tiles of changes are about: “Since last month or quarter”, by what the report has."""
    found = {row.measure.frequency for row in report.rows} or {Frequency.MONTHLY}
    *first, last = (NOUNS[frequency][0] for frequency in Frequency if frequency in found)
    return f"Since last {', '.join(first)} or {last}" if first else f"Since last {last}"


def change_tiles(report: BoardReport) -> list[Tile]:
    """How many lines got better, worse and so on since last month, a tile each."""
    counts = Counter(row.change_month.assessment for row in report.rows)
    return [Tile(counts[kind], kind.label, f"mark-{kind.value}", f"assessment={kind.value}") for kind in Assessment]


def rating_tiles(report: BoardReport) -> list[Tile]:
    """How many lines have each rating; red, amber and green all three where there is any of them."""
    counts = Counter(row.rating for row in report.rows)
    others = (rating for rating in Rating if rating not in RATING_TILES and counts[rating])
    return [
        Tile(
            counts[rating],
            RATING_TILES.get(rating, rating.label),
            f"rating-{rating.value}",
            f"rating={rating.value}",
        )
        for rating in (*(RATING_TILES if any(counts[rating] for rating in RATING_TILES) else ()), *others)
    ]
