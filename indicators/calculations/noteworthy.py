"""What of a line readers will ask about: a signal, a target that is missed, a new gap to others; and its runs.

What to look at in a report, and which line is asked for a commentary before it is sent, follow from this alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .exact import Exact, magnitude
from .formatting import format_change
from .row import ComparatorCell, Row
from .signal import SignalKind
from .spc import FEWEST_FIGURES, Assurance
from .vocabulary import Polarity, Rating, Unit

# A gap to a comparator is new when the figure is worse by more than the first now, and was by no more than the second
# a year before. Own convention: docs/methods.md.
GAP_NOW, GAP_BEFORE = (1, 4), (1, 10)
# One child more or less is many per cent of a small count.
FEWEST_APART = 5
# From so many moves the same way on, it is said for how long; 7 figures one after the other are a signal by themselves.
FEWEST_STEPS = 6


def calls_for_words(row: Row) -> str:
    """Why readers will ask about the row's latest figure, as a sentence's beginning; empty where they have no reason.

    A signal, a target missed by more than its tolerance, or a new gap: whatever the report has under what to look at,
    but for a figure that is late.
    """
    told, move = row.signal.told, row.signal.move
    # What no chart can judge is said as it is, not that it could not be examined.
    words = f"{move.words[0].upper()}{move.words[1:]}" if move else row.signal.words
    if told is SignalKind.CONCERN:
        return words
    if row.rating is Rating.RED:
        return "Off target"
    if gap := new_gap(row):
        return f"A new gap to {gap.group.said}"
    return words if told in (SignalKind.UNUSUAL, SignalKind.IMPROVEMENT) else ""


def once(assurance: Assurance | None, rating: Rating) -> str:
    """What to expect of a target that the figure met, or missed, against all that is usual; empty for no exception.

    "On target" and "will keep missing it" would deny each other.
    """
    if assurance is Assurance.FAIL and rating is Rating.GREEN:
        return "Met for once: what is usual misses it"
    if assurance is Assurance.PASS and rating in (Rating.AMBER, Rating.RED):
        return "Missed for once: what is usual meets it"
    return ""


def has_too_few(row: Row) -> bool:
    """Whether there are too few figures, since the last one that was counted otherwise, for any chart to judge."""
    return row.signal.variation is None and not row.signal.suppressed and row.signal.figures < FEWEST_FIGURES


def new_gap(row: Row) -> ComparatorCell | None:
    """The first comparator that the row is much worse than now and was close to, or better than, a year before."""
    value, before = row.current_figure.value, row.year_before_value
    # A figure that was counted otherwise doesn't say that the gap is new.
    if value is None or before is None or row.breaks_since(row.year_before):
        return None
    return next((cell for cell in row.comparators if cell and _is_new_gap(row, value, before, cell)), None)


def _is_new_gap(row: Row, value: Exact, before: Exact, cell: ComparatorCell) -> bool:
    """Only a comparator on the row's basis that is known not to be out of date, and only where one side is better."""
    worse_by = _WORSE_BY.get(row.measure.polarity)
    if worse_by is None or not cell.value or not cell.is_comparable or cell.is_stale or cell.year is None:
        return False
    if row.measure.allows_negative:
        # There is no so many per cent worse.
        return False
    theirs = cell.value
    now, then = worse_by(value, theirs), worse_by(before, theirs)
    if row.measure.unit is Unit.COUNT and now < FEWEST_APART:
        return False
    return GAP_NOW[1] * now > GAP_NOW[0] * theirs and GAP_BEFORE[1] * then <= GAP_BEFORE[0] * theirs


_WORSE_BY: dict[Polarity, Callable[[Exact, Exact], Exact]] = {
    Polarity.HIGH: lambda ours, theirs: theirs - ours,
    Polarity.LOW: lambda ours, theirs: ours - theirs,
}


def gap_in_words(row: Row) -> str:
    """The new gap in a sentence; empty where there is none."""
    cell, value = new_gap(row), row.current_figure.value
    if cell is None:
        return ""
    ours, theirs = row.measure.texts_apart(value, cell.value)
    worse = "higher" if row.measure.polarity is Polarity.LOW else "lower"
    # “36% is 63% higher than 22%” would be read as 63 points.
    is_share = row.measure.unit is Unit.PERCENTAGE
    by = "far" if is_share else format_change(magnitude(cell.comparison.relative or 0))
    return (
        f"{ours} {row.period.phrase} is {by} {worse} than {cell.group.said} ({theirs}, {cell.year_text}); "
        f"a year before it was better, or worse by no more than a tenth."
    )


class Run(NamedTuple):
    """How long the latest of some figures have gone one way: from the figure at the place `start` on, `steps` times.

    `has_ties` is whether some stayed the same between.
    """

    start: int
    steps: int
    is_up: bool
    has_ties: bool

    @property
    def words(self) -> str:
        """The way in a word or two, as “falling” or “falling or staying level”."""
        return f"{'rising' if self.is_up else 'falling'}{' or staying level' if self.has_ties else ''}"


def latest_run(values: Sequence[Exact | None]) -> Run | None:
    """The run that the latest of the figures, oldest first, ends; None where it stayed the same or is no run.

    A run is named from six moves the same way on; figures that stay the same between them don't end it, but don't
    count as moves. A blank ends it.
    """
    start = place = len(values) - 1
    moves, way = 0, 0
    while place > 0:
        before, after = values[place - 1], values[place]
        if before is None or after is None:
            break
        step = (after > before) - (after < before)
        if step and way and step != way:
            break
        if not step and not way:
            return None
        place -= 1
        if step:
            way, moves, start = step, moves + 1, place
    if moves < FEWEST_STEPS:
        return None
    steps = len(values) - 1 - start
    return Run(start, steps, way > 0, steps > moves)
