"""The HTML of the report's table cells: one plain function a kind of cell, text escaped."""

from __future__ import annotations

from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from indicators.calculations.change import Change
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import format_change
from indicators.calculations.months import financial_year_text
from indicators.calculations.row import ComparatorCell, Row, TargetCell
from indicators.calculations.spc import Assurance
from indicators.calculations.vocabulary import Assessment, Blank, Frequency, Movement, Polarity, Rating, Stage

from .icons import assurance_icon, variation_icon

TRIAL_MEANS = "Rests on fewer than 13 figures, so it can still change with each new one"
NOTHING = format_html('<span class="muted none">–<span class="govuk-visually-hidden">{}</span></span>', "none")

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
RATING_SHAPES = {Rating.GREEN: "●", Rating.AMBER: "▲", Rating.RED: "■"}
ASSURANCES = {
    Assurance.PASS: "Will keep meeting it",
    Assurance.FAIL: "Will keep missing it",
    Assurance.INCONSISTENT: "May meet or miss it",
}
RATING_NAMES = {Rating.GREEN: "Green", Rating.AMBER: "Amber", Rating.RED: "Red"}


def month_cell(row: Row, figure: Figure) -> SafeString | str:
    """A month's figure with the mark of its stage; a blank as its shorthand, explained."""
    text = row.figure_text(figure)
    if figure.blank is not None:
        return format_html('<abbr class="muted" title="{}">{}</abbr>', figure.blank.label, text)
    return _marked(text, figure.stage.shorthand, figure.stage.label)


def summary_cell(row: Row, text: str) -> SafeString | str:
    """An average or maximum, saying on how many months it rests when not on all of them."""
    summary = row.summary
    if summary.suppressed:
        return _suppressed()
    if not summary.months:
        return format_html('<span class="muted">{}</span>', text)
    estimated = row.estimated_months
    figures = (
        _marked(text, Stage.ESTIMATED.shorthand, f"{estimated} of its {summary.months} figures are estimated")
        if estimated
        else text
    )
    step = row.measure.frequency.months
    if summary.months < summary.window // step:
        periods = "months" if step == 1 else "quarters"
        rests_on = f"{summary.months} of {summary.window // step} {periods}"
        return format_html('{}<span class="small">{}</span>', figures, rests_on)
    return figures


def change_cell(row: Row, change: Change, text: str, since: date) -> SafeString | str:
    """A change: arrow and percentage, then up or down, better or worse, in word and shape.

    A quarterly indicator's columns are headed with months it does not compare; it names its own.
    """
    if change.suppressed:
        return _suppressed()
    if change.movement is None:
        return format_html('<abbr class="muted" title="Cannot be worked out">{}</abbr>', text)
    estimated = row.rests_on_estimate(row.current_month, since)
    return format_html(
        '<span class="change"><span aria-hidden="true">{}</span>{}</span>{}{}',
        ARROWS[change.movement],
        _marked(text, Stage.ESTIMATED.shorthand, "Compares an estimated figure") if estimated else text,
        movement_mark(change.movement, change.assessment),
        _compared(row, since),
    )


def moved_cell(change: Change) -> SafeString | str:
    """A change between two reports: arrow and percentage, then what it is, in word and shape."""
    if change.movement is None:
        return NOTHING
    text = "" if change.relative is None else format_change(change.relative)
    mark = movement_mark(change.movement, change.assessment)
    arrow = ARROWS[change.movement]
    return format_html('<span class="change"><span aria-hidden="true">{}</span>{}</span>{}', arrow, text, mark)


def _compared(row: Row, since: date) -> SafeString:
    if row.measure.frequency is not Frequency.QUARTERLY:
        return SafeString("")
    return format_html('<span class="small">{} against {}</span>', f"{row.current_month:%b %Y}", f"{since:%b %Y}")


def movement_mark(movement: Movement, assessment: Assessment) -> SafeString:
    """Up, down or level; and, where the indicator is judged, whether that is better or worse."""
    if assessment is Assessment.NOT_JUDGED:
        return format_html('<span class="mark">{}</span>', movement.label)
    return format_html(
        '<span class="mark mark-{}"><span aria-hidden="true">{}</span> {}: {}</span>',
        assessment.value,
        ASSESSMENT_SHAPES[assessment],
        movement.label,
        assessment.label.lower(),
    )


def direction_cell(polarity: Polarity) -> SafeString:
    """The direction that the service wants."""
    arrow, words = DIRECTIONS[polarity]
    return format_html('<span class="direction"><span aria-hidden="true">{}</span> {}</span>', arrow, words)


def signal_cell(row: Row) -> SafeString:
    """Whether the latest figure is more than usual variation; on trial limits, or why it can't be told."""
    signal = row.signal
    if signal.suppressed:
        return _suppressed()
    if signal.variation is None:
        return format_html('<span class="muted">{}</span><span class="small">{}</span>', signal.words, signal.because)
    return format_html(
        '<span class="signal signal-{}">{}<span>{}</span></span>{}',
        signal.kind.value,
        variation_icon(signal.variation),
        signal.words,
        format_html('<abbr class="stage" title="{}">{}</abbr>', TRIAL_MEANS, "trial") if signal.trial else "",
    )


def rating_cell(row: Row) -> SafeString:
    """The month against its target, and what usual variation lets expect of the months to come."""
    return format_html("{}{}", _rated(row), _assured(row.signal.assurance))


def _assured(assurance: Assurance | None) -> SafeString:
    if assurance is None:
        return SafeString("")
    words = ASSURANCES[assurance]
    return format_html('<span class="assurance">{}<span>{}</span></span>', assurance_icon(assurance), words)


def _rated(row: Row) -> SafeString:
    """Red, amber or green in a word, a shape and a colour; or plainly why there is none."""
    rating = row.rating
    if rating is Rating.SUPPRESSED:
        return _suppressed()
    if rating in RATING_NAMES:
        return format_html(
            '<span class="rating rating-{}"><span aria-hidden="true">{}</span> {}</span><span class="small">{}</span>',
            rating.value,
            RATING_SHAPES[rating],
            RATING_NAMES[rating],
            rating.label,
        )
    return format_html(
        '<span class="muted">{}</span>{}',
        rating.label,
        format_html_join("", '<span class="caution">{}</span>', ((warning,) for warning in row.warnings)),
    )


def comparator_cell(row: Row, cell: ComparatorCell | None) -> SafeString | str:
    """A comparator with its year, where the row stands against it, and what to beware of."""
    text = row.comparator_text(cell)
    if cell is None:
        return format_html('<span class="muted none">{}</span>', text) if text else NOTHING
    if cell.blank is not None:
        return format_html('<abbr class="muted" title="{}">{}</abbr>', cell.blank.label, text)
    details = [] if cell.year is None else [cell.year_text]
    comparison = cell.comparison
    if comparison.movement is not None:
        details.append(_stands(comparison.movement, comparison.assessment))
    elif comparison.suppressed:
        details.append(f"compared: {Blank.SUPPRESSED.shorthand}")
    return format_html(
        "{}{}{}",
        text,
        format_html_join("", '<span class="small">{}</span>', ((detail,) for detail in details)),
        format_html_join("", '<span class="caution">{}</span>', ((warning,) for warning in cell.warnings)),
    )


def _stands(movement: Movement, assessment: Assessment) -> str:
    side = {Movement.UP: "we are higher", Movement.DOWN: "we are lower", Movement.LEVEL: "we are level"}[movement]
    if assessment in (Assessment.BETTER, Assessment.WORSE):
        return f"{side}: {assessment.label.lower()}"
    return side


def target_cell(row: Row, cell: TargetCell | None) -> SafeString | str:
    """A year's target, "TBC", or nothing."""
    if cell is None:
        return NOTHING
    text = row.target_text(cell)
    return _marked(text, "[note]", "See the note on this row") if cell.note else text


def notes(row: Row) -> list[str]:
    """Every note on the row, its figures, comparators and targets, in the order of the columns.

    A note that several cells share is given once, with all of them named.
    """
    months = [
        (f"{month:%b %Y}", figure.note) for month, figure in zip(row.months, row.figures, strict=True) if figure.note
    ]
    comparators = [(cell.group.label, cell.note) for cell in row.comparators if cell is not None and cell.note]
    targets = [(f"Target {financial_year_text(cell.year)}", cell.note) for cell in row.targets if cell and cell.note]
    named: dict[str, list[str]] = {}
    for name, text in (*months, *comparators, *targets):
        named.setdefault(text, []).append(name)
    own = [row.measure.note] if row.measure.note else []
    return own + [f"{', '.join(names)}: {text}" for text, names in named.items()]


def _suppressed() -> SafeString:
    """What would give a suppressed figure away, explained like one."""
    return format_html('<abbr class="muted" title="{}">{}</abbr>', Blank.SUPPRESSED.label, Blank.SUPPRESSED.shorthand)


def _marked(text: str, shorthand: str, label: str) -> SafeString | str:
    if not shorthand:
        return text
    return format_html('{} <abbr class="stage" title="{}">{}</abbr>', text, label, shorthand)
