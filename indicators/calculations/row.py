"""One line of the report as plain data: exact figures, and the text each one is displayed as.

What there are thousands of is a named tuple, which is made three times as fast as a frozen
dataclass.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from indicators.calculations import units
from indicators.calculations.aims import Meaning
from indicators.calculations.change import Break, Change, breaks_between
from indicators.calculations.exact import Exact, decimals_of, rounded_exactly
from indicators.calculations.figures import NO_RECORD, Figure
from indicators.calculations.formatting import (
    MOST_DECIMALS_STORED,
    format_change,
    format_figure,
    format_in_full,
    format_value,
)
from indicators.calculations.months import FIRST_MONTH_OF_FINANCIAL_YEAR, year_text
from indicators.calculations.periods import Periods, ReportingPeriod
from indicators.calculations.rating import Aim, TargetTerms
from indicators.calculations.totals import RunningTotals
from indicators.calculations.vocabulary import (
    Accumulation,
    Blank,
    Frequency,
    GroupKind,
    OnBasis,
    Polarity,
    Rating,
    RestsOn,
    Scope,
    Shape,
    Stage,
    SuccessionKind,
    Unit,
)

from .averages import Summary
from .signal import Signal, first_judged

# More than any two different figures need to look different.
MOST_DECIMALS = 12
MONTHS_SHOWN = 6
MONTHS_IN_TREND = 13
MONTHS_AVERAGED = 12
# Of an indicator that isn't monthly: as many as a year of quarters and the one that they are compared with.
PERIODS_IN_TREND = 5
EVERY_PERIOD = Shape.EVERY_PERIOD


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
        return self.kind.label if self.is_former else self.kind.of_former

    @property
    def words(self) -> str:
        """How the two hang together, in a sentence, with the note behind it."""
        return f"{self.how} {self.reference} {self.title} from {self.month:%B %Y}. {self.note}".strip()


class Measure(NamedTuple):
    """What is measured: the parts of an indicator that a report shows.

    `rate_base` is that of a rate per another number. `year_starts` is the number of the month in which its year
    begins, and `due_months` are the numbers of those in which a figure is due, where they are not the frequency's own.
    """

    reference: str
    title: str
    definition: str
    outcome: str
    owner: str
    reporter: str
    unit: Unit
    decimal_places: int
    polarity: Polarity
    frequency: Frequency
    scope: Scope
    note: str
    rate_base: int | None = None
    allows_negative: bool = False
    year_starts: int = FIRST_MONTH_OF_FINANCIAL_YEAR
    due_months: tuple[int, ...] = ()
    accumulation: Accumulation = Accumulation.NO
    is_seasonal: bool = False
    seasonal_reason: str = ""

    @property
    def periods(self) -> Periods:
        """When its figures are due and what they are of."""
        return Periods(self.frequency, self.year_starts, self.due_months)

    def year_text(self, year: int) -> str:
        """Its year that began in the calendar year `year`: "2019-20", "2019", "academic year 2019-20"."""
        return year_text(year, self.year_starts)

    @property
    def kind_of_unit(self) -> units.UnitKind:
        return units.kind_of(self.unit)

    @property
    def unit_label(self) -> str:
        """The unit in words, with the number that a rate is per."""
        return units.unit_label(self.unit, self.rate_base)

    @property
    def tells_differences(self) -> bool:
        """Whether figures are told as so many more or less, not in per cent: where a per cent would say less, and
        where figures can be negative, so that it would say nothing.
        """
        return self.allows_negative or self.kind_of_unit in units.TOLD_AS_DIFFERENCE

    @property
    def floor(self) -> int | None:
        """What no figure is below; None where they can be negative."""
        return None if self.allows_negative else 0

    def question(self, when: str) -> str:
        """What a return asks for, of a period such as "October 2026"."""
        adds_up = self.accumulation is not Accumulation.NO
        return units.question(self.unit, when, self.rate_base, adds_up=adds_up)

    def part_questions(self, when: str) -> tuple[str, str]:
        """What a return asks for where numerator and denominator are entered."""
        return units.part_questions(self.unit, when)

    def said(self, value: Exact) -> str:
        """A value in a sentence: "1,464", "none" for a count of 0, "36%", "53 per 10,000", "less than 0.5%"."""
        if not value and self.unit is Unit.COUNT and not self.allows_negative:
            return "none"
        return self.worded(self.text(value), value) + units.per_text(self.unit, self.rate_base)

    def worded(self, text: str, value: Exact) -> str:
        """A displayed value in a sentence, with words where it is [low] or [high]."""
        return units.worded(text, self.unit, self.decimal_places, is_negative=value < 0)

    def difference_text(self, one: Exact, other: Exact) -> str:
        """How far two values lie apart as displayed, so that a sentence adds up for its reader: "28 percentage points",
        "£12k"; "less than 1 day" where they look alike.
        """
        shown = [rounded_exactly(value, self.decimal_places) for value in (one, other)]
        return units.difference_text(shown[0] - shown[1], self.unit, self.decimal_places)

    def difference_in(self, change: Change, later: Exact | None, earlier: Exact | None) -> Exact | None:
        """What a change is told as where figures can be negative: how much more or less. None for other indicators,
        which tell theirs in per cent, and where a figure is missing.
        """
        if not self.allows_negative or change.movement is None or later is None or earlier is None:
            return None
        return later - earlier

    def change_text(self, change: Change, difference: Exact | None) -> str:
        """A change as displayed: "-21%", or its difference, "+£12k"; "n/a" where there is none."""
        if change.suppressed:
            return Blank.SUPPRESSED.shorthand
        if difference is None:
            return format_change(change.relative)
        return units.change_text(difference, self.unit, self.decimal_places)

    def text(self, value: Exact | None) -> str:
        """A value as this indicator displays it; "n/a" for None."""
        return format_value(value, self.unit, self.decimal_places)

    def texts_apart(self, one: Exact | None, other: Exact | None) -> tuple[str, str]:
        """Both as displayed; with as many decimals more as they need where they would print the same and yet differ."""
        for places in range(self.decimal_places, MOST_DECIMALS + 1):
            texts = format_value(one, self.unit, places), format_value(other, self.unit, places)
            if one is None or other is None or one == other or texts[0] != texts[1]:
                break
        return texts

    def tolerance_text(self, value: Exact) -> str:
        """By how much a target may be missed, as exactly as it was set: "2 percentage points"."""
        return units.difference_text(
            value, self.unit, max(self.decimal_places, decimals_of(value, MOST_DECIMALS_STORED))
        )

    @property
    def axis_name(self) -> str:
        """The unit above an axis of bare numbers, where figures have it beside them in words or signs of money."""
        is_told = self.kind_of_unit in (units.UnitKind.MONEY, units.UnitKind.TIME)
        return units.unit_name(self.unit) if is_told else ""

    def target_text(self, value: Exact) -> str:
        """A target, as exactly as it was set: a rounded one could look met by what misses it."""
        return format_in_full(value, self.unit, self.decimal_places)

    def aim_text(self, aim: Aim) -> str:
        """Where a figure should lie, in words: "94% or more", "less than 12", "10 to 14", "12"."""
        low, high = (None if end is None else self.target_text(end) for end in (aim.low, aim.high))
        if low is not None and high is not None:
            # The unit's noun once: "5 to 20 days"; a sign stands at both, "40% to 60%".
            return low if low == high else f"{low.partition(' ')[0]} to {high}"
        if high is None:
            return f"more than {low}" if aim.is_strict else f"{low} or more"
        return f"less than {high}" if aim.is_strict else f"{high} or less"

    def is_plain_target(self, terms: TargetTerms) -> bool:
        """Whether its figure says it all: for every period, and meant in the indicator's own direction."""
        own = TargetTerms(None).sense_for(self.polarity)
        return terms.is_tbc or (terms.is_fixed and terms.sense_for(self.polarity) is own)

    def terms_text(self, terms: TargetTerms, meaning: Meaning | None = None) -> str:
        """A year's target as a report prints it: "94%", "10 to 14", "24 for the year", "more than 47% (last year)".

        A figure alone is meant in the indicator's own direction.
        """
        if terms.is_tbc:
            return "TBC"
        if terms.value is None:
            if meaning and meaning.aim:
                return f"{self.aim_text(meaning.aim)} ({meaning.because})"
            comparison = "better than" if terms.is_strict else "as good as"
            basis = "last year" if terms.rests_on is RestsOn.LAST_YEAR else terms.group_name
            return f"{comparison} {basis}" + (", not known" if meaning else "")
        aim = terms.aim(self.polarity, terms.value, terms.upper)
        is_plain = self.is_plain_target(terms._replace(shape=EVERY_PERIOD))
        text = self.target_text(terms.value) if is_plain else self.aim_text(aim)
        if not is_plain and aim.low == aim.high:
            text = f"exactly {text}"
        return text if terms.shape is EVERY_PERIOD else f"{text} for the year"

    def figure_text(self, figure: Figure, target: TargetTerms | Aim | None = None) -> str:
        """A figure as displayed, or the shorthand of its blank.

        Beside its `target` it has as many decimals more as show why it is rated as it is: 99.6% for a target of 100%,
        or 91.6% where 92% would still be amber.
        """
        value, unit = figure.value, self.unit
        aim = target.fixed_aim(self.polarity) if isinstance(target, TargetTerms) else target
        if value is None or aim is None or self.polarity is Polarity.NEUTRAL or value.denominator == 1:
            return format_figure(figure, unit, self.decimal_places)
        # Most figures lie further from where the rating changes than rounding moves them; the others are slow to tell.
        tolerance, step = aim.tolerance.numerator / aim.tolerance.denominator, 10**-self.decimal_places
        given = value.numerator / value.denominator
        for end in aim.ends:
            off = abs(given - end.numerator / end.denominator)
            if off <= step or abs(off - tolerance) <= step:
                break
        else:
            return format_value(value, unit, self.decimal_places)
        rating = aim.rate(value)
        for places in range(self.decimal_places, MOST_DECIMALS + 1):
            if aim.rate(rounded_exactly(value, places)) is rating:
                return format_value(value, unit, places)
        return format_value(value, unit, MOST_DECIMALS)


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

    def own_year_of(self, cell: TargetCell | None) -> str:
        """The name of a target's year where that isn't the financial year of the report's headings; else empty."""
        is_own = cell is not None and self.measure.year_starts != FIRST_MONTH_OF_FINANCIAL_YEAR
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
