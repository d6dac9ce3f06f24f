"""The audit of a council's spreadsheet: what it holds, what in it can't be right, and what only a person can say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .book import Sheet, read_book
from .cards import read_cards
from .commentaries import check_commentaries
from .findings import SheetFinding, finding
from .layouts import read_measures
from .measures import Entry, Measure, mark_false_zeros
from .overrides import NO_OVERRIDES, Overrides
from .periods import SheetPeriod
from .questions import questions_about
from .relations import check_relations, check_target_years, check_titles, note_exact_figures
from .statuses import check_statuses
from .tables import Run, Table, find_tables, settle_periods
from .words import ColumnRole
from .worked_out import Worked, check_printed

NO_TABLE = (
    "No table of figures was found in this file. Its rows should be measures with a period in each column, or records "
    "of a measure and a period, under one to four rows of headings; or fill in a template instead."
)


@dataclass
class Audit:
    """What was understood of a file: its measures in their order, the findings, and the questions."""

    measures: list[Measure]
    findings: list[SheetFinding] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    # Zeros that probably stand for nothing, and figures whose period is written twice: each with what tells so.
    zeros: list[tuple[Measure, Entry, str]] = field(default_factory=list)
    moved: list[tuple[Measure, Entry, str]] = field(default_factory=list)
    notes: str = ""


def audit_file(data: bytes, name: str = "", overrides: Overrides = NO_OVERRIDES) -> Audit:
    """Reads a spreadsheet as a person says it is to be read, and holds what it says against itself.

    Raises SpreadsheetError where the file can't be read. Without a table there are no measures, and one question.
    """
    sheets = read_book(data, name)
    for sheet in sheets:
        sheet.overrides = overrides
    cards = [measure for sheet in sheets for measure in read_cards(sheet)]
    with_cards = {id(measure.sheet) for measure in cards}
    tables = [table for sheet in sheets if id(sheet) not in with_cards for table in find_tables(sheet)]
    settle_periods(tables)
    measures = [*cards, *read_measures(tables)]
    if not measures:
        return Audit([], questions=[NO_TABLE], sheets=sheets, tables=tables)
    audit = Audit(measures, sheets=sheets, tables=tables, notes=_notes(sheets, tables))
    if any(sheet.is_text_file for sheet in sheets):
        _name_records(measures)
    worked = Worked(measures, audit.notes)
    audit.findings += list(_wrong_months(audit))
    audit.findings += list(_false_zeros(audit))
    note_exact_figures(worked)
    found = [
        *check_relations(worked),
        *check_printed(worked),
        *check_statuses(worked),
        *check_titles(tables),
        *check_target_years(tables),
        *check_commentaries(measures),
    ]
    told = {one.place for one in audit.findings}
    for one in found:
        if one.place not in told:
            told.add(one.place)
            audit.findings.append(one)
    audit.questions += list(questions_about(measures))
    return audit


def _notes(sheets: Sequence[Sheet], tables: Sequence[Table]) -> str:
    """What is written around the tables, and on sheets without one."""
    with_tables = {id(table.sheet) for table in tables}
    texts = [cell.text for table in tables for cell in (*table.above, *table.notes)]
    texts += [cell.text for sheet in sheets if id(sheet) not in with_tables for cell in sheet.cells.values()]
    return "\n".join(texts)


def _name_records(measures: Sequence[Measure]) -> None:
    """Names the cells of a text file as people find them there: by record, column, reference and period."""
    for measure in measures:

        def named(entry: Entry, measure: Measure = measure) -> Entry:
            if entry.cell is None:
                return entry
            of = f"{measure.name}, {entry.period.words}" if entry.period and measure.run is Run.LONG else measure.name
            return entry._replace(place=f"record {entry.cell.row}, column {entry.heading} ({of})")

        for kept in (measure.values, measure.numerators, measure.denominators, measure.outturns):
            kept.update({period: named(entry) for period, entry in kept.items()})
        for name in ("targets", "comparators", "printed", "comments", "titles"):
            setattr(measure, name, [named(entry) for entry in getattr(measure, name)])
        measure.repeated = [
            entry._replace(place=f"record {entry.cell.row} ({measure.name}, {entry.period.words})")
            if entry.cell and entry.period
            else entry
            for entry in measure.repeated
        ]


def _wrong_months(audit: Audit) -> Iterator[SheetFinding]:
    """Records that name a period twice while the one before is missing: the first is moved to it, and asked about."""
    for measure in audit.measures:
        for again in list(measure.repeated):
            period = again.period
            if period is None or (before := period.before()) in measure.values or before < min(measure.values):
                continue
            first = measure.values[period]
            if first.cell is None or again.cell is None or first.cell.row > again.cell.row:
                continue
            if f"{measure.key}|{before.key}" in measure.sheet.overrides.as_named:
                continue
            row = first.cell.row
            column = next(
                (
                    one
                    for one in measure.sheet.cells.values()
                    if one.row == row and one.text and _names(one.text, period)
                ),
                None,
            )
            measure.values[before], measure.values[period] = _moved(first, before), again
            measure.repeated.remove(again)
            for kept in (measure.numerators, measure.denominators):
                if period in kept:
                    kept[before] = kept.pop(period)
            for name in ("printed", "targets", "comments"):
                moved = [
                    _moved(one, before) if one.cell and one.cell.row == row else one for one in getattr(measure, name)
                ]
                setattr(measure, name, moved)
            place = f"record {row}, column Period ({measure.name}, {before.words})"
            if not measure.sheet.is_text_file and column:
                place = measure.sheet.place(row, column.column)
            why = (
                f"{measure.name} has {period.words} twice and no {before.words}, which the first of the two probably is"
            )
            audit.questions.append(f"{why}. Which is it?")
            audit.moved.append((measure, measure.values[before], why))
            yield SheetFinding(
                place,
                measure.name,
                "figure in the wrong period",
                period.words,
                before.words,
                why,
                row,
                column.column if column else 0,
                measure.sheet.name,
            )


def _names(text: str, period: SheetPeriod) -> bool:
    from .periods import read_period

    found = read_period(text)
    return found is not None and found.month == period.month


def _moved(entry: Entry, period: SheetPeriod) -> Entry:
    if entry.period is None:
        return entry
    return entry._replace(period=period, place=entry.place.replace(entry.period.words, period.words))


def _false_zeros(audit: Audit) -> Iterator[SheetFinding]:
    for measure in audit.measures:
        for entry, why in mark_false_zeros(measure):
            audit.zeros.append((measure, entry, why))
            audit.questions.append(
                f"{measure.name}: is {entry.text} at {entry.place} a real nought? {why[0].upper()}{why[1:]}."
            )
            yield finding(
                measure,
                entry,
                "zero for not reported",
                "not reported",
                f"{entry.text} stands for a figure that nobody reported: {why}",
            )


# The audit as data


def as_data(audit: Audit) -> dict[str, Any]:
    """The rows as they were understood, the findings and the questions, for JSON. Percentages are in per cent."""
    return {
        "rows": [_row(measure) for measure in audit.measures],
        "findings": [
            {
                "cell": one.place, "measure": one.measure, "kind": one.kind, "printed": one.printed,
                "right": one.right, "why": one.why,
            }
            for one in audit.findings
        ],
        "questions": audit.questions,
    }  # fmt: skip


def _row(measure: Measure) -> dict[str, Any]:
    return {
        "ref": measure.reference or None,
        "title": measure.title,
        "section": measure.section,
        "owner": measure.owner or None,
        "reporter": measure.reporter or None,
        "unit": measure.unit,
        "polarity": measure.polarity or None,
        "frequency": measure.frequency,
        "values": {period.key: _value(measure, period) for period in measure.periods},
        "outturns": {period.words: _number(entry) for period, entry in sorted(measure.outturns.items())},
        "targets": _targets(measure),
        "comparators": _comparators(measure),
        "commentary": "\n".join(entry.cell.shown if entry.cell else entry.text for entry in measure.comments[-1:]),
    }


def plain(value: Fraction) -> str:
    """A figure as digits, with at most twelve decimals."""
    return f"{value.numerator / value.denominator:.12g}" if value.denominator != 1 else str(value.numerator)


def _number(entry: Entry) -> str | None:
    return None if entry.value is None else plain(entry.value)


def _value(measure: Measure, period: SheetPeriod) -> Any:
    top, bottom = measure.numerators.get(period), measure.denominators.get(period)
    if top and bottom and top.value is not None and bottom.value and measure.values[period].value is not None:
        return {"numerator": plain(top.value), "denominator": plain(bottom.value)}
    return _number(measure.values[period])


def _targets(measure: Measure) -> dict[str, Any]:
    found: dict[str, Any] = {}
    years: dict[str, set[str]] = {}
    for entry in measure.targets:
        if entry.period:
            years.setdefault(entry.period.year, set()).add(entry.text)
    for entry in measure.targets:
        value = _number(entry) or entry.text
        if entry.role is ColumnRole.TARGET and (detail := re.search(r"\b(low|high)\b", entry.heading, re.IGNORECASE)):
            year = found.setdefault(entry.period.year if entry.period else "", {})
            year[f"{detail[1].lower()}_column" if entry.value is not None else "text"] = value
        elif entry.period is None:
            found[""] = value
        elif len(years[entry.period.year]) > 2:
            found[entry.period.key] = value
        else:
            found.setdefault(entry.period.year, value)
    return found


def _comparators(measure: Measure) -> dict[str, Any]:
    """By the heading of a column; of a row of comparators by its name and the period."""
    found: dict[str, Any] = {}
    for entry in measure.comparators:
        if entry.role is not ColumnRole.COMPARATOR and entry.period:
            periods = found.setdefault(entry.heading, {})
            if isinstance(periods, dict):
                periods[entry.period.words] = _number(entry)
        else:
            found[entry.heading] = _number(entry)
    return found
