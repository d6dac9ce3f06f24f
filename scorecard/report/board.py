"""The board report as plain data.

Nothing in here reads the database; everything that shows a report reads these objects, so that
no two outputs can disagree about a figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from commentary.focus import FocusKind
from indicators.calculations.months import FIRST_MONTH_OF_FINANCIAL_YEAR, financial_year
from indicators.calculations.row import MONTHS_SHOWN, PeerGroup, Row
from indicators.calculations.vocabulary import LabelledEnum, Rating


@dataclass(frozen=True, slots=True)
class ReportSection:
    """Lines under a heading. `anchor` is its name within the page."""

    anchor: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FocusNote:
    """An update to an area of focus."""

    date: date
    text: str


@dataclass(frozen=True, slots=True)
class Focus:
    """An area of focus with its response and updates, or a question of the panel with its answer.

    `asked_in` is the month whose report a question was about; `closed_on` is None as long as it was
    open at this report. `owner` is named as a report names people; who asked is not in here.
    """

    title: str
    response: str
    raised_by: str
    updates: tuple[FocusNote, ...]
    references: tuple[str, ...]
    kind: FocusKind = FocusKind.AREA
    detail: str = ""
    owner: str = ""
    due_on: date | None = None
    opened_on: date | None = None
    asked_in: date | None = None
    closed_on: date | None = None

    @property
    def is_question(self) -> bool:
        return self.kind is not FocusKind.AREA


# How a sentence begins that stands in the place of words that were withheld.
IN_PLACE_OF_WORDS = ("Withheld on ", "This text is withheld ")


class RevisionKind(LabelledEnum):
    """Why something published has changed, in the kinds that the Code of Practice for Statistics distinguishes."""

    SCHEDULED = "scheduled", "Scheduled: it was provisional or estimated"
    CORRECTION = "correction", "Corrected"
    ADDED = "added", "Added: there was no figure before"
    CHANGED = "changed", "Changed"


class Revised(NamedTuple):
    """Something that was published, and what it is now, both as displayed. `what` is a month, or names a text.

    A new estimate of a population is told in a sentence, which stands for all `figures` that follow from it.
    """

    indicator: int | None
    reference: str
    title: str
    what: str
    before: str
    after: str
    kind: RevisionKind
    figures: int = 1

    @property
    def is_of_population(self) -> bool:
        """Whether it tells of a population, and of no line."""
        return self.indicator is None and self.kind is not RevisionKind.CHANGED


class Derivation(NamedTuple):
    """What an indicator is worked out from, as keys; without denominators and population it is a plain sum."""

    indicator: int
    numerators: tuple[int, ...]
    denominators: tuple[int, ...]
    has_population: bool


class ShortForm(NamedTuple):
    """A short form that occurs in the report, and what it stands for."""

    short_form: str
    meaning: str


@dataclass(frozen=True, slots=True)
class BoardReport:
    """A scorecard's whole report for one month."""

    slug: str
    title: str
    council: str
    panel: str
    region: str
    month: date
    meeting_date: date | None
    summary: str
    areas_of_focus: tuple[Focus, ...]
    months: tuple[date, ...]
    target_years: tuple[int, ...]
    financial_year: int
    sections: tuple[ReportSection, ...]
    # What has changed since it was published before, in this report or in the edition before it.
    revised: tuple[Revised, ...] = ()
    # The month in which the years of its headings begin.
    year_starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR
    # When and why it was published, in a sentence; empty as long as it isn't. Not part of what is frozen.
    published: str = ""
    # Why it must not leave the room, in a sentence; empty where it may. Not part of what is frozen either.
    restricted: str = ""
    # Counts from 1 to this one are hidden in it; 0 where none are. Known from the publication too.
    hides_up_to: int = 0
    # As in national statistics; empty where they are not known.
    council_code: str = ""
    region_code: str = ""
    # Of its lines and of all that these are worked out from, so that one fact is told once.
    derivations: tuple[Derivation, ...] = ()
    # Those of the glossary that occur in its texts, in the order of the alphabet.
    short_forms: tuple[ShortForm, ...] = ()
    # The comparator groups that it shows, in the order of each line's comparators.
    groups: tuple[PeerGroup, ...] = ()
    # Every count in it is rounded to the nearest of this; 0 where none is.
    rounded_to: int = 0

    @property
    def rounding(self) -> str:
        """What a reader has to know of its figures, where counts are rounded."""
        return rounding_in_words(self.rounded_to)

    @property
    def confidential(self) -> str:
        """What [c] stands for."""
        if not self.hides_up_to:
            return "confidential, because the number is small, or would give a small one away"
        if self.rounded_to:
            return "confidential, because it would tell more of a small count than its rounding does"
        return f"confidential: a count of 1 to {self.hides_up_to}, or a figure that would give one away"

    @property
    def rows(self) -> Iterator[Row]:
        """Every line, section after section."""
        for section in self.sections:
            yield from section.rows

    @property
    def by_indicator(self) -> dict[int, Row]:
        """The line of each indicator, in order; the first of one that stands in two sections."""
        found: dict[int, Row] = {}
        for row in self.rows:
            found.setdefault(row.indicator, row)
        return found

    @property
    def months_shown(self) -> tuple[date, ...]:
        return self.months[-MONTHS_SHOWN:]

    @property
    def has_negative(self) -> bool:
        """Whether figures of any line can be below 0."""
        return any(row.measure.allows_negative for row in self.rows)

    @property
    def has_target_this_year(self) -> bool:
        """Whether any line has a target for its month or for the report's year, if only to be confirmed."""
        return any(
            row.rating not in (Rating.NO_TARGET, Rating.NOT_JUDGED)
            or (row.latest_target and row.latest_target.year == financial_year(self.month, row.measure.year_starts))
            for row in self.rows
        )


def rounding_in_words(rounded_to: int) -> str:
    """What a reader has to know of figures from counts to the nearest of a number; empty where nothing is rounded."""
    if not rounded_to:
        return ""
    return (
        f"Every count is rounded to the nearest {rounded_to}, and all else is worked out from rounded counts: "
        f"0 stands for 0 to {rounded_to // 2}."
    )


def line_anchor(section: str, row: Row) -> str:
    """The name within page or document of a line in the section with this anchor."""
    return f"{section}-{row.indicator}"
