"""What an indicator's page shows, as plain data with the text each figure is displayed as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple, TypeVar

from indicators.calculations.exact import Exact
from indicators.calculations.figures import NO_RECORD, Figure
from indicators.calculations.measure import Measure
from indicators.calculations.moves import Move
from indicators.calculations.periods import Periods
from indicators.calculations.ranking import Position
from indicators.calculations.row import PERIODS_IN_TREND, ComparatorCell, PeerGroup, Row, SeriesLink, TargetCell
from indicators.calculations.signal import PERIODS_IN_SIGNAL
from indicators.calculations.spc import (
    FEWEST_FIGURES,
    POINT_TYPES,
    Assurance,
    Chart,
    ChartChoice,
    Improvement,
    PointType,
    SpcResult,
    SpecialCause,
    Variation,
)
from scorecard.report.board import rounding_in_words

Shown = TypeVar("Shown")


class Span(Enum):
    """How many months a chart shows, or periods that are longer. The value is the one in the address."""

    YEAR = "13"
    TWO_YEARS = "25"
    ALL = "all"

    @classmethod
    def of(cls, text: str) -> Span | None:
        """The span with this value; None when there is no such span."""
        return next((span for span in cls if span.value == text), None)

    def count(self, periods: Periods) -> int:
        """How many of an indicator's periods it shows at most; 0 for all of them."""
        if self is Span.ALL:
            return 0
        if periods.is_monthly:
            return int(self.value)
        return PERIODS_IN_TREND if self is Span.YEAR else PERIODS_IN_SIGNAL

    def label(self, periods: Periods) -> str:
        """What it shows of an indicator with these periods: "13 months", "5 quarters", "All years"."""
        return f"{self.count(periods) or 'All'} {periods.nouns}"

    def latest(self, points: Sequence[Shown], periods: Periods) -> Sequence[Shown]:
        """The latest of some points, one a period and oldest first, that it shows."""
        return points[-self.count(periods) :]


# As many months or periods as the report's signals look at, so that both say the same.
DEFAULT_SPAN = Span.TWO_YEARS


class Lines(NamedTuple):
    """Mean and limits at a point, in the indicator's unit; None where there are none."""

    mean: Exact | None = None
    lower: Exact | None = None
    upper: Exact | None = None

    def limits_text(self, measure: Measure, value: Exact | None) -> str:
        """The limits as displayed, empty where there are none; with a decimal more where one would print like the
        value, though it isn't equal to it.
        """
        texts = ["none" if limit is None else measure.texts_apart(limit, value)[0] for limit in self[1:]]
        return "" if self.upper is None else " to ".join(texts)


@dataclass(frozen=True, slots=True)
class Point:
    """One month, quarter, term … of the chart and the table, by the month in which its figure is kept.

    `baseline` says what mean and limits are fixed on where that begins, and `is_fixed_on` is true of each part of it.
    `target` is the only or lower figure of the target that every period of its year has, `target_upper` the upper one
    of a range. `total` is the year's total so far as displayed, where the indicator adds up.
    """

    month: date
    figure: Figure
    text: str
    lines: Lines
    cause: SpecialCause
    kind: PointType
    target: Exact | None
    commentary: str
    rebase: str
    baseline: str = ""
    is_fixed_on: bool = False
    target_upper: Exact | None = None
    total: str = ""

    @property
    def is_unusual(self) -> bool:
        return self.kind is not PointType.COMMON_CAUSE


class Verdict(NamedTuple):
    """What a chart says of its latest point. Limits on `trial` rest on fewer than 13 figures.

    On a g-chart `gap` is how many months the latest case came after the one before, and more than `longest_usual_gap`
    would be unusual; None on other charts, and where it isn't known.
    """

    variation: Variation
    assurance: Assurance | None
    trial: bool
    has_limits: bool
    improvement: Improvement
    gap: Exact | None = None
    longest_usual_gap: Exact | None = None

    @classmethod
    def of(cls, chart: Chart, result: SpcResult) -> Verdict:
        """What readers need of a chart that was drawn."""
        said = cls(result.variation, result.assurance, result.trial, result.has_limits, result.improvement)
        if chart is not Chart.G or not result.points:
            return said
        latest = result.points[-1]
        return said._replace(gap=latest.value, longest_usual_gap=latest.upper_limit)


class SoundChart(NamedTuple):
    """Which chart is sound and why, and what it says; `verdict` is None where none is.

    `move` is that of the latest figure where no chart can judge it. `is_seasonal` is whether each figure is judged
    against the usual shape of the year; `not_seasonal` says why not, where the indicator is called seasonal.
    """

    choice: ChartChoice
    verdict: Verdict | None
    move: Move | None = None
    is_seasonal: bool = False
    not_seasonal: str = ""

    @property
    def has_lines(self) -> bool:
        """Whether mean and limits belong to months; the points of a g-chart are gaps between cases."""
        return self.verdict is not None and self.choice.chart is not Chart.G


class Link(NamedTuple):
    """Another indicator that this one hangs together with."""

    key: int
    reference: str
    title: str


class Links(NamedTuple):
    """Its numerators and denominators or population, and what is worked out from it."""

    numerators: tuple[Link, ...]
    denominators: tuple[Link, ...]
    population: str
    feeds: tuple[Link, ...]


class Rank(NamedTuple):
    """Where the council stands among the authorities of a group in a year's national statistics."""

    group: PeerGroup
    year: int
    standing: Position


class Revision(NamedTuple):
    """A published figure that was changed: `who` and `why` are for readers who are signed in."""

    at: datetime
    reference: str
    month: date
    before: str
    after: str
    who: str
    why: str


class SeriesBeside(NamedTuple):
    """The figures of a former indicator, shown with those of the one that came after it and never joined to them."""

    link: SeriesLink
    points: Mapping[date, tuple[Figure, str]]

    @property
    def name(self) -> str:
        return f"{self.link.reference} (before)"


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One indicator up to a month. `row` is its line of the month's report; None where it has no line of its own.

    `national` are comparators by national statistics that stand beside the report's, and are never compared with.
    """

    key: int
    month: date
    measure: Measure
    kind: str
    row: Row | None
    points: tuple[Point, ...]
    signal: SoundChart
    targets: tuple[TargetCell, ...]
    links: Links
    ranks: tuple[Rank, ...]
    national: tuple[ComparatorCell, ...]
    revisions: tuple[Revision, ...]
    council: str
    series_links: tuple[SeriesLink, ...] = ()
    beside: tuple[SeriesBeside, ...] = ()
    # Every count in it is rounded to the nearest of this; 0 where none is.
    rounded_to: int = 0

    @property
    def rounding(self) -> str:
        """What a reader has to know of its figures, where counts are rounded."""
        return rounding_in_words(self.rounded_to)

    @property
    def formers(self) -> tuple[SeriesLink, ...]:
        """The indicators that this one came after whose series can be shown with its own."""
        return tuple(link for link in self.series_links if link.is_former and link.has_page)

    def with_formers(self, pages: Iterable[IndicatorPage | None]) -> IndicatorPage:
        """The page with the series of the former indicators, from their own pages, beside its own."""
        by_key = {page.key: page for page in pages if page}
        return replace(
            self,
            beside=tuple(
                SeriesBeside(
                    link, {point.month: (point.figure, point.text) for point in _from_first(by_key[link.key].points)}
                )
                for link in self.formers
                if link.key in by_key
            ),
        )

    @property
    def has_too_few(self) -> bool:
        """Whether there are too few figures since the latest rebase or baseline to call any of them usual."""
        start = max((place for place, point in enumerate(self.points) if point.rebase or point.baseline), default=0)
        return sum(point.figure.value is not None for point in self.points[start:]) < FEWEST_FIGURES

    @property
    def as_judged(self) -> IndicatorPage:
        """The page with no more judgement than its line of the report has: a count that only follows has none."""
        if self.row is None or self.row.signal.only_follows is None:
            return self
        kinds = POINT_TYPES[Improvement.NEUTRAL]
        verdict, move = self.signal.verdict, self.signal.move
        return replace(
            self,
            points=tuple(replace(point, kind=kinds[point.cause]) for point in self.points),
            signal=self.signal._replace(
                verdict=verdict._replace(variation=verdict.variation.unjudged, improvement=Improvement.NEUTRAL)
                if verdict
                else None,
                move=move._replace(variation=move.variation.unjudged) if move else None,
            ),
        )

    def shown(self, span: Span) -> tuple[Point, ...]:
        """The points of a span, oldest first; empty ones before them where only former indicators have figures."""
        own = span.latest(self.points, self.measure.periods)
        earlier = sorted({month for one in self.beside for month in one.points if month < self.points[0].month})
        if span is not Span.ALL:
            room = span.count(self.measure.periods) - len(own)
            earlier = earlier[-room:] if room else []
        nothing = [Point(month, NO_RECORD, "", Lines(), *_USUAL, None, "", "") for month in earlier]
        return (*nothing, *own)

    @property
    def latest(self) -> Point:
        """The point that the page is about: that of the row's figure, or the last one."""
        about = self.row.current_month if self.row else self.month
        return next((point for point in self.points if point.month == about), self.points[-1])

    @property
    def comparators(self) -> tuple[ComparatorCell, ...]:
        """Those with a figure, or with the reason why there is none."""
        return tuple(cell for cell in self.row.comparators if cell) if self.row else ()

    @property
    def drawn_comparators(self) -> tuple[ComparatorCell, ...]:
        """Those that the chart can show beside the figures: those that can be compared with them."""
        return tuple(cell for cell in self.comparators if cell.is_comparable)

    def extremes(self, points: Sequence[Point]) -> list[float]:
        """Every number that the chart of the points has a place for."""
        numbers = [
            number
            for point in points
            for number in (point.figure.value, *point.lines, point.target, point.target_upper)
        ]
        numbers += [cell.value for cell in self.drawn_comparators]
        numbers += [
            one.points[point.month][0].value for one in self.beside for point in points if point.month in one.points
        ]
        return [float(number) for number in numbers if number is not None]

    def name_of(self, point: Point, *, short: bool = False) -> str:
        """The period of a point: "Autumn term 2020", or in short "Autumn 2020"."""
        period = self.measure.periods.of(point.month)
        return period.short if short else period.name


_USUAL = SpecialCause.NONE, PointType.COMMON_CAUSE


def _from_first(points: Sequence[Point]) -> Sequence[Point]:
    """The points from the first to the last with a figure."""
    known = [place for place, point in enumerate(points) if point.figure.value is not None]
    return points[known[0] : known[-1] + 1] if known else ()
