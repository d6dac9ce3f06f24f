"""A report as CSV and as JSON: figures as displayed, and in JSON the exact ones too."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from indicators.calculations.formatting import neutralise
from indicators.calculations.months import month_text
from scorecard.council.look import OWN_LOOK, Look
from scorecard.display.columns import in_order, report_columns
from scorecard.report.board import BoardReport, Focus
from scorecard.report.what_to_look_at import LookItem, Tally, what_to_look_at

# What was added later comes last, so that readers who go by position still find the other columns.
LAST_IN_CSV = (
    *("rating", "commentary", "signal", "assurance", "look", "warnings", "breaks"),
    *("period", "figure", "year_to_date", "year_to_date_last_year", "target_means"),
)
FIRST_IN_JSON = ("reference", "title", "definition", "outcome", "owner", "reporter", "unit", "direction")
LAST_IN_JSON = ("rating", "warnings", "commentary", "signal")


def to_csv(report: BoardReport) -> str:
    """One line a row, figures as displayed. Text that a spreadsheet could run is neutralised."""
    columns = in_order([column for column in report_columns(report) if column.csv], last=LAST_IN_CSV)
    header = [column.csv or "" for column in columns]
    if report.rounded_to:
        header.append("rounding")
    lines = (
        [
            *(neutralise(column.text(row)) if column.typed else column.text(row) for column in columns),
            *[f"counts to the nearest {report.rounded_to}"][: report.rounded_to],
        ]
        for row in report.rows
    )
    return csv_text([header, *lines])


def csv_text(records: Iterable[Iterable[str]]) -> str:
    """The records as CSV with lines ending in LF. A carriage return inside a text is quoted.

    Unquoted, readers take it for the end of the line.
    """
    lines = []
    for record in records:
        line = io.StringIO()
        # Python quotes what its line ending is made of.
        csv.writer(line, lineterminator="\r\n").writerow(record)
        lines.append(line.getvalue().removesuffix("\r\n") + "\n")
    return "".join(lines)


def for_excel(text: str) -> bytes:
    """A file's text with the byte order mark by which Excel tells that it is UTF-8; without, “£” opens as “Â£”.

    Open data are for programs, and have none.
    """
    return text.encode("utf-8-sig")


def to_json(report: BoardReport, look: Look = OWN_LOOK) -> str:
    """The whole report. `value` is exact as a fraction or whole number, `text` as displayed."""
    return json.dumps(as_data(report, look), ensure_ascii=False, indent=1) + "\n"


def as_data(report: BoardReport, look: Look = OWN_LOOK) -> dict[str, Any]:
    """The report as dicts, lists and strings, in the council's words."""
    columns = in_order(
        [column for column in report_columns(report) if column.json], first=FIRST_IN_JSON, last=LAST_IN_JSON
    )
    items = what_to_look_at(report)
    tally = Tally.of(report, items)
    return {
        "scorecard": report.slug,
        "title": report.title,
        "council": report.council,
        "panel": report.panel,
        "month": month_text(report.month),
        "meeting_date": _day(report.meeting_date),
        "published": report.published,
        "restricted": report.restricted,
        "hides_up_to": report.hides_up_to,
        "rounded_to": report.rounded_to,
        "rounding": report.rounding,
        "revised": [
            {
                "ref": one.reference,
                "what": f"{one.title}. {one.what}" if one.is_of_population else one.what,
                "before": one.before,
                "after": one.after,
                "kind": one.kind,
            }
            for one in report.revised
        ],
        "summary": report.summary,
        "areas_of_focus": [_focus_data(focus) for focus in report.areas_of_focus],
        "what_to_look_at": [
            _look_data(item)
            | {
                "with": [_look_data(line) for line in item.beside],
                "explanation": item.explanation(look.said),
                "areas_of_focus": [focus.title for focus in item.focuses],
            }
            for item in items
        ],
        "tally": tally._asdict() | {"by_chance": str(tally.by_chance), "text": tally.sentences},
        "comparator_groups": [
            {"code": group.code, "name": group.name, "short_name": group.short_name, "explanation": group.explanation}
            for group in report.groups
        ],
        "sections": [
            {
                "title": section.title,
                "rows": [{column.json: column.as_json(row) for column in columns} for row in section.rows],
            }
            for section in report.sections
        ],
        "short_forms": {one.short_form: one.meaning for one in report.short_forms},
    }


def _look_data(item: LookItem) -> dict[str, Any]:
    return {
        "ref": item.row.measure.reference,
        "reasons": [{"reason": reason, "text": sentence} for reason, sentence in item.reasons.items()],
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
