"""Checks commentary against the figures of its rows, and says what they contradict."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commentary.checker import Finding, check
from commentary.models import Commentary
from indicators.calculations.formatting import counted
from indicators.calculations.months import month_text
from indicators.resources import SpreadsheetError, cells, read_spreadsheet
from scorecard.management.arguments import month_with_figures, scorecard_called
from scorecard.models import Scorecard
from scorecard.report import BoardReport, assemble_report

COLUMNS = ("ref", "commentary")
# The findings of each text that was checked, by reference.
Checked = Mapping[str, tuple[Finding, ...]]


class Command(BaseCommand):
    help = (
        "Check commentary against the figures of its rows. Exit status 0: checked, whatever was found; "
        "1: could not be checked, and the message says why."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scorecard", help="its name in web addresses, as children-and-families")
        parser.add_argument("month", help="as 2021-01 or Jan-21")
        parser.add_argument(
            "--file",
            metavar="FILE",
            help="a CSV or Excel file with the columns ref and commentary, to check instead of the stored commentary",
        )
        parser.add_argument("--format", default="text", help=f"{' or '.join(_FORMATS)} (text)")

    def handle(self, *args: Any, **options: Any) -> None:
        make_text = _FORMATS.get(options["format"])
        if make_text is None:
            raise CommandError(f"There is no format “{options['format']}”: use {' or '.join(_FORMATS)}.")
        scorecard = scorecard_called(options["scorecard"])
        month = month_with_figures(scorecard, options["month"])
        report = assemble_report(scorecard, month)
        texts = _texts_in(Path(options["file"]), report) if options["file"] else commentary_of(report)
        checked = check_texts(report, texts, other_commentary_for(scorecard, month))
        self.stdout.write(make_text(scorecard, month, checked))


def commentary_of(report: BoardReport) -> dict[str, str]:
    """The texts that the report itself has, by reference; empty ones are left out."""
    return {row.measure.reference: row.commentary for row in report.rows if row.commentary.strip()}


def other_commentary_for(scorecard: Scorecard, month: date) -> dict[str, dict[date, str]]:
    """The commentary of each indicator, by its reference, for every other month."""
    rows = Commentary.objects.of_other_months(month).filter(indicator__lines__section__scorecard=scorecard)
    found: dict[str, dict[date, str]] = defaultdict(dict)
    for reference, other, text in rows.values_list("indicator__reference", "month", "text"):
        found[reference][other] = text
    return found


def check_texts(
    report: BoardReport, texts: Mapping[str, str], other_texts: Mapping[str, Mapping[date, str]]
) -> Checked:
    """Each text checked against the row of its reference, in the order of the report.

    `other_texts` are what was written of the same references for other months.
    """
    rows = {row.measure.reference: row for row in report.rows if row.measure.reference in texts}
    return {
        reference: check(texts[reference], row, other_texts.get(reference, {}), groups=report.groups)
        for reference, row in rows.items()
    }


def _texts_in(path: Path, report: BoardReport) -> dict[str, str]:
    """The texts of a file by reference; rows without a text are passed over."""
    try:
        table = read_spreadsheet(path.read_bytes(), COLUMNS, required=COLUMNS)
    except OSError as error:
        raise CommandError(f"Can't read {path}: {error.strerror}.") from error
    except SpreadsheetError as error:
        raise CommandError(f"Can't read {path}: {error}") from error
    known = {row.measure.reference for row in report.rows}
    texts: dict[str, str] = {}
    for number, reference, text in zip(table.row_numbers, table["ref"], table["commentary"], strict=True):
        try:
            name, written = cells.text(reference).strip(), cells.text(text)
        except ValueError as error:
            raise CommandError(f"Row {number} of {path}: {error}") from error
        if name not in known:
            raise CommandError(f"Row {number} of {path}: there is no “{name}” on the report for {report.month:%B %Y}.")
        if name in texts:
            raise CommandError(f"Row {number} of {path}: “{name}” has a text already, further up.")
        texts[name] = written
    return {name: text for name, text in texts.items() if text.strip()}


def _as_text(scorecard: Scorecard, month: date, checked: Checked) -> str:
    lines = [
        f"{reference}: {finding.kind.label.lower()}\n  {finding.message}\n"
        for reference, findings in checked.items()
        for finding in findings
    ]
    found, texts = len(lines), sum(map(bool, checked.values()))
    total = counted(len(checked), "commentary")
    summary = f"{scorecard}, {month:%B %Y}: {total} checked, "
    summary += f"{counted(found, 'finding')} in {texts}." if found else "nothing found."
    return "\n".join([*lines, summary])


def _as_json(scorecard: Scorecard, month: date, checked: Checked) -> str:
    data = {
        "scorecard": scorecard.slug,
        "month": month_text(month),
        "checked": [*checked],
        "findings": [
            {
                "ref": reference,
                "phrase": finding.phrase,
                "kind": finding.kind,
                "fact": finding.fact,
                "message": finding.message,
                "start": finding.start,
                "end": finding.end,
            }
            for reference, findings in checked.items()
            for finding in findings
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


_FORMATS = {"text": _as_text, "json": _as_json}
