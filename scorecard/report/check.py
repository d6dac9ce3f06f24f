"""The commentary of a report, or other texts for its rows, checked against the rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from commentary.checker import Finding, check

from .board import BoardReport
from .facts import line_facts

OtherTexts = Mapping[str, Mapping[date, str]]


class CheckedText(NamedTuple):
    """A row's commentary and what the row contradicts in it."""

    reference: str
    text: str
    findings: tuple[Finding, ...]


def commentary_of(report: BoardReport) -> dict[str, str]:
    """The texts that the report itself has, by reference; empty ones are left out."""
    return {row.measure.reference: row.commentary for row in report.rows if row.commentary.strip()}


def check_texts(report: BoardReport, texts: Mapping[str, str], other_texts: OtherTexts) -> list[CheckedText]:
    """Each text checked against the row of its reference, in the order of the report.

    `other_texts` are what was written of the same references for other months.
    """
    rows = {row.measure.reference: row for row in report.rows}
    return [
        CheckedText(
            reference,
            texts[reference],
            check(texts[reference], line_facts(row, region=report.region), other_texts.get(reference, {})),
        )
        for reference, row in rows.items()
        if reference in texts
    ]
