"""A line as its pages show it: facts as HTML, words for how far it has come. No queries, no arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.forms import Form
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from commentary.sign_off import Standing
from indicators.calculations.cautions import Caution
from indicators.calculations.vocabulary import Accumulation, Blank, Polarity
from indicators.models import User
from scorecard.display import cells
from scorecard.rules import may

from .sheet import Sheet, SheetLine

# How the fields of a line are named on its pages: those of a reason by the warning that it is given for.
REASON = "reason-"
Wording = Callable[[Caution], str]
# A shape of its own for each, so that nothing hangs on the colour.
SHAPES = {
    Standing.NOT_DUE: "–",
    Standing.TO_DO: "○",
    Standing.DRAFT: "◐",
    Standing.SENT_BACK: "↩",
    Standing.SENT: "▶",
    Standing.CHANGED: "!",
    Standing.APPROVED: "✔",
}


class Fact(NamedTuple):
    """What a figure means, as a label and the HTML beside it."""

    label: str
    html: SafeString | str


class Mark(NamedTuple):
    """How far a line has come, in a word, a shape and a CSS class."""

    label: str
    shape: str
    kind: str


class ReasonField(NamedTuple):
    """A warning with the field for the reason that lets it pass. `is_settled` once one is kept.

    `errors` say what is wrong with what was typed.
    """

    message: str
    ask: str
    name: str
    reason: str
    is_settled: bool
    errors: Sequence[str] = ()


def prefix_of(key: int) -> str:
    return f"line-{key}"


def mark_of(standing: Standing) -> Mark:
    return Mark(standing.label, SHAPES[standing], f"standing-{standing.value}")


def facts_of(line: SheetLine) -> list[Fact]:
    """The columns of the report that follow from the month's figure."""
    row = line.row
    noun = row.measure.periods.noun
    change = cells.change_cell(row, row.change_month, row.change_month_text, row.previous_month)
    facts = [Fact(f"Since last {noun}", change)]
    if noun != "year":
        facts.append(
            Fact("Since last year", cells.change_cell(row, row.change_year, row.change_year_text, row.year_before))
        )
    facts += [
        Fact("12-month average", cells.summary_cell(row, row.average_text)),
    ]
    if row.totals is not None:
        facts.append(Fact(f"So far in {row.measure.year_text(row.rated_year)}", cells.totals_cell(row)))
        if row.measure.accumulation is Accumulation.TO_DATE:
            own = row.text_of(row.current_month, row.current_figure)
            facts.append(Fact(f"Of that {row.period.phrase}", cells.figure_cell(row.current_figure, own)))
    if line.figure.value is not None:
        facts.append(Fact("Signal", cells.signal_cell(row)))
        if line.usual_text:
            facts.append(Fact("Usual", line.usual_text))
        if line.told_at:
            facts.append(Fact("Explained at", line.told_at))
    if row.measure.polarity is not Polarity.NEUTRAL:
        facts.append(Fact("Against target", cells.rating_cell(row)))
    return facts


def wording_for(person: User, sheet: Sheet) -> Wording:
    """How warnings are put to somebody: another line's figure only where they may see that line.

    The sheet is of a month that may not be published, or not as it is now.
    """

    def may_see(indicator: int) -> bool:
        line = sheet.find(indicator)
        return (line is not None and may(person, "see_line", line)) or may(person, "read_unpublished")

    return lambda caution: caution.told(may_see)


def reasons_asked(line: SheetLine, wording: Wording, form: Form | None = None) -> list[ReasonField]:
    """The line's warnings, each with what was typed in its field or is stored for it."""
    prefix = prefix_of(line.key)
    found = []
    for warning in line.warnings:
        name = f"{prefix}-{REASON}{warning.caution.code}"
        stored = warning.reason or warning.earlier_reason
        typed = stored
        errors: list[str] = []
        if form is not None and form.is_bound:
            typed = form.data.get(name, stored)
            errors = [str(error) for error in form.errors.get(f"{REASON}{warning.caution.code}", ())]
        caution = warning.caution
        found.append(ReasonField(wording(caution), caution.ask, name, typed, bool(warning.reason), errors))
    return found


def printed_for(line: SheetLine, form: Form | None = None) -> str:
    """In words, what is printed where there is no figure, as stored or as typed into the form; else empty."""
    entered: Any = line.value
    if form is not None and form.is_bound:
        entered = getattr(form, "cleaned_data", {}).get("amount")
    return Blank(entered.blank).label if entered is not None and entered.blank else ""


def parts_of(line: SheetLine, wording: Wording, *, can_enter: bool, form: Form | None = None) -> dict[str, str]:
    """The parts of a line on the return's page that change while somebody types, as HTML by name."""
    context = {
        "line": line,
        "facts": facts_of(line),
        "mark": mark_of(line.standing),
        "reasons": reasons_asked(line, wording, form),
        "can_enter": can_enter,
        "with_result": True,
        "printed": printed_for(line, form),
    }
    parts = ("facts", "reasons", "sentences", "standing", "below")
    return {name: render_to_string(f"components/line_{name}.html", context) for name in parts}
