"""What differs between two reports: the comparison that readers get, and what a new publication marks and lists.

A revised figure is marked [r]; beside it a publication lists whatever else it says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from indicators.calculations.change import NO_CHANGE_KNOWN, SUPPRESSED_CHANGE, Break, Change, breaks_between, change
from indicators.calculations.figures import NO_RECORD, Figure
from indicators.calculations.measure import Measure
from indicators.calculations.plain_text import plain_text
from indicators.calculations.signal import SignalKind
from indicators.calculations.vocabulary import Assessment, Blank, LabelledEnum, Movement, Polarity, Rating, Stage, Unit
from scorecard.indicator_page import IndicatorPage
from scorecard.report import BoardReport, Row
from scorecard.report.board import Focus, Revised, RevisionKind
from scorecard.report.one_fact import Kinship, change_beside

from .document import Pages
from .populations import Estimates, FiguresByMonth, WorkedOutFrom, entries_of

COLOURS = (Rating.RED, Rating.AMBER, Rating.GREEN)
NO_SIGNALS = (SignalKind.USUAL, SignalKind.NONE)
IN_THE_REPORT = "in the report"
COMMENTARY = "Commentary"
UNSETTLED = (Stage.PROVISIONAL, Stage.ESTIMATED)


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
    RECOUNTED = "recounted", "Counted differently"
    UNRATED = "unrated", "No longer rated"
    GREEN = "green", "Turned green"
    IMPROVEMENT = "improvement", "New improvement"
    BETTER = "better", "Better"
    UNUSUAL = "unusual", "Newly unusual"
    SETTLED = "settled", "Usual again"
    NO_SIGNAL = "no_signal", "Could not be examined any more"
    FIGURE = "figure", "New figure"
    MOVED = "moved", "Moved, not judged"
    WORDS = "words", "New commentary"
    SAME = "same", "No real change"


_MOVES = frozenset((Turn.WORSE, Turn.BETTER, Turn.MOVED))
# What a figure that got better or worse is not called beside.
_AGAINST: Mapping[Turn | None, frozenset[Turn]] = {
    Turn.BETTER: frozenset((Turn.RED, Turn.AMBER, Turn.CONCERN)),
    Turn.WORSE: frozenset((Turn.GREEN, Turn.IMPROVEMENT)),
}


class ComparedLine(NamedTuple):
    """A line in both reports, or in one of them; `change` is from its earlier figure to its later one.

    `row` is the line as the later report has it, if it does. `breaks` are the changes of counting between the two
    figures: across these nothing is better or worse.
    """

    row: Row
    before: Row | None
    after: Row | None
    change: Change
    turns: tuple[Turn, ...]
    breaks: tuple[Break, ...] = ()

    @property
    def first(self) -> Turn:
        return self.turns[0]

    @property
    def labels(self) -> list[str]:
        """Its turns in words; a signal beside a colour that says otherwise says so."""
        rating = self.after.rating if self.after else None
        beside = {Turn.CONCERN: rating is Rating.GREEN and "though on target"}
        beside[Turn.IMPROVEMENT] = rating in (Rating.RED, Rating.AMBER) and "though off target"
        return [f"{turn.label}, {more}" if (more := beside.get(turn)) else turn.label for turn in self.turns]

    @property
    def is_noise(self) -> bool:
        """Whether it only moved, and no further than chance explains: both figures are usual by the later signal."""
        if self.before is None or self.after is None or not _MOVES.issuperset(self.turns):
            return False
        since = self.after.examined_since
        is_later = since <= self.before.current_month < self.after.current_month
        return is_later and self.before.signal.kind is self.after.signal.kind is SignalKind.USUAL

    @property
    def difference(self) -> str:
        """The change in the unit, where figures can be negative; else empty."""
        if self.before is None or self.after is None:
            return ""
        later, earlier = self.after.current_figure.value, self.before.current_figure.value
        difference = self.after.measure.difference_in(self.change, later, earlier)
        return "" if difference is None else self.after.measure.change_text(self.change, difference)


@dataclass(frozen=True)
class Comparison:
    """Two reports compared. `changed` are the lines with anything to tell, the most pressing first, and `noise` those
    that moved no further than they usually do.
    """

    earlier: BoardReport
    later: BoardReport
    changed: tuple[ComparedLine, ...]
    noise: tuple[ComparedLine, ...]
    same: tuple[ComparedLine, ...]
    revised: tuple[Revised, ...]

    @property
    def counts(self) -> Counter[Turn]:
        """How many lines have each turn; a line can have several."""
        return Counter(turn for line in self.changed for turn in line.turns)


def compare_reports(
    earlier: BoardReport, later: BoardReport, pages: Callable[[], tuple[Pages, Pages]] | None = None
) -> Comparison:
    """What is another in the later report. Lines are matched by their indicator.

    `pages` reads the pages of both, which tell what figures are worked out from; asked for where they were revised.
    Nothing is worked out from a figure that one of them does not show. Two publications of one month compare its
    figure then and now.
    """
    rows_before, rows_after = earlier.by_indicator, later.by_indicator
    keys = dict.fromkeys((*rows_after, *rows_before))
    shares = Kinship(rows_after, later.derivations).shares
    lines = [
        _line(
            rows_before.get(key),
            rows_after.get(key),
            [(rows_before[one], rows_after[one]) for one in shares.get(key, ()) if one in rows_before],
        )
        for key in keys
    ]
    order = {turn: place for place, turn in enumerate(Turn)}
    # Only figures in one unit can be set beside each other.
    known = {
        (key, month): figure
        for key, row in rows_before.items()
        if key in rows_after and _in_one_unit(rows_after[key].measure, row.measure)
        for month, figure in zip(row.months, row.figures, strict=True)
    }
    changed = sorted((line for line in lines if line.first is not Turn.SAME), key=lambda line: order[line.first])
    return Comparison(
        earlier=earlier,
        later=later,
        changed=tuple(line for line in changed if not line.is_noise),
        noise=tuple(line for line in changed if line.is_noise),
        same=tuple(line for line in lines if line.first is Turn.SAME),
        revised=tuple(_revised_between(later, known, pages)),
    )


def _revised_between(
    later: BoardReport, known: FiguresByMonth, pages: Callable[[], tuple[Pages, Pages]] | None
) -> list[Revised]:
    revised = list(revised_figures(later, known))
    if not revised or pages is None:
        return revised
    before, after = pages()
    return list(revised_figures(later, known, estimates_between(figures_in(before), before.all, after)))


def _line(before: Row | None, after: Row | None, shares: Iterable[tuple[Row, Row]]) -> ComparedLine:
    """A line in both reports; `shares` are, in both, the lines that are shares or rates of it alone."""
    if after is None:
        if before is None:
            raise ValueError("A line is in one of the reports.")
        return ComparedLine(before, before, None, NO_CHANGE_KNOWN, (Turn.GONE,))
    if before is None:
        return ComparedLine(after, None, after, NO_CHANGE_KNOWN, (Turn.ADDED,))
    breaks = breaks_between(after.breaks, before.current_month, after.current_month)
    moved = _moved(before, after)
    if _in_one_unit(before.measure, after.measure):
        if after.measure.unit is Unit.COUNT:
            only_follows = after.signal.only_follows is not None
            moved = change_beside(moved, [_moved(*share) for share in shares], only_follows=only_follows)
        movement = _movement(before.current_figure, after.current_figure, moved)
        if breaks and moved.movement is not None:
            movement = Turn.RECOUNTED
    else:
        movement = Turn.OTHER_UNIT
    # Of two publications of one month; from month to month every commentary is a new one.
    is_reworded = before.months[-1] == after.months[-1] and before.commentary != after.commentary
    beside, told = (_colour(before, after), _signal(before, after)), after.signal.told
    lasting = None if told in NO_SIGNALS or after.signal.suppressed else Turn(told.value)
    if _AGAINST.get(movement, frozenset()).intersection((*beside, lasting)):
        # What it did since another report says nothing beside a signal or a target that say the opposite.
        movement = None if any(beside) else Turn.MOVED
        moved = moved._replace(assessment=Assessment.NOT_JUDGED)
    found = (*beside, movement, Turn.WORDS if is_reworded else None)
    turns = [turn for turn in found if turn]
    order = [*Turn]
    return ComparedLine(after, before, after, moved, tuple(sorted(turns, key=order.index)) or (Turn.SAME,), breaks)


def _in_one_unit(one: Measure, other: Measure) -> bool:
    return (one.unit, one.rate_base) == (other.unit, other.rate_base)


def _moved(before: Row, after: Row) -> Change:
    """From the figure of one report to that of the other, judged as the later one judges."""
    ours, earlier = after.current_figure, before.current_figure
    if not _in_one_unit(before.measure, after.measure):
        return NO_CHANGE_KNOWN
    if Blank.SUPPRESSED in (ours.blank, earlier.blank):
        return SUPPRESSED_CHANGE
    breaks = breaks_between(after.breaks, before.current_month, after.current_month)
    # A target for the year's total says nothing of a period's figure.
    goal = None if after.target is None or after.is_judged_to_date else after.target.aim(after.measure.polarity)
    polarity = Polarity.NEUTRAL if breaks else after.measure.polarity
    return change(ours.value, earlier.value, polarity, goal, is_signed=after.measure.allows_negative)


def _colour(before: Row, after: Row) -> Turn | None:
    if after.rating is before.rating:
        return None
    if after.rating in COLOURS:
        return Turn(after.rating.value)
    return Turn.UNRATED if before.rating in COLOURS else None


def _signal(before: Row, after: Row) -> Turn | None:
    # What moved far where no chart can judge it is told as a signal is.
    was, now = before.signal.told, after.signal.told
    if was is now or after.signal.suppressed:
        return None
    if now not in NO_SIGNALS:
        return Turn(now.value)
    if was in NO_SIGNALS:
        return None
    return Turn.SETTLED if now is SignalKind.USUAL else Turn.NO_SIGNAL


def _movement(before: Figure, after: Figure, moved: Change) -> Turn | None:
    if moved.movement is None:
        if after.value is not None:
            return Turn.FIGURE
        if before.value is None:
            return None
        return Turn.HIDDEN if after.blank is Blank.SUPPRESSED else Turn.MISSING
    if moved.movement is Movement.LEVEL:
        return None
    judged = {Assessment.WORSE: Turn.WORSE, Assessment.BETTER: Turn.BETTER, Assessment.NOT_JUDGED: Turn.MOVED}
    return judged.get(moved.assessment)


def figures_in(pages: Pages) -> dict[tuple[int, date], Figure]:
    """Every figure of every page."""
    return {(page.key, point.month): point.figure for page in pages.all for point in page.points}


def estimates_between(known: FiguresByMonth, before: Iterable[IndicatorPage], pages: Pages) -> Estimates:
    """Which figures of the pages differ from those known, of the pages before, on account of a new population."""
    return Estimates(known, figures_in(pages), WorkedOutFrom.of(before, pages.all))


def is_revised(now: Figure, before: Figure | None) -> bool:
    """Whether a figure that was published is another now. One that was blank is published for the first time.

    A figure that is hidden, or was, says nothing of what it is.
    """
    if before is None or before.value is None or now.blank is Blank.SUPPRESSED:
        return False
    return now.value != before.value


def with_marks(report: BoardReport, pages: Pages, known: FiguresByMonth) -> tuple[BoardReport, Pages]:
    """The report and its pages with [r] at each figure that differs from the one known.

    A figure that the known document marks, and that has stayed, keeps its mark.
    """

    def mark(key: int, month: date, figure: Figure) -> Figure:
        before = known.get((key, month))
        keeps_mark = before is not None and before.stage is Stage.REVISED and before.value == figure.value
        if figure.value is not None and (is_revised(figure, before) or keeps_mark):
            return figure._replace(stage=Stage.REVISED)
        return figure

    def mark_row(row: Row) -> Row:
        figures = zip(row.months, row.figures, strict=True)
        return row._replace(figures=tuple(mark(row.indicator, month, figure) for month, figure in figures))

    def mark_page(page: IndicatorPage) -> IndicatorPage:
        points = (replace(point, figure=mark(page.key, point.month, point.figure)) for point in page.points)
        return replace(page, points=tuple(points))

    sections = (replace(section, rows=tuple(map(mark_row, section.rows))) for section in report.sections)
    return replace(report, sections=tuple(sections)), pages.each(mark_page)


def revised_figures(
    report: BoardReport, known: FiguresByMonth, estimates: Estimates | None = None
) -> Iterator[Revised]:
    """The figures of the report that were published otherwise, line by line, oldest month first.

    Before them, in one entry for each new estimate of a population, those that differ for nothing else.
    """
    if estimates:
        places = (
            (row.indicator, month)
            for row in report.by_indicator.values()
            for month, figure in zip(row.months, row.figures, strict=True)
            if is_revised(figure, known.get((row.indicator, month)))
        )
        yield from entries_of(estimates, places)
    for row in report.by_indicator.values():
        for month, figure in zip(row.months, row.figures, strict=True):
            before = known.get((row.indicator, month))
            if before is not None and is_revised(figure, before):
                if estimates and estimates.behind((row.indicator, month)):
                    continue
                was, now = row.measure.texts_apart(before.value, figure.value)
                yield Revised(
                    indicator=row.indicator,
                    reference=row.measure.reference,
                    title=row.measure.title,
                    what=f"{month:%B %Y}",
                    before=was,
                    after=row.measure.figure_text(figure) if figure.blank else now,
                    kind=RevisionKind.SCHEDULED if before.stage in UNSETTLED else RevisionKind.CORRECTION,
                )


def other_changes(before: BoardReport, after: BoardReport, estimates: Estimates) -> Iterator[Revised]:
    """What else a revision says otherwise than the report before it: added figures, texts, targets and so on.

    Changes, averages and ratings follow from these, and are not listed.
    """
    yield from _changed(None, "", "The report", report_words(before), report_words(after))
    rows_before, rows_after = before.by_indicator, after.by_indicator
    added = {
        (key, month): change
        for key in rows_before.keys() & rows_after.keys()
        for month, change in _added(rows_before[key], rows_after[key])
    }
    yield from entries_of(estimates, added)
    for key in dict.fromkeys((*rows_before, *rows_after)):
        was, now = rows_before.get(key), rows_after.get(key)
        measure = (now or was).measure  # type: ignore[union-attr]  # it is in one of them
        yield from (change for place, change in added.items() if place[0] == key and estimates.behind(place) is None)
        if was is None or now is None:
            # All that is said of a line is new or gone with it.
            places = ("", IN_THE_REPORT) if was is None else (IN_THE_REPORT, "")
            yield Revised(key, measure.reference, measure.title, "Line", *places, RevisionKind.CHANGED)
        else:
            yield from _changed(
                key, measure.reference, measure.title, row_words(was, _group_names(now)), row_words(now)
            )


def _added(was: Row, now: Row) -> Iterator[tuple[date, Revised]]:
    """Months that had no figure, or another reason for having none."""
    earlier = dict(zip(was.months, was.figures, strict=True))
    for month, figure in zip(now.months, now.figures, strict=True):
        before = earlier.get(month)
        # Until format 4 a quarter without a record was called not due, also where it was due.
        if before is None or before.value is not None or (before.blank is Blank.NOT_DUE and figure == NO_RECORD):
            continue
        if before.blank is not figure.blank or figure.value is not None:
            measure, texts = now.measure, (was.measure.figure_text(before), now.text_at(now.months.index(month)))
            what = f"{month:%B %Y}"
            yield month, Revised(now.indicator, measure.reference, measure.title, what, *texts, RevisionKind.ADDED)


def _changed(
    indicator: int | None, reference: str, title: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Revised]:
    for what in [*before, *(name for name in after if name not in before)]:
        was, now = before.get(what, ""), after.get(what, "")
        if plain_text(was) != plain_text(now):
            yield Revised(indicator, reference, title, what, was, now, RevisionKind.CHANGED)


def report_words(report: BoardReport) -> dict[str, str]:
    """What a report says beside its lines, by what it is."""
    meeting = report.meeting_date
    words = {
        "Title": report.title,
        "Council": report.council,
        "Panel": report.panel,
        "Meeting": f"{meeting:%-d %B %Y}" if meeting else "",
        "Overall summary": report.summary,
        "Sections": "\n".join(
            f"{section.title}: {', '.join(row.measure.reference for row in section.rows)}"
            for section in report.sections
        ),
    }
    for focus in report.areas_of_focus:
        # Several can have the same title: the public reads of each that it is withheld.
        name = f"{focus.kind.label} “{focus.title}”"
        words[name] = "\n".join(filter(None, (words.get(name, ""), _focus_words(focus))))
    return words


def _focus_words(focus: Focus) -> str:
    days = [("Due", focus.due_on), ("Closed", focus.closed_on)]
    said = [
        focus.detail,
        focus.response,
        *(f"{update.date:%-d %B %Y}: {update.text}" for update in focus.updates),
        *focus.references,
        focus.owner,
        *(f"{name} {day:%-d %B %Y}" for name, day in days if day),
    ]
    return "\n".join(words for words in said if words)


def _group_names(row: Row) -> dict[str, str]:
    return {cell.group.code: cell.group.name for cell in row.comparators if cell}


def row_words(row: Row, group_names: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """What a line says beside figures."""
    measure = row.measure
    words = {
        "Reference": measure.reference,
        "Title": measure.title,
        "Definition": measure.definition,
        "Outcome": measure.outcome,
        "Owner": measure.owner,
        "Reporter": measure.reporter,
        "Unit": measure.unit_label,
        "Desired direction": measure.polarity.label,
        "Frequency": measure.frequency.label,
        "Figures": measure.periods.due_text,
        "Year": f"from {date(2000, measure.year_starts, 1):%B}",
        "Note": measure.note,
        COMMENTARY: row.commentary,
    }
    for one in row.breaks:
        words[f"Counted differently from {one.month:%B %Y} on"] = one.reason
    for month, figure in zip(row.months, row.figures, strict=True):
        if figure.note:
            words[f"Note on {month:%B %Y}"] = figure.note
    for cell in row.comparators:
        if cell is not None:
            name = group_names.get(cell.group.code, cell.group.name)
            words[f"{name} (comparator)" if name in words else name] = f"{row.comparator_text(cell)} ({cell.year_text})"
    for target in row.targets:
        if target is not None:
            words[f"Target {row.measure.year_text(target.year)}"] = row.target_text(target)
    return words
