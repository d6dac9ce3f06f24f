"""A report as CSV and as JSON: figures as displayed, and in JSON the exact ones too."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from indicators.calculations.change import Change
from indicators.calculations.exact import Exact
from indicators.calculations.figures import Figure
from indicators.calculations.months import financial_year_text, month_text
from indicators.calculations.row import ComparatorCell, Row, TargetCell
from indicators.calculations.signal import Signal
from indicators.calculations.spc import SpecialCause
from indicators.calculations.spreadsheet import neutralise
from indicators.calculations.vocabulary import Blank, Polarity, Rating
from scorecard.report.board import BoardReport, Focus, Revised
from scorecard.report.what_to_look_at import Finding, what_to_look_at

DESIRED_DIRECTION = {Polarity.HIGH: "up", Polarity.LOW: "down"}
RATING_TEXT = {
    Rating.GREEN: "green",
    Rating.AMBER: "amber",
    Rating.RED: "red",
    Rating.NO_TARGET: "no target",
    Rating.TARGET_TBC: "target to be confirmed",
    Rating.NO_FIGURE: "no figure",
    Rating.NOT_JUDGED: "not judged",
    Rating.SUPPRESSED: Blank.SUPPRESSED.shorthand,
}


def to_csv(report: BoardReport) -> str:
    """One line a row, figures as displayed. Text that a spreadsheet could run is neutralised."""
    return csv_text([_header(report), *(_record(row) for row in report.rows)])


def csv_text(records: Iterable[Iterable[str]]) -> str:
    """The records as CSV with lines ending in LF. A carriage return inside a text is quoted.

    Unquoted, a reader takes it for the end of the line, and what follows for a cell of its own.
    """
    return "".join(map(_csv_line, records))


def _csv_line(record: Iterable[str]) -> str:
    out = io.StringIO()
    # Python quotes what its line ending is made of.
    csv.writer(out, lineterminator="\r\n").writerow(record)
    return out.getvalue().removesuffix("\r\n") + "\n"


def to_json(report: BoardReport) -> str:
    """The whole report. `value` is exact as a fraction or whole number, `text` as displayed."""
    return json.dumps(as_data(report), ensure_ascii=False, indent=1) + "\n"


def _header(report: BoardReport) -> list[str]:
    return [
        "ref",
        "title",
        "owner",
        "reporter",
        *(month_text(month) for month in report.months_shown),
        "desired_direction",
        "change_month",
        "change_year",
        "average_12m",
        "maximum_12m",
        "sn",
        "england",
        "region",
        *(f"target_{financial_year_text(year)}" for year in report.target_years),
        "rag",
        "commentary",
        "signal",
        "assurance",
    ]


def _record(row: Row) -> list[str]:
    measure = row.measure
    words = (measure.reference, measure.title, measure.owner, measure.reporter)
    return [
        *(neutralise(word) for word in words),
        *row.month_texts,
        DESIRED_DIRECTION.get(measure.polarity, ""),
        row.change_month_text,
        row.change_year_text,
        row.average_text,
        row.maximum_text,
        *(row.comparator_text(cell) for cell in row.comparators),
        *(row.target_text(cell) for cell in row.targets),
        RATING_TEXT[row.rating],
        neutralise(row.commentary),
        row.signal.words,
        assurance_text(row.signal),
    ]


def as_data(report: BoardReport) -> dict[str, Any]:
    """The report as dicts, lists and strings."""
    return {
        "scorecard": report.slug,
        "title": report.title,
        "council": report.council,
        "panel": report.panel,
        "month": month_text(report.month),
        "meeting_date": _day(report.meeting_date),
        "published": report.published,
        "revised": [_revised_data(one) for one in report.revised],
        "summary": report.summary,
        "areas_of_focus": [_focus_data(focus) for focus in report.areas_of_focus],
        "what_to_look_at": [_finding_data(finding) for finding in what_to_look_at(report)],
        "sections": [
            {
                "title": section.title,
                "rows": [_row_data(row, report) for row in section.rows],
            }
            for section in report.sections
        ],
    }


def _focus_data(focus: Focus) -> dict[str, Any]:
    return {
        "kind": focus.kind,
        "title": focus.title,
        "detail": focus.detail,
        "response": focus.response,
        "raised_by": focus.raised_by,
        "asked_in": month_text(focus.asked_in) if focus.asked_in else None,
        "owner": focus.owner,
        "due_on": _day(focus.due_on),
        "opened_on": _day(focus.opened_on),
        "closed_on": _day(focus.closed_on),
        "updates": [{"date": update.date.isoformat(), "text": update.text} for update in focus.updates],
        "references": list(focus.references),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _revised_data(one: Revised) -> dict[str, Any]:
    return {
        "ref": one.reference,
        "what": one.what,
        "before": one.before,
        "after": one.after,
        "kind": one.kind,
    }


def _row_data(row: Row, report: BoardReport) -> dict[str, Any]:
    measure = row.measure
    return {
        "ref": measure.reference,
        "title": measure.title,
        "definition": measure.definition,
        "outcome": measure.outcome,
        "owner": measure.owner,
        "reporter": measure.reporter,
        "unit": measure.unit,
        "polarity": measure.polarity,
        "frequency": measure.frequency,
        "note": measure.note,
        "months": {
            month_text(month): _figure_data(row, figure) for month, figure in zip(row.months, row.figures, strict=True)
        },
        "change_month": _change_data(row, row.change_month, row.change_month_text, row.previous_month),
        "change_year": _change_data(row, row.change_year, row.change_year_text, row.year_before),
        "average_12m": {
            **_value_data(row.summary.mean, row.average_text),
            "months": row.summary.months,
        },
        "maximum_12m": {
            **_value_data(row.summary.maximum, row.maximum_text),
            "months": row.summary.months,
        },
        "comparators": {cell.group: _comparator_data(row, cell) for cell in row.comparators if cell},
        "targets": {
            financial_year_text(year): _target_data(row, cell)
            for year, cell in zip(report.target_years, row.targets, strict=True)
            if cell
        },
        "rag": RATING_TEXT[row.rating],
        "warnings": list(row.warnings),
        "commentary": row.commentary,
        "signal": _signal_data(row.signal),
    }


def assurance_text(signal: Signal) -> str:
    """Whether the target will be met, in words; empty where nothing can be said."""
    if signal.suppressed:
        return Blank.SUPPRESSED.shorthand
    return signal.assurance.label if signal.assurance else ""


def _signal_data(signal: Signal) -> dict[str, Any]:
    return {
        "variation": signal.variation,
        "text": signal.words,
        "rule": None if signal.cause is SpecialCause.NONE else signal.cause,
        "assurance": signal.assurance,
        "assurance_text": assurance_text(signal),
        "trial": signal.trial,
        "limits": signal.has_limits,
        "chart": signal.chart,
        "because": signal.because,
    }


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "ref": finding.row.measure.reference,
        "reasons": [{"reason": reason, "text": sentence} for reason, sentence in finding.reasons.items()],
    }


def _exact(value: Exact | None) -> str | None:
    return None if value is None else str(value)


def _value_data(value: Exact | None, text: str) -> dict[str, Any]:
    return {"value": _exact(value), "text": text}


def _figure_data(row: Row, figure: Figure) -> dict[str, Any]:
    return {
        **_value_data(figure.value, row.figure_text(figure)),
        "numerator": _exact(figure.numerator),
        "denominator": _exact(figure.denominator),
        "blank": figure.blank,
        "stage": None if figure.blank else figure.stage,
        "note": figure.note,
    }


def _change_data(row: Row, change: Change, text: str, since: date) -> dict[str, Any]:
    return {
        **_value_data(change.relative, text),
        "from": month_text(since),
        "to": month_text(row.current_month),
        "movement": change.movement,
        "assessment": change.assessment,
    }


def _comparator_data(row: Row, cell: ComparatorCell) -> dict[str, Any]:
    return {
        **_value_data(cell.value, row.comparator_text(cell)),
        "year": None if cell.year is None else financial_year_text(cell.year),
        "source": cell.source,
        "basis": cell.basis,
        "on_basis": cell.on_basis,
        "warnings": list(cell.warnings),
        "note": cell.note,
    }


def _target_data(row: Row, cell: TargetCell) -> dict[str, Any]:
    return {
        **_value_data(cell.terms.value, row.target_text(cell)),
        "tolerance": _exact(cell.terms.tolerance),
        "note": cell.note,
    }
