"""What is measured: the parts of an indicator that a report shows, and how its figures are worded and displayed."""

from __future__ import annotations

from typing import NamedTuple

from indicators.calculations import units
from indicators.calculations.aims import Meaning
from indicators.calculations.change import Change
from indicators.calculations.exact import Exact, decimals_of, rounded_exactly
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import (
    MOST_DECIMALS,
    MOST_DECIMALS_STORED,
    format_change,
    format_figure,
    format_in_full,
    format_value,
    texts_apart,
)
from indicators.calculations.months import FIRST_MONTH_OF_FINANCIAL_YEAR, year_text
from indicators.calculations.periods import Periods
from indicators.calculations.rating import Aim, TargetTerms
from indicators.calculations.vocabulary import (
    Accumulation,
    Blank,
    Frequency,
    Polarity,
    RestsOn,
    Scope,
    Shape,
    Unit,
)

EVERY_PERIOD = Shape.EVERY_PERIOD


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
        return texts_apart(one, other, self.unit, self.decimal_places)

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
