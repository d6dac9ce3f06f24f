"""What to look at: the lines of a report that are out of the ordinary, each with its reasons in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from django.utils.text import get_text_list

from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.formatting import format_change
from indicators.calculations.months import financial_year_text
from indicators.calculations.row import ComparatorCell, Row
from indicators.calculations.signal import SignalKind
from indicators.calculations.spc import Chart, SpecialCause
from indicators.calculations.vocabulary import (
    Blank,
    ComparatorGroup,
    Frequency,
    LabelledEnum,
    OnBasis,
    Polarity,
    Rating,
    Unit,
)

from .board import BoardReport, line_anchor

# A gap to a comparator is new when the figure is worse by more than the first now, and was by no more than the second
# a year before. Own convention: docs/methods.md.
GAP_NOW = Fraction(1, 4)
GAP_BEFORE = Fraction(1, 10)
# One child more or less is many per cent of a small count.
FEWEST_APART = 5


class Reason(LabelledEnum):
    """Why a line is out of the ordinary, in the order in which to look."""

    CONCERN = "concern", "Concern"
    OFF_TARGET = "off_target", "Off target"
    GAP = "gap", "New gap to others"
    OVERDUE = "overdue", "Figure overdue"
    IMPROVEMENT = "improvement", "Improvement"
    UNUSUAL = "unusual", "Unusual, not judged"


class LookItem(NamedTuple):
    """A line to look at. `section` is the anchor of its section; `reasons` has a sentence each, most pressing first."""

    section: str
    row: Row
    reasons: dict[Reason, str]

    @property
    def first(self) -> Reason:
        return next(iter(self.reasons))

    @property
    def sentence(self) -> str:
        return self.reasons[self.first]

    @property
    def others(self) -> str:
        """What else there is about the line, as "new gap to others and figure overdue"; empty where nothing."""
        return get_text_list([reason.label.lower() for reason in list(self.reasons)[1:]], "and")

    @property
    def anchor(self) -> str:
        """The line's name within the page."""
        return line_anchor(self.section, self.row)


def what_to_look_at(report: BoardReport) -> list[LookItem]:
    """The lines out of the ordinary: by their first reason, and then in the scorecard's order.

    A line in two sections is found once, in the first of them.
    """
    found: dict[int, LookItem] = {}
    for section in report.sections:
        for row in section.rows:
            reasons = reasons_of(row, report)
            if reasons:
                found.setdefault(row.indicator, LookItem(section.anchor, row, reasons))
    order = {reason: place for place, reason in enumerate(Reason)}
    return sorted(found.values(), key=lambda item: order[item.first])


def reasons_of(row: Row, report: BoardReport) -> dict[Reason, str]:
    """Every reason to look at a row, with its sentence, in order; empty when there is none."""
    told = {reason: tell(row, report) for reason, tell in _TELL.items()}
    return {reason: sentence for reason, sentence in told.items() if sentence}


def _signal_of(kind: SignalKind) -> Callable[[Row, BoardReport], str]:
    def tell(row: Row, report: BoardReport) -> str:
        if row.signal.kind is not kind:
            return ""
        if row.signal.chart is Chart.G:
            periods = "quarters" if row.measure.frequency is Frequency.QUARTERLY else "months"
            said = f"There have been more {periods} than usual without a case"
        else:
            said = f"{row.current_text} in {row.current_month:%B %Y} {_CAUSES[row.signal.cause]}"
        return f"{said}{_WANTED.get(row.measure.polarity, '')}.{_TRIAL if row.signal.trial else ''}"

    return tell


_WANTED = {Polarity.HIGH: "; higher is better", Polarity.LOW: "; lower is better"}
_TRIAL = " It rests on fewer than 13 figures."
_CAUSES = {
    SpecialCause.ABOVE_LIMIT: "is above the limits of usual variation",
    SpecialCause.BELOW_LIMIT: "is below the limits of usual variation",
    SpecialCause.RISING: "is one of at least 7 figures that rise one after the other",
    SpecialCause.FALLING: "is one of at least 7 figures that fall one after the other",
    SpecialCause.NEAR_UPPER: "is one of 2 in 3 figures close to the upper limit of usual variation",
    SpecialCause.NEAR_LOWER: "is one of 2 in 3 figures close to the lower limit of usual variation",
    SpecialCause.RUN_ABOVE: "is one of at least 7 figures in a row above the average",
    SpecialCause.RUN_BELOW: "is one of at least 7 figures in a row below the average",
}


def _off_target(row: Row, report: BoardReport) -> str:
    if row.rating is not Rating.RED or row.target is None or row.target.terms.value is None:
        return ""
    ours, goal = row.current_text, row.target_text(row.target)
    beyond = " by more than its tolerance" if row.target.terms.tolerance else ""
    year = financial_year_text(row.rated_year)
    return f"{ours} in {row.current_month:%B %Y} misses the target of {goal} for {year}{beyond}."


def _gap(row: Row, report: BoardReport) -> str:
    value, before = row.current_figure.value, row.year_before_value
    # A figure that was counted otherwise doesn't say that the gap is new.
    if value is None or before is None or row.breaks_since(row.year_before):
        return ""
    for cell in row.comparators:
        if cell is not None and _is_new_gap(row, value, before, cell):
            name = _NAMES.get(cell.group, report.region)
            ours, theirs = row.measure.texts_apart(value, cell.value)
            worse = "higher" if row.measure.polarity is Polarity.LOW else "lower"
            share = format_change(magnitude(cell.comparison.relative or 0))
            return (
                f"{ours} in {row.current_month:%B %Y} is {share} {worse} than {name} ({theirs}, {cell.year_text}); "
                f"a year before it was better or within 10%."
            )
    return ""


_NAMES = {ComparatorGroup.STATISTICAL_NEIGHBOURS: "statistical neighbours", ComparatorGroup.ENGLAND: "England"}


def _is_new_gap(row: Row, value: Exact, before: Exact, cell: ComparatorCell) -> bool:
    """Whether the row is much worse now than a comparator it was close to, or better than, a year before.

    Only a comparator on the row's basis that is known not to be out of date, and only where one side is the better one.
    """
    worse_by = _WORSE_BY.get(row.measure.polarity)
    if worse_by is None or not cell.value or not cell.is_comparable or cell.is_stale or cell.year is None:
        return False
    theirs = cell.value
    now, then = worse_by(value, theirs), worse_by(before, theirs)
    if row.measure.unit is Unit.COUNT and now < FEWEST_APART:
        return False
    return now > GAP_NOW * theirs and then <= GAP_BEFORE * theirs


_WORSE_BY: dict[Polarity, Callable[[Exact, Exact], Exact]] = {
    Polarity.HIGH: lambda ours, theirs: theirs - ours,
    Polarity.LOW: lambda ours, theirs: ours - theirs,
}


def _overdue(row: Row, report: BoardReport) -> str:
    """A figure that is due in the report's month and isn't there, for no other reason than that it is late."""
    blank = row.figures[-1].blank
    is_due = row.measure.frequency.is_due_in(report.month)
    if not is_due or blank not in _LATE:
        return ""
    return f"{_LATE[blank]} {report.month:%B %Y}."


_LATE = {
    Blank.AWAITED: "Still awaited: the figure for",
    Blank.NOT_AVAILABLE: "Not available or not recorded: the figure for",
    # What a quarter's month without a record shows.
    Blank.NOT_DUE: "Not recorded: the figure for",
}

_TELL: dict[Reason, Callable[[Row, BoardReport], str]] = {
    Reason.CONCERN: _signal_of(SignalKind.CONCERN),
    Reason.OFF_TARGET: _off_target,
    Reason.GAP: _gap,
    Reason.OVERDUE: _overdue,
    Reason.IMPROVEMENT: _signal_of(SignalKind.IMPROVEMENT),
    Reason.UNUSUAL: _signal_of(SignalKind.UNUSUAL),
}


def notices(report: BoardReport) -> list[str]:
    """What holds for the whole report and a reader must know, in sentences."""
    found = []
    if not report.has_target_this_year:
        year = financial_year_text(report.financial_year)
        found.append(
            f"No indicator has a target for {year}, the year of this report, so none is rated "
            "red, amber or green. The targets shown are of earlier years."
        )
    # Rows with a comparator that is out of date, with one on another basis, and with one of which that isn't known.
    cells = [[cell for cell in row.comparators if cell and cell.value is not None] for row in report.rows]
    stale = sum(any(cell.is_stale for cell in row) for row in cells)
    off_basis = sum(any(cell.on_basis is OnBasis.NO for cell in row) for row in cells)
    if off_basis:
        found.append(
            f"{_lines(off_basis)} comparators that are not measured as the council measures "
            "itself: they are marked, and no comparison is drawn."
        )
    unknown = sum(any(cell.on_basis is OnBasis.UNKNOWN for cell in row) for row in cells)
    if unknown:
        found.append(
            f"{_lines(unknown)} comparators of which nobody has said whether they are measured as the council measures "
            "itself: they are marked, and no comparison is drawn."
        )
    if stale:
        found.append(f"{_lines(stale)} comparators that ended more than two years before this report.")
    return found


def _lines(count: int) -> str:
    return "1 indicator has" if count == 1 else f"{count} indicators have"
