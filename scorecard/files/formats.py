"""The files that a report can be had as: one registry for the page, its downloads and the command."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from scorecard.council.look import held_still, look, said_later
from scorecard.report.board import BoardReport

from .csv_and_json import for_excel, to_csv, to_json
from .open_data import to_tidy


class FileFormat(NamedTuple):
    """A kind of file. `suffix` ends its address and its name; `label` and `about` are for people."""

    suffix: str
    label: str
    about: str
    content_type: str
    make: Callable[[BoardReport], bytes]

    @property
    def name(self) -> str:
        """What the command calls it: "data" for .data.xlsx, "tidy" for .tidy.zip."""
        return self.suffix.partition(".")[0]

    @property
    def is_text(self) -> bool:
        """Whether a terminal can show it."""
        return self.content_type.startswith(("text/", "application/json"))


def _workbook(report: BoardReport) -> bytes:
    # XlsxWriter is loaded only where a workbook is made.
    from .workbook import to_xlsx

    return to_xlsx(report, look())


def _data_workbook(report: BoardReport) -> bytes:
    from .data_workbook import to_data_xlsx

    return to_data_xlsx(report, look())


def _paper(report: BoardReport) -> bytes:
    from .paper import to_pdf

    with held_still():
        return to_pdf(report, look())


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: dict[str, FileFormat] = {
    made.suffix: made
    for made in (
        FileFormat("pdf", "PDF", said_later("as the panel’s paper"), "application/pdf", _paper),
        FileFormat("xlsx", "Excel", "to work with", XLSX, _workbook),
        FileFormat("data.xlsx", "Excel data", "accessible, one table a sheet", XLSX, _data_workbook),
        FileFormat("csv", "CSV", "as displayed", "text/csv; charset=utf-8", lambda report: for_excel(to_csv(report))),
        FileFormat("json", "JSON", "for programs", "application/json", lambda report: to_json(report, look()).encode()),
        FileFormat("tidy.zip", "Open data", "as tidy CSV, with its description", "application/zip", to_tidy),
    )
}
