"""One line of the report as plain data: exact figures, and the text each one is displayed as.

What there are thousands of is a named tuple, which is made three times as fast as a frozen
dataclass.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from indicators.calculations.aims import Meaning
from indicators.calculations.basis import Published
from indicators.calculations.change import Break, Change, breaks_between
from indicators.calculations.exact import Exact
from indicators.calculations.figures import NO_RECORD, Figure
from indicators.calculations.measure import EVERY_PERIOD, Measure
from indicators.calculations.months import FIRST_MONTH_OF_FINANCIAL_YEAR, year_text
from indicators.calculations.periods import ReportingPeriod
from indicators.calculations.rating import Aim, TargetTerms
from indicators.calculations.totals import RunningTotals
from indicators.calculations.vocabulary import (
    Blank,
    GroupKind,
    OnBasis,
    Polarity,
    Rating,
    Scope,
    Stage,
    SuccessionKind,
)

from .averages import Summary
from .signal import Signal, first_judged

MONTHS_SHOWN = 6
MONTHS_IN_TREND = 13
MONTHS_AVERAGED = 12
# Of an indicator that isn't monthly: as many as a year of quarters and the one that they are compared with.
PERIODS_IN_TREND = 5


class SeriesLink(NamedTuple):
    """Another indicator that this one came after, or that came after it, from a month on.

    `is_former` is whether the other was there before; `has_page` whether readers have a page of it beside this one's.
    """

    key: int
    reference: str
    title: str
    month: date
    kind: SuccessionKind
    note: str
    is_former: bool
    has_page: bool = False

    @property
    def how(self) -> str:
        """What comes before the other's name."""
        return self.kind.of_later if self.is_former else self.kind.of_former

    @property
    def words(self) -> str:
        """How the two hang together, in a sentence, with the note behind it."""
        return f"{self.how} {self.reference} {self.title} from {self.month:%B %Y}. {self.note}".strip()


class PeerGroup(NamedTuple):
    """Others that the council is compared with, as a report calls them.

    `said` is the name in a sentence, "the core cities"; `explanation` says who belongs to it, or is empty.
    """

    code: str
    name: str
    short_name: str
    said: str
    kind: GroupKind = GroupKind.OTHER
    explanation: str = ""


class ComparatorCell(NamedTuple):
    """What one group of others has, and how the row's figure stands against it."""

    group: PeerGroup
    value: Exact | None
    blank: Blank | None
    year: int | None
    source: str
    basis: str
    on_basis: OnBasis
    note: str
    is_stale: bool
    comparison: Change
    year_starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR
    next_update: date | None = None
    published: Published = Published()

    @property
    def published_words(self) -> str:
        """The figure as it was published, and what was done with it; empty where that isn't kept."""
        return self.published.words(self.year, self.year_starts) if self.value is not None else ""

    @property
    def basis_words(self) -> str:
        """What is known of its basis, in words: how it was worked out, then what was written about it."""
        return "; ".join(filter(None, (self.published_words, self.basis)))

    @property
    def year_text(self) -> str:
        return "year not stated" if self.year is None else year_text(self.year, self.year_starts)

    @property
    def due_text(self) -> str:
        """When the publisher means to have newer figures; empty where it doesn't say."""
        return f"next figures due {self.next_update:%B %Y}" if self.next_update else ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know before comparing, in words; empty when all is well."""
        if self.value is None:
            return ()
        found = []
        if self.on_basis is OnBasis.NO:
            found.append("not on this row’s basis")
        if self.on_basis is OnBasis.UNKNOWN:
            found.append("basis not known")
        if self.is_stale:
            due = f"; {self.due_text}" if self.due_text else ""
            found.append(f"out of date ({self.year_text}{due})")
        if self.year is None:
            found.append("year not stated")
        return tuple(found)

    @property
    def is_comparable(self) -> bool:
        """Whether there is a figure that is known to be on the row's own basis; nothing is said beside any other."""
        return self.value is not None and self.on_basis is OnBasis.YES


class TargetCell(NamedTuple):
    """The target of one year of the indicator, by the calendar year in which it begins.

    `meaning` is what it means for the row's figure, where it doesn't say that by itself: of a whole year's target what
    the year so far is held to, of one that rests on another figure, that figure.
    """

    year: int
    terms: TargetTerms
    note: str
    meaning: Meaning | None = None

    def aim(self, polarity: Polarity) -> Aim | None:
        """Where the figure of the row should lie; None where that isn't known."""
        return self.meaning.aim if self.meaning else self.terms.fixed_aim(polarity)


class PeriodFigure(NamedTuple):
    """The figure of a period, by the month it is kept in."""

    month: date
    figure: Figure


class Row(NamedTuple):
    """One line of the report. `indicator` is its key in the database.

    `target` is that of the year it is rated by, `year_before_value` the figure that the change from
    last year compares with; None where there is none. `breaks` are the changes of counting up to the report's month,
    of the indicator and of what it is worked out from, oldest first. `earlier` are figures from before `months`, as far
    as they are among the latest five of an indicator that isn't monthly, oldest first. `totals` are those of the year
    up to the current figure, where the indicator's figures add up.
    """

    indicator: int
    measure: Measure
    months: tuple[date, ...]
    figures: tuple[Figure, ...]
    current: int
    change_month: Change
    change_year: Change
    summary: Summary
    comparators: tuple[ComparatorCell | None, ...]
    targets: tuple[TargetCell | None, ...]
    latest_target: TargetCell | None
    target: TargetCell | None
    rating: Rating
    rated_year: int
    commentary: str
    signal: Signal
    year_before_value: Exact | None
    breaks: tuple[Break, ...] = ()
    earlier: tuple[PeriodFigure, ...] = ()
    series_links: tuple[SeriesLink, ...] = ()
    totals: RunningTotals | None = None

    @property
    def is_judged_to_date(self) -> bool:
        """Whether the year's total so far is held to the target, and not the period's figure."""
        return self.totals is not None and self.target is not None and self.target.terms.shape is not EVERY_PERIOD

    @property
    def judged_figure(self) -> Figure:
        """What the target is held against: the figure that the row is about, or the year's total so far."""
        return self.totals.to_date if self.totals and self.is_judged_to_date else self.current_figure

    @property
    def judged_text(self) -> str:
        """The figure that is rated as displayed: "14", "14 so far in 2020-21"."""
        if not self.is_judged_to_date:
            return self.current_text
        return f"{self.total_text(self.judged_figure)} so far in {self.measure.year_text(self.rated_year)}"

    def total_text(self, figure: Figure) -> str:
        """A running total as displayed; this year's with the decimals that its target asks for."""
        is_held = self.is_judged_to_date and self.totals is not None and figure is self.totals.to_date
        aim = self.target.aim(self.measure.polarity) if is_held and self.target else None
        return self.measure.figure_text(figure, aim)

    @property
    def aim_text(self) -> str:
        """What the row's target asks of what is rated, in words: "94% or more", "12 or more by now (…)"; else empty."""
        aim = self.target.aim(self.measure.polarity) if self.target else None
        if self.target is None or aim is None:
            return ""
        because = self.target.meaning.because if self.target.meaning else ""
        return self.measure.aim_text(aim) + (f" ({because})" if because else "")

    @property
    def current_figure(self) -> Figure:
        """The figure that changes and rating are about: the month's, or that of the latest period."""
        return self.figures[self.current]

    @property
    def current_month(self) -> date:
        return self.months[self.current]

    @property
    def previous_month(self) -> date:
        """The month of the figure before, which the change from last month, quarter, term … compares with."""
        return self.measure.periods.previous(self.current_month)

    @property
    def year_before(self) -> date:
        """The month that the change from last year compares with."""
        return self.measure.periods.year_before(self.current_month)

    @property
    def period(self) -> ReportingPeriod:
        """The period that the row's figure is of."""
        return self.measure.periods.of(self.current_month)

    @property
    def trend(self) -> tuple[PeriodFigure, ...]:
        """The figures of its latest periods, oldest first: of 13 months, or of five longer periods."""
        if self.measure.periods.is_monthly:
            return tuple(map(PeriodFigure, self.months, self.figures))
        periods, within = self.measure.periods, zip(self.months, self.figures, strict=True)
        own = [
            PeriodFigure(month, figure)
            for place, (month, figure) in enumerate(within)
            if place <= self.current and (place == self.current or periods.is_due_in(month))
        ]
        return (*self.earlier, *own)[-PERIODS_IN_TREND:]

    def figure(self, month: date) -> Figure:
        """The month's figure; not available where the row has none."""
        if month in self.months:
            return self.figures[self.months.index(month)]
        return next((one.figure for one in self.earlier if one.month == month), NO_RECORD)

    def value(self, month: date) -> Exact | None:
        """The month's value in the indicator's unit; None when blank or where the row has none."""
        return self.figure(month).value

    def breaks_since(self, month: date) -> tuple[Break, ...]:
        """The changes of counting between a month's figure and the one that the row is about."""
        return breaks_between(self.breaks, month, self.current_month) if self.breaks else ()

    def breaks_in(self, start: int, stop: int = 0) -> tuple[Break, ...]:
        """Those between the first and the last figure of some of the row's months, which are places counted from the
        end: none where all figures were counted alike.
        """
        if not self.breaks:
            return ()
        months = [self.months[place] for place in range(start, stop) if self.figures[place].value is not None]
        return breaks_between(self.breaks, months[0], months[-1]) if months else ()

    @property
    def summary_breaks(self) -> tuple[Break, ...]:
        """Those within the figures of average and maximum."""
        return () if self.summary.suppressed else self.breaks_in(-self.summary.window)

    def breaks_at(self, place: int) -> tuple[Break, ...]:
        """Those since the figure before, where the month's is the first one that is counted otherwise; else none."""
        if not self.breaks or self.figures[place].value is None:
            return ()
        before = range(place % len(self.months) - 1, -1, -1)
        earlier = next((self.months[one] for one in before if self.figures[one].value is not None), None)
        return breaks_between(self.breaks, earlier, self.months[place]) if earlier else ()

    @property
    def examined_since(self) -> date:
        """The earliest month whose figure the signal can rest on."""
        measure, baseline = self.measure, self.signal.baseline
        baselines = [baseline] if baseline else []
        return first_judged(self.current_month, measure.periods, baselines, is_seasonal=measure.is_seasonal)

    @property
    def trend_breaks(self) -> tuple[Break, ...]:
        """Those within the figures of the trend."""
        months = [one.month for one in self.trend if one.figure.value is not None] if self.breaks else []
        return breaks_between(self.breaks, months[0], months[-1]) if months else ()

    def breaks_in_trend(self, place: int) -> tuple[Break, ...]:
        """Those since the figure before in the trend, where the one at the place is the first counted otherwise."""
        trend = self.trend
        if not self.breaks or trend[place].figure.value is None:
            return ()
        earlier = [one.month for one in trend[:place] if one.figure.value is not None]
        return breaks_between(self.breaks, earlier[-1], trend[place].month) if earlier else ()

    def rests_on_estimate(self, *months: date) -> bool:
        """Whether the figure of any of the months is estimated."""
        return Stage.ESTIMATED in [self.figure(month).stage for month in months]

    def target_of(self, month: date) -> TargetCell | None:
        """The target that the month is to be held to, as far as the report shows it: that of its year."""
        cells = [cell for cell in (self.target, *self.targets, self.latest_target) if cell is not None]
        year = self.measure.periods.year(month) if cells else None
        return next((cell for cell in cells if cell.year == year), None)

    def text_at(self, place: int) -> str:
        """The figure of one of the row's months as displayed, with the decimals that its own target asks for."""
        return self.text_of(self.months[place], self.figures[place])

    def text_of(self, month: date, figure: Figure) -> str:
        """The month's figure as displayed, with the decimals that its own target asks for."""
        if self.is_judged_to_date:
            return self.measure.figure_text(figure)
        if month == self.current_month and self.target is not None:
            return self.measure.figure_text(figure, self.target.aim(self.measure.polarity))
        target = self.target_of(month)
        return self.measure.figure_text(figure, target.terms if target else None)

    @property
    def current_text(self) -> str:
        """The figure that the row is about, as displayed."""
        return self.text_at(self.current)

    @property
    def shown_figures(self) -> tuple[Figure, ...]:
        """The six months that the report prints, oldest first."""
        return self.figures[-MONTHS_SHOWN:]

    @property
    def month_texts(self) -> tuple[str, ...]:
        return tuple(map(self.text_at, range(-MONTHS_SHOWN, 0)))

    @property
    def change_month_text(self) -> str:
        return self.measure.change_text(self.change_month, self.difference_month)

    @property
    def change_year_text(self) -> str:
        return self.measure.change_text(self.change_year, self.difference_year)

    @property
    def difference_month(self) -> Exact | None:
        """The change from last month in the unit; None where it is told in per cent."""
        if not self.measure.allows_negative:
            return None
        return self.measure.difference_in(self.change_month, self.current_figure.value, self.value(self.previous_month))

    @property
    def difference_year(self) -> Exact | None:
        """The change from last year in the unit; None where it is told in per cent."""
        return self.measure.difference_in(self.change_year, self.current_figure.value, self.year_before_value)

    @property
    def average_text(self) -> str:
        return self._summary_text(self.summary.mean)

    @property
    def maximum_text(self) -> str:
        return self._summary_text(self.summary.maximum)

    def _summary_text(self, value: Exact | None) -> str:
        return Blank.SUPPRESSED.shorthand if self.summary.suppressed else self.measure.text(value)

    def comparator_text(self, cell: ComparatorCell | None) -> str:
        """The comparator's figure; "Local" where there can be none; empty where there is none."""
        if cell is None:
            return "Local" if self.measure.scope is Scope.LOCAL else ""
        if cell.blank is not None:
            return cell.blank.shorthand
        return self.measure.text(cell.value)

    def target_text(self, cell: TargetCell | None) -> str:
        if cell is None:
            return ""
        return self.measure.terms_text(cell.terms, cell.meaning)

    def own_year_of(self, cell: TargetCell | None, year_starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR) -> str:
        """The name of a target's year where that isn't one of the report's headings, which begin in the month
        `year_starts`; else empty.
        """
        is_own = cell is not None and self.measure.year_starts != year_starts
        return year_text(cell.year, self.measure.year_starts, short=True) if cell and is_own else ""

    @property
    def estimated_months(self) -> int:
        """How many of the figures behind average and maximum are estimated."""
        window = self.figures[-self.summary.window :]
        return [figure.stage for figure in window if figure.value is not None].count(Stage.ESTIMATED)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is missing for judging this row, in plain words."""
        if self.rating is not Rating.NO_TARGET or self.latest_target is None:
            return ()
        latest = self.latest_target
        return (
            f"No target for {self.measure.year_text(self.rated_year)}. The latest is "
            f"{self.target_text(latest)} for {self.measure.year_text(latest.year)}.",
        )
