"""What to look at: the lines of a report that are out of the ordinary, each with its reasons in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from django.utils.text import Truncator, get_text_list

from indicators.calculations.change import change
from indicators.calculations.formatting import counted, format_number
from indicators.calculations.months import year_text
from indicators.calculations.noteworthy import gap_in_words, latest_run
from indicators.calculations.row import Row
from indicators.calculations.signal import SignalKind
from indicators.calculations.spc import Chart, SpecialCause
from indicators.calculations.vocabulary import (
    Blank,
    LabelledEnum,
    Movement,
    OnBasis,
    Polarity,
    Rating,
    Unit,
)

from .board import IN_PLACE_OF_WORDS, BoardReport, Focus, line_anchor
from .one_fact import Kinship

LONGEST_QUOTED = 240
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“‘(])|\n")

HAVE = ("indicator has", "indicators have")


class Reason(LabelledEnum):
    """Why a line is out of the ordinary, in the order in which to look."""

    CONCERN = "concern", "Concern"
    MOVED_WORSE = "moved_worse", "Large move for the worse"
    OFF_TARGET = "off_target", "Off target"
    GAP = "gap", "New gap to others"
    OVERDUE = "overdue", "Figure overdue"
    IMPROVEMENT = "improvement", "Improvement"
    MOVED_BETTER = "moved_better", "Large move for the better"
    UNUSUAL = "unusual", "Unusual, not judged"
    MOVED = "moved", "Large move, not judged"


_BETTER = (Reason.IMPROVEMENT, Reason.MOVED_BETTER)


class LookItem(NamedTuple):
    """A line to look at. `section` is the anchor of its section; `reasons` has a sentence each, most pressing first.

    `beside` are the other lines that say the same fact, each with its own reasons. `focuses` are the areas of
    focus and questions that are about any of them, as far as these are open.
    """

    section: str
    row: Row
    reasons: dict[Reason, str]
    beside: tuple[LookItem, ...] = ()
    focuses: tuple[Focus, ...] = ()

    @property
    def first(self) -> Reason:
        return next(iter(self.reasons))

    @property
    def sentence(self) -> str:
        return self.reasons[self.first]

    @property
    def lines(self) -> tuple[LookItem, ...]:
        """This line and those beside it."""
        return (self, *self.beside)

    @property
    def others(self) -> str:
        """What else there is about its lines, as "new gap to others and figure overdue"; empty where nothing."""
        reasons = {reason for line in self.lines for reason in line.reasons} - {self.first}
        label = {reason: reason.label.lower() for reason in Reason}
        if self.first is Reason.OFF_TARGET:
            # Better than it was, and yet not as good as it should be.
            label |= {reason: f"{label[reason]} that falls short of it" for reason in _BETTER}
        return get_text_list([label[reason] for reason in Reason if reason in reasons], "and")

    @property
    def lead(self) -> str:
        """What leads to the quotation, or that there is none, in the product's own words; whoever shows it says it in
        the council's. Empty where a sentence stands in the place of words that were withheld.
        """
        if not self.quotation:
            return "The service gives no explanation."
        return "" if self.quotation.startswith(IN_PLACE_OF_WORDS) else "The service says:"

    @property
    def quotation(self) -> str:
        """The first sentence of the commentary, as it was written; empty where there is none."""
        said = next((line.row.commentary for line in self.lines if line.row.commentary), "")
        first = _END_OF_SENTENCE.split(said.strip())[0]
        if not first or first.startswith(IN_PLACE_OF_WORDS):
            return first
        return f"“{Truncator(first).chars(LONGEST_QUOTED, truncate=' …')}”"

    def explanation(self, in_words: Callable[[str], str] = str) -> str:
        """Lead and quotation; `in_words` has the lead in the council's words, as a `Look` says it."""
        return f"{in_words(self.lead)} {self.quotation}".strip()

    @property
    def focus_texts(self) -> list[str]:
        """What watches it, as “Area of focus: …”, a sentence each."""
        texts = [f"{focus.kind.label}: {focus.title}" for focus in self.focuses]
        return [text if text.endswith((".", "?", "!")) else f"{text}." for text in texts]

    @property
    def anchor(self) -> str:
        """The line's name within the page."""
        return line_anchor(self.section, self.row)


def what_to_look_at(report: BoardReport) -> list[LookItem]:
    """The lines out of the ordinary: by their first reason, and then in the scorecard's order.

    A line in two sections is found once, in the first of them. A count and what is worked out from it are one: under
    the most pressing reason of theirs, and of the lines that have it the one that tells most, usually the share.
    """
    found: dict[int, LookItem] = {}
    for section in report.sections:
        for row in section.rows:
            if row.indicator not in found:
                reasons = reasons_of(row, report)
                if reasons:
                    found[row.indicator] = LookItem(section.anchor, row, reasons)
    kinship = Kinship(report.by_indicator, report.derivations)
    late = {key for key, item in found.items() if Reason.OVERDUE in item.reasons}
    ways = {key: item.row.signal.is_high for key, item in found.items()}
    order = {reason: place for place, reason in enumerate(Reason)}
    items = [_as_one([found[key] for key in fact], kinship) for fact in kinship.facts(ways, late)]
    return [_with_focuses(item, report) for item in sorted(items, key=lambda item: order[item.first])]


def _with_focuses(item: LookItem, report: BoardReport) -> LookItem:
    references = {line.row.measure.reference for line in item.lines}
    about = [focus for focus in report.areas_of_focus if not focus.closed_on and references & {*focus.references}]
    return item._replace(focuses=tuple(about))


def _as_one(items: Sequence[LookItem], kinship: Kinship) -> LookItem:
    """Lines that say one fact, as one of them with the others beside it."""
    first = min((item.first for item in items), key=[*Reason].index)

    def tells_most(item: LookItem) -> tuple[bool, int]:
        # A share tells more than its count; of late figures, the one that the others wait for.
        depth = len(kinship.behind(item.row.indicator))
        return item.first is first, -depth if first is Reason.OVERDUE else depth

    lead = max(items, key=tells_most)
    return lead._replace(beside=tuple(item for item in items if item is not lead))


class Tally(NamedTuple):
    """How many indicators of a report there are of each kind, every one counted once.

    They are to look at, unusual in nothing that could be examined, or could not be examined; of these `hidden` have
    confidential figures. `examined` are all that a chart could judge, of which `signals` have a signal, and chance
    alone would give one to `by_chance` if nothing had changed.
    """

    look: int
    usual: int
    not_examined: int
    hidden: int
    examined: int
    signals: int
    by_chance: Fraction

    @classmethod
    def of(cls, report: BoardReport, items: Sequence[LookItem]) -> Tally:
        found = {line.row.indicator for item in items for line in item.lines}
        rows = report.by_indicator
        others = [row.signal for key, row in rows.items() if key not in found]
        examined = [row.signal for row in rows.values() if row.signal.variation]
        return cls(
            look=len(found),
            usual=sum(signal.variation is not None for signal in others),
            not_examined=sum(signal.variation is None for signal in others),
            hidden=sum(signal.suppressed for signal in others),
            examined=len(examined),
            signals=sum(signal.kind is not SignalKind.USUAL for signal in examined),
            by_chance=sum((signal.false_alarm for signal in examined), Fraction(0)),
        )

    @property
    def usual_text(self) -> str:
        """Of how many nothing is unusual, without a full stop; empty where of none."""
        if not self.usual:
            return ""
        if self.look:
            others = counted(self.usual, "other") if self.not_examined else f"the other {self.usual}"
            return f"Nothing unusual in {others}"
        if self.not_examined:
            return f"Nothing unusual in the {counted(self.usual, 'indicator')} that could be examined"
        only = "the only indicator" if self.usual == 1 else f"any of the {counted(self.usual, 'indicator')}"
        return f"Nothing unusual in {only}"

    @property
    def not_examined_text(self) -> str:
        """How many could not be examined, without a full stop; empty where all could."""
        if not self.not_examined:
            return ""
        many = counted(self.not_examined, "indicator")
        why = "no latest figure, or too few figures or cases"
        if self.hidden == self.not_examined:
            why = "confidential figures"
        elif self.hidden:
            why += f"; {self.hidden} with confidential figures"
        return f"{many} could not be examined ({why})"

    @property
    def chance_text(self) -> str:
        """How many signals chance alone would give, in sentences; empty where nothing could be examined."""
        if not self.examined:
            return ""
        number = format_number(self.by_chance)
        about = "fewer than 1" if self.by_chance < Fraction(1, 2) else f"about {number}"
        have = counted(self.signals, "has a signal", "have a signal") if self.signals else "none have a signal"
        return (
            f"Of {counted(self.examined, 'indicator')} that could be examined, {have}. "
            f"By chance alone, with nothing really changed, {about} of {self.examined} would have one."
        )

    @property
    def sentences(self) -> list[str]:
        """All of it, a sentence each."""
        ended = [f"{text}." for text in (self.usual_text, self.not_examined_text) if text]
        return [*ended, self.chance_text] if self.chance_text else ended


def reasons_of(row: Row, report: BoardReport) -> dict[Reason, str]:
    """Every reason to look at a row, with its sentence, in order; empty when there is none."""
    told = {reason: tell(row, report) for reason, tell in _TELL.items()}
    return {reason: sentence for reason, sentence in told.items() if sentence}


def _signal_of(kind: SignalKind) -> Callable[[Row, BoardReport], str]:
    def tell(row: Row, report: BoardReport) -> str:
        if row.signal.kind is not kind:
            return ""
        if row.signal.chart is Chart.G:
            said = f"There have been more {row.measure.periods.nouns} than usual without a case"
        else:
            said = _stands(row)
        against = f", {row.signal.against}" if row.signal.against else ""
        return f"{said}{against}{_wanted(row, report)}.{_TRIAL if row.signal.trial else ''}"

    return tell


def _stands(row: Row) -> str:
    """The figure, how it stands against a year before, or else the period before, for how long it has gone one way, and
    what of it is more than chance; with a “but” or “still” where one of these goes against another.
    """
    value, now = row.current_figure.value, row.current_text
    since, way = "", None
    for month, before, when in (
        (row.year_before, row.year_before_value, "a year before"),
        (row.previous_month, row.value(row.previous_month), row.measure.periods.of(row.previous_month).phrase),
    ):
        if value is None or before is None or row.breaks_since(month):
            continue
        way = change(value, before, Polarity.NEUTRAL, is_signed=row.measure.allows_negative).movement
        if way is not Movement.LEVEL:
            now, then = row.measure.texts_apart(value, before)
            since = f", {way} from {then} {when}"
            break
    # A figure that was counted otherwise ends what went before it.
    counted_from = max((one.month for one in row.trend_breaks), default=row.trend[0].month)
    run = latest_run([one.figure.value for one in row.trend if one.month >= counted_from])
    periods, cause = row.measure.periods.nouns, row.signal.cause
    if run:
        # A figure that is level with a year before, or has none, is no exception to its run.
        but = "but " if since and run.is_up is not (way is Movement.UP) else ""
        since += f", {but}after {run.words} for {run.steps} {periods} running"
        way = Movement.UP if run.is_up else Movement.DOWN
    is_against = since and row.signal.is_high is not (way is Movement.UP)
    told = _TRENDS.get(cause, _CAUSES[cause]) if run is None else _CAUSES[cause]
    words = {"still": "still ", "yet": "yet "} if is_against else {"still": "", "yet": ""}
    return f"{now} {row.period.phrase}{since}{told.format(periods=periods, **words)}"


def _move_of(kind: str) -> Callable[[Row, BoardReport], str]:
    def tell(row: Row, report: BoardReport) -> str:
        move = row.signal.move
        if move is None or not move.variation.value.startswith(kind):
            return ""
        beside = move.beside_those_before(row.measure.text, row.measure.periods.noun)
        said = f"{row.current_text} {row.period.phrase} is {beside}"
        rare = " By chance alone that happens less than once in 1,000 times." if move.by_chance else ""
        return f"No chart can judge it, but {said}{_wanted(row, report)}.{rare}"

    return tell


def _wanted(row: Row, report: BoardReport) -> str:
    """Which way is better; of a count that only follows what it is a share of, why neither is."""
    follows = row.signal.only_follows
    share = None if follows is None else next((one for one in report.rows if one.indicator == follows), None)
    if share is None:
        return _WANTED.get(row.measure.polarity, "")
    kind = "share" if share.measure.unit is Unit.PERCENTAGE else "rate"
    if share.signal.suppressed:
        return f". That is neither better nor worse, because its {kind}, {share.measure.reference}, isn’t shown"
    text = share.current_text
    how = "is within usual variation" if share.signal.is_high is None else "went the other way"
    return f". That is neither better nor worse, because its {kind}, {share.measure.reference}, {text}, {how}"


_WANTED = {Polarity.HIGH: "; higher is better", Polarity.LOW: "; lower is better"}
_TRIAL = " It rests on fewer than 13 figures."
_MORE = ", which is more than chance"
_CAUSES = {
    SpecialCause.ABOVE_LIMIT: ": {still}higher than chance alone explains",
    SpecialCause.BELOW_LIMIT: ": {still}lower than chance alone explains",
    SpecialCause.RISING: _MORE,
    SpecialCause.FALLING: _MORE,
    SpecialCause.NEAR_UPPER: f": {{yet}}two of the latest three {{periods}} were far above the average{_MORE}",
    SpecialCause.NEAR_LOWER: f": {{yet}}two of the latest three {{periods}} were far below the average{_MORE}",
    SpecialCause.RUN_ABOVE: f": {{still}}above the average for at least 7 {{periods}} running{_MORE}",
    SpecialCause.RUN_BELOW: f": {{still}}below the average for at least 7 {{periods}} running{_MORE}",
}
# Where the trend doesn't reach back far enough to say for how long.
_TRENDS = {
    SpecialCause.RISING: ": {yet}the latest of at least 7 figures that rise one after the other",
    SpecialCause.FALLING: ": {yet}the latest of at least 7 figures that fall one after the other",
}


def _off_target(row: Row, report: BoardReport) -> str:
    if row.rating is not Rating.RED or row.target is None:
        return ""
    goal = row.target_text(row.target) if row.target.terms.is_fixed else row.aim_text
    beyond = " by more than its tolerance" if row.target.terms.tolerance else ""
    year = row.measure.year_text(row.rated_year)
    if row.is_judged_to_date:
        return f"{row.judged_text} misses the target so far, {goal}{',' if beyond else ''}{beyond}."
    return f"{row.current_text} {row.period.phrase} misses the target of {goal} for {year}{beyond}."


def _gap(row: Row, report: BoardReport) -> str:
    return gap_in_words(row)


def _overdue(row: Row, report: BoardReport) -> str:
    """A figure that is due in the report's month and isn't there, for no other reason than that it is late."""
    blank = row.figures[-1].blank
    periods = row.measure.periods
    if not periods.is_due_in(report.month) or blank not in _LATE:
        return ""
    return f"{_LATE[blank]} {periods.of(report.month).said}."


_LATE = {
    Blank.AWAITED: "Still awaited: the figure for",
    Blank.NOT_AVAILABLE: "Not available or not recorded: the figure for",
    # Entered as not due, though it is.
    Blank.NOT_DUE: "Not recorded: the figure for",
}

_TELL: dict[Reason, Callable[[Row, BoardReport], str]] = {
    Reason.CONCERN: _signal_of(SignalKind.CONCERN),
    Reason.MOVED_WORSE: _move_of("concern"),
    Reason.OFF_TARGET: _off_target,
    Reason.GAP: _gap,
    Reason.OVERDUE: _overdue,
    Reason.IMPROVEMENT: _signal_of(SignalKind.IMPROVEMENT),
    Reason.MOVED_BETTER: _move_of("improvement"),
    Reason.UNUSUAL: _signal_of(SignalKind.UNUSUAL),
    Reason.MOVED: _move_of("neutral"),
}


def notices(report: BoardReport) -> list[str]:
    """What holds for the whole report and a reader must know, in sentences."""
    found = []
    if not report.has_target_this_year:
        year = year_text(report.financial_year, report.year_starts)
        found.append(
            f"No indicator has a target for {year}, the year of this report, so none is rated "
            "red, amber or green. The targets shown are of earlier years."
        )
    elif not any(row.rating in (Rating.RED, Rating.AMBER, Rating.GREEN) for row in report.rows):
        found.append("No indicator is rated red, amber or green this time.")
    # Rows with a comparator that is out of date, with one on another basis, and with one of which that isn't known.
    cells = [[cell for cell in row.comparators if cell and cell.value is not None] for row in report.rows]
    stale = sum(any(cell.is_stale for cell in row) for row in cells)
    off_basis = sum(any(cell.on_basis is OnBasis.NO for cell in row) for row in cells)
    if off_basis:
        found.append(
            f"{counted(off_basis, *HAVE)} comparators that are not measured as the council measures "
            "itself: they are marked, and no comparison is drawn."
        )
    unknown = sum(any(cell.on_basis is OnBasis.UNKNOWN for cell in row) for row in cells)
    if unknown:
        found.append(
            f"{counted(unknown, *HAVE)} comparators of which nobody has said whether they are measured as the council "
            "measures itself: they are marked, and no comparison is drawn."
        )
    if stale:
        found.append(f"{counted(stale, *HAVE)} comparators that ended more than two years before this report.")
    return found
