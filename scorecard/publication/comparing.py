"""Two reports of a scorecard side by side: what moved, what was revised, what turned red or green."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from indicators.calculations.change import NO_CHANGE_KNOWN, Change, change
from indicators.calculations.figures import Figure
from indicators.calculations.signal import SignalKind
from indicators.calculations.vocabulary import Assessment, Blank, LabelledEnum, Movement, Rating
from scorecard.report import BoardReport, Row
from scorecard.report.board import Revised

from .revising import revised_figures

COLOURS = (Rating.RED, Rating.AMBER, Rating.GREEN)
NO_SIGNALS = (SignalKind.USUAL, SignalKind.NONE)


class Turn(LabelledEnum):
    """What is most worth telling of a line, the most pressing first."""

    RED = "red", "Turned red"
    CONCERN = "concern", "New concern"
    AMBER = "amber", "Turned amber"
    WORSE = "worse", "Worse"
    GONE = "gone", "No longer in the report"
    ADDED = "added", "New in the report"
    MISSING = "missing", "Figure missing"
    HIDDEN = "hidden", "Figure confidential"
    OTHER_UNIT = "other_unit", "Unit changed"
    UNRATED = "unrated", "No longer rated"
    GREEN = "green", "Turned green"
    IMPROVEMENT = "improvement", "New improvement"
    BETTER = "better", "Better"
    UNUSUAL = "unusual", "Newly unusual"
    SETTLED = "settled", "Usual again"
    NO_SIGNAL = "no_signal", "No signal any more"
    FIGURE = "figure", "New figure"
    MOVED = "moved", "Moved, not judged"
    WORDS = "words", "New commentary"
    SAME = "same", "No real change"


class ComparedLine(NamedTuple):
    """A line in both reports, or in one of them; `change` is from its earlier figure to its later one.

    `row` is the line as the later report has it, if it does.
    """

    row: Row
    before: Row | None
    after: Row | None
    change: Change
    turns: tuple[Turn, ...]

    @property
    def first(self) -> Turn:
        return self.turns[0]


@dataclass(frozen=True)
class Comparison:
    """Two reports compared. `changed` are the lines with anything to tell, the most pressing first."""

    earlier: BoardReport
    later: BoardReport
    changed: tuple[ComparedLine, ...]
    same: tuple[ComparedLine, ...]
    revised: tuple[Revised, ...]

    @property
    def counts(self) -> Counter[Turn]:
        """How many lines have each turn; a line can have several."""
        return Counter(turn for line in self.changed for turn in line.turns)


def compare_reports(earlier: BoardReport, later: BoardReport) -> Comparison:
    """What is another in the later report. Lines are matched by their indicator.

    Nothing is worked out from a figure that one of them does not show. Two publications of one month compare its
    figure then and now.
    """
    rows_before, rows_after = earlier.by_indicator, later.by_indicator
    keys = dict.fromkeys((*rows_after, *rows_before))
    lines = [_line(rows_before.get(key), rows_after.get(key)) for key in keys]
    order = {turn: place for place, turn in enumerate(Turn)}
    # Only figures in one unit can be set beside each other.
    known = {
        (key, month): figure
        for key, row in rows_before.items()
        if key in rows_after and rows_after[key].measure.unit is row.measure.unit
        for month, figure in zip(row.months, row.figures, strict=True)
    }
    changed = sorted((line for line in lines if line.first is not Turn.SAME), key=lambda line: order[line.first])
    return Comparison(
        earlier=earlier,
        later=later,
        changed=tuple(changed),
        same=tuple(line for line in lines if line.first is Turn.SAME),
        revised=tuple(revised_figures(later, known)),
    )


def _line(before: Row | None, after: Row | None) -> ComparedLine:
    if before and after:
        return _compared(before, after)
    if after:
        return ComparedLine(after, None, after, NO_CHANGE_KNOWN, (Turn.ADDED,))
    if before:
        return ComparedLine(before, before, None, NO_CHANGE_KNOWN, (Turn.GONE,))
    raise ValueError("A line is in one of the reports.")


def _compared(before: Row, after: Row) -> ComparedLine:
    goal = after.target.terms.value if after.target else None
    if before.measure.unit is after.measure.unit:
        moved = change(after.current_figure.value, before.current_figure.value, after.measure.polarity, goal)
        movement = _movement(before.current_figure, after.current_figure, moved)
    else:
        moved, movement = NO_CHANGE_KNOWN, Turn.OTHER_UNIT
    turns = [turn for turn in (_colour(before, after), _signal(before, after), movement, _words(before, after)) if turn]
    order = [*Turn]
    return ComparedLine(after, before, after, moved, tuple(sorted(turns, key=order.index)) or (Turn.SAME,))


def _colour(before: Row, after: Row) -> Turn | None:
    if after.rating is before.rating:
        return None
    if after.rating in COLOURS:
        return Turn(after.rating.value)
    return Turn.UNRATED if before.rating in COLOURS else None


def _signal(before: Row, after: Row) -> Turn | None:
    was, now = before.signal.kind, after.signal.kind
    if was is now or after.signal.suppressed:
        return None
    if now not in NO_SIGNALS:
        return Turn(now.value)
    if was in NO_SIGNALS:
        return None
    return Turn.SETTLED if now is SignalKind.USUAL else Turn.NO_SIGNAL


def _movement(before: Figure, after: Figure, moved: Change) -> Turn | None:
    if moved.movement is None:
        return _blank(before, after)
    if moved.movement is Movement.LEVEL:
        return None
    judged = {Assessment.WORSE: Turn.WORSE, Assessment.BETTER: Turn.BETTER, Assessment.NOT_JUDGED: Turn.MOVED}
    return judged.get(moved.assessment)


def _words(before: Row, after: Row) -> Turn | None:
    """Two publications of one month; from month to month every commentary is a new one."""
    is_same_month = before.months[-1] == after.months[-1]
    return Turn.WORDS if is_same_month and before.commentary != after.commentary else None


def _blank(before: Figure, after: Figure) -> Turn | None:
    if after.value is not None:
        return Turn.FIGURE
    if before.value is None:
        return None
    return Turn.HIDDEN if after.blank is Blank.SUPPRESSED else Turn.MISSING
