"""What is known about one indicator in one month: all that fact sentences and the checker need.

Plain data; a report's row is turned into it where reports are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from indicators.calculations.average_and_maximum import Summary
from indicators.calculations.change import Change
from indicators.calculations.exact import Exact
from indicators.calculations.figures import NO_RECORD, Figure
from indicators.calculations.formatting import format_value
from indicators.calculations.months import add_months
from indicators.calculations.rating import TargetTerms
from indicators.calculations.vocabulary import (
    ComparatorGroup,
    Frequency,
    LabelledEnum,
    OnBasis,
    Polarity,
    Rating,
    Unit,
)

MONTHS_IN_YEAR = 12


class Variation(LabelledEnum):
    """Whether a figure is more than usual variation (statistical process control); the label ends a sentence."""

    USUAL = "usual", "within usual variation"
    HIGH = "high", "higher than usual variation explains"
    LOW = "low", "lower than usual variation explains"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparatorFact:
    """What a group of others has, in the indicator's unit, and how the current figure stands against it."""

    group: ComparatorGroup
    value: Exact | None
    on_basis: OnBasis
    comparison: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """One indicator's figures around a month.

    `months` run without a gap, oldest first, with a figure each; `current` is the place of the figure that changes
    and rating are about, which for a quarterly indicator can lie before the last month. `summary` covers the months
    up to the last one. `target` is that of the current figure's financial year. `variation` is None where it is
    not known. `region` is the region's own name, if it has one.
    """

    reference: str
    title: str
    definition: str
    unit: Unit
    decimal_places: int
    polarity: Polarity
    frequency: Frequency
    months: tuple[date, ...]
    figures: tuple[Figure, ...]
    current: int
    change_month: Change
    change_year: Change
    summary: Summary
    comparators: tuple[ComparatorFact, ...] = ()
    target: TargetTerms | None = None
    rating: Rating = Rating.NO_TARGET
    region: str = ""
    variation: Variation | None = None

    @property
    def month(self) -> date:
        """The month of the current figure."""
        return self.months[self.current]

    @property
    def current_figure(self) -> Figure:
        return self.figures[self.current]

    @property
    def previous_month(self) -> date:
        """The month before, or the quarter before for a quarterly indicator."""
        return add_months(self.month, -self.frequency.months)

    @property
    def year_before(self) -> date:
        return add_months(self.month, -MONTHS_IN_YEAR)

    @property
    def is_quarterly(self) -> bool:
        return self.frequency is Frequency.QUARTERLY

    def figure(self, month: date) -> Figure:
        """The month's figure; not available outside the months that are known."""
        return self.figures[self.months.index(month)] if month in self.months else NO_RECORD

    def value(self, month: date) -> Exact | None:
        """The month's value; None when blank or not known."""
        return self.figure(month).value

    def text(self, value: Exact) -> str:
        """A value as this indicator displays it."""
        return format_value(value, self.unit, self.decimal_places)
