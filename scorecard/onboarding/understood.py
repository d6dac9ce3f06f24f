"""A draft's file as it is understood with all that its officer decided, and the cells that decisions are about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from indicators.calculations.vocabulary import Blank, Stage
from scorecard.models import SpreadsheetDraft
from scorecard.spreadsheets.audit import Audit, audit_file
from scorecard.spreadsheets.figures import Blank as Written
from scorecard.spreadsheets.figures import read_text
from scorecard.spreadsheets.findings import SheetFinding
from scorecard.spreadsheets.measures import Entry, Measure
from scorecard.spreadsheets.overrides import Overrides
from scorecard.spreadsheets.periods import SheetPeriod, without_period
from scorecard.spreadsheets.tables import Run

NOTHING = "nothing"
# What a text among the figures may mean: why there is no figure, how firm the figure is, or that it is no entry.
MEANINGS = (*Blank, *Stage, NOTHING)
_LIKELY = {
    Written.NOT_YET: Blank.AWAITED,
    Written.NOT_APPLICABLE: Blank.NOT_APPLICABLE,
    Written.SUPPRESSED: Blank.SUPPRESSED,
    Written.UNCLEAR: Blank.NOT_AVAILABLE,
    Written.ERROR: Blank.NOT_APPLICABLE,
    Written.NOT_REPORTED_ZERO: Blank.NOT_AVAILABLE,
}
# Of these the words themselves tell what is meant.
_CLEAR = (Written.NOT_YET, Written.NOT_APPLICABLE)
_STAGES = {"p": Stage.PROVISIONAL, "e": Stage.ESTIMATED, "r": Stage.REVISED}


class MeasureRead(NamedTuple):
    """A measure of the file with what decisions on it are kept by: reference or title, numbered where it repeats."""

    key: str
    measure: Measure

    def cell(self, period: SheetPeriod) -> str:
        """What a decision on one of its figures is kept by."""
        return f"{self.measure.key}|{period.key}"


class Meaning(NamedTuple):
    """What a text among the figures means: one of MEANINGS, and the figure where it is one."""

    of: str
    figure: Fraction | None = None


@dataclass
class TextFound:
    """A text among the figures: where it stands, what it probably means, and whether only a person can say."""

    text: str
    likely: Meaning | None
    is_asked: bool
    said: Meaning | None = None
    places: list[str] = field(default_factory=list)

    @property
    def meaning(self) -> Meaning | None:
        return self.said or self.likely


class CellAsked(NamedTuple):
    """A figure that a person has to say something of: a zero, or a period that is written twice."""

    key: str
    read: MeasureRead
    entry: Entry
    why: str


@dataclass
class Understood:
    """The file with its decisions applied. `measures` are those of the audit, in their order, with their keys."""

    audit: Audit
    decisions: dict[str, Any]
    measures: list[MeasureRead]
    layout: str

    def said(self, step: str) -> dict[str, Any]:
        """What was decided in a step."""
        return self.decisions.get(step) or {}

    def meaning_of(self, entry: Entry) -> Meaning | None:
        """What the entry's text means; None where it is a plain number, or where nobody has said."""
        found = self.texts.get(entry.text)
        return found.meaning if found else None

    @property
    def texts(self) -> dict[str, TextFound]:
        """Each distinct text among the figures."""
        if self._texts is None:
            self._texts = _texts(self)
        return self._texts

    _texts: dict[str, TextFound] | None = None

    def asked_zeros(self) -> list[CellAsked]:
        """Zeros that may mean that nothing was reported; those that were said to count among them."""
        counted = [
            (one.measure, entry, "It was said to be a real nought")
            for one in self.measures
            for period, entry in one.measure.values.items()
            if self.said("zeros").get(one.cell(period)) == "0" and entry.value == 0
        ]
        return self._cells([*self.audit.zeros, *counted])

    def asked_periods(self) -> list[CellAsked]:
        """Figures whose record names another period than they probably are of."""
        return self._cells(self.audit.moved)

    def _cells(self, found: Iterable[tuple[Measure, Entry, str]]) -> list[CellAsked]:
        by_measure = {id(one.measure): one for one in self.measures}
        return [
            CellAsked(by_measure[id(measure)].cell(entry.period), by_measure[id(measure)], entry, why)
            for measure, entry, why in found
            if entry.period
        ]

    def asked_repeats(self) -> list[CellAsked]:
        """Periods of which the file has two figures that differ."""
        return [
            CellAsked(one.cell(again.period), one, again, f"{again.period.words} stands there twice")
            for one in self.measures
            for again in one.measure.repeated
            if again.period and again.text != one.measure.values[again.period].text
        ]

    def finding_at(self, entry: Entry) -> SheetFinding | None:
        """What the audit says of a cell."""
        return next((one for one in self.audit.findings if one.place == entry.place), None)

    def correction(self, one: MeasureRead, entry: Entry) -> Fraction | None:
        """The right figure that was taken instead of what is printed; None where nothing was."""
        found = self.finding_at(entry)
        if found is None or self.said("corrections").get(correction_key(one, entry)) != "right":
            return None
        return read_text(found.right).value


def correction_key(one: MeasureRead, entry: Entry) -> str:
    """What a decision to take the right figure is kept by."""
    return f"{one.key}|{entry.heading if entry.role else ''}|{entry.period.key if entry.period else ''}"


def understand(draft: SpreadsheetDraft) -> Understood:
    """The draft's file as its decisions have it. Raises SpreadsheetError where it can't be read any more."""
    return understand_file(bytes(draft.content), draft.file_name, draft.decisions)


def understand_file(content: bytes, name: str, decisions: dict[str, Any]) -> Understood:
    """As `understand`, of a file that is not kept yet."""
    return _understood(content, name, json.dumps(decisions, sort_keys=True))


@lru_cache(maxsize=8)
def _understood(content: bytes, name: str, decisions: str) -> Understood:
    # Kept in memory by the file and what was decided, so that a page and the next one read it once.
    said: dict[str, Any] = json.loads(decisions)
    audit = audit_file(content, name, overrides_of(said))
    measures: list[MeasureRead] = []
    counts: dict[str, int] = {}
    for measure in audit.measures:
        counts[measure.key] = number = counts.get(measure.key, 0) + 1
        measures.append(MeasureRead(measure.key if number == 1 else f"{measure.key}#{number}", measure))
    return Understood(audit, said, measures, layout_of(audit))


def overrides_of(decisions: dict[str, Any]) -> Overrides:
    """What of the decisions the reading of the file has to know."""
    said = decisions.get
    return Overrides(
        unused_sheets=frozenset(said("unused_sheets") or ()),
        headings={sheet: tuple(rows) for sheet, rows in (said("headings") or {}).items()},
        columns={key: (one.get("role", ""), one.get("period", "")) for key, one in (said("columns") or {}).items()},
        rows=said("rows") or {},
        texts={text: _value(one) for text, one in (said("texts") or {}).items()},
        zeros=frozenset(key for key, meaning in (said("zeros") or {}).items() if meaning == "0"),
        as_named=frozenset(key for key, meaning in (said("periods") or {}).items() if meaning == "as_named"),
    )


def _value(said: dict[str, str]) -> Fraction | None:
    return Fraction(said["figure"]) if said.get("figure") else None


def layout_of(audit: Audit) -> str:
    """A fingerprint of sheets and headings without their periods: one more month is the same layout."""
    seen: dict[str, None] = {}
    for table in audit.tables:
        for column in table.columns:
            heading = without_period(column.heading) if column.heading else ""
            heading = re.sub(r"\d{4}\s*[-/–]\s*\d{2,4}|\b20\d{2}\b", "", heading)
            role = column.role.value if column.role else ""
            if table.run is not Run.DOWN and (heading.strip() or role):
                seen[f"{table.sheet.key}|{' '.join(heading.split()).lower()}|{role}"] = None
    if not seen:
        seen = dict.fromkeys(f"{one.title}" for one in audit.measures)
    return sha256("\n".join(seen).encode()).hexdigest() if seen else ""


def _texts(understood: Understood) -> dict[str, TextFound]:
    found: dict[str, TextFound] = {}
    said = understood.said("texts")
    for one, period, entry in _entries(understood.measures):
        if entry.cell is None or entry.cell.is_number or not entry.text:
            continue
        figure = read_text(entry.text) if isinstance(entry.cell.value, str) else entry.figure
        if not (figure.blank or figure.mark):
            continue
        if entry.text not in found:
            found[entry.text] = TextFound(entry.text, *_likely_meaning(entry))
            if told := said.get(entry.text):
                found[entry.text].said = Meaning(told["as"], _value(told))
        found[entry.text].places.append(f"{one.measure.name}, {period.words} ({entry.place})")
    return found


def _likely_meaning(entry: Entry) -> tuple[Meaning | None, bool]:
    figure = read_text(entry.text)
    if figure.value is not None:
        stage = _STAGES.get(figure.mark.strip("()").lower()[:1], Stage.FINAL)
        is_stage = figure.mark.strip("()").lower()[:1] in _STAGES
        return Meaning(stage if is_stage else Stage.FINAL, figure.value), True
    blank = figure.blank or Written.TEXT
    likely = Meaning(_LIKELY[blank]) if blank in _LIKELY else None
    return likely, blank not in _CLEAR


def _entries(measures: Iterable[MeasureRead]) -> Iterator[tuple[MeasureRead, SheetPeriod, Entry]]:
    for one in measures:
        for kept in (one.measure.values, one.measure.numerators, one.measure.denominators):
            for period, entry in kept.items():
                yield one, period, entry
