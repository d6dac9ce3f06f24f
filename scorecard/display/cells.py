"""The HTML of the report's table cells: one plain function a kind of cell, text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache

from django.utils.safestring import SafeString

from indicators.calculations.change import Break, Change
from indicators.calculations.exact import Exact, magnitude
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import BREAK, format_change
from indicators.calculations.noteworthy import once
from indicators.calculations.row import MONTHS_SHOWN, ComparatorCell, Row, TargetCell
from indicators.calculations.signal import KINDS
from indicators.calculations.spc import Assurance
from indicators.calculations.vocabulary import Assessment, Blank, Movement, Polarity, Rating, Stage

from .drawings import assurance_icon, sparkline, variation_icon
from .markup import Markup
from .notes import counted_otherwise

ARROWS = {Movement.UP: "↑", Movement.DOWN: "↓", Movement.LEVEL: "→"}
DIRECTIONS = {
    Polarity.HIGH: ("▲", "Higher is better"),
    Polarity.LOW: ("▼", "Lower is better"),
    Polarity.TARGET: ("◆", "Closer to target is better"),
    Polarity.NEUTRAL: ("", "Neutral"),
}
# A shape of its own for each, so that nothing hangs on the colour.
ASSESSMENT_SHAPES = {
    Assessment.BETTER: "✔",
    Assessment.WORSE: "✖",
    Assessment.NO_CHANGE: "=",
    Assessment.NOT_JUDGED: "",
}
# A shape and a word for each colour; what is not rated has none.
RATING_SIGNS = {Rating.GREEN: ("●", "Green"), Rating.AMBER: ("▲", "Amber"), Rating.RED: ("■", "Red")}
ASSURANCES = {
    Assurance.PASS: "Will keep meeting it",
    Assurance.FAIL: "Will keep missing it",
    Assurance.INCONSISTENT: "May meet or miss it",
}
# The longest name of a group that a line in a column of all of them has room for.
LONGEST_NAME = 12
SIDES = {Movement.UP: "we are higher", Movement.DOWN: "we are lower", Movement.LEVEL: "we are level"}

EMPTY = SafeString("")
TOGETHER = Markup("{}{}")
MUTED = Markup('<span class="muted">{}</span>')
SMALL = Markup('<span class="small">{}</span>')
CAUTION = Markup('<span class="caution">{}</span>')
EXPLAINED = Markup('<abbr class="muted" title="{}">{}</abbr>')
STAGED = Markup('{} <abbr class="stage" title="{}">{}</abbr>')
ABSENT = Markup('<span class="muted none">{}</span>')
ARROWED = Markup('<span class="change"><span aria-hidden="true">{}</span>{}</span>{}{}{}')
BESIDE = Markup('<span class="peer">{} <b>{}</b> {}</span>')
# What stands in cells only where a month's columns are shown, because it has a column of its own otherwise.
OF_MONTH = Markup('<span class="small of-month">{}</span>')
MARK = Markup('<span class="mark">{}</span>')
JUDGED_MARK = Markup('<span class="mark mark-{}"><span aria-hidden="true">{}</span> {}: {}</span>')
LATEST_OF = Markup('<span class="small{}">{}: <b>{}</b></span>')
COMPARED = Markup('<span class="small">{} against {}</span>')
DIRECTION = Markup('<span class="direction"><span aria-hidden="true">{}</span> {}</span>')
NO_SIGNAL = Markup('<span class="muted">{}</span><span class="small">{}</span>')
SIGNAL = Markup('<span class="signal signal-{}">{}<span>{}</span></span>{}')
ASSURED = Markup('<span class="assurance">{}<span>{}</span></span>')
RATED = Markup(
    '<span class="rating rating-{}"><span aria-hidden="true">{}</span> {}</span><span class="small">{}</span>'
)

# Many screen readers leave a hyphen out.
# And £ behind one could begin a new line.
NEGATIVE = Markup(
    '<span class="negative"><span aria-hidden="true">-</span><span class="govuk-visually-hidden">minus </span>{}</span>'
)
NOTHING = Markup('<span class="muted none">–<span class="govuk-visually-hidden">{}</span></span>')("none")
# What would give a suppressed figure away, explained like one.
SUPPRESSED = EXPLAINED(Blank.SUPPRESSED.label, Blank.SUPPRESSED.shorthand)
NOT_CALCULABLE = "Cannot be worked out"
TRIAL = Markup('<abbr class="stage" title="{}">trial</abbr>')(
    "Rests on fewer than 13 figures, so it can still change with each new one"
)


def spoken(text: SafeString | str) -> SafeString | str:
    """A figure or a difference whose minus sign is read out."""
    return NEGATIVE(text[1:]) if text[:1] == "-" else text


def figure_cell(figure: Figure, text: str) -> SafeString | str:
    """A month's figure with the mark of its stage; a blank as its shorthand, explained."""
    if figure.blank is not None:
        return EXPLAINED(figure.blank.label, text)
    text = spoken(text)
    if figure.stage is Stage.FINAL:
        return text
    return STAGED(text, figure.stage.label, figure.stage.shorthand)


def month_cell(row: Row, place: int) -> SafeString | str:
    """The figure of one of the row's months as it displays it; the first that is counted otherwise is marked.

    One of a longer period has its name beside it. In the row's latest month, if nothing was due then, stands also the
    figure that the row is about: on a phone's cards, and where the report shows no column of its month.
    """
    cell = with_break(figure_cell(row.figures[place], row.text_at(place)), row.breaks_at(place))
    periods = row.measure.periods
    if periods.is_monthly:
        return cell
    month, now = row.months[place], row.current_figure
    if place % len(row.months) == len(row.months) - 1 and row.current_month < month:
        latest = figure_cell(now, row.current_text)
        where = " of-card" if row.current_month >= row.months[-MONTHS_SHOWN] else ""
        return TOGETHER(cell, LATEST_OF(where, row.period.short, with_break(latest, row.breaks_at(row.current))))
    return TOGETHER(cell, SMALL(periods.of(month).short)) if row.figures[place].value is not None else cell


def with_break(text: SafeString | str, breaks: Sequence[Break]) -> SafeString | str:
    """What compares figures across a change of counting, with its mark and the reason."""
    return STAGED(text, counted_otherwise(breaks), BREAK) if breaks else text


def trend_cell(row: Row) -> SafeString | str:
    """The drawing of the row's months, marked where it goes across a change of counting."""
    return with_break(sparkline(row), row.trend_breaks)


def summary_cell(row: Row, text: str) -> SafeString | str:
    """An average or maximum, saying on how many months it rests when not on all of them."""
    summary = row.summary
    if summary.suppressed:
        return SUPPRESSED
    if not summary.months:
        return MUTED(text)
    estimated = row.estimated_months
    text = spoken(text)
    figures = (
        STAGED(text, f"{estimated} of its {summary.months} figures are estimated", Stage.ESTIMATED.shorthand)
        if estimated
        else text
    )
    figures = with_break(figures, row.summary_breaks)
    periods = row.measure.periods
    if periods.in_a_year == 1:
        return TOGETHER(figures, SMALL(f"one figure, {row.period.short}"))
    if summary.months < periods.in_a_year:
        return TOGETHER(figures, SMALL(f"{summary.months} of {periods.in_a_year} {periods.nouns}"))
    return figures


def change_cell(row: Row, change: Change, text: str, since: date) -> SafeString | str:
    """A change: arrow and percentage, then up or down, better or worse, in word and shape.

    The columns are headed with months; an indicator that isn't monthly names the periods that it compares.
    """
    if change.suppressed:
        return SUPPRESSED
    if change.movement is None:
        return EXPLAINED(NOT_CALCULABLE, text)
    if row.rests_on_estimate(row.current_month, since):
        text = STAGED(text, "Compares an estimated figure", Stage.ESTIMATED.shorthand)
    # A change in per cent has its arrow and word; one in the unit stands like a figure.
    text = with_break(spoken(text) if row.measure.allows_negative else text, row.breaks_since(since))
    months = EMPTY
    periods = row.measure.periods
    if not periods.is_monthly:
        months = COMPARED(row.period.short, periods.of(since).short)
    figure_before = row.year_before_value if since == row.year_before else row.value(since)
    if change.movement is not Movement.LEVEL and (exact := told_apart(row, figure_before, row.current_figure.value)):
        months = TOGETHER(months, SMALL(f"from {exact[0]} to {exact[1]}"))
    before = EMPTY
    if change is row.change_year and row.year_before_value is not None:
        before = OF_MONTH(f"{row.measure.text(row.year_before_value)} then")
    return ARROWED(ARROWS[change.movement], text, movement_mark(change.movement, change.assessment), months, before)


def told_apart(row: Row, before: Exact | None, after: Exact | None) -> tuple[str, str] | None:
    """Two figures of the row's that look alike and aren't the same, with the decimals that show it; else None."""
    if before is None or after is None or before == after:
        return None
    # Most lie further apart than rounding moves them.
    if magnitude(before - after) * 10**row.measure.decimal_places >= 1:
        return None
    return row.measure.texts_apart(before, after) if row.measure.text(before) == row.measure.text(after) else None


def moved_cell(change: Change, breaks: Sequence[Break] = (), difference: str = "") -> SafeString | str:
    """A change between two reports: arrow and percentage, then what it is, in word and shape. The `difference` stands
    where there is no percentage.
    """
    if change.movement is None:
        return NOTHING
    text = with_break(spoken(difference) if change.relative is None else format_change(change.relative), breaks)
    return ARROWED(ARROWS[change.movement], text, movement_mark(change.movement, change.assessment), EMPTY, EMPTY)


@cache
def movement_mark(movement: Movement, assessment: Assessment) -> SafeString:
    """Up, down or level; and, where the indicator is judged, whether that is better or worse."""
    if assessment is Assessment.NOT_JUDGED:
        return MARK(movement.label)
    return JUDGED_MARK(assessment.value, ASSESSMENT_SHAPES[assessment], movement.label, assessment.label.lower())


@cache
def direction_cell(polarity: Polarity) -> SafeString:
    """The direction that the service wants."""
    return DIRECTION(*DIRECTIONS[polarity])


def signal_cell(row: Row) -> SafeString:
    """Whether the latest figure is more than usual variation; on trial limits, or why it can't be told."""
    signal = row.signal
    if signal.suppressed:
        return SUPPRESSED
    if signal.move:
        drawn = variation_icon(signal.move.variation)
        return SIGNAL(KINDS[signal.move.variation], drawn, signal.words, SMALL(signal.because))
    if signal.variation is None:
        return NO_SIGNAL(signal.words, signal.because)
    icon, trial = variation_icon(signal.variation), TRIAL if signal.trial else EMPTY
    against = SMALL(signal.against) if signal.against else EMPTY
    return SIGNAL(signal.kind.value, icon, signal.words, SafeString(trial + against))


def rating_cell(row: Row) -> SafeString:
    """The month against its target, and what usual variation lets expect of the months to come.

    Red, amber or green in a word, a shape and a colour; or plainly why there is none.
    """
    rating, assured = row.rating, _assured(row.signal.assurance, once(row.signal.assurance, row.rating))
    if rating is Rating.SUPPRESSED:
        return SafeString(SUPPRESSED + assured)
    if rating in RATING_SIGNS:
        # What a whole year's target, or one that rests on another figure, means for what is rated.
        means = SMALL(f"{row.judged_text}: {row.aim_text}") if row.target and row.target.meaning else _target(row)
        return SafeString(_rated(rating) + means + assured)
    if rating is Rating.TARGET_UNKNOWN and row.target is not None and row.target.meaning is not None:
        return SafeString(MUTED(rating.label) + CAUTION(row.target.meaning.because) + assured)
    return SafeString(MUTED(rating.label) + _target(row) + EMPTY.join(map(CAUTION, row.warnings)) + assured)


def _target(row: Row) -> SafeString:
    """The target that the row is rated by, or the latest of an earlier year, where no column beside it has them."""
    target = row.target or row.latest_target
    if target is None:
        return EMPTY
    year = "" if row.target else f" {row.measure.year_text(target.year)}"
    return OF_MONTH(f"Target{year}: {row.target_text(target)}")


@cache
def _rated(rating: Rating) -> SafeString:
    return RATED(rating.value, *RATING_SIGNS[rating], rating.label)


@cache
def _assured(assurance: Assurance | None, said: str) -> SafeString:
    return EMPTY if assurance is None else ASSURED(assurance_icon(assurance), said or ASSURANCES[assurance])


def comparator_cell(row: Row, cell: ComparatorCell | None) -> SafeString | str:
    """A comparator with its year, where the row stands against it, and what to beware of."""
    text = row.comparator_text(cell)
    if cell is None:
        return ABSENT(text) if text else NOTHING
    if cell.blank is not None:
        return EXPLAINED(cell.blank.label, text)
    details = [] if cell.year is None else [cell.year_text]
    comparison = cell.comparison
    if comparison.movement is not None:
        details.append(_beside(row, cell, comparison.movement))
    elif comparison.suppressed:
        details.append(f"compared: {Blank.SUPPRESSED.shorthand}")
    return TOGETHER(spoken(text), _details(tuple(details), cell.warnings))


def beside_cell(row: Row) -> SafeString | str:
    """All comparators of a row, one below the other by their short names: the figures, whether ours is better, and what
    to beware of, once for all that it holds of.
    """
    drawn: list[SafeString] = []
    beware: dict[str, list[str]] = {}
    for cell in filter(None, row.comparators):
        group = cell.group
        is_short = len(group.name) <= LONGEST_NAME
        name = MUTED(group.name) if is_short else EXPLAINED(group.name, group.short_name)
        if cell.blank is not None:
            drawn.append(BESIDE(name, EXPLAINED(cell.blank.label, cell.blank.shorthand), EMPTY))
            continue
        comparison = cell.comparison
        judged = EMPTY if comparison.movement is None else _standing(comparison.movement, comparison.assessment)
        drawn.append(BESIDE(name, spoken(row.comparator_text(cell)), judged))
        for warning in cell.warnings:
            beware.setdefault(warning, []).append(group.name if is_short else group.short_name)
    if not drawn:
        text = row.comparator_text(None)
        return ABSENT(text) if text else NOTHING
    warnings = [
        CAUTION(warning if len(names) == len(drawn) else f"{', '.join(names)}: {warning}")
        for warning, names in beware.items()
    ]
    return SafeString("".join(drawn + warnings))


@cache
def _standing(movement: Movement, assessment: Assessment) -> SafeString:
    """On which side of a comparator the row is, and whether that is better or worse."""
    if assessment not in (Assessment.BETTER, Assessment.WORSE):
        return SMALL(SIDES[movement])
    return JUDGED_MARK(assessment.value, ASSESSMENT_SHAPES[assessment], SIDES[movement], assessment.label.lower())


def _beside(row: Row, cell: ComparatorCell, movement: Movement) -> str:
    """On which side of the comparator the row is; with both figures where they are displayed alike and are not."""
    said, assessment = SIDES[movement], cell.comparison.assessment
    if movement is not Movement.LEVEL and row.current_text == row.comparator_text(cell):
        said += ", {} against {}".format(*row.measure.texts_apart(row.current_figure.value, cell.value))
    return f"{said}: {assessment.label.lower()}" if assessment in (Assessment.BETTER, Assessment.WORSE) else said


# Figures differ from line to line; the year and the comparison below them rarely do.
@lru_cache(maxsize=1024)
def _details(details: tuple[str, ...], warnings: tuple[str, ...]) -> SafeString:
    return SafeString("".join((*map(SMALL, details), *map(CAUTION, warnings))))


def totals_cell(row: Row) -> SafeString | str:
    """The year's total so far, and last year's by the same period; nothing where a line doesn't add up."""
    if row.totals is None:
        return NOTHING
    return TOGETHER(
        row.total_text(row.totals.to_date), SMALL(f"{row.total_text(row.totals.last_year)} by then a year before")
    )


def target_cell(row: Row, cell: TargetCell | None, year_starts: int) -> SafeString | str:
    """A year's target, "TBC", or nothing."""
    if cell is None:
        return NOTHING
    text = spoken(row.target_text(cell))
    shown = STAGED(text, "See the note on this row", "[note]") if cell.note else text
    own_year = row.own_year_of(cell, year_starts)
    return TOGETHER(shown, SMALL(own_year)) if own_year else shown
