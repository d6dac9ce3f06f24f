"""The page of a return: lines with their forms, what is left to do, and what was done."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe

from commentary.sign_off import Standing
from indicators.calculations.formatting import counted
from indicators.calculations.plain_text import plain_text
from indicators.calculations.vocabulary import Blank, Stage
from indicators.models import User
from indicators.moments import today_in_britain
from scorecard.display.columns import page_columns
from scorecard.display.table import SectionTable
from scorecard.models import Edition, EditionState
from scorecard.report import assemble_report
from scorecard.report.filters import Wanted
from scorecard.rules import may
from scorecard.sheet.components import (
    REASON,
    Fact,
    Mark,
    ReasonField,
    Wording,
    facts_of,
    mark_of,
    prefix_of,
    printed_for,
    reasons_asked,
    wording_for,
)
from scorecard.sheet.sheet import Sheet, SheetLine, in_sections

from .forms import LineForm, fields_shown
from .saving import State, Submission, obstacles, state_of
from .undoing import Undo

FIELD = re.compile(r"line-([0-9]{1,18})-(.+)", re.DOTALL)
FIELD_LABELS = {
    "figure": "Figure",
    "numerator": "How many",
    "denominator": "Out of how many",
    "blank": "No figure, because it is",
    "stage": "How firm it is",
    "note": "Note",
    "text": "Commentary",
}
CHOICE_LABELS = {("blank", blank.value): blank.label for blank in Blank} | {
    ("stage", stage.value): stage.label for stage in Stage
}
LINE, ROW = "components/return_line.html", "components/return_row.html"
PROGRESS = {State.DONE: "done", State.ASK: "to answer", State.OPEN: "open"}
PAGE_OF_LINE = re.compile(r' href="[^"#?]*/([0-9]+)/"')
REASON_LABEL = "Reason for a warning"
EMPTIED = "(emptied)"


class UnsavedField(NamedTuple):
    """What stood in one field, beside its label."""

    label: str
    text: str


class UnsavedLine(NamedTuple):
    """What was typed for a line that takes no entries; `line` is None when its author may not see that line."""

    line: SheetLine | None
    typed: list[UnsavedField]


class Place(NamedTuple):
    """Where a line is on the page: its number from 1, and the lines beside it. A phone begins with the first to do."""

    number: int
    before: SheetLine | None
    after: SheetLine | None
    is_first_to_do: bool


@dataclass(frozen=True)
class ReturnLine:
    """A line of a return with its form; `obstacles` only once somebody tried to send it."""

    line: SheetLine
    form: LineForm
    can_enter: bool
    wording: Wording
    obstacles: Sequence[str] = ()
    # Its place among those that are not folded, with the lines before and behind it.
    place: Place | None = None

    @cached_property
    def facts(self) -> list[Fact]:
        return facts_of(self.line)

    @cached_property
    def mark(self) -> Mark:
        return mark_of(self.line.standing)

    @cached_property
    def reasons(self) -> list[ReasonField]:
        return reasons_asked(self.line, self.wording, self.form)

    @property
    def printed(self) -> str:
        return printed_for(self.line)

    @property
    def state(self) -> State:
        return state_of(self.line)

    @property
    def has_more(self) -> bool:
        """Whether blank, stage or note say something, so that their fields start open."""
        value = self.line.value
        is_plain = value is None or not (value.blank or value.note or value.stage != Stage.FINAL)
        return bool(self.form.errors) or not is_plain

    @property
    def is_unsaved(self) -> bool:
        """Whether the fields hold what was not saved."""
        return bool(self.form.errors or self.form.conflict)

    @property
    def is_in_trouble(self) -> bool:
        return self.is_unsaved or bool(self.obstacles)


@dataclass
class ReturnPage:
    """What the page of a return shows."""

    sheet: Sheet
    lines: Sequence[SheetLine]
    person: User
    reporter: str = ""
    is_checked: bool = False
    forms: Sequence[LineForm] = field(default_factory=list)
    unsaved: Sequence[UnsavedLine] = field(default_factory=list)
    undo: Undo | None = None

    @property
    def edition(self) -> Edition:
        return self.sheet.edition

    @cached_property
    def wording(self) -> Wording:
        return wording_for(self.person, self.sheet)

    @cached_property
    def shown(self) -> list[ReturnLine]:
        tried = {form.line.key: form for form in self.forms if form.errors or form.conflict}
        found = []
        for line in self.lines:
            can_enter = may(self.person, "enter_line", line)
            form = tried.get(line.key) or LineForm(None, line)
            is_checked = self.is_checked and can_enter and line.key not in tried
            is_waiting = line.is_expected and line.standing.is_with_reporter
            left = obstacles(line) if is_checked and is_waiting else ()
            found.append(ReturnLine(line, form.beside_theirs(), can_enter, self.wording, left))
        return found

    @property
    def is_compact(self) -> bool:
        return self.person.compact_returns

    @property
    def line_template(self) -> str:
        return ROW if self.is_compact else LINE

    @cached_property
    def sections(self) -> list[tuple[str, list[ReturnLine]]]:
        """The lines under their headings, but for those that are folded."""
        by_key = {shown.line.key: shown for shown in self.shown}
        folded = {shown.line.key for _, lines in self.folded for shown in lines}
        left = [line for line in self.lines if line.key not in folded]
        # Lines stand in the order of their sections.
        order = [by_key[line.key] for _, lines in in_sections(left) for line in lines]
        first = next((shown for shown in order if shown.is_in_trouble), None)
        first = first or next((shown for shown in order if shown.state is not State.DONE), order[0] if order else None)
        beside = [None, *(shown.line for shown in order), None]
        placed = {
            shown.line.key: replace(shown, place=Place(number, beside[number - 1], beside[number + 1], shown is first))
            for number, shown in enumerate(order, start=1)
        }
        return [(title, [placed[line.key] for line in lines]) for title, lines in in_sections(left)]

    @cached_property
    def unfolded(self) -> int:
        """How many lines are not folded."""
        return sum(len(lines) for _, lines in self.sections)

    @cached_property
    def folded(self) -> list[tuple[str, list[ReturnLine]]]:
        """Among rows, the lines at which nothing is to be done, by what they are: worked out, or sent already."""
        if not self.is_compact:
            return []
        quiet = [shown for shown in self.shown if not shown.is_in_trouble and shown.state is not State.ASK]
        sent = [shown for shown in quiet if shown.line.is_expected and not shown.line.standing.is_with_reporter]
        worked_out = [shown for shown in quiet if shown.line.is_derived and shown not in sent]
        return [(title, lines) for title, lines in (("Worked out", worked_out), ("Sent", sent)) if lines]

    @property
    def progress(self) -> list[tuple[State, str, list[SheetLine]]]:
        """The expected lines by how far they are, each kind with its words."""
        lines = {state: [line for line in self.expected if state_of(line) is state] for state in PROGRESS}
        return [(state, words, lines[state]) for state, words in PROGRESS.items()]

    @property
    def without_words(self) -> list[SheetLine]:
        """Lines without the commentary that readers will ask for, as long as it can be written."""
        return [line for line in self.expected if line.standing.is_with_reporter and line.lacks_commentary]

    @property
    def expected(self) -> list[SheetLine]:
        return [line for line in self.lines if line.is_expected]

    @property
    def left(self) -> int:
        """How many lines are still to be sent."""
        return sum(line.standing.is_with_reporter for line in self.expected)

    @property
    def is_all_sent(self) -> bool:
        """Whether somebody has just sent what was left, so that the page shows what becomes of it."""
        return self.is_checked and bool(self.expected) and not self.left

    @cached_property
    def sent_tables(self) -> list[tuple[str, str, SafeString]]:
        """The lines as the report will show them, with the columns of the whole report: anchor, title and table.

        Their pages are not there for readers yet, so a title leads to its line of the return.
        """
        report = assemble_report(self.edition.scorecard, self.edition.month)
        own, columns, found = {line.key for line in self.expected}, page_columns(report), []
        for section in report.sections:
            lines = [(section.anchor, row) for row in section.rows if row.indicator in own]
            if lines:
                table = SectionTable(section.anchor, section.title, lines, report, columns, {}, Wanted())
                html = render_to_string(table.template_name, {"table": table})
                linked = PAGE_OF_LINE.sub(r' href="#line-\1"', html)
                found.append((section.anchor, section.title, mark_safe(linked)))  # noqa: S308 - addresses are replaced
        return found

    @property
    def approved(self) -> int:
        return sum(line.standing is Standing.APPROVED for line in self.expected)

    @property
    def can_enter(self) -> bool:
        return any(shown.can_enter for shown in self.shown)

    @property
    def troubles(self) -> list[ReturnLine]:
        return [shown for shown in self.shown if shown.is_in_trouble]

    @property
    def is_overdue(self) -> bool:
        return bool(self.left) and self.edition.is_overdue(today_in_britain())

    @property
    def is_for_others(self) -> bool:
        """Whether some of the lines are another person's, so that each must say whose it is."""
        return any(line.indicator.reporter_id != self.person.pk for line in self.lines)

    @property
    def why_closed(self) -> str:
        """Why nothing can be entered, in a sentence; empty while something can."""
        if self.can_enter:
            return ""
        if self.edition.state == EditionState.PUBLISHED:
            return "This edition is published, so its lines can’t be changed here."
        if self.edition.state == EditionState.IN_REVIEW:
            return "This edition is in review: only lines that are sent back to you can be changed."
        return f"You can enter from {self.edition.opens_on:%-d %B %Y} on."

    @property
    def key_of_drafts(self) -> str:
        """32 bytes as base64, the same each time, that encrypt the person’s unsaved entries in their browser."""
        return b64encode(salted_hmac("scorecard.drafts", str(self.person.pk), algorithm="sha256").digest()).decode()

    def told(self, done: Submission) -> str:
        """What was done, in a sentence; empty where the warning says it all."""
        if done.sent:
            lines = counted(len(done.sent), "line was", "lines were")
            return f"{lines} sent for sign-off."
        if done.saved:
            return "Saved."
        return "" if done.unseen else "Nothing had changed."

    def warned(self, done: Submission) -> str:
        """What was not sent because its sender does not know it, in sentences; empty when there is nothing."""
        names = ", ".join(line.indicator.reference for line in done.unseen)
        if not names:
            return ""
        were = "was" if len(done.unseen) == 1 else "were"
        return f"{names} {were} changed after you opened this page, so {were} not sent: look again."


def line_html(request: HttpRequest, sheet: Sheet, form: LineForm, person: User) -> SafeString:
    """A form's whole line as its page shows it, for the script to put in place when somebody else was quicker."""
    line = form.line
    whose = line.indicator.reporter if line.indicator.reporter_id != person.pk else None
    one = ReturnLine(line, form.beside_theirs(), may(person, "enter_line", line), wording_for(person, sheet))
    context = {"shown": one, "whose": whose}
    return render_to_string(ROW if person.compact_returns else LINE, context, request)


def unsaved_lines(
    data: Mapping[str, str], sheet: Sheet | None, person: User, *, but: Collection[int] = ()
) -> list[UnsavedLine]:
    """The lines of a posted return in which something stands that is not stored, without those in `but`.

    Of a line that its author may not see, all that came in is given back, and nothing else: what is left out
    would tell what is stored. Without a sheet they may see none.
    """
    posted: dict[int, dict[str, str]] = {}
    for name, text in data.items():
        parts = FIELD.fullmatch(name)
        if parts and int(parts[1]) not in but:
            posted.setdefault(int(parts[1]), {})[parts[2]] = plain_text(text)
    found = []
    for key, fields in posted.items():
        line = sheet.by_key.get(key) if sheet else None
        shown = line if line is not None and may(person, "see_line", line) else None
        start = f"{prefix_of(key)}-"
        kept = fields_shown(shown) if shown else {f"{start}stage": Stage.FINAL.value}
        stored = {name.removeprefix(start): text for name, text in kept.items()}
        # In the order of the page, the reasons last.
        places = sorted(fields, key=lambda name: [*FIELD_LABELS, name].index(name))
        labels = {name: REASON_LABEL if name.startswith(REASON) else FIELD_LABELS.get(name) for name in places}
        typed = [
            UnsavedField(label, CHOICE_LABELS.get((name, fields[name]), fields[name]) or EMPTIED)
            for name, label in labels.items()
            if label and fields[name] != stored.get(name, "")
        ]
        if typed:
            found.append(UnsavedLine(shown, typed))
    return found
